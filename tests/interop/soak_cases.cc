// The soak cases: many large calls, on one channel or on a new one each, within limits of time and failures.
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "rpc_core/base/task_group.h"
#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {
namespace {

class Soak {
 public:
  Soak(Peer& peer, bool new_channel_each)
      : peer_(peer),
        new_channel_each_(new_channel_each),
        longest_(std::chrono::milliseconds(peer.flags.number("soak_per_iteration_max_acceptable_latency_ms"))),
        request_(simple_request(peer.flags.number("soak_request_size"), peer.flags.number("soak_response_size"))) {}

  Task<void> run() {
    const int threads = peer_.flags.number("soak_num_threads");
    const int iterations = peer_.flags.number("soak_iterations");
    const TimePoint end =
        deadline_after(peer_.loop.now(), std::chrono::seconds(peer_.flags.number("soak_overall_timeout_seconds")));
    const auto workers = [&](TaskGroup& group) -> Task<void> {
      for (int i = 0; i < threads; ++i) group.spawn(work(iterations / threads, end));
      co_return;
    };
    co_await run_in_group(peer_.loop, workers);
    expect(done_ == iterations / threads * threads,
           std::to_string(iterations) + " calls in time, got " + std::to_string(done_));
    const int most = peer_.flags.number("soak_max_failures");
    expect(failures_ <= most, "at most " + std::to_string(most) + " failures, got " + std::to_string(failures_));
  }

 private:
  Task<void> work(int iterations, TimePoint end) {
    const auto pause = std::chrono::milliseconds(peer_.flags.number("soak_min_time_ms_between_rpcs"));
    for (int i = 0; i < iterations && peer_.loop.now() < end; ++i) {
      const TimePoint start = peer_.loop.now();
      const Status status = co_await call_once();
      const Duration took = peer_.loop.now() - start;
      ++done_;
      if (!status.ok() || took > longest_) {
        ++failures_;
        const auto ms = static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
        std::fprintf(stderr, "call %d: %s, %lld ms\n", i, status.to_string().c_str(), ms);
      }
      if (pause.count() != 0) co_await sleep_until(peer_.loop, start + pause);
    }
  }

  Task<Status> call_once() {
    if (!new_channel_each_) co_return co_await call_on(peer_.channel);
    const Result<std::unique_ptr<Channel>> channel = Channel::create(peer_.loop, peer_.target, peer_.options);
    if (!channel) co_return channel.error();
    Status status = co_await call_on(**channel);
    co_await (*channel)->shut_down();
    co_return status;
  }

  Task<Status> call_on(Channel& channel) {
    const testing::TestServiceClient client(channel);
    const auto response = co_await client.unary_call(request_);
    if (!response) co_return response.error();
    if (response->payload().body().size() == static_cast<std::size_t>(request_.response_size())) co_return Status();
    co_return Status(StatusCode::Internal, "a body of another size than was asked for");
  }

  Peer& peer_;
  const bool new_channel_each_;
  const Duration longest_;
  const testing::SimpleRequest request_;
  int done_ = 0;
  int failures_ = 0;
};

}  // namespace

Task<void> rpc_soak(Peer& peer) {
  Soak soak(peer, false);
  co_await soak.run();
}

Task<void> channel_soak(Peer& peer) {
  Soak soak(peer, true);
  co_await soak.run();
}

}  // namespace sluice::rpc::interop
