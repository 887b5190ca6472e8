// Counting, and the end of a channel, beside everything else.
#include "gateway/upstream/shared_channels.h"

#include <algorithm>
#include <utility>

namespace sluice::gateway {

using rpc::ConnectivityState;

SharedChannels::Watched::Watched(rpc::Loop& loop, std::string name, std::unique_ptr<rpc::Channel> owned)
    : label(std::move(name)), channel(std::move(owned)), watching(loop) {}

rpc::Task<void> SharedChannels::Watched::watch() {
  ConnectivityState state = ConnectivityState::Idle;  // as it began, whatever has become of it since
  while (true) {
    const bool changed = co_await channel->wait_for_state_change(state);
    if (!changed) co_return;
    state = channel->state();
    if (state == ConnectivityState::TransientFailure) ++failures;
  }
}

ChannelTotals SharedChannels::Watched::totals() const {
  const rpc::ChannelReport calls = channel->report();
  const rpc::http2::ConnectionsReport& report = calls.connections;
  ChannelTotals totals;
  totals.connects = report.made;
  totals.reconnects = report.made - std::min<std::uint64_t>(report.made, 1);
  totals.failures = failures;
  totals.streams = report.total.streams_started;
  totals.streams_reset = report.total.streams_reset;
  totals.bytes_sent = report.total.bytes_sent;
  totals.bytes_received = report.total.bytes_received;
  totals.open_calls = calls.calls_started - calls.calls_succeeded - calls.calls_failed;
  totals.open_connections = report.open.size();
  for (const rpc::http2::ConnectionReport& connection : report.open) totals.open_streams += connection.open_streams;
  return totals;
}

std::shared_ptr<rpc::Channel> SharedChannels::share(const std::string& label, std::unique_ptr<rpc::Channel> channel) {
  auto watched = std::make_shared<Watched>(loop_, label, std::move(channel));
  channels_.push_back(watched);
  // The task begins on the loop's thread, where it ends, and which this may not be.
  loop_.run_soon([weak = std::weak_ptr<Watched>(watched)] {
    const std::shared_ptr<Watched> kept = weak.lock();
    if (kept && !kept->let_go) kept->watching.spawn(kept->watch());
  });
  rpc::Channel* const shared = watched->channel.get();
  return {shared, [this, watched](rpc::Channel*) { retiring_.spawn(retire(watched)); }};
}

rpc::Task<void> SharedChannels::retire(std::shared_ptr<Watched> watched) {
  watched->let_go = true;
  watched->watching.request_stop();
  co_await watched->watching.join();
  co_await watched->channel->shut_down();
  ChannelTotals last = watched->totals();
  last.open_calls = 0;
  last.open_connections = 0;
  last.open_streams = 0;
  gone_[watched->label] += last;
  channels_.remove(watched);
}

std::map<std::string, ChannelTotals> SharedChannels::totals() const {
  std::map<std::string, ChannelTotals> totals = gone_;
  for (const auto& watched : channels_) totals[watched->label] += watched->totals();
  return totals;
}

}  // namespace sluice::gateway
