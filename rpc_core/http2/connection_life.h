// ConnectionLife: the timers of a connection: keepalive, age, idleness, a drain, and a peer that does not read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "rpc_core/base/loop.h"

namespace sluice::rpc::http2 {

class Connection;

struct LifeOptions {
  // Pings a peer from which nothing has come for so long (client: 10 s at the least), and gives the connection up when
  // still nothing comes. None: never.
  std::optional<Duration> keepalive_after;
  Duration keepalive_timeout = std::chrono::seconds(20);
  bool keepalive_without_streams = false;
  // Drains the connection when it is that old, give or take a tenth; then, after the grace, ends it. None: never.
  std::optional<Duration> max_age;
  std::optional<Duration> max_age_grace;
  // Drains it when it has had no stream for so long; exactly: gRPC varies the age alone (gRFC A9).
  std::optional<Duration> max_idle;
  // For one write, of 256 KiB at most, to a peer that does not read.
  Duration write_timeout = std::chrono::seconds(120);
  // DATA that may wait for a peer's windows. While there is more, a peer that takes next to nothing for the
  // write_timeout loses its connection.
  std::size_t max_unsent_bytes = 16 << 20;
  // For a block of headers or trailers, from its first bytes to its last.
  Duration header_timeout = std::chrono::seconds(60);
};

class ConnectionLife {
 public:
  ConnectionLife(Loop& loop, Connection& connection, const LifeOptions& options, bool is_client);

  void start();
  void stop();

  void bytes_received();
  void write_started();
  void write_ended() { write_timer_.cancel(); }
  void drain_started();
  void streams_changed(std::size_t open);
  // After a write: how much DATA still waits, and how much has been sent so far.
  void data_waits(std::size_t unsent, std::uint64_t sent);
  // The number of the header block that is being received, or 0.
  void header_block(std::uint64_t number);

 private:
  template <void (ConnectionLife::*kMethod)()>
  class Alarm final : public Timer {
   public:
    explicit Alarm(ConnectionLife& life) : life_(life) {}

   private:
    void on_timer() override { (life_.*kMethod)(); }
    ConnectionLife& life_;
  };

  void keepalive_due();
  void answer_overdue();
  void aged();
  void grace_ended();
  void idle_due();
  void drain_overdue();
  void write_overdue();
  void nothing_taken();
  void header_block_overdue();
  void schedule(Timer& timer, Duration after);

  Loop& loop_;
  Connection& connection_;
  const LifeOptions options_;
  const bool is_client_;
  TimePoint last_read_;
  TimePoint idle_since_;
  bool heard_ = true;  // something came since the last ping
  std::size_t open_streams_ = 0;
  std::uint64_t sent_before_ = 0;  // when the stall_timer_ was set
  std::uint64_t header_block_ = 0;
  Alarm<&ConnectionLife::keepalive_due> keepalive_timer_{*this};
  Alarm<&ConnectionLife::answer_overdue> answer_timer_{*this};
  Alarm<&ConnectionLife::aged> age_timer_{*this};
  Alarm<&ConnectionLife::grace_ended> grace_timer_{*this};
  Alarm<&ConnectionLife::idle_due> idle_timer_{*this};
  Alarm<&ConnectionLife::drain_overdue> drain_timer_{*this};
  Alarm<&ConnectionLife::write_overdue> write_timer_{*this};
  Alarm<&ConnectionLife::nothing_taken> stall_timer_{*this};
  Alarm<&ConnectionLife::header_block_overdue> header_timer_{*this};
};

}  // namespace sluice::rpc::http2
