// Starting, counting and draining sessions.
#include "gateway/http/connections.h"

#include <cassert>
#include <optional>
#include <utility>

#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/transport/tls.h"

namespace sluice::gateway {

Connections::Connections(const SessionServices& services, Events events)
    : services_(services), events_(std::move(events)) {}

Connections::~Connections() { assert(size() == 0 && "connections are drained before they go away"); }

void Connections::serve(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode) {
  if (services_.tls == nullptr) return converse(std::move(stream), mode);
  ++handshakes_;
  rpc::spawn(secure(std::move(stream)), stop_.token(),
             [this, mode](std::exception_ptr, std::optional<std::unique_ptr<rpc::ByteStream>> secured) {
               --handshakes_;
               if (secured && *secured) return converse(*std::move(secured), mode);
               lost_one();
             });
}

// Nothing: the client did not agree, in time. It has been told so by TLS itself.
rpc::Task<std::unique_ptr<rpc::ByteStream>> Connections::secure(std::unique_ptr<rpc::ByteStream> stream) {
  const rpc::StopToken token = co_await rpc::current_stop();
  const rpc::TimePoint due = rpc::deadline_after(services_.loop.now(), services_.options.header_timeout);
  rpc::DeadlineStop patience(services_.loop, due, token);
  auto accepting = rpc::tls_accept(services_.loop, std::move(stream), services_.tls->context());
  rpc::Result<std::unique_ptr<rpc::ByteStream>> secured = co_await std::move(accepting).with_stop(patience.token());
  if (patience.expired()) services_.hit(Limit::HeaderTimeout);
  if (!secured) co_return nullptr;
  co_return *std::move(secured);
}

void Connections::converse(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode) {
  const auto session = sessions_.emplace(sessions_.end(), services_, std::move(stream), mode);
  rpc::spawn(session->run(), stop_.token(), [this, session](std::exception_ptr failure) { ended(session, failure); });
}

void Connections::ended(std::list<Session>::iterator session, std::exception_ptr failure) {
  sessions_.erase(session);
  if (failure && events_.failure) events_.failure(failure);
  lost_one();
}

void Connections::lost_one() {
  if (events_.ended) events_.ended();
  if (size() != 0 || !drained_) return;
  cancel();
  std::exchange(drained_, nullptr)();
}

void Connections::on_timer() {
  services_.hit(Limit::DrainTimeout);
  stop_.request_stop();
}

void Connections::announce_close() {
  if (services_.phase == SessionServices::Phase::Serving) services_.phase = SessionServices::Phase::Closing;
}

void Connections::drain(rpc::Duration timeout, std::function<void()> drained) {
  services_.phase = SessionServices::Phase::Draining;
  if (size() == 0) return drained();
  drained_ = std::move(drained);
  services_.loop.schedule(*this, rpc::deadline_after(services_.loop.now(), timeout));
  for (Session& session : sessions_) session.close_if_idle();
}

}  // namespace sluice::gateway
