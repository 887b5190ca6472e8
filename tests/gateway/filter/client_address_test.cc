// What a filter finds out about a request's origin.
#include "gateway/filter/client_address.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

using ClientAddressTest = rpc::testing::LoopFixture;

TEST_F(ClientAddressTest, BelievesTrustedPeersOnly) {
  std::string seen;
  FunctionHandler next([&](Request& request, Responder&) -> rpc::Task<void> {
    seen = std::string(request.context().client) + (request.context().peer_is_trusted ? " trusted" : " strange");
    co_return;
  });
  FakeResponder responder;
  FakeRequest request(loop, "GET", "/", {{"X-Forwarded-For", "198.51.100.4"}});
  ClientAddress trusting(next, {*AddressRange::parse("192.0.2.0/24")});
  run(trusting.handle(request, responder));
  EXPECT_EQ(seen, "198.51.100.4 trusted");
  FakeRequest another(loop, "GET", "/", {{"X-Forwarded-For", "198.51.100.4"}});
  ClientAddress wary(next, {*AddressRange::parse("10.0.0.0/8")});
  run(wary.handle(another, responder));
  EXPECT_EQ(seen, " strange");
}

}  // namespace
}  // namespace sluice::gateway
