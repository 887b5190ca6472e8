// The cases about modes, half-close, cancellation and deadlines.
#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {
namespace {

using namespace std::chrono_literals;

struct Exchange {
  int request_size;
  int response_size;
};
constexpr std::array<Exchange, 4> kExchanges = {{{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}}};

}  // namespace

Task<void> empty_unary(Peer& peer) {
  const testing::Empty request;
  const auto response = co_await peer.client().empty_call(request);
  expect(expect_ok(response).ByteSizeLong() == 0, "an empty response");
}

Task<void> client_streaming(Peer& peer) {
  auto stream = peer.client().streaming_input_call();
  int sum = 0;
  for (const Exchange& each : kExchanges) {
    testing::StreamingInputCallRequest request;
    request.mutable_payload()->set_body(std::string(static_cast<std::size_t>(each.request_size), '\0'));
    sum += each.request_size;
    if (bool taken = co_await stream.write(request); !taken) break;
  }
  const auto response = co_await stream.finish();
  expect(expect_ok(response).aggregated_payload_size() == sum, "the sizes to add up to " + std::to_string(sum));
}

Task<void> server_streaming(Peer& peer) {
  testing::StreamingOutputCallRequest request;
  for (const Exchange& each : kExchanges) request.add_response_parameters()->set_size(each.response_size);
  auto stream = peer.client().streaming_output_call(request);
  std::size_t count = 0;
  testing::StreamingOutputCallResponse response;
  for (bool more = co_await stream.read(response); more; more = co_await stream.read(response)) {
    expect(count < kExchanges.size(), "four responses, got more");
    expect_body(response.payload(), kExchanges[count++].response_size);
  }
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::Ok);
  expect(count == kExchanges.size(), "four responses, got " + std::to_string(count));
}

Task<void> ping_pong(Peer& peer) {
  auto stream = peer.client().full_duplex_call();
  for (const Exchange& each : kExchanges) {
    const auto request = output_request(each.request_size, each.response_size);
    if (bool taken = co_await stream.write(request); !taken) break;
    const auto response = co_await stream.read();
    expect(response.has_value(), "a response to each request");
    expect_body(response->payload(), each.response_size);
  }
  co_await stream.finish_writing();
  const auto surplus = co_await stream.read();
  expect(!surplus, "no response after the half-close");
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::Ok);
}

Task<void> empty_stream(Peer& peer) {
  auto stream = peer.client().full_duplex_call();
  co_await stream.finish_writing();
  const auto response = co_await stream.read();
  expect(!response, "no response to no request");
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::Ok);
}

Task<void> cancel_after_begin(Peer& peer) {
  auto stream = peer.client().streaming_input_call();
  stream.cancel();
  const auto response = co_await stream.finish();
  expect(!response, "no response to a cancelled call");
  expect_status(response.error(), StatusCode::Cancelled);
}

Task<void> cancel_after_first_response(Peer& peer) {
  auto stream = peer.client().full_duplex_call();
  const auto request = output_request(kExchanges[0].request_size, kExchanges[0].response_size);
  co_await stream.write(request);
  const auto response = co_await stream.read();
  expect(response.has_value(), "a response before the cancellation");
  stream.cancel();
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::Cancelled);
}

Task<void> timeout_on_sleeping_server(Peer& peer) {
  auto stream = peer.client().full_duplex_call({.timeout = 1ms});
  testing::StreamingOutputCallRequest request;
  request.mutable_payload()->set_body(std::string(27182, '\0'));
  co_await stream.write(request);
  const Status status = co_await stream.finish();
  expect_status(status, StatusCode::DeadlineExceeded);
}

Task<void> pick_first_unary(Peer& peer) {
  auto request = simple_request(1, 1);
  request.set_fill_server_id(true);
  std::optional<std::string> first;
  for (int i = 0; i < 100; ++i) {
    const auto response = co_await peer.client().unary_call(request, {.timeout = 10s});
    const std::string& id = expect_ok(response).server_id();
    if (!first) first = id;
    expect(id == *first, "the server \"" + *first + "\" each time, got \"" + id + "\"");
  }
}

}  // namespace sluice::rpc::interop
