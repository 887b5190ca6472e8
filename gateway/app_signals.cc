// Asio's signal set.
#include "gateway/app_signals.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>

namespace sluice::gateway {

struct Signals::Impl {
  Impl(boost::asio::io_context& context, Signals& owner) : set(context, SIGTERM, SIGINT, SIGHUP), signals(owner) {
    wait();
  }

  void wait() {
    set.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;  // the set goes away, and this with it
      if (number == SIGHUP) {
        if (signals.hangup_) signals.hangup_();
        return wait();
      }
      if (signals.first_ != 0) std::_Exit(1);
      signals.first_ = number;
      signals.stop_.request_stop();
      signals.changed_.notify();
      wait();
    });
  }

  boost::asio::signal_set set;
  Signals& signals;
};

Signals::Signals(rpc::Loop& loop) : changed_(loop), impl_(std::make_unique<Impl>(loop.context(), *this)) {}

Signals::~Signals() = default;

rpc::Task<int> Signals::first() {
  while (first_ == 0) co_await changed_.wait_through_stop();
  co_return first_;
}

}  // namespace sluice::gateway
