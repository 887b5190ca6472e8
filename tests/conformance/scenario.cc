#include "tests/conformance/scenario.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/task_group.h"
#include "rpc_core/call/cancellable_call.h"
#include "rpc_core/call/codec.h"
#include "rpc_core/call/unary.h"
#include "rpc_core/client/channel.h"
#include "tests/conformance/convert.h"

namespace sluice::rpc::conformance {
namespace {

using std::chrono::milliseconds;

Status cancelled() { return Status(StatusCode::Cancelled, "cancelled as the scenario says"); }

std::string_view compression_of(const v1::ClientCompatRequest& request) {
  switch (request.compression()) {
    case v1::COMPRESSION_GZIP:
      return "gzip";
    case v1::COMPRESSION_DEFLATE:
      return "deflate";
    default:
      return "identity";
  }
}

// Everything is done on the calls' seam, where all modes are alike: the runner gives its requests as encoded messages,
// and in every response the payload is the first field.
class Scenario {
 public:
  Scenario(Loop& loop, const v1::ClientCompatRequest& request, std::unique_ptr<Call> call)
      : loop_(loop), request_(request), call_(std::move(call)) {}

  Task<v1::ClientResponseResult> run() {
    const auto body = [this](TaskGroup& group) { return converse(group); };
    co_await run_in_group(loop_, body);
    if (!status_.ok()) *result_.mutable_error() = to_error(status_);
    add_metadata(call_.trailers(), *result_.mutable_response_trailers());
    result_.set_num_unsent_requests(request_.request_messages_size() - sent_);
    co_return std::move(result_);
  }

 private:
  bool one_response() const {
    return request_.stream_type() == v1::STREAM_TYPE_UNARY || request_.stream_type() == v1::STREAM_TYPE_CLIENT_STREAM;
  }
  bool one_request() const {
    return request_.stream_type() == v1::STREAM_TYPE_UNARY || request_.stream_type() == v1::STREAM_TYPE_SERVER_STREAM;
  }
  bool full_duplex() const { return request_.stream_type() == v1::STREAM_TYPE_FULL_DUPLEX_BIDI_STREAM; }

  Task<void> converse(TaskGroup& group) {
    co_await send_all();
    if (request_.cancel().has_before_close_send()) call_.cancel(cancelled());
    co_await call_.finish_writing();
    if (request_.cancel().has_after_close_send_ms()) group.spawn(cancel_later());
    if (const Metadata* headers = co_await call_.headers()) add_metadata(*headers, *result_.mutable_response_headers());
    if (one_response()) {
      Result<Buffer> response = co_await single_response(call_);
      if (response) {
        take(*response);
      } else {
        status_ = response.error();
      }
    } else {
      while (co_await receive_one()) continue;
    }
    if (status_.ok() && !one_response()) status_ = co_await call_.finish();
    group.request_stop();
  }

  Task<void> send_all() {
    for (const auto& message : request_.request_messages()) {
      if (request_.request_delay_ms() != 0) co_await sleep_for(loop_, milliseconds(request_.request_delay_ms()));
      const WriteOptions options{.last = one_request()};
      Buffer bytes = Buffer::copy_of(message.value(), kMessagePrefixBytes);
      if (bool taken = co_await call_.write(std::move(bytes), options); !taken) co_return;
      ++sent_;
      if (!full_duplex()) continue;
      if (bool received = co_await receive_one(); !received) co_return;
    }
  }

  Task<bool> receive_one() {
    const std::optional<Buffer> message = co_await call_.read();
    if (!message) co_return false;
    const bool taken = take(*message);
    const bool enough = request_.cancel().has_after_num_responses() &&
                        result_.payloads_size() == static_cast<int>(request_.cancel().after_num_responses());
    if (enough) call_.cancel(cancelled());
    co_return taken;
  }

  bool take(const Buffer& bytes) {
    v1::UnaryResponse response;
    status_ = decode(bytes, response);
    if (status_.ok()) *result_.add_payloads() = std::move(*response.mutable_payload());
    return status_.ok();
  }

  Task<void> cancel_later() {
    if (bool slept = co_await sleep_for(loop_, milliseconds(request_.cancel().after_close_send_ms())); slept) {
      call_.cancel(cancelled());
    }
  }

  Loop& loop_;
  const v1::ClientCompatRequest& request_;
  CancellableCall call_;
  v1::ClientResponseResult result_;
  Status status_;
  int sent_ = 0;
};

Task<v1::ClientResponseResult> run_on(Channel& channel, const v1::ClientCompatRequest& request) {
  Metadata metadata;
  add_headers(request.request_headers(), metadata);
  CallOptions options;
  options.metadata = &metadata;
  options.compression = compression_of(request);
  options.max_receive_bytes = request.message_receive_limit();
  if (request.has_timeout_ms()) options.timeout = milliseconds(request.timeout_ms());
  const std::string path = "/" + request.service() + "/" + request.method();
  Scenario scenario(channel.loop(), request, channel.start(path, options));
  co_return co_await scenario.run();
}

Result<std::unique_ptr<Channel>> channel_for(Loop& loop, const v1::ClientCompatRequest& request) {
  ChannelOptions options;
  if (!request.server_tls_cert().empty()) {
    TlsOptions tls;
    tls.authorities = request.server_tls_cert();
    tls.certificates = request.client_tls_creds().cert();
    tls.private_key = request.client_tls_creds().key();
    const auto context = TlsContext::create(TlsRole::Client, std::move(tls));
    if (!context) return fail(context.error());
    options.tls = std::make_shared<const TlsCredentials>(*context);
  }
  return Channel::create(loop, request.host() + ":" + std::to_string(request.port()), std::move(options));
}

}  // namespace

Task<v1::ClientCompatResponse> run_scenario(Loop& loop, v1::ClientCompatRequest request) {
  v1::ClientCompatResponse response;
  response.set_test_name(request.test_name());
  const Result<std::unique_ptr<Channel>> channel = channel_for(loop, request);
  if (!channel) {
    response.mutable_error()->set_message(channel.error().to_string());
    co_return response;
  }
  v1::ClientResponseResult result = co_await run_on(**channel, request);
  *response.mutable_response() = std::move(result);
  co_await (*channel)->shut_down();
  co_return response;
}

}  // namespace sluice::rpc::conformance
