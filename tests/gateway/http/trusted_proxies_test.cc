// Whom a chain of proxies says that it serves.
#include "gateway/http/trusted_proxies.h"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::gateway {
namespace {

std::vector<AddressRange> trusted() {
  return {*AddressRange::parse("10.0.0.0/8"), *AddressRange::parse("2001:db8::/32"), *AddressRange::parse("unix")};
}

TEST(TrustedProxies, LeadToTheFirstAddressThatIsNotTrusted) {
  struct Case {
    const char* name;
    const char* peer;
    Headers headers;
    const char* client;
  };
  const Case cases[] = {
      {"NotTrusted", "192.0.2.7", {{"X-Forwarded-For", "6.6.6.6"}}, "192.0.2.7:80"},
      {"Nothing", "10.0.0.1", {}, "10.0.0.1:80"},
      {"Empty", "10.0.0.1", {{"X-Forwarded-For", ""}}, "10.0.0.1:80"},
      {"One", "10.0.0.1", {{"x-forwarded-for", "192.0.2.7"}}, "192.0.2.7"},
      {"Forged", "10.0.0.1", {{"X-Forwarded-For", "6.6.6.6, 192.0.2.7"}}, "192.0.2.7"},
      {"Hops", "10.0.0.1", {{"X-Forwarded-For", "6.6.6.6,192.0.2.7 , 10.0.0.3,\t10.0.0.2"}}, "192.0.2.7"},
      {"Fields", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-For", "10.0.0.2"}}, "192.0.2.7"},
      {"AllTrusted", "10.0.0.1", {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3"},
      {"NoAddress", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7, unknown, 10.0.0.2"}}, "10.0.0.2"},
      {"NoAddressAtAll", "10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1:80"},
      {"Port", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7:4711"}}, "192.0.2.7"},
      {"Brackets", "10.0.0.1", {{"X-Forwarded-For", "[2001:db9::1]:80"}}, "2001:db9::1"},
      {"OpenBracket", "10.0.0.1", {{"X-Forwarded-For", "[2001:db9::1"}}, "2001:db9::1"},
      {"Ipv6", "10.0.0.1", {{"X-Forwarded-For", "2001:db9::1, 2001:db8::2"}}, "2001:db9::1"},
  };
  for (const Case& one : cases) {
    const rpc::Endpoint peer(rpc::Endpoint::Kind::Tcp, one.peer, 80);
    EXPECT_EQ(client_address(trusted(), peer, one.headers), one.client) << one.name;
  }
}

TEST(TrustedProxies, MayComeThroughAUnixSocket) {
  const rpc::Endpoint socket(rpc::Endpoint::Kind::Unix, "/run/s.sock", 0);
  EXPECT_EQ(client_address(trusted(), socket, {{"X-Forwarded-For", "192.0.2.7"}}), "192.0.2.7");
}

}  // namespace
}  // namespace sluice::gateway
