// The JSON of a service config: what a channel gets from it, what is passed over, and what is refused.
#include "rpc_core/client/service_config.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A config with one methodConfig for "a.B/C", with this member beside its name.
std::string with(const std::string& member) {
  return R"({"methodConfig": [{"name": [{"service": "a.B", "method": "C"}], )" + member + "}]}";
}

const std::string kWhole = R"({
  "methodConfig": [
    {"name": [{"service": "a.B", "method": "C"}, {"service": "a.B", "method": "D"}], "timeout": "1.5s",
     "waitForReady": true, "maxRequestMessageBytes": 1024, "maxResponseMessageBytes": "2048"},
    {"name": [{"service": "a.B"}], "waitForReady": false},
    {"name": [{}], "timeout": "60s"}
  ]
})";

TEST(ServiceConfig, FillsAChannelsMethods) {
  const Result<ServiceConfig> config = parse_service_config(kWhole);
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_THAT(config->ignored, IsEmpty());
  ASSERT_EQ(config->methods.size(), 4u);
  for (const char* name : {"a.B/C", "a.B/D"}) {
    const MethodConfig& method = config->methods.at(name);
    EXPECT_EQ(method.timeout, 1500ms);
    EXPECT_EQ(method.wait_for_ready, true);
    EXPECT_EQ(method.max_send_bytes, 1024u);
    EXPECT_EQ(method.max_receive_bytes, 2048u);
  }
  EXPECT_EQ(config->methods.at("a.B").wait_for_ready, false);
  EXPECT_FALSE(config->methods.at("a.B").timeout);
  EXPECT_EQ(config->methods.at("").timeout, 60s);
  EXPECT_TRUE(check_method_configs(config->methods));
}

TEST(ServiceConfig, IsRefusedWhereItIsCutOff) {
  for (std::size_t size = 0; size < kWhole.rfind('}'); ++size) {
    const Result<ServiceConfig> config = parse_service_config(kWhole.substr(0, size));
    ASSERT_FALSE(config) << size;
    EXPECT_EQ(config.error().code(), StatusCode::InvalidArgument);
    EXPECT_THAT(config.error().message(), HasSubstr("service config: expected JSON"));
  }
}

struct TimeoutCase {
  const char* text;
  Duration timeout;
};

TEST(ServiceConfig, ReadsDurations) {
  for (const TimeoutCase& each :
       {TimeoutCase{"0s", 0s}, TimeoutCase{"1s", 1s}, TimeoutCase{"0.1s", 100ms}, TimeoutCase{"1.000000001s", 1s + 1ns},
        TimeoutCase{"0.000000000s", 0s}, TimeoutCase{"00012.50s", 12500ms}, TimeoutCase{"3600s", 1h},
        TimeoutCase{"9223372035s", 9223372035s}, TimeoutCase{"9223372036s", Duration::max()},
        TimeoutCase{"315576000000s", Duration::max()}}) {
    const auto config = parse_service_config(with(R"("timeout": ")" + std::string(each.text) + "\""));
    ASSERT_TRUE(config) << each.text << ": " << config.error().to_string();
    EXPECT_EQ(config->methods.at("a.B/C").timeout, each.timeout) << each.text;
  }
  for (const char* text : {"", "s", "1", "1.s", ".5s", "-1s", "+1s", "1 s", "1.0000000001s", "1.5.5s", "1m", "1e3s",
                           "315576000001s", "99999999999999999999s", "1.-5s"}) {
    const auto config = parse_service_config(with(R"("timeout": ")" + std::string(text) + "\""));
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().message(),
              "methodConfig[0].timeout: expected a duration like \"1.5s\", got \"" + std::string(text) + "\"");
  }
}

struct RefusedCase {
  std::string json;
  const char* message;
};

