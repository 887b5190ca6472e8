// Starting, counting and draining sessions.
#include "gateway/http/connections.h"

#include <cassert>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/http/proxied_stream.h"
#include "gateway/http/trusted_proxies.h"
#include "rpc_core/base/deadline_stop.h"
#include "rpc_core/transport/tls.h"

namespace sluice::gateway {
namespace {

constexpr rpc::Duration kTellAgain = std::chrono::seconds(10);
// For the answers to requests that the end of a drain has cancelled.
constexpr rpc::Duration kLastAnswers = std::chrono::seconds(1);

}  // namespace

Connections::Connections(const SessionServices& services, Events events)
    : pace_(services.loop), services_(services), events_(std::move(events)) {
  services_.pace = &pace_;
}

Connections::~Connections() { assert(size() == 0 && "connections are drained before they go away"); }

void Connections::serve(std::unique_ptr<rpc::ByteStream> stream, Session::Mode mode) {
  if (services_.tls == nullptr && !services_.options.proxy_protocol) return converse(std::move(stream), mode);
  ++handshakes_;
  rpc::spawn(prepare(std::move(stream)), stop_.token(),
             [this, mode](std::exception_ptr, std::optional<std::unique_ptr<rpc::ByteStream>> secured) {
               --handshakes_;
               if (secured && *secured) return converse(*std::move(secured), mode);
               lost_one();
             });
}

// Nothing: what has to come before the first request did not come, in time.
rpc::Task<std::unique_ptr<rpc::ByteStream>> Connections::prepare(std::unique_ptr<rpc::ByteStream> stream) {
  const rpc::StopToken token = co_await rpc::current_stop();
  const rpc::TimePoint due = rpc::deadline_after(services_.loop.now(), services_.options.header_timeout);
  rpc::DeadlineStop patience(services_.loop, due, token);
  if (services_.options.proxy_protocol) {
    auto introducing = introduce(std::move(stream));
    stream = co_await std::move(introducing).with_stop(patience.token());
  }
  if (services_.tls != nullptr && stream != nullptr) {
    auto securing = secure(std::move(stream));
    stream = co_await std::move(securing).with_stop(patience.token());
  }
  if (patience.expired()) services_.hit(Limit::HeaderTimeout);
  co_return stream;
}

rpc::Task<std::unique_ptr<rpc::ByteStream>> Connections::introduce(std::unique_ptr<rpc::ByteStream> stream) {
  const rpc::Endpoint peer = stream->peer().endpoint;
  const std::vector<AddressRange>& trusted = services_.options.trusted_proxies;
  if (!trusted.empty() && !contains(trusted, peer)) {
    refuse(peer.to_string(), rpc::Status(rpc::StatusCode::PermissionDenied,
                                         "PROXY protocol: expected a peer that --trusted-proxy names"));
    co_return nullptr;
  }
  auto accepted = co_await accept_proxied(services_.loop, std::move(stream));
  if (accepted) co_return *std::move(accepted);
  refuse(peer.to_string(), accepted.error());
  co_return nullptr;
}

// The client has been told by TLS itself.
rpc::Task<std::unique_ptr<rpc::ByteStream>> Connections::secure(std::unique_ptr<rpc::ByteStream> stream) {
  auto secured = co_await rpc::tls_accept(services_.loop, std::move(stream), services_.tls->context());
  if (!secured) co_return nullptr;
  co_return *std::move(secured);
}

void Connections::refuse(const std::string& peer, const rpc::Status& why) {
  const rpc::TimePoint now = services_.loop.now();
  ++untold_;
  if (!events_.refused || (told_ && now - *told_ < kTellAgain)) return;
  told_ = now;
  const std::size_t before = std::exchange(untold_, 0) - 1;
  const std::string more = before == 0 ? "" : " (and " + std::to_string(before) + " before)";
  events_.refused(peer + ": " + why.message() + more);
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
  if (std::exchange(cancelled_, true)) return stop_.request_stop();
  services_.hit(Limit::DrainTimeout);
  services_.loop.schedule(*this, rpc::deadline_after(services_.loop.now(), kLastAnswers));
  for (Session& session : sessions_) session.cancel_request();
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
