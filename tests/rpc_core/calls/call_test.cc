// Calls between our channel and our server over memory streams: modes, metadata, statuses, limits.
#include <gmock/gmock.h>

#include <string>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using CallTest = RawCallFixture;

TEST_F(CallTest, EchoesOneMessage) {
  start();
  const Outcome outcome = run(exchange({"hello"}));
  EXPECT_EQ(outcome.status, Status());
  EXPECT_THAT(outcome.messages, ElementsAre("hello"));
  EXPECT_EQ(connects, 1);
}

struct StreamCase {
  const char* name;
  std::vector<std::string> messages;
};
class CallStreams : public RawCallFixture, public ::testing::WithParamInterface<StreamCase> {};

TEST_P(CallStreams, ComeBackInOrder) {
  start();
  const Outcome outcome = run(exchange(GetParam().messages));
  EXPECT_EQ(outcome.status, Status());
  EXPECT_EQ(outcome.messages, GetParam().messages);
}

TEST_P(CallStreams, ComeBackInOrderByteByByte) {
  start({.largest_read = 1});
  const Outcome outcome = run(exchange(GetParam().messages));
  EXPECT_EQ(outcome.status, Status());
  EXPECT_EQ(outcome.messages, GetParam().messages);
}

INSTANTIATE_TEST_SUITE_P(Sizes, CallStreams,
                         ::testing::Values(StreamCase{"None", {}}, StreamCase{"Empty", {""}},
                                           StreamCase{"TwoEmpty", {"", ""}}, StreamCase{"Small", {"a", "bc", "def"}},
                                           StreamCase{"FrameSized", {std::string(16384, 'x')}},
                                           StreamCase{"Mixed", {"a", std::string(40000, 'y'), "", "b"}}),
                         [](const auto& info) { return info.param.name; });

TEST_F(CallTest, CarriesMessagesLargerThanTheWindow) {
  ChannelOptions client;
  client.subchannel.http2.stream_window_bytes = 65535;
  ServerOptions options;
  options.http2.stream_window_bytes = 65535;
  start({.capacity = 10000}, client, options);
  const std::string large(3'000'000, 'z');
  const Outcome outcome = run(exchange({large, "small", large}));
  EXPECT_EQ(outcome.status, Status());
  const std::vector<std::string> expected{large, "small", large};
  EXPECT_TRUE(outcome.messages == expected);
}

TEST_F(CallTest, CarriesMetadataBothWays) {
  std::string seen;
  service.handler = [&seen](ServerCall& call) -> Task<void> {
    for (const auto& [key, value] : call.info().metadata) {
      if (key.starts_with("x-")) seen += std::string(key) + "=" + std::string(value) + ";";
    }
    Metadata headers{{"x-initial", "one"}, {"x-initial-bin", std::string_view("\0\xff", 2)}};
    co_await call.send_headers(headers);
    Metadata trailers{{"x-trailing", "a"}, {"x-trailing", "b"}};
    co_await call.finish(Status(), trailers);
  };
  start();
  const Metadata sent{{"x-key", "v1"}, {"x-key", "v2"}, {"x-raw-bin", "\x01\x02,"}, {"grpc-fake", "no"}, {"X-Upper", "no"}};
  const Outcome outcome = run(exchange({}, {.metadata = &sent}));
  EXPECT_EQ(seen, "x-key=v1;x-key=v2;x-raw-bin=\x01\x02,;");
  EXPECT_EQ(outcome.headers, (Metadata{{"x-initial", "one"}, {"x-initial-bin", std::string_view("\0\xff", 2)}}));
  EXPECT_EQ(outcome.trailers, (Metadata{{"x-trailing", "a"}, {"x-trailing", "b"}}));
}

