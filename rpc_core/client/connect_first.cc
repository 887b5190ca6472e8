#include "rpc_core/client/connect_first.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/base/task_group.h"

namespace sluice::rpc {
namespace {

class Race {
 public:
  Race(Loop& loop, const Connector& connector, std::vector<Endpoint> endpoints, Duration delay)
      : loop_(loop), connector_(connector), endpoints_(std::move(endpoints)), delay_(delay), changed_(loop) {}

  Task<void> run(TaskGroup& group) {
    const StopToken token = co_await current_stop();
    for (std::size_t i = 0; i < endpoints_.size() && !winner_ && !token.stop_requested(); ++i) {
      ++running_;
      group.spawn(attempt(i));
      const bool last = i + 1 == endpoints_.size();
      DeadlineStop patience(token);
      if (!last) patience.set(loop_, deadline_after(loop_.now(), delay_));
      co_await until_ended(last ? 0 : running_ - 1).with_stop(patience.token());
    }
    group.request_stop();
  }

  Result<FirstConnected> result(bool stopped) {
    if (winner_) return *std::move(winner_);
    if (stopped) return fail(StatusCode::Cancelled, "connecting was stopped");
    return fail(Status(StatusCode::Unavailable, failures_).with_origin(Status::Origin::Transport));
  }

 private:
  Task<void> attempt(std::size_t index) {
    Result<std::unique_ptr<ByteStream>> bytes = co_await connector_(loop_, endpoints_[index]);
    --running_;
    if (!bytes) {
      failures_ += (failures_.empty() ? "" : "; ") + bytes.error().message();
    } else if (!winner_) {
      winner_.emplace(index, *std::move(bytes));
    }
    changed_.notify();
  }

  // Until one has connected, or no more than so many attempts go on.
  Task<void> until_ended(std::size_t most_running) {
    bool going = true;
    while (going && !winner_ && running_ > most_running) going = co_await changed_.wait();
  }

  Loop& loop_;
  const Connector& connector_;
  const std::vector<Endpoint> endpoints_;
  const Duration delay_;
  Waiter changed_;
  std::size_t running_ = 0;
  std::optional<FirstConnected> winner_;
  std::string failures_;
};

bool is_v6(const Endpoint& endpoint) { return endpoint.host.find(':') != std::string::npos; }

}  // namespace

std::vector<Endpoint> interleave_families(std::vector<Endpoint> endpoints) {
  if (endpoints.empty()) return endpoints;
  const bool first_family = is_v6(endpoints.front());
  std::array<std::vector<Endpoint>, 2> families;
  for (Endpoint& each : endpoints) families[is_v6(each) == first_family ? 0 : 1].push_back(std::move(each));
  std::vector<Endpoint> mixed;
  for (std::size_t i = 0; mixed.size() < endpoints.size(); ++i) {
    for (auto& family : families) {
      if (i < family.size()) mixed.push_back(std::move(family[i]));
    }
  }
  return mixed;
}

Task<Result<FirstConnected>> connect_first(Loop& loop, const Connector& connector, std::vector<Endpoint> endpoints,
                                           Duration delay) {
  const StopToken token = co_await current_stop();
  Race race(loop, connector, std::move(endpoints), delay);
  const auto body = [&race](TaskGroup& group) { return race.run(group); };
  co_await run_in_group(loop, body);
  co_return race.result(token.stop_requested());
}

}  // namespace sluice::rpc
