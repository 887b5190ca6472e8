// Starting, counting and draining sessions.
#include "gateway/http/connections.h"

#include <cassert>
#include <utility>

namespace sluice::gateway {

Connections::Connections(const SessionServices& services, Events events)
    : services_(services), events_(std::move(events)) {}

Connections::~Connections() { assert(sessions_.empty() && "connections are drained before they go away"); }

void Connections::serve(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode) {
  const auto session = sessions_.emplace(sessions_.end(), services_, std::move(stream), mode);
  rpc::spawn(session->run(), stop_.token(), [this, session](std::exception_ptr failure) { ended(session, failure); });
}

void Connections::ended(std::list<Session>::iterator session, std::exception_ptr failure) {
  sessions_.erase(session);
  if (failure && events_.failure) events_.failure(failure);
  if (events_.ended) events_.ended();
  if (!sessions_.empty() || !drained_) return;
  cancel();
  std::exchange(drained_, nullptr)();
}

void Connections::announce_close() {
  if (services_.phase == SessionServices::Phase::Serving) services_.phase = SessionServices::Phase::Closing;
}

void Connections::drain(rpc::Duration timeout, std::function<void()> drained) {
  services_.phase = SessionServices::Phase::Draining;
  if (sessions_.empty()) return drained();
  drained_ = std::move(drained);
  services_.loop.schedule(*this, rpc::deadline_after(services_.loop.now(), timeout));
  for (Session& session : sessions_) session.close_if_idle();
}

}  // namespace sluice::gateway
