// Which addresses a range has.
#include "gateway/http/address_range.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

rpc::Endpoint tcp(const char* host) { return {rpc::Endpoint::Kind::Tcp, host, 80}; }

TEST(AddressRange, HasTheAddressesOfItsPrefix) {
  struct Case {
    const char* range;
    const char* address;
    bool contained;
  };
  const Case cases[] = {
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.6", false},
      {"192.0.2.0/24", "192.0.2.255", true},
      {"192.0.2.0/24", "192.0.3.0", false},
      {"192.0.2.8/29", "192.0.2.15", true},
      {"192.0.2.8/29", "192.0.2.16", false},
      {"0.0.0.0/0", "255.1.2.3", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"10.0.0.0/8", "::ffff:10.1.2.3", true},
      {"::ffff:10.0.0.0/104", "10.1.2.3", true},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "192.0.2.7", false},
      {"::1", "::1", true},
      {"::1", "127.0.0.1", false},
      {"0.0.0.0/0", "", false},
      {"0.0.0.0/0", "localhost", false},
      {"unix", "192.0.2.7", false},
  };
  for (const Case& one : cases) {
    const auto range = AddressRange::parse(one.range);
    ASSERT_TRUE(range) << one.range;
    EXPECT_EQ(range->contains(tcp(one.address)), one.contained) << one.range << " " << one.address;
    EXPECT_EQ(range->text(), one.range);
  }
}

TEST(AddressRange, NamesUnixSockets) {
  const rpc::Endpoint socket(rpc::Endpoint::Kind::Unix, "/run/front.sock", 0);
  EXPECT_TRUE(AddressRange::parse("unix")->contains(socket));
  EXPECT_FALSE(AddressRange::parse("0.0.0.0/0")->contains(socket));
}

TEST(AddressRange, RefusesOtherTexts) {
  for (const char* text : {"", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
                           "10.0.0/8", "2001:db8::/129", "2001:db8::1/32", "/8", "[::1]", "10.0.0.1:80", "unix/8"}) {
    EXPECT_FALSE(AddressRange::parse(text)) << text;
  }
}

TEST(AddressRange, KnowsAddresses) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::"}) EXPECT_TRUE(is_address(text)) << text;
  for (const char* text : {"", "localhost", "192.0.2.1:80", "[::1]", "10.0.0.0/8"})
    EXPECT_FALSE(is_address(text)) << text;
}

}  // namespace
}  // namespace sluice::gateway
