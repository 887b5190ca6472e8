// Names by c-ares: those that every machine answers without a network.
#include "rpc_core/naming/dns.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>

#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using DnsResolverTest = RealLoopFixture;

TEST_F(DnsResolverTest, FindsLocalhost) {
  DnsResolver resolver(loop, Endpoint(Endpoint::Kind::Tcp, "localhost", 1234));
  const auto endpoints = run(resolver.resolve());
  ASSERT_TRUE(endpoints) << endpoints.error().to_string();
  EXPECT_THAT(*endpoints, Not(IsEmpty()));
  EXPECT_THAT(*endpoints, Each(AnyOf(Endpoint(Endpoint::Kind::Tcp, "127.0.0.1", 1234),
                                     Endpoint(Endpoint::Kind::Tcp, "::1", 1234))));
}

TEST_F(DnsResolverTest, AnswersEachTime) {
  DnsResolver resolver(loop, Endpoint(Endpoint::Kind::Tcp, "localhost", 1));
  const auto first = run(resolver.resolve());
  const auto second = run(resolver.resolve());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
}

TEST_F(DnsResolverTest, NamesWhatItCannotResolve) {
  DnsResolver resolver(loop, Endpoint(Endpoint::Kind::Tcp, "bad..name", 1));
  const auto endpoints = run(resolver.resolve());
  ASSERT_FALSE(endpoints);
  EXPECT_EQ(endpoints.error().code(), StatusCode::Unavailable);
  EXPECT_EQ(endpoints.error().origin(), Status::Origin::Transport);
  EXPECT_THAT(endpoints.error().message(), HasSubstr("bad..name"));
}

TEST_F(DnsResolverTest, EndsWhenItIsStopped) {
  DnsResolver resolver(loop, Endpoint(Endpoint::Kind::Tcp, "nobody.invalid", 1));
  StopSource stop;
  stop.request_stop();
  const auto endpoints = run(resolver.resolve().with_stop(stop.token()));
  ASSERT_FALSE(endpoints);
  EXPECT_EQ(endpoints.error().code(), StatusCode::Unavailable);
}

}  // namespace
}  // namespace sluice::rpc::testing
