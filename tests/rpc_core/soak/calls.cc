// The client's side of the soak test: a coroutine a mode.
#include "tests/rpc_core/soak/calls.h"

#include <chrono>
#include <utility>

#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/base/task_group.h"

namespace sluice::soak {
namespace {

using rpc::CallMode;
using rpc::Result;
using rpc::Status;
using rpc::Task;

constexpr rpc::Duration kPatience = std::chrono::minutes(5);

Work work_of(const Plan& plan) {
  Work work;
  work.set_body(std::string(slice(plan.place, plan.request_bytes)));
  work.set_place(plan.place);
  work.set_responses(plan.responses);
  work.set_response_bytes(plan.response_bytes);
  work.set_delay_us(plan.delay_us);
  work.set_hang(plan.hang);
  if (plan.fate == Fate::Refusal) work.set_fail_with(static_cast<std::uint32_t>(kRefusal));
  return work;
}

rpc::CallOptions options_of(const Plan& plan) {
  rpc::CallOptions options;
  options.wait_for_ready = plan.wait_for_ready;
  if (plan.fate == Fate::Deadline) options.timeout = plan.time;
  if (plan.fate == Fate::TooLarge) options.max_receive_bytes = kSmallLimit;
  return options;
}

void check(const Plan& plan, const Done& done, Ending& ending) {
  ending.caller = done.caller();
  const bool asked = plan.requests != 0;
  if (asked && done.body() != slice(plan.place, plan.response_bytes))
    ending.wrong = "the response is not what was sent";
}

void check_again(const Status& first, const Status& second, Ending& ending) {
  if (first != second) ending.wrong = "ended with " + first.to_string() + ", and then with " + second.to_string();
}

Task<void> ask(SoakClient& client, const Plan& plan, Ending& ending) {
  const Work work = work_of(plan);
  const rpc::CallOptions options = options_of(plan);
  const Result<Done> done = co_await client.ask(work, options);
  ending.status = done ? Status() : done.error();
  if (done) check(plan, *done, ending);
}

Task<void> gather(SoakClient& client, const Plan& plan, Ending& ending) {
  const Work work = work_of(plan);
  auto call = client.gather(options_of(plan));
  bool room = true;
  for (std::uint32_t i = 0; i < plan.requests && room; ++i) {
    if (plan.fate == Fate::Abandon && i == plan.after) co_return;
    room = co_await call.write(work);
  }
  if (plan.fate == Fate::Abandon) co_return;
  const Result<Done> done = co_await call.finish();
  ending.status = done ? Status() : done.error();
  if (!done) co_return;
  check(plan, *done, ending);
  const std::uint64_t bytes = std::uint64_t{plan.requests} * plan.request_bytes;
  if (done->requests() != plan.requests || done->request_bytes() != bytes) ending.wrong = "requests are missing";
}

// Reads to the end, or until the plan abandons it.
template <class Stream>
Task<bool> read_all(Stream& call, const Plan& plan, Ending& ending) {
  std::uint32_t received = 0;
  Done done;
  bool going = true;
  while (going) {
    if (plan.fate == Fate::Abandon && received >= plan.after) co_return false;
    going = co_await call.read(done);
    if (!going) break;
    ++received;
    check(plan, done, ending);
  }
  if (plan.fate == Fate::Abandon) co_return false;
  ending.status = co_await call.finish();
  const Status again = co_await call.finish();
  check_again(*ending.status, again, ending);
  if (ending.status->ok() && received != plan.responses) ending.wrong = "responses are missing";
  co_return true;
}

Task<void> spread(SoakClient& client, const Plan& plan, Ending& ending) {
  const Work work = work_of(plan);
  auto call = client.spread(work, options_of(plan));
  co_await read_all(call, plan, ending);
}

using Chat = rpc::BidiStream<Work, Done>;

Task<void> write_all(Chat& chat, const Plan& plan) {
  const Work work = work_of(plan);
  bool room = true;
  for (std::uint32_t i = 0; i < plan.requests && room; ++i) room = co_await chat.write(work);
  co_await chat.finish_writing();
}

Task<void> chat(rpc::Loop& loop, SoakClient& client, const Plan& plan, Ending& ending) {
  auto call = client.chat(options_of(plan));
  const auto both = [&](rpc::TaskGroup& group) -> Task<void> {
    group.spawn(write_all(call, plan));
    const bool finished = co_await read_all(call, plan, ending);
    if (!finished) call.cancel();
  };
  co_await rpc::run_in_group(loop, both);
}

Task<void> start(rpc::Loop& loop, SoakClient& client, const Plan& plan, Ending& ending) {
  switch (plan.mode) {
    case CallMode::Unary:
      return ask(client, plan, ending);
    case CallMode::ClientStreaming:
      return gather(client, plan, ending);
    case CallMode::ServerStreaming:
      return spread(client, plan, ending);
    case CallMode::BidiStreaming:
      break;
  }
  return chat(loop, client, plan, ending);
}

}  // namespace

Task<Ending> perform(rpc::Loop& loop, SoakClient& client, const Plan& plan) {
  Ending ending;
  const rpc::Duration patience = plan.fate == Fate::Cancel ? plan.time : kPatience;
  rpc::DeadlineStop stop(loop, rpc::deadline_after(loop.now(), patience), rpc::StopToken());
  Task<void> call = start(loop, client, plan, ending);
  co_await std::move(call).with_stop(stop.token());
  if (stop.expired() && plan.fate != Fate::Cancel) ending.wrong = "it took longer than five minutes";
  if (!ending.status && plan.fate != Fate::Abandon) ending.wrong = "it ended without a status";
  if (ending.status && !may_end_with(plan, ending.status->code())) ending.wrong = "it ended so";
  co_return ending;
}

}  // namespace sluice::soak
