// The cases about statuses and metadata.
#include <string>
#include <string_view>

#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {
namespace {

void set_status(testing::EchoStatus& echo, const Status& status) {
  echo.set_code(static_cast<int>(status.code()));
  echo.set_message(status.message());
}

void expect_same(const Status& got, const Status& wanted) {
  expect(got == wanted, "status " + wanted.to_string() + ", got " + got.to_string());
}

constexpr Metadata::Pair kInitial{"x-grpc-test-echo-initial", "test_initial_metadata_value"};
constexpr Metadata::Pair kTrailing{"x-grpc-test-echo-trailing-bin", "\x0a\x0b\x0a\x0b\x0a\x0b"};

void expect_pair(const Metadata& metadata, const Metadata::Pair& pair) {
  expect(metadata.get_all(pair.first) == std::vector<std::string_view>{pair.second},
         "metadata " + std::string(pair.first) + " once, as it was sent");
}

Task<void> unary_metadata(Peer& peer, const Metadata& metadata) {
  const auto request = simple_request(kLargeRequest, kLargeResponse);
  ResponseMetadata received;
  const auto response = co_await peer.client().unary_call(request, {.metadata = &metadata}, &received);
  expect_body(expect_ok(response).payload(), kLargeResponse);
  expect_pair(received.headers, kInitial);
  expect_pair(received.trailers, kTrailing);
}

Task<void> duplex_metadata(Peer& peer, const Metadata& metadata) {
  auto stream = peer.client().full_duplex_call({.metadata = &metadata});
  const auto request = output_request(kLargeRequest, kLargeResponse);
  co_await stream.write(request);
  const Metadata* headers = co_await stream.headers();
  expect(headers != nullptr, "initial metadata");
  expect_pair(*headers, kInitial);
  const auto response = co_await stream.read();
  expect(response.has_value(), "a response");
  co_await stream.finish_writing();
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::Ok);
  expect_pair(stream.trailers(), kTrailing);
}

}  // namespace

Task<void> status_code_and_message(Peer& peer) {
  const Status wanted(StatusCode::Unknown, "test status message");
  testing::SimpleRequest request;
  set_status(*request.mutable_response_status(), wanted);
  const auto response = co_await peer.client().unary_call(request);
  expect(!response, "an error in place of the response");
  expect_same(response.error(), wanted);

  auto stream = peer.client().full_duplex_call();
  testing::StreamingOutputCallRequest first;
  set_status(*first.mutable_response_status(), wanted);
  co_await stream.write(first);
  co_await stream.finish_writing();
  const Status status = co_await stream.finish();
  expect_same(status, wanted);
}

Task<void> special_status_message(Peer& peer) {
  const Status wanted(StatusCode::Unknown, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n");
  testing::SimpleRequest request;
  set_status(*request.mutable_response_status(), wanted);
  const auto response = co_await peer.client().unary_call(request);
  expect(!response, "an error in place of the response");
  expect_same(response.error(), wanted);
}

Task<void> custom_metadata(Peer& peer) {
  const Metadata metadata{kInitial, kTrailing};
  co_await unary_metadata(peer, metadata);
  co_await duplex_metadata(peer, metadata);
}

Task<void> unimplemented_method(Peer& peer) {
  const testing::Empty request;
  const auto response = co_await peer.client().unimplemented_call(request);
  expect(!response, "no response");
  expect_status(response.error(), StatusCode::Unimplemented);
}

Task<void> unimplemented_service(Peer& peer) {
  const testing::Empty request;
  testing::UnimplementedServiceClient client(peer.channel);
  const auto response = co_await client.unimplemented_call(request);
  expect(!response, "no response");
  expect_status(response.error(), StatusCode::Unimplemented);
}

}  // namespace sluice::rpc::interop
