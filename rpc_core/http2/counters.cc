#include "rpc_core/http2/counters.h"

#include <chrono>
#include <initializer_list>
#include <utility>

namespace sluice::rpc::http2 {

ConnectionCounters& ConnectionCounters::operator+=(const ConnectionCounters& other) {
  streams_started += other.streams_started;
  streams_finished += other.streams_finished;
  streams_reset += other.streams_reset;
  messages_sent += other.messages_sent;
  messages_received += other.messages_received;
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  pings_sent += other.pings_sent;
  if (other.rtt) rtt = other.rtt;
  return *this;
}

std::string to_string(const ConnectionCounters& counters) {
  std::string text;
  const std::initializer_list<std::pair<const char*, std::uint64_t>> parts = {
      {"streams ", counters.streams_started},  {" (", counters.streams_finished},
      {" finished, ", counters.streams_reset}, {" reset), messages ", counters.messages_sent},
      {" sent ", counters.messages_received},  {" received, bytes ", counters.bytes_sent},
      {" sent ", counters.bytes_received},     {" received, pings ", counters.pings_sent},
  };
  for (const auto& [before, number] : parts) text += before + std::to_string(number);
  if (!counters.rtt) return text;
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(*counters.rtt).count();
  return text + ", rtt " + std::to_string(us) + "us";
}

std::string to_string(const ConnectionsReport& report) {
  std::string text = std::to_string(report.made) + " connections, " + std::to_string(report.open.size()) +
                     " open: " + to_string(report.total) + "\n";
  for (const ConnectionReport& each : report.open) {
    text += each.peer + ", " + std::to_string(each.open_streams) + " open streams: " + to_string(each.counters) + "\n";
  }
  return text;
}

}  // namespace sluice::rpc::http2
