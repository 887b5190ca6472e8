// Tests of Endpoint: what is accepted, what is refused and how, and that the text form is stable.
#include "rpc_core/base/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "rpc_core/base/task.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;

struct Accepted {
  const char* text;
  Endpoint endpoint;
};

const Accepted kAccepted[] = {
    {"127.0.0.1:80", {Endpoint::Kind::Tcp, "127.0.0.1", 80}},
    {"localhost:0", {Endpoint::Kind::Tcp, "localhost", 0}},
    {"example.org:65535", {Endpoint::Kind::Tcp, "example.org", 65535}},
    {"[::1]:8080", {Endpoint::Kind::Tcp, "::1", 8080}},
    {"[fe80::1%eth0]:1", {Endpoint::Kind::Tcp, "fe80::1%eth0", 1}},
    {"unix:/run/sluice.sock", {Endpoint::Kind::Unix, "/run/sluice.sock", 0}},
    {"unix:relative.sock", {Endpoint::Kind::Unix, "relative.sock", 0}},
    {"unix:/with:colon", {Endpoint::Kind::Unix, "/with:colon", 0}},
};

TEST(Endpoint, ParsesAndPrintsTheSameText) {
  for (const Accepted& row : kAccepted) {
    const Result<Endpoint> parsed = parse_endpoint(row.text);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().to_string();
    EXPECT_EQ(*parsed, row.endpoint) << row.text;
    EXPECT_EQ(parsed->to_string(), row.text);
  }
}

TEST(Endpoint, AcceptsAUnixUrlWithThreeSlashes) {
  const Result<Endpoint> parsed = parse_endpoint("unix:///run/sluice.sock");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->to_string(), "unix:/run/sluice.sock");
}

Task<std::string> text_of(Endpoint endpoint) {
  co_return endpoint.to_string();
}
Task<std::string> text_of_a_temporary() {
  const std::string text = co_await text_of(Endpoint(Endpoint::Kind::Tcp, "short", 7));
  co_return text;
}

TEST(Endpoint, MayBeATemporaryThatACoroutineTakes) {
  std::string text;
  spawn(text_of_a_temporary(), StopToken(),
        [&](std::exception_ptr, std::optional<std::string> given) { text = given.value_or("nothing"); });
  EXPECT_EQ(text, "short:7");
}

struct Refused {
  const char* text;
  const char* reason;
};

const Refused kRefused[] = {
    {"", "expected host:port, [v6]:port or unix:/path"},
    {"localhost", "expected host:port"},
    {"localhost:", "expected a port from 0 to 65535 behind the last colon, got \"\""},
    {"localhost:http", "got \"http\""},
    {"localhost:65536", "got \"65536\""},
    {"localhost:-1", "got \"-1\""},
    {"localhost:+1", "got \"+1\""},
    {"localhost: 1", "got \" 1\""},
    {"localhost:1 ", "got \"1 \""},
    {":80", "expected a host before the colon"},
    {"[]:80", "expected a host"},
    {"[::1]", "expected \"]:port\""},
    {"[::1:80", "expected \"]:port\""},
    {"[::1]x:80", "expected \"]:port\""},
    {"::1:80", "expected brackets around an IPv6 address"},
    {"unix:", "expected a path"},
};

TEST(Endpoint, RefusesWithTheTextAndTheReason) {
  for (const Refused& row : kRefused) {
    const Result<Endpoint> parsed = parse_endpoint(row.text);
    ASSERT_FALSE(parsed.has_value()) << row.text;
    EXPECT_EQ(parsed.error().code(), StatusCode::InvalidArgument);
    EXPECT_THAT(parsed.error().message(), HasSubstr("address \"" + std::string(row.text) + "\": expected"));
    EXPECT_THAT(parsed.error().message(), HasSubstr(row.reason));
  }
}

}  // namespace
}  // namespace sluice::rpc
