// Targets as gRPC spells them, and which resolver they get.
#include "rpc_core/naming/resolver.h"

#include <gmock/gmock.h>

#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::HasSubstr;
using Kind = Endpoint::Kind;

TEST(Target, ReadsEverySpelling) {
  struct Case {
    const char* text;
    Endpoint endpoint;
    const char* authority;
  };
  const Case kCases[] = {
      {"localhost:50051", {Kind::Tcp, "localhost", 50051}, "localhost:50051"},
      {"dns:///backend.example:443", {Kind::Tcp, "backend.example", 443}, "backend.example:443"},
      {"dns:backend:1", {Kind::Tcp, "backend", 1}, "backend:1"},
      {"ipv4:1.2.3.4:80", {Kind::Tcp, "1.2.3.4", 80}, "1.2.3.4:80"},
      {"ipv6:[::1]:80", {Kind::Tcp, "::1", 80}, "[::1]:80"},
      {"[::1]:80", {Kind::Tcp, "::1", 80}, "[::1]:80"},
      {"unix:/run/a.sock", {Kind::Unix, "/run/a.sock", 0}, "localhost"},
      {"unix:///run/a.sock", {Kind::Unix, "/run/a.sock", 0}, "localhost"},
  };
  for (const Case& each : kCases) {
    const Result<Target> target = parse_target(each.text);
    ASSERT_TRUE(target) << each.text << ": " << target.error().to_string();
    EXPECT_EQ(target->endpoint.to_string(), each.endpoint.to_string()) << each.text;
    EXPECT_EQ(target->authority, each.authority);
  }
}

TEST(Target, RejectsWhatNamesNoEndpoint) {
  for (const char* text : {"", "host", "dns:///", "dns:///host", "host:", "host:x", "host:99999", "unix:", "[::1"}) {
    const Result<Target> target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code(), StatusCode::InvalidArgument);
    EXPECT_THAT(target.error().message(), HasSubstr("expected")) << text;
  }
}

using ResolverTest = LoopFixture;

TEST_F(ResolverTest, GivesLiteralsAndPathsAsTheyAre) {
  for (const Endpoint& endpoint :
       {Endpoint(Kind::Tcp, "127.0.0.1", 5), Endpoint(Kind::Tcp, "::1", 5), Endpoint(Kind::Unix, "/run/a.sock", 0)}) {
    const auto resolver = make_resolver(loop, endpoint);
    const auto resolved = run(resolver->resolve());
    ASSERT_TRUE(resolved);
    EXPECT_EQ(*resolved, std::vector<Endpoint>(1, endpoint));
  }
}

}  // namespace
}  // namespace sluice::rpc::testing
