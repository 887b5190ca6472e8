// The cases about compression, message by message.
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "rpc_core/call/codec.h"
#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {
namespace {

testing::SimpleRequest expecting(bool compressed) {
  auto request = simple_request(kLargeRequest, kLargeResponse);
  request.mutable_expect_compressed()->set_value(compressed);
  return request;
}

testing::StreamingInputCallRequest streamed(bool compressed, std::size_t size) {
  testing::StreamingInputCallRequest request;
  request.mutable_expect_compressed()->set_value(compressed);
  request.mutable_payload()->set_body(std::string(size, '\0'));
  return request;
}

// A response, and whether it travelled compressed: only the seam under the typed code tells.
template <class Response>
Task<void> read_response(Call& call, bool compressed, int size) {
  const std::optional<Buffer> bytes = co_await call.read();
  expect(bytes.has_value(), "a response");
  expect(call.last_message_compressed() == compressed,
         std::string(compressed ? "a compressed" : "an uncompressed") + " response");
  Response response;
  const Status status = decode(*bytes, response);
  expect_status(status, StatusCode::Ok);
  expect_body(response.payload(), size);
}

Task<void> ask(Peer& peer, bool compressed) {
  auto request = simple_request(kLargeRequest, kLargeResponse);
  request.mutable_response_compressed()->set_value(compressed);
  Result<Buffer> bytes = encode(request);
  const auto call = peer.channel.start("/grpc.testing.TestService/UnaryCall", CallOptions());
  co_await call->write(std::move(*bytes), WriteOptions{.last = true});
  co_await read_response<testing::SimpleResponse>(*call, compressed, kLargeResponse);
  const Status status = co_await call->finish();
  expect_status(status, StatusCode::Ok);
}

}  // namespace

Task<void> client_compressed_unary(Peer& peer) {
  const auto probe = expecting(true);
  const auto refused = co_await peer.client().unary_call(probe, {.compression = "identity"});
  expect(!refused, "the server to check whether requests are compressed");
  expect_status(refused.error(), StatusCode::InvalidArgument);
  for (const bool compressed : {true, false}) {
    const auto request = expecting(compressed);
    const std::string_view name = compressed ? "gzip" : "identity";
    const auto response = co_await peer.client().unary_call(request, {.compression = name});
    expect_body(expect_ok(response).payload(), kLargeResponse);
  }
}

Task<void> client_compressed_streaming(Peer& peer) {
  const auto probe = streamed(true, 27182);
  auto refused = peer.client().streaming_input_call({.compression = "gzip"});
  co_await refused.write(probe, {.compress = false});
  const auto refusal = co_await refused.finish();
  expect(!refusal, "the server to check whether requests are compressed");
  expect_status(refusal.error(), StatusCode::InvalidArgument);

  auto stream = peer.client().streaming_input_call({.compression = "gzip"});
  const auto compressed = streamed(true, 27182);
  const auto uncompressed = streamed(false, 45904);
  co_await stream.write(compressed);
  co_await stream.write(uncompressed, {.compress = false});
  const auto response = co_await stream.finish();
  expect(expect_ok(response).aggregated_payload_size() == 73086, "the sizes to add up to 73086");
}

Task<void> server_compressed_unary(Peer& peer) {
  co_await ask(peer, true);
  co_await ask(peer, false);
}

Task<void> server_compressed_streaming(Peer& peer) {
  struct Part {
    bool compressed;
    int size;
  };
  static constexpr std::array<Part, 2> kParts = {{{true, 31415}, {false, 92653}}};
  testing::StreamingOutputCallRequest request;
  for (const Part& part : kParts) {
    auto& parameters = *request.add_response_parameters();
    parameters.mutable_compressed()->set_value(part.compressed);
    parameters.set_size(part.size);
  }
  Result<Buffer> bytes = encode(request);
  const auto call = peer.channel.start("/grpc.testing.TestService/StreamingOutputCall", CallOptions());
  co_await call->write(std::move(*bytes), WriteOptions{.last = true});
  for (const Part& part : kParts) {
    co_await read_response<testing::StreamingOutputCallResponse>(*call, part.compressed, part.size);
  }
  const Status status = co_await call->finish();
  expect_status(status, StatusCode::Ok);
}

}  // namespace sluice::rpc::interop
