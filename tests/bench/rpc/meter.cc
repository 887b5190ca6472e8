#include "tests/bench/rpc/meter.h"

#include <ctime>
#include <stdexcept>

namespace sluice::bench {
namespace {

double cpu_seconds(pid_t process) {
  clockid_t clock = 0;
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("process " + std::to_string(process) + " has no CPU clock");
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

std::string body_of(const Load& load) {
  // The field's tag and its length.
  const std::size_t overhead = load.message_bytes < 128 + 2 ? 2 : load.message_bytes < 16384 + 3 ? 3 : 4;
  return std::string(load.message_bytes - overhead, 'x');
}

Meter::Meter(const Load& load) : load_(load), begin_(Clock::now()), since_(begin_) {}

void Meter::look() {
  if (over_) return;
  const Clock::time_point now = Clock::now();
  if (!measuring_ && now - begin_ < load_.time / 4) return;
  if (measuring_ && now - since_ < load_.time) return;
  const double client = cpu_seconds(0);
  const double server = cpu_seconds(load_.server);
  if (measuring_) {
    result_.messages = counted_ - counted_before_;
    result_.seconds = std::chrono::duration<double>(now - since_).count();
    result_.client_cpu = client - before_.client_cpu;
    result_.server_cpu = server - before_.server_cpu;
    over_ = true;
  } else {
    before_.client_cpu = client;
    before_.server_cpu = server;
    counted_before_ = counted_;
    since_ = now;
    measuring_ = true;
  }
}

}  // namespace sluice::bench
