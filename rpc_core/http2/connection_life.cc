#include "rpc_core/http2/connection_life.h"

#include <algorithm>
#include <random>
#include <string>

#include "rpc_core/http2/connection.h"

namespace sluice::rpc::http2 {
namespace {

// https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
constexpr Duration kLeastClientKeepalive = std::chrono::seconds(10);
// For the answer to the PING behind the first GOAWAY.
constexpr Duration kLongestDrainNotice = std::chrono::seconds(5);

// What a peer takes at the least, if it is to count as one that reads: a frame.
constexpr std::uint64_t kLeastTaken = 16 * 1024;

// So that connections made together do not end together.
// https://github.com/grpc/proposal/blob/master/A9-server-side-conn-mgt.md
Duration jittered(Duration age) {
  std::minstd_rand random(std::random_device{}());
  const double factor = std::uniform_real_distribution<double>(0.9, 1.1)(random);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::nano>(age) * factor);
}

Status lost(const std::string& what, Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return Status(StatusCode::Unavailable, what + " within " + std::to_string(ms) + " ms")
      .with_origin(Status::Origin::Transport);
}

LifeOptions with_least_keepalive(LifeOptions options, bool is_client) {
  if (is_client && options.keepalive_after) {
    options.keepalive_after = std::max(*options.keepalive_after, kLeastClientKeepalive);
  }
  return options;
}

}  // namespace

ConnectionLife::ConnectionLife(Loop& loop, Connection& connection, const LifeOptions& options, bool is_client)
    : loop_(loop),
      connection_(connection),
      options_(with_least_keepalive(options, is_client)),
      is_client_(is_client),
      last_read_(loop.now()),
      idle_since_(loop.now()) {}

void ConnectionLife::schedule(Timer& timer, Duration after) {
  loop_.schedule(timer, deadline_after(loop_.now(), after));
}

void ConnectionLife::start() {
  last_read_ = idle_since_ = loop_.now();
  if (options_.keepalive_after) schedule(keepalive_timer_, *options_.keepalive_after);
  if (options_.max_age) schedule(age_timer_, jittered(*options_.max_age));
  if (options_.max_idle) schedule(idle_timer_, *options_.max_idle);
}

void ConnectionLife::stop() {
  for (Timer* timer :
       std::initializer_list<Timer*>{&keepalive_timer_, &answer_timer_, &age_timer_, &grace_timer_, &idle_timer_,
                                     &drain_timer_, &write_timer_, &stall_timer_, &header_timer_}) {
    timer->cancel();
  }
}

void ConnectionLife::bytes_received() {
  last_read_ = loop_.now();
  heard_ = true;
}

void ConnectionLife::write_started() { schedule(write_timer_, options_.write_timeout); }

void ConnectionLife::drain_started() { schedule(drain_timer_, kLongestDrainNotice); }

void ConnectionLife::streams_changed(std::size_t open) {
  if (open == 0 && open_streams_ != 0) idle_since_ = loop_.now();
  open_streams_ = open;
}

void ConnectionLife::data_waits(std::size_t unsent, std::uint64_t sent) {
  if (unsent <= options_.max_unsent_bytes) return stall_timer_.cancel();
  if (stall_timer_.scheduled() && sent - sent_before_ < kLeastTaken) return;
  sent_before_ = sent;
  schedule(stall_timer_, options_.write_timeout);
}

void ConnectionLife::header_block(std::uint64_t number) {
  if (number == header_block_) return;
  header_block_ = number;
  if (number == 0) return header_timer_.cancel();
  schedule(header_timer_, options_.header_timeout);
}

void ConnectionLife::keepalive_due() {
  const Duration quiet = loop_.now() - last_read_;
  if (quiet < *options_.keepalive_after) return schedule(keepalive_timer_, *options_.keepalive_after - quiet);
  if (open_streams_ == 0 && !options_.keepalive_without_streams) {
    return schedule(keepalive_timer_, *options_.keepalive_after);
  }
  heard_ = false;
  connection_.ping();
  schedule(answer_timer_, options_.keepalive_timeout);
}

void ConnectionLife::answer_overdue() {
  if (heard_) return keepalive_due();
  connection_.give_up(lost("keepalive: the peer sent nothing", options_.keepalive_timeout));
}

void ConnectionLife::aged() {
  connection_.shut_down("max_age");
  if (options_.max_age_grace) schedule(grace_timer_, *options_.max_age_grace);
}

void ConnectionLife::grace_ended() { connection_.close(ErrorCode::NoError); }

void ConnectionLife::idle_due() {
  const Duration idle = open_streams_ != 0 ? Duration::zero() : loop_.now() - idle_since_;
  if (idle < *options_.max_idle) return schedule(idle_timer_, *options_.max_idle - idle);
  if (is_client_) {
    connection_.close(ErrorCode::NoError);
  } else {
    connection_.shut_down("max_idle");
  }
}

void ConnectionLife::drain_overdue() { connection_.finish_notice(); }

void ConnectionLife::nothing_taken() { connection_.close(ErrorCode::EnhanceYourCalm); }

void ConnectionLife::header_block_overdue() { connection_.close(ErrorCode::EnhanceYourCalm); }

void ConnectionLife::write_overdue() {
  connection_.give_up(lost("the peer did not read what was written", options_.write_timeout));
}

}  // namespace sluice::rpc::http2
