// A channel's settings for single methods: which one a call gets, and what becomes of the call's own.
#include "rpc_core/client/method_config.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct NameCase {
  const char* path;
  std::optional<Duration> timeout;
};

TEST(MethodConfig, IsFoundByTheMostPreciseName) {
  const MethodConfigs all = {{"a.B/C", {.timeout = 1s}}, {"a.B", {.timeout = 2s}}, {"", {.timeout = 3s}}};
  const MethodConfigs some = {{"a.B/C", {.timeout = 1s}}, {"x.Y", {.timeout = 2s}}};
  const NameCase in_all[] = {{"/a.B/C", 1s}, {"/a.B/D", 2s}, {"/a/B", 3s}, {"/a.B.C/C", 3s}, {"", 3s}};
  for (const NameCase& each : in_all) EXPECT_EQ(find_method_config(all, each.path)->timeout, each.timeout) << each.path;
  EXPECT_EQ(find_method_config(some, "/x.Y/C")->timeout, 2s);
  for (const char* path : {"/a.B/D", "/a.B/CC", "/x.Y.Z/C", "/", ""})
    EXPECT_EQ(find_method_config(some, path), nullptr);
}

TEST(MethodConfig, RejectsOtherNames) {
  EXPECT_TRUE(check_method_configs({{"a.B/C", {}}, {"a.B", {}}, {"", {}}}));
  for (const char* name : {"/a.B/C", "a.B/", "/", "a/b/c"}) {
    const Result<void> checked = check_method_configs({{name, {}}});
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code(), StatusCode::InvalidArgument);
    EXPECT_THAT(checked.error().message(), HasSubstr("got \"" + std::string(name) + "\""));
  }
}

struct LimitCase {
  std::size_t own;
  std::optional<std::size_t> configured;
  std::size_t expected;
};

TEST(MethodConfig, LeavesTheStricterLimit) {
  for (const LimitCase& each :
       {LimitCase{0, {}, 0}, LimitCase{5, {}, 5}, LimitCase{0, 7, 7}, LimitCase{5, 7, 5}, LimitCase{9, 7, 7}}) {
    const CallOptions own{.max_receive_bytes = each.own, .max_send_bytes = each.own};
    const MethodConfig config{.max_receive_bytes = each.configured, .max_send_bytes = each.configured};
    EXPECT_EQ(apply_method_config(config, own).max_receive_bytes, each.expected);
    EXPECT_EQ(apply_method_config(config, own).max_send_bytes, each.expected);
  }
}

TEST(MethodConfig, YieldsToWhatTheCallSays) {
  const MethodConfig config{.timeout = 2s, .wait_for_ready = true, .compression = Compression::Gzip};
  const CallOptions silent = apply_method_config(config, {});
  EXPECT_EQ(silent.timeout, 2s);
  EXPECT_EQ(silent.wait_for_ready, true);
  EXPECT_EQ(silent.compression, "gzip");
  const CallOptions own =
      apply_method_config(config, {.timeout = 1s, .compression = "identity", .wait_for_ready = false});
  EXPECT_EQ(own.timeout, 1s);
  EXPECT_EQ(own.wait_for_ready, false);
  EXPECT_EQ(own.compression, "identity");
  EXPECT_EQ(apply_method_config(config, {.timeout = 3s}).timeout, 2s);
}

class MethodConfigCallTest : public RawCallFixture {
 protected:
  void start_with(MethodConfig config) {
    ChannelOptions options;
    options.methods = {{"test.Raw/Call", config}};
    start({}, std::move(options));
  }
};

TEST_F(MethodConfigCallTest, TimesOut) {
  service.handler = [](ServerCall& call) -> Task<void> {
    while (co_await call.read()) continue;
  };
  start_with({.timeout = 1s});
  const std::unique_ptr<Call> call = channel->start(kRawPath, CallOptions());
  Started<Status> finished(call->finish());
  advance(999ms);
  EXPECT_FALSE(finished.done());
  advance(2ms);
  EXPECT_EQ(finished.get().code(), StatusCode::DeadlineExceeded);
}

TEST_F(MethodConfigCallTest, WaitsForAConnection) {
  start_with({.timeout = 60s, .wait_for_ready = true});
  refuse_connections = true;
  Started<Outcome> patient(exchange({"x"}));
  Started<Outcome> hasty(exchange({"x"}, {.wait_for_ready = false}));
  advance(2ms);
  EXPECT_EQ(hasty.get().status.code(), StatusCode::Unavailable);
  EXPECT_FALSE(patient.done());
  refuse_connections = false;
  advance(5s);
  EXPECT_EQ(patient.get().status, Status());
}

TEST_F(MethodConfigCallTest, LimitsWhatIsReceived) {
  start_with({.max_receive_bytes = 3});
  EXPECT_THAT(run(exchange({"abc"})).messages, ElementsAre("abc"));
  EXPECT_EQ(run(exchange({"abcd"})).status.code(), StatusCode::ResourceExhausted);
}

TEST_F(MethodConfigCallTest, LimitsWhatIsSent) {
  std::vector<std::string> seen;
  service.handler = [&seen](ServerCall& call) -> Task<void> {
    while (const std::optional<Buffer> request = co_await call.read()) seen.emplace_back(request->text());
    co_await call.finish(Status());
  };
  start_with({.max_send_bytes = 3});
  EXPECT_EQ(run(exchange({"abc"})).status, Status());
  EXPECT_EQ(run(exchange({"abcd"})).status,
            Status(StatusCode::ResourceExhausted, "message of 4 bytes to send, larger than the limit of 3"));
  EXPECT_THAT(seen, ElementsAre("abc"));
}

TEST_F(MethodConfigCallTest, Compresses) {
  bool compressed = false;
  service.handler = [&compressed](ServerCall& call) -> Task<void> {
    while (co_await call.read()) compressed = call.last_message_compressed();
    co_await call.finish(Status());
  };
  start_with({.compression = Compression::Gzip});
  EXPECT_EQ(run(exchange({"abc"})).status, Status());
  EXPECT_TRUE(compressed);
  EXPECT_EQ(run(exchange({"abc"}, {.compression = "identity"})).status, Status());
  EXPECT_FALSE(compressed);
}

TEST_F(MethodConfigCallTest, IsCheckedWithTheChannel) {
  ChannelOptions options;
  options.methods = {{"/test.Raw/Call", {}}};
  const auto created = Channel::create(loop, "127.0.0.1:1", std::move(options));
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code(), StatusCode::InvalidArgument);
}

}  // namespace
}  // namespace sluice::rpc::testing