TEST(ServiceConfig, NamesThePlaceOfWhatIsWrong) {
  const RefusedCase kCases[] = {
      {"[]", "service config: expected an object, got an array"},
      {"null", "service config: expected an object, got null"},
      {R"({"methodConfig": {}})", "methodConfig: expected an array, got an object"},
      {R"({"methodConfig": [{"name": [{}]}, 7]})", "methodConfig[1]: expected an object, got 7"},
      {R"({"methodConfig": [{"name": {"service": "a"}}]})", "methodConfig[0].name: expected an array, got an object"},
      {R"({"methodConfig": [{"name": ["a.B/C"]}]})", R"(methodConfig[0].name[0]: expected an object, got "a.B/C")"},
      {R"({"methodConfig": [{"name": [{"service": 1}]}]})",
       "methodConfig[0].name[0].service: expected a name without a slash, got 1"},
      {R"({"methodConfig": [{"name": [{"service": "a.B/C"}]}]})",
       R"(methodConfig[0].name[0].service: expected a name without a slash, got "a.B/C")"},
      {R"({"methodConfig": [{"name": [{"service": "a.B", "method": "C/"}]}]})",
       R"(methodConfig[0].name[0].method: expected a name without a slash, got "C/")"},
      {R"({"methodConfig": [{"name": [{"service": "", "method": "C"}]}]})",
       "methodConfig[0].name[0]: expected a service beside the method, got \"C\""},
      {R"({"methodConfig": [{"name": [{"service": "a"}, {"service": "a", "method": ""}]}]})",
       R"(methodConfig[0].name[1]: expected a name that methodConfig[0].name[0] has not, got "a")"},
      {R"({"methodConfig": [{"name": [{}]}, {"name": [{"service": ""}]}]})",
       R"(methodConfig[1].name[0]: expected a name that methodConfig[0].name[0] has not, got "")"},
      {with(R"("timeout": 3)"), R"(methodConfig[0].timeout: expected a duration like "1.5s", got 3)"},
      {with(R"("waitForReady": "true")"), R"(methodConfig[0].waitForReady: expected true or false, got "true")"},
      {with(R"("maxRequestMessageBytes": -1)"),
       "methodConfig[0].maxRequestMessageBytes: expected a number of bytes below 2^32, got -1"},
      {with(R"("maxRequestMessageBytes": 1.5)"),
       "methodConfig[0].maxRequestMessageBytes: expected a number of bytes below 2^32, got 1.5"},
      {with(R"("maxResponseMessageBytes": 4294967296)"),
       "methodConfig[0].maxResponseMessageBytes: expected a number of bytes below 2^32, got 4294967296"},
      {with(R"("maxResponseMessageBytes": "4k")"),
       R"(methodConfig[0].maxResponseMessageBytes: expected a number of bytes below 2^32, got "4k")"},
  };
  for (const RefusedCase& each : kCases) {
    const Result<ServiceConfig> config = parse_service_config(each.json);
    ASSERT_FALSE(config) << each.json;
    EXPECT_EQ(config.error(), Status(StatusCode::InvalidArgument, each.message));
  }
}

TEST(ServiceConfig, StandsAnyDepth) {
  const std::string deep = R"({"methodConfig": {"x": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}}";
  EXPECT_FALSE(parse_service_config(deep));
}

TEST(ServiceConfig, QuotesNoMoreThanItsReaderWants) {
  const auto config = parse_service_config(R"({"methodConfig": ")" + std::string(1000, 'x') + "\"}");
  ASSERT_FALSE(config);
  EXPECT_LT(config.error().message().size(), 120u);
}

TEST(ServiceConfig, TellsWhatItPassesOver) {
  const auto config = parse_service_config(R"({
    "loadBalancingConfig": [{"round_robin": {}}], "loadBalancingPolicy": "pick_first", "retryThrottling": {},
    "healthCheckConfig": {}, "methodconfig": [],
    "methodConfig": [
      {"name": [{"service": "a", "version": 1}], "retryPolicy": {"maxAttempts": 3}, "hedgingPolicy": {},
       "timeOut": "1s", "waitForReady": true},
      {"timeout": "1s"}, {"name": [], "timeout": "1s"}
    ]})");
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_THAT(
      config->ignored,
      ::testing::UnorderedElementsAre(
          "loadBalancingConfig: not supported", "loadBalancingPolicy: not supported", "retryThrottling: not supported",
          "healthCheckConfig: not supported", "methodconfig: unknown field",
          "methodConfig[0].name[0].version: unknown field", "methodConfig[0].retryPolicy: not supported",
          "methodConfig[0].hedgingPolicy: not supported", "methodConfig[0].timeOut: unknown field",
          "methodConfig[1]: without a name it is for no call", "methodConfig[2]: without a name it is for no call"));
  EXPECT_EQ(config->methods.size(), 1u);
  EXPECT_EQ(config->methods.at("a").wait_for_ready, true);
}

TEST(ServiceConfig, TakesNullAsAbsent) {
  const auto config = parse_service_config(with(
      R"("timeout": null, "waitForReady": null, "maxRequestMessageBytes": null, "maxResponseMessageBytes": null)"));
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->methods.at("a.B/C").timeout);
  EXPECT_FALSE(config->methods.at("a.B/C").max_send_bytes);
  for (const char* empty : {"{}", R"({"methodConfig": null})", R"({"methodConfig": []})"}) {
    EXPECT_THAT(parse_service_config(empty)->methods, IsEmpty()) << empty;
  }
}

using ServiceConfigCallTest = RawCallFixture;

TEST_F(ServiceConfigCallTest, RulesTheCallsOfAChannel) {
  const auto config =
      parse_service_config(R"({"methodConfig": [{"name": [{"service": "test.Raw"}], "maxResponseMessageBytes": 3}]})");
  ASSERT_TRUE(config);
  ChannelOptions options;
  options.methods = config->methods;
  start({}, std::move(options));
  EXPECT_EQ(run(exchange({"abc"})).status, Status());
  EXPECT_EQ(run(exchange({"abcd"})).status.code(), StatusCode::ResourceExhausted);
}

}  // namespace
}  // namespace sluice::rpc::testing
