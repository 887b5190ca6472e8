// A server's streams: early ends, resets, flow control, the client's disappearance.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/server_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

using ServerStreamTest = ServerFixture;

// Reads nothing until it is told to stop.
Task<void> ignore(ServerCall& call) {
  Waiter never(call.loop());
  co_await never.wait();
}

TEST_F(ServerStreamTest, EndsARequestWithoutABody) {
  start();
  request(1, true);
  const Answer got = answer(1);
  EXPECT_TRUE(got.ended);
  EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view("0")));
  EXPECT_THAT(got.resets, IsEmpty());
}

TEST_F(ServerStreamTest, StopsAClientThatStillSendsOnceItHasAnswered) {
  service.handler = [](ServerCall& call) -> Task<void> { co_await call.finish(Status(StatusCode::Aborted, "no")); };
  start();
  request(1);
  const Answer got = answer(1);
  EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view("10")));
  EXPECT_TRUE(got.ended);
  EXPECT_THAT(got.resets, ElementsAre(NGHTTP2_NO_ERROR));
}

TEST_F(ServerStreamTest, TellsTheHandlerOfAReset) {
  for (const std::uint32_t code : {NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR}) {
    service.handler = ignore;
    start();
    request(1);
    EXPECT_EQ(service.started - service.returned, 1);
    peer->reset(1, code);
    EXPECT_EQ(service.started - service.returned, 0);
    TearDown();
    server.reset();
  }
}

// The frames of a request, as one piece; no field is compressed.
std::string plain_request(std::int32_t stream) {
  std::string block;
  for (const auto& [name, value] : request_head(kRawPath)) {
    block += '\0';
    block += static_cast<char>(name.size());
    block += name;
    block += static_cast<char>(value.size());
    block += value;
  }
  const auto size = static_cast<char>(block.size());
  return std::string("\0\0", 2) + size + '\1' + '\4' + std::string("\0\0\0", 3) + static_cast<char>(stream) + block;
}

TEST_F(ServerStreamTest, StartsNoHandlerForARequestThatCameWithItsReset) {
  service.handler = ignore;
  start();
  const std::string reset = std::string("\0\0\4\3\0\0\0\0\1\0\0\0\x8", 13);
  peer->raw(plain_request(1) + reset);
  EXPECT_EQ(service.started, 0);
  EXPECT_EQ(server->running_calls(), 0u);
  peer->raw(plain_request(3));
  EXPECT_EQ(service.started, 1);
}

TEST_F(ServerStreamTest, TellsTheHandlersOfALostConnection) {
  service.handler = ignore;
  start();
  request(1);
  request(3);
  EXPECT_EQ(service.started, 2);
  peer->close();
  EXPECT_EQ(service.returned, 2);
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(ServerStreamTest, EnforcesTheDeadlineOfItsClient) {
  service.handler = ignore;
  start();
  Metadata head = request_head(kRawPath);
  head.add("grpc-timeout", "50m");
  peer->headers(1, head, false);
  advance(49ms);
  EXPECT_EQ(service.returned, 0);
  advance(2ms);
  EXPECT_EQ(service.returned, 1);
  EXPECT_THAT(answer(1).last_fields.get("grpc-status"), Optional(std::string_view("4")));
}

TEST_F(ServerStreamTest, CreditsTheConnectionWhileAHandlerDoesNotRead) {
  service.handler = ignore;
  ServerOptions options;
  options.http2.stream_window_bytes = 1 << 20;
  options.http2.connection_window_bytes = 1 << 20;
  start(options);
  request(1);
  peer->take();
  peer->data(1, framed(std::string(900'000, 'x')), false);
  std::uint32_t connection_credit = 0;
  std::uint32_t stream_credit = 0;
  for (const Frame& each : peer->take(NGHTTP2_WINDOW_UPDATE)) {
    (each.stream == 0 ? connection_credit : stream_credit) += each.number();
  }
  EXPECT_GE(connection_credit, 450'000u);
  EXPECT_EQ(stream_credit, 0u);
  service.handler = echo;
  request(3);
  peer->data(3, framed("hi"), true);
  EXPECT_EQ(answer(3).data, framed("hi"));
}

TEST_F(ServerStreamTest, CreditsThePartsOfAMessageThatIsAwaited) {
  ServerOptions options;
  options.http2.stream_window_bytes = 65'535;
  start(options);
  request(1);
  const std::string bytes = framed(std::string(200'000, 'x'));
  std::uint64_t window = 65'535;
  std::size_t sent = 0;
  for (int round = 0; round < 100 && sent < bytes.size(); ++round) {
    const std::size_t now = std::min<std::size_t>(window, bytes.size() - sent);
    ASSERT_GT(now, 0u) << "stuck behind " << sent << " bytes";
    peer->data(1, std::string_view(bytes).substr(sent, now), sent + now == bytes.size());
    sent += now;
    window -= now;
    for (const Frame& each : peer->take(NGHTTP2_WINDOW_UPDATE, 1)) window += each.number();
  }
  EXPECT_EQ(sent, bytes.size());
}

TEST_F(ServerStreamTest, WaitsForTheClientsWindow) {
  start();
  request(1);
  const std::string bytes = framed(std::string(100'000, 'x'));
  peer->data(1, bytes, true);
  std::string got = answer(1).data;
  EXPECT_EQ(got.size(), 65'535u);
  peer->window_update(0, 100'000);
  EXPECT_EQ(answer(1).data.size(), 0u);
  peer->window_update(1, 100'000);
  const Answer rest = answer(1);
  EXPECT_TRUE(got + rest.data == bytes);
  EXPECT_TRUE(rest.ended);
}

TEST_F(ServerStreamTest, ObeysAWindowThatShrinksBelowZero) {
  start();
  request(1);
  peer->data(1, framed(std::string(100'000, 'x')), true);
  EXPECT_EQ(answer(1).data.size(), 65'535u);
  peer->frame(NGHTTP2_SETTINGS, 0, 0, std::string("\0\4\0\0\0\0", 6));
  peer->window_update(0, 100'000);
  peer->window_update(1, 65'535);
  EXPECT_EQ(answer(1).data.size(), 0u);
  peer->window_update(1, 100);
  EXPECT_EQ(answer(1).data.size(), 100u);
}

}  // namespace
}  // namespace sluice::rpc::testing
