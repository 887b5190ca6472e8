// TaskGroup: tasks that run beside each other and end together.
#pragma once

#include <cassert>
#include <cstddef>
#include <exception>

#include "rpc_core/base/task.h"
#include "rpc_core/base/waiter.h"

namespace sluice::rpc {

// Owned by a scope that joins it on every path; run_in_group() does so. The first exception of a member stops the others
// and is thrown by join().
class TaskGroup {
 public:
  // The members stop when the parent's token says so, or by request_stop().
  explicit TaskGroup(Loop& loop, StopToken parent = {}) : changed_(loop), stop_(parent) {}
  ~TaskGroup() { assert(size_ == 0 && "a group is joined before it goes away"); }

  // Starts the task now.
  void spawn(Task<void> task);
  std::size_t size() const { return size_; }
  void request_stop() { stop_.request_stop(); }
  // As if a member had thrown it.
  void fail(std::exception_ptr failure);
  StopToken token() { return stop_.token(); }

  // Resumes when no member is left. It waits through a stop of its own caller, which it hands on to the members.
  Task<void> join();

 private:
  std::size_t size_ = 0;
  std::exception_ptr failure_;
  Waiter changed_;
  StopSource stop_;
};

namespace detail {

template <class Body>
Task<void> guarded_body(Body& body, TaskGroup& group) {
  try {
    co_await body(group).with_stop(group.token());
  } catch (...) {
    group.fail(std::current_exception());
  }
}

}  // namespace detail

// Runs body(group), then waits for every member. The body runs under the group's token: whoever of them throws first
// stops all the others, and that is what this throws. The body outlives the call.
template <class Body>
Task<void> run_in_group(Loop& loop, Body& body) {
  const StopToken token = co_await current_stop();
  TaskGroup group(loop, token);
  co_await detail::guarded_body(body, group);
  co_await group.join();
}

}  // namespace sluice::rpc
