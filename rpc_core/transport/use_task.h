// use_task: await an Asio operation in a Task: auto [error, n] = co_await socket.async_read_some(buffer, use_task);
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <coroutine>
#include <optional>
#include <tuple>
#include <utility>

#include "rpc_core/base/pool.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc {

// A completion token. The operation starts when it is awaited; its memory comes from the pool. A stop cancels it
// (terminal), and then it returns operation_aborted like any other error; stopped before its start, it never starts.
struct UseTask {};
inline constexpr UseTask use_task{};

namespace detail {

// Its first result is the error code, as with every operation of Asio's that can fail.
template <class Initiation, class Arguments, class... Results>
class AsioAwaiter : private StopListener {
 public:
  AsioAwaiter(Initiation initiation, Arguments arguments)
      : initiation_(std::move(initiation)), arguments_(std::move(arguments)) {}
  // Moved only before it is awaited.
  AsioAwaiter(AsioAwaiter&& other) noexcept
      : initiation_(std::move(other.initiation_)), arguments_(std::move(other.arguments_)) {}

  bool await_ready() const noexcept { return false; }
  template <TaskPromise Parent>
  bool await_suspend(std::coroutine_handle<Parent> parent) {
    const StopToken token = parent.promise().stop_token();
    if (token.stop_requested()) {
      results_.emplace();
      std::get<0>(*results_) = boost::asio::error::operation_aborted;
      return false;
    }
    waiter_ = parent;
    if (token.stop_possible()) {
      signal_.emplace();
      listen(token);
    }
    std::apply([this](auto&&... arguments) { std::move(initiation_)(Handler(this), std::move(arguments)...); },
               std::move(arguments_));
    return true;
  }
  std::tuple<Results...> await_resume() { return *std::move(results_); }

 private:
  class Handler {
   public:
    using allocator_type = PoolAllocator<void>;
    using cancellation_slot_type = boost::asio::cancellation_slot;
    explicit Handler(AsioAwaiter* awaiter) : awaiter_(awaiter) {}
    allocator_type get_allocator() const noexcept { return {}; }
    cancellation_slot_type get_cancellation_slot() const noexcept {
      return awaiter_->signal_ ? awaiter_->signal_->slot() : cancellation_slot_type();
    }
    template <class... Given>
    void operator()(Given&&... given) {
      awaiter_->unlisten();
      awaiter_->results_.emplace(std::forward<Given>(given)...);
      awaiter_->waiter_.resume();
    }

   private:
    AsioAwaiter* awaiter_;
  };

  void on_stop() override { signal_->emit(boost::asio::cancellation_type::terminal); }

  Initiation initiation_;
  Arguments arguments_;
  std::optional<std::tuple<Results...>> results_;
  std::coroutine_handle<> waiter_;
  std::optional<boost::asio::cancellation_signal> signal_;
};

}  // namespace detail
}  // namespace sluice::rpc

template <class... Results>
class boost::asio::async_result<sluice::rpc::UseTask, void(Results...)> {
 public:
  template <class Initiation, class... Arguments>
  static auto initiate(Initiation&& initiation, sluice::rpc::UseTask, Arguments&&... arguments) {
    using Kept = std::tuple<std::decay_t<Arguments>...>;
    return sluice::rpc::detail::AsioAwaiter<std::decay_t<Initiation>, Kept, std::decay_t<Results>...>(
        std::forward<Initiation>(initiation), Kept(std::forward<Arguments>(arguments)...));
  }
};
