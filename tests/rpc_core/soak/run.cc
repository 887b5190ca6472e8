// Carries out a run of the soak test, and looks whether anything is left behind.
#include "tests/rpc_core/soak/run.h"

#include <chrono>
#include <memory>

#include "rpc_core/base/task_group.h"

namespace sluice::soak {
namespace {

using namespace std::chrono_literals;
using rpc::Task;

constexpr std::uint64_t kCallsAtATime = 8;  // a connection
constexpr std::size_t kMostComplaints = 20;
constexpr int kLooks = 2000;  // for the last frames to arrive, 5 ms apart

class Run {
 public:
  explicit Run(const RunOptions& options)
      : options_(options), backend_(certificates_.server()), chaos_(options.seed, certificates_, cutter_, backend_) {
    for (std::uint64_t i = 0; i < options.connections; ++i) {
      channels_.push_back(rpc::Channel::create(loop_, backend_.endpoint().to_string(), channel_options()).value());
      clients_.push_back(std::make_unique<SoakClient>(*channels_.back()));
    }
  }

  RunReport run() {
    loop_.run(all_calls());
    loop_.run(settle());
    loop_.run(check_renewal());
    end();
    return std::move(report_);
  }

 private:
  rpc::ChannelOptions channel_options() {
    rpc::ChannelOptions options;
    options.tls = certificates_.client();
    options.authority = "server.test";
    options.connector = cutter_.connector();
    options.subchannel.backoff.initial = 10ms;
    options.subchannel.backoff.max = 100ms;
    options.subchannel.http2.stream_window_bytes = 64 * 1024;
    options.subchannel.http2.connection_window_bytes = 256 * 1024;
    options.send_buffer_bytes = 32 * 1024;
    return options;
  }

  Task<void> all_calls() {
    const auto workers = [this](rpc::TaskGroup& group) -> Task<void> {
      for (std::uint64_t i = 0; i < options_.connections * kCallsAtATime; ++i) group.spawn(worker());
      co_return;
    };
    co_await rpc::run_in_group(loop_, workers);
  }

  Task<void> worker() {
    while (next_ < options_.calls) {
      const Plan plan = make_plan(options_.seed, next_++);
      SoakClient& client = *clients_[plan.number % clients_.size()];
      const Ending ending = co_await perform(loop_, client, plan);
      note(plan, ending);
      chaos_.strike(channels_);
    }
  }

  void note(const Plan& plan, const Ending& ending) {
    const bool ok = ending.status && ending.status->ok();
    if (plan.fate == Fate::Whole) {
      ++report_.whole;
      report_.whole_ok += ok ? 1 : 0;
    }
    if (ending.status) {
      ++report_.ended.at(static_cast<std::size_t>(ending.status->code()));
    } else {
      ++report_.abandoned;
    }
    const std::string status = ending.status ? ending.status->to_string() : "no status";
    if (!ending.wrong.empty()) complain(to_string(plan) + ": " + status + ": " + ending.wrong);
  }

  // The calls are over; what they have left on the way is, too, as soon as it has arrived.
  Task<void> settle() {
    int looks = 0;
    while (!at_rest() && ++looks < kLooks) co_await rpc::sleep_for(loop_, 5ms);
    if (looks < kLooks) co_return;
    const BackendFacts facts = backend_.facts();
    complain("the server still has " + std::to_string(facts.open_streams) + " streams, " +
             std::to_string(facts.running_calls) + " calls, " + std::to_string(facts.started - facts.returned) +
             " handlers; the client " + std::to_string(open_streams()) + " streams");
  }
  bool at_rest() {
    const BackendFacts facts = backend_.facts();
    return !facts.restarting && facts.open_streams == 0 && facts.running_calls == 0 &&
           facts.started == facts.returned && open_streams() == 0;
  }
  std::size_t open_streams() const {
    std::size_t count = 0;
    for (const auto& channel : channels_) {
      for (const auto& connection : channel->report().connections.open) count += connection.open_streams;
    }
    return count;
  }

  // New connections have the newest certificates.
  Task<void> check_renewal() {
    certificates_.renew();
    Plan plan;
    plan.request_bytes = plan.response_bytes = 100;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      drain(*channels_[i]);
      const Ending ending = co_await perform(loop_, *clients_[i], plan);
      if (!ending.status->ok()) complain("after the last renewal: " + ending.status->to_string());
      if (ending.status->ok() && ending.caller != certificates_.newest_client()) {
        complain("expected the client to be " + certificates_.newest_client() + ", it is " + ending.caller);
      }
    }
  }

  void end() {
    for (const auto& channel : channels_) check_counts(channel->report());
    report_.chaos = chaos_.counts();
    report_.renewals = certificates_.renewals();
    report_.restarts = backend_.facts().restarts;
    for (const auto& channel : channels_) loop_.run(channel->shut_down());
    clients_.clear();
    channels_.clear();
    if (!backend_.shut_down()) complain("the server has left a timer or a task on its loop");
    if (loop_.next_timer()) complain("the client has left a timer on its loop");
    if (rpc::live_task_frames != 0) complain("the client has left a task");
  }

  void check_counts(const rpc::ChannelReport& channel) {
    report_.connections_made += channel.connections.made;
    const auto& total = channel.connections.total;
    if (channel.calls_started != channel.calls_succeeded + channel.calls_failed) {
      complain("the channel's counters do not add up: " + to_string(channel));
    }
    if (total.streams_started != total.streams_finished + total.streams_reset) {
      complain("the connections' counters do not add up: " + to_string(channel));
    }
  }

  void complain(std::string what) {
    if (report_.wrong.size() < kMostComplaints) report_.wrong.push_back(std::move(what));
  }

  const RunOptions options_;
  Certificates certificates_;
  Backend backend_;
  rpc::Loop loop_;
  Cutter cutter_;
  Chaos chaos_;
  std::vector<std::unique_ptr<rpc::Channel>> channels_;
  std::vector<std::unique_ptr<SoakClient>> clients_;
  std::uint64_t next_ = 0;
  RunReport report_;
};

}  // namespace

RunReport run(const RunOptions& options) {
  Run run(options);
  return run.run();
}

std::string to_string(const RunReport& report) {
  std::string text;
  for (std::size_t code = 0; code < report.ended.size(); ++code) {
    if (report.ended[code] == 0) continue;
    text += rpc::status_code_name(static_cast<rpc::StatusCode>(code)) + " " + std::to_string(report.ended[code]) + ", ";
  }
  return text + "abandoned " + std::to_string(report.abandoned) + "; " + std::to_string(report.connections_made) +
         " connections, " + std::to_string(report.chaos.cuts) + " cut, " + std::to_string(report.chaos.drains) +
         " drained, " + std::to_string(report.restarts) + " restarts, " + std::to_string(report.renewals) +
         " certificates";
}

}  // namespace sluice::soak
