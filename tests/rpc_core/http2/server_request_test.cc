// What a server makes of request heads and of messages, however they are cut into frames.
#include <gmock/gmock.h>

#include "tests/rpc_core/http2/server_fixture.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

using ServerRequestTest = ServerFixture;

struct HeadCase {
  const char* key;
  const char* value;
  const char* http_status;
  const char* grpc_status;  // nullptr: none
};

constexpr HeadCase kHeads[] = {
    {"content-type", "application/grpc", "200", "0"},
    {"content-type", "application/grpc+proto", "200", "0"},
    {"content-type", "application/grpc;charset=utf-8", "200", "0"},
    {"content-type", "application/grpc+proto;x=y", "200", "0"},
    {"content-type", "application/grpc+foo", "200", "12"},
    {"content-type", "application/grpcfoo", "415", nullptr},
    {"content-type", "application/grpc-web", "415", nullptr},
    {"content-type", "application/json", "415", nullptr},
    {":method", "GET", "405", "13"},
    {":method", "PUT", "405", "13"},
    {":path", "/test.Raw/call", "200", "12"},
    {":path", "/test.raw/Call", "200", "12"},
    {"grpc-timeout", "123456789S", "400", "13"},
    {"grpc-timeout", "1x", "400", "13"},
    {"grpc-timeout", "10S", "200", "0"},
    {"grpc-timeout", "0n", "200", "4"},
    {"grpc-encoding", "snappy", "200", "12"},
    {"grpc-encoding", "gzip", "200", "0"},
};

TEST_F(ServerRequestTest, AnswersByTheHead) {
  start();
  std::int32_t stream = 1;
  for (const HeadCase& each : kHeads) {
    Metadata head = request_head(kRawPath);
    Metadata changed;
    bool replaced = false;
    for (const auto& [key, value] : head) {
      replaced = replaced || key == each.key;
      changed.add(key, key == each.key ? each.value : value);
    }
    if (!replaced) changed.add(each.key, each.value);
    peer->headers(stream, changed, true);
    advance(std::chrono::milliseconds(2));
    const Answer got = answer(stream);
    EXPECT_TRUE(got.ended) << each.value;
    EXPECT_EQ(got.blocks, 1u) << each.value << ": an end before the first message is one block";
    EXPECT_THAT(got.last_fields.get(":status"), Optional(std::string_view(each.http_status))) << each.value;
    if (each.grpc_status == nullptr) {
      EXPECT_FALSE(got.last_fields.contains("grpc-status")) << each.value;
    } else {
      EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view(each.grpc_status))) << each.value;
    }
    stream += 2;
  }
}

TEST_F(ServerRequestTest, TakesAHeadInPiecesAndAnswersAnotherRequestBetweenThem) {
  service.handler = [this](ServerCall& call) -> Task<void> {
    const bool slept = co_await sleep_for(loop, std::chrono::milliseconds(1));
    if (slept) co_await echo(call);
  };
  for (const std::size_t cut : {3, 9, 10, 20, 30, 60}) {
    start();
    request(1, true);
    peer->interrupt_next(cut, [this] { advance(std::chrono::milliseconds(2)); });
    request(3, true);
    advance(std::chrono::milliseconds(2));
    const Answers got = answers();
    for (const std::int32_t stream : {1, 3}) {
      EXPECT_THAT(got.at(stream).last_fields.get("grpc-status"), Optional(std::string_view("0"))) << cut;
    }
    TearDown();
    server.reset();
  }
}

TEST_F(ServerRequestTest, RefusesHeaderListsBeyondTheLimit) {
  start();
  Metadata head = request_head(kRawPath);
  for (int i = 0; i < 10; ++i) head.add("x-" + std::to_string(i), std::string(7000, 'x'));
  peer->headers(1, head, true);
  const Answer got = answer(1);
  EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view("8")));
  EXPECT_EQ(service.started, 0);
  request(3, true);
  EXPECT_THAT(answer(3).last_fields.get("grpc-status"), Optional(std::string_view("0")));
}

TEST_F(ServerRequestTest, FindsMessagesHoweverTheyAreCut) {
  const std::string bytes = framed("hello") + framed("") + framed("world");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    start();
    request(1);
    peer->data(1, bytes.substr(0, cut), false);
    peer->data(1, "", false);
    peer->data(1, bytes.substr(cut), true);
    const Answer got = answer(1);
    EXPECT_EQ(got.data, bytes) << cut;
    EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view("0")));
    TearDown();
    server.reset();
  }
}

TEST_F(ServerRequestTest, TakesPaddedData) {
  start();
  request(1);
  peer->frame(NGHTTP2_DATA, NGHTTP2_FLAG_PADDED | NGHTTP2_FLAG_END_STREAM, 1, "\4" + framed("hi") + "....");
  EXPECT_EQ(answer(1).data, framed("hi"));
}

struct BadBody {
  const char* name;
  std::string bytes;
  const char* grpc_status;
};

TEST_F(ServerRequestTest, RefusesWhatIsNoMessage) {
  ServerOptions options;
  options.max_receive_bytes = 100;
  start(options);
  const BadBody kBodies[] = {
      {"half a prefix", std::string("\0\0", 2), "13"},
      {"half a message", framed("hello").substr(0, 7), "13"},
      {"a flag of 2", std::string("\2\0\0\0\0", 5), "13"},
      {"compressed without grpc-encoding", framed("x", true), "13"},
      {"too long", framed(std::string(101, 'x')), "8"},
      {"a length that never comes", std::string("\0\xff\xff\xff\xff", 5), "8"},
  };
  std::int32_t stream = 1;
  for (const BadBody& each : kBodies) {
    request(stream);
    peer->data(stream, each.bytes, true);
    const Answer got = answer(stream);
    EXPECT_THAT(got.last_fields.get("grpc-status"), Optional(std::string_view(each.grpc_status))) << each.name;
    stream += 2;
  }
  EXPECT_EQ(service.started, service.returned);
}

TEST_F(ServerRequestTest, RenamesHostToAuthority) {
  std::string authority;
  service.handler = [&authority](ServerCall& call) -> Task<void> {
    authority = call.info().authority;
    co_await call.finish(Status());
  };
  start();
  Metadata head{{":method", "POST"},
                {":scheme", "http"},
                {":path", kRawPath},
                {"host", "old.example"},
                {"content-type", "application/grpc"},
                {"te", "trailers"}};
  peer->headers(1, head, true);
  EXPECT_EQ(authority, "old.example");
}

}  // namespace
}  // namespace sluice::rpc::testing
