#include "rpc_core/server/server_connection.h"

#include <atomic>
#include <exception>
#include <span>
#include <utility>
#include <variant>

#include "rpc_core/server/call_head.h"
#include "rpc_core/server/http2_server_call.h"
#include "rpc_core/server/server_worker.h"
#include "rpc_core/wire/compression.h"
#include "rpc_core/wire/status_trailers.h"

namespace sluice::rpc {
namespace {

// A client that resets its streams at once has more handlers running than streams open (CVE-2023-44487): so many more.
constexpr std::size_t kMostHandlersPerStream = 2;

void send_refusal(http2::Stream& stream, const Refusal& refusal) {
  Metadata block;
  block.add(":status", std::to_string(refusal.http_status));
  if (refusal.status) {
    block.add("content-type", "application/grpc");
    block.add("grpc-accept-encoding", kAcceptedCompressions);
    append_status(*refusal.status, block);
  }
  stream.send_headers(std::move(block), true);
}

// Takes the request's body and forgets it.
class Discard final : public ByteSink {
 public:
  std::size_t receive(std::span<const std::byte> bytes) override {
    size_ += bytes.size();
    return bytes.size();
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

// Until the body ends, or is longer than that.
Task<void> take_all(http2::Stream& stream, std::size_t most) {
  Discard discard;
  stream.set_sink(&discard);
  bool going = true;
  while (going && discard.size() <= most && !stream.receive_ended() && !stream.closed()) {
    going = co_await stream.receive_changed().wait();
  }
  stream.set_sink(nullptr);
}

void send_plain(http2::Stream& stream, const std::string& body) {
  Metadata block;
  block.add(":status", "200");
  block.add("content-type", "text/plain; charset=utf-8");
  stream.send_headers(std::move(block), false);
  stream.send_data(Buffer::copy_of(body), true);
}

// One of the calls that run, as long as it lives.
class RunningCall {
 public:
  explicit RunningCall(std::atomic<std::size_t>& count) : count_(count), number_(++count) {}
  ~RunningCall() { --count_; }
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  // How many there were with it, on all loops.
  std::size_t number() const { return number_; }

 private:
  std::atomic<std::size_t>& count_;
  const std::size_t number_;
};

}  // namespace

ServerConnection::ServerConnection(Loop& loop, std::unique_ptr<ByteStream> bytes, ServerState& server)
    : loop_(loop),
      server_(server),
      options_(server.options),
      connection_(loop, std::move(bytes), http2::Role::Server, server.options.http2),
      peer_(connection_.peer().endpoint.to_string()) {}

void ServerConnection::HandshakeTimer::on_timer() {
  if (!connection_.peer_ready()) connection_.close(http2::ErrorCode::SettingsTimeout);
}

Task<void> ServerConnection::run() {
  loop_.schedule(handshake_timer_, deadline_after(loop_.now(), options_.handshake_timeout));
  const auto body = [this](TaskGroup& handlers) -> Task<void> {
    handlers.spawn(take_requests(handlers));
    [[maybe_unused]] const Status end = co_await connection_.run();
  };
  try {
    co_await run_in_group(loop_, body);
  } catch (const std::exception&) {
    co_return;
  }
}

Task<void> ServerConnection::take_requests(TaskGroup& handlers) {
  const std::size_t most = kMostHandlersPerStream * options_.http2.max_concurrent_streams;
  while (true) {
    http2::StreamPtr stream = connection_.accept_now();
    if (!stream) stream = co_await connection_.accept();
    if (!stream) co_return;
    if (handlers.size() > most) {
      stream->reset(http2::ErrorCode::RefusedStream);
    } else {
      handlers.spawn(serve(std::move(stream)));
    }
  }
}

Task<void> ServerConnection::serve(http2::StreamPtr stream) {
  // The client has given it up already: a handler would not hear of that any more.
  if (stream->closed()) co_return;
  if (stream->headers_too_large()) {
    const Status status(StatusCode::ResourceExhausted, "the request's header list is larger than the limit");
    send_refusal(*stream, Refusal{200, status});
    co_return;
  }
  const Metadata& block = *stream->headers();
  auto head = read_call_head(block);
  if (auto* refusal = std::get_if<Refusal>(&head)) {
    co_await refuse(std::move(stream), std::move(*refusal));
    co_return;
  }
  auto& call_head = std::get<CallHead>(head);
  if (call_head.timeout && *call_head.timeout <= Duration::zero()) {
    send_refusal(*stream, Refusal{200, Status(StatusCode::DeadlineExceeded, "the deadline had passed on arrival")});
    co_return;
  }
  const auto entry = server_.registry.find(call_head.path);
  if (!entry) {
    const Status status(StatusCode::Unimplemented, "unknown method " + std::string(call_head.path));
    send_refusal(*stream, Refusal{200, status});
    co_return;
  }
  const RunningCall running(server_.running_calls);
  if (running.number() > options_.max_running_calls) {
    const Status status(StatusCode::ResourceExhausted, "the server is busy with as many calls as it may run");
    send_refusal(*stream, Refusal{200, status});
    co_return;
  }
  co_await run_handler(std::move(stream), call_head, *entry);
}

Task<void> ServerConnection::refuse(http2::StreamPtr stream, Refusal refusal) {
  std::optional<std::string> plain;
  if (options_.plain_http && refusal.http_status == 415) {
    plain = options_.plain_http(stream->headers()->get(":path").value_or(""));
  }
  if (plain) {
    co_await take_all(*stream, options_.max_receive_bytes);
    send_plain(*stream, *plain);
  } else {
    send_refusal(*stream, refusal);
  }
}

Task<void> ServerConnection::run_handler(http2::StreamPtr stream, CallHead head, Registry::Entry entry) {
  const StopToken token = co_await current_stop();
  Http2ServerCall call(loop_, std::move(stream), head, options_, token);
  const PeerIdentity& identity = connection_.peer().identity;
  const bool has_identity = !identity.subject.empty() || !identity.names.empty();
  call.set_peer(peer_, has_identity ? &identity : nullptr);
  std::string thrown;
  try {
    co_await entry.service->handle(entry.method, call).with_stop(call.cancelled());
  } catch (const std::exception& exception) {
    thrown = std::string("the handler threw: ") + exception.what();
  } catch (...) {
    thrown = "the handler threw";
  }
  call.handler_ended(std::move(thrown));
}

}  // namespace sluice::rpc
