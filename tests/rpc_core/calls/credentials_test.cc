// Credentials of calls: when they are asked, what becomes of their answers, and where they are refused.
#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

#include "rpc_core/call/in_process.h"
#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class CredentialsTest : public RawCallFixture {
 protected:
  CredentialsTest() {
    service.handler = [this](ServerCall& call) -> Task<void> {
      seen = call.info().metadata.get_all("authorization").size();
      token = std::string(call.info().metadata.get("authorization").value_or(""));
      co_await call.finish(Status());
    };
  }
  void start_plain() {
    ChannelOptions options;
    options.credentials_over_plain_text = true;
    start({}, std::move(options));
  }
  Status call(const CallCredentials& credentials, const CallOptions& base = {}) {
    CallOptions options = base;
    options.credentials = &credentials;
    return run(exchange({}, options)).status;
  }

  std::size_t seen = 0;
  std::string token;
  int asked = 0;
};

TEST_F(CredentialsTest, SendTheirMetadataWithEachCall) {
  start_plain();
  const CallCredentials credentials = [this](const CallTarget& target) -> Task<Result<Metadata>> {
    Metadata metadata;
    metadata.add("authorization", target.authority + target.path + "#" + std::to_string(++asked));
    co_await sleep_for(loop, 0ms);
    co_return metadata;
  };
  for (const char* expected : {"127.0.0.1:1/test.Raw/Call#1", "127.0.0.1:1/test.Raw/Call#2"}) {
    Started<Outcome> running(exchange({"a", "b"}, {.credentials = &credentials}));
    advance(2ms);
    EXPECT_EQ(running.get().status, Status());
    EXPECT_EQ(token, expected);
    EXPECT_EQ(seen, 1u);
  }
}

TEST_F(CredentialsTest, AreNotAskedForPlainTextUnlessAllowed) {
  start();
  const CallCredentials credentials = [this](const CallTarget&) -> Task<Result<Metadata>> {
    ++asked;
    co_return Metadata();
  };
  const Status status = call(credentials);
  EXPECT_EQ(status.code(), StatusCode::Unauthenticated);
  EXPECT_THAT(status.message(), HasSubstr("plain text"));
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(service.started, 0);
}

TEST_F(CredentialsTest, FailTheCallWithTheirError) {
  start_plain();
  struct Row {
    StatusCode given;
    StatusCode expected;
  };
  for (const Row& row : {Row{StatusCode::Unauthenticated, StatusCode::Unauthenticated},
                         Row{StatusCode::Unavailable, StatusCode::Unavailable},
                         Row{StatusCode::NotFound, StatusCode::Internal}, Row{StatusCode::Ok, StatusCode::Internal}}) {
    const CallCredentials credentials = [&row](const CallTarget&) -> Task<Result<Metadata>> {
      co_return fail(row.given, "no token");
    };
    EXPECT_EQ(call(credentials).code(), row.expected);
  }
  EXPECT_EQ(service.started, 0);
}

TEST_F(CredentialsTest, FailTheCallWhenTheyThrow) {
  start_plain();
  const CallCredentials credentials = [](const CallTarget&) -> Task<Result<Metadata>> {
    throw std::runtime_error("no keys");
    co_return Metadata();
  };
  const Status status = call(credentials);
  EXPECT_EQ(status.code(), StatusCode::Unavailable);
  EXPECT_THAT(status.message(), HasSubstr("no keys"));
}

TEST_F(CredentialsTest, StopWithTheirCall) {
  start_plain();
  bool stopped = false;
  const CallCredentials credentials = [&](const CallTarget&) -> Task<Result<Metadata>> {
    const bool slept = co_await sleep_for(loop, 1h);
    stopped = !slept;
    co_return Metadata();
  };
  Started<Outcome> late(exchange({}, {.timeout = 100ms, .credentials = &credentials}));
  advance(101ms);
  ASSERT_TRUE(late.done());
  EXPECT_EQ(late.get().status.code(), StatusCode::DeadlineExceeded);
  EXPECT_TRUE(stopped);
  stopped = false;
  Started<Outcome> cancelled(exchange({}, {.credentials = &credentials}));
  loop.poll();
  cancelled.request_stop();
  loop.poll();
  ASSERT_TRUE(cancelled.done());
  EXPECT_EQ(cancelled.get().status.code(), StatusCode::Cancelled);
  EXPECT_TRUE(stopped);
  EXPECT_EQ(service.started, 0);
}

// The connection goes while they are asked: the call takes the next one, and does not ask again.
TEST_F(CredentialsTest, AreAskedOnceThoughTheConnectionGoes) {
  start_plain();
  ASSERT_EQ(run(exchange({})).status, Status());
  const CallCredentials credentials = [this](const CallTarget&) -> Task<Result<Metadata>> {
    ++asked;
    channel->subchannel().ready_connection()->close(http2::ErrorCode::NoError);
    co_await sleep_for(loop, 10s);
    co_return Metadata();
  };
  advance(10s);
  Started<Outcome> running(exchange({}, {.credentials = &credentials}));
  advance(11s);
  ASSERT_TRUE(running.done());
  EXPECT_EQ(running.get().status, Status());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(connects, 2);
}

TEST_F(CredentialsTest, WorkInProcess) {
  InProcessChannel in_process(loop);
  in_process.add(service);
  const auto call_with = [&](const CallCredentials& credentials) -> Task<Status> {
    const std::unique_ptr<Call> call = in_process.start(kRawPath, {.credentials = &credentials});
    co_return co_await call->finish();
  };
  const CallCredentials good = [](const CallTarget&) -> Task<Result<Metadata>> {
    Metadata metadata;
    metadata.add("authorization", "in");
    co_return metadata;
  };
  const CallCredentials bad = [](const CallTarget&) -> Task<Result<Metadata>> {
    co_return fail(StatusCode::Unauthenticated, "no token");
  };
  EXPECT_EQ(run(call_with(good)), Status());
  EXPECT_EQ(token, "in");
  EXPECT_EQ(run(call_with(bad)).code(), StatusCode::Unauthenticated);
  EXPECT_EQ(service.started, 1);
  run(in_process.close());
}

}  // namespace
}  // namespace sluice::rpc::testing