TEST_F(CallTest, CarriesEveryStatus) {
  start();
  for (std::uint32_t code = 0; code <= 16; ++code) {
    Status sent(static_cast<StatusCode>(code), code == 0 ? "" : "50% of \"ünïcode\"\r\n\t" + std::to_string(code));
    if (code != 0) sent.set_details(std::string("\x08\x05\0\xff", 4));
    for (const bool after_message : {false, true}) {
      service.handler = [sent, after_message](ServerCall& call) -> Task<void> {
        if (after_message) co_await call.write(message("m"));
        co_await call.finish(sent);
      };
      const Outcome outcome = run(exchange({}));
      EXPECT_EQ(outcome.status, sent);
      EXPECT_EQ(outcome.status.origin(), Status::Origin::Peer);
      EXPECT_EQ(outcome.messages.size(), after_message ? 1u : 0u);
    }
  }
}

TEST_F(CallTest, EndsWithUnknownWhenAHandlerThrowsOrForgets) {
  start();
  service.handler = [](ServerCall&) -> Task<void> {
    throw std::runtime_error("boom");
    co_return;
  };
  EXPECT_EQ(run(exchange({})).status, Status(StatusCode::Unknown, "the handler threw: boom"));
  service.handler = [](ServerCall&) -> Task<void> { co_return; };
  EXPECT_EQ(run(exchange({})).status, Status(StatusCode::Unknown, "the handler ended without a status"));
}

TEST_F(CallTest, RefusesUnknownMethods) {
  start();
  const auto status_of = [this](std::string path) -> Task<Status> {
    const std::unique_ptr<Call> call = channel->start(path, CallOptions());
    co_return co_await call->finish();
  };
  for (const char* path : {"/test.Raw/call", "/test.raw/Call", "/test.Raw/", "/", "/test.Raw/Call/"}) {
    const Status status = run(status_of(path));
    EXPECT_EQ(status.code(), StatusCode::Unimplemented) << path;
    EXPECT_THAT(status.message(), HasSubstr(path));
  }
}

TEST_F(CallTest, RefusesMessagesBeyondTheLimit) {
  ServerOptions options;
  options.max_receive_bytes = 100;
  ChannelOptions client;
  client.max_receive_bytes = 50;
  start({}, client, options);
  EXPECT_EQ(run(exchange({std::string(50, 'x')})).status, Status());
  const Status too_long_an_answer = run(exchange({std::string(51, 'x')})).status;
  EXPECT_EQ(too_long_an_answer.code(), StatusCode::ResourceExhausted);
  EXPECT_EQ(too_long_an_answer.origin(), Status::Origin::Local);
  const Status too_long_a_request = run(exchange({std::string(101, 'x')})).status;
  EXPECT_EQ(too_long_a_request.code(), StatusCode::ResourceExhausted);
  EXPECT_EQ(too_long_a_request.origin(), Status::Origin::Peer);
}

TEST_F(CallTest, CompressesBothWays) {
  service.handler = [](ServerCall& call) -> Task<void> {
    EXPECT_TRUE(call.set_compression("deflate"));
    while (std::optional<Buffer> request = co_await call.read()) co_await call.write(std::move(*request));
    co_await call.finish(Status());
  };
  start();
  for (const char* name : {"gzip", "deflate", "identity"}) {
    const Outcome outcome = run(exchange({std::string(100000, 'x'), ""}, {.compression = name}));
    EXPECT_EQ(outcome.status, Status());
    EXPECT_THAT(outcome.messages, ElementsAre(std::string(100000, 'x'), ""));
  }
}

TEST_F(CallTest, StopsInflatingAtTheLimit) {
  ServerOptions options;
  options.max_receive_bytes = 1000;
  start({}, {}, options);
  const Status status = run(exchange({std::string(1'000'000, 'x')}, {.compression = "gzip"})).status;
  EXPECT_EQ(status.code(), StatusCode::ResourceExhausted);
}

TEST_F(CallTest, EndsEarlyWhenTheServerDoes) {
  service.handler = [](ServerCall& call) -> Task<void> {
    co_await call.finish(Status(StatusCode::FailedPrecondition, "enough"));
  };
  start();
  const auto client = [this]() -> Task<Status> {
    const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
    bool taken = true;
    while (taken) taken = co_await call->write(message(std::string(100000, 'x')));
    co_return co_await call->finish();
  };
  EXPECT_EQ(run(client()), Status(StatusCode::FailedPrecondition, "enough"));
}

}  // namespace
}  // namespace sluice::rpc::testing
