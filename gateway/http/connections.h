// Connections: all sessions of one worker, and how they come to an end together.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "gateway/http/pace.h"
#include "gateway/http/session.h"
#include "gateway/http/session_services.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/base/timer_wheel.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::gateway {

// Belongs to the thread of its loop. It goes away empty: drain first.
class Connections final : private rpc::Timer {
 public:
  struct Events {
    std::function<void()> ended;                      // a connection is closed
    std::function<void(std::exception_ptr)> failure;  // a handler threw; its client has got a 500
    // Closed before its first request: "ADDRESS: why"; of many at once only some are told.
    std::function<void(const std::string&)> refused = {};
  };
  // What the services point to outlives this.
  Connections(const SessionServices& services, Events events);
  ~Connections();

  // Takes the connection and returns; it is served from the loop.
  // A PROXY protocol header, and the handshake of TLS, come first, within the header timeout.
  void serve(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode = Session::Mode::Serve);
  std::size_t size() const { return sessions_.size() + handshakes_; }

  // Answers say "Connection: close"; new connections are still served.
  void announce_close();
  // Closes what is idle, and lets requests end; those that still run after the timeout are cancelled, and answered so,
  // and what is left a second later is broken off. drained() is called once, when no connection is left.
  void drain(rpc::Duration timeout, std::function<void()> drained);

 private:
  void converse(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode);
  rpc::Task<std::unique_ptr<rpc::ByteStream>> prepare(std::unique_ptr<rpc::ByteStream> stream);
  rpc::Task<std::unique_ptr<rpc::ByteStream>> introduce(std::unique_ptr<rpc::ByteStream> stream);
  rpc::Task<std::unique_ptr<rpc::ByteStream>> secure(std::unique_ptr<rpc::ByteStream> stream);
  void refuse(const std::string& peer, const rpc::Status& why);
  void ended(std::list<Session>::iterator session, std::exception_ptr failure);
  void lost_one();
  void on_timer() override;

  Pace pace_;
  SessionServices services_;
  const Events events_;
  std::list<Session> sessions_;
  std::size_t handshakes_ = 0;
  std::size_t untold_ = 0;  // refusals
  std::optional<rpc::TimePoint> told_;
  rpc::StopSource stop_;
  bool cancelled_ = false;
  std::function<void()> drained_;
};

}  // namespace sluice::gateway
