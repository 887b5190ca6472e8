// Both versions of the header, whole and at every cut, and what is none.
#include "gateway/http/proxy_protocol.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::gateway {
namespace {

rpc::Result<std::optional<ProxyHeader>> parse(std::string_view text) {
  return parse_proxy_header(std::as_bytes(std::span(text)));
}

// A header of version 2: command, family, addresses.
std::string version2(char command, char family, const std::string& addresses) {
  std::string text("\r\n\r\n\0\r\nQUIT\n", 12);
  text += command;
  text += family;
  text += static_cast<char>(addresses.size() >> 8);
  text += static_cast<char>(addresses.size() & 0xFF);
  return text + addresses;
}

const std::string kIpv4("\xC0\x00\x02\x01\xC0\x00\x02\x02\x12\x67\x00\x50", 12);
const std::string kIpv6 = std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16) + std::string(16, '\0') +
                          std::string("\x12\x67\x00\x50", 4);

struct Good {
  std::string header;
  std::string client;  // empty: none
};

const std::vector<Good> kGood = {
    {"PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n", "192.0.2.1:4711"},
    {"PROXY TCP6 2001:db8::1 2001:db8::2 4711 80\r\n", "[2001:db8::1]:4711"},
    {"PROXY UNKNOWN\r\n", ""},
    {"PROXY UNKNOWN ffff:: ffff:: 1 2\r\n", ""},
    {version2(0x21, 0x11, kIpv4), "192.0.2.1:4711"},
    {version2(0x21, 0x11, kIpv4 + "\x04\x00\x01x"), "192.0.2.1:4711"},
    {version2(0x21, 0x21, kIpv6), "[2001:db8::1]:4711"},
    {version2(0x20, 0x00, ""), ""},
    {version2(0x20, 0x11, kIpv4), ""},
    {version2(0x21, 0x31, std::string(216, 'x')), ""},
};

TEST(ProxyProtocol, NamesTheClientAndLeavesTheRest) {
  for (const Good& good : kGood) {
    const auto parsed = parse(good.header + "GET / HTTP/1.1\r\n");
    ASSERT_TRUE(parsed && *parsed) << good.header;
    EXPECT_EQ((*parsed)->size, good.header.size());
    EXPECT_EQ((*parsed)->client ? (*parsed)->client->to_string() : "", good.client);
  }
}

TEST(ProxyProtocol, WaitsForTheWholeHeader) {
  for (const Good& good : kGood) {
    for (std::size_t cut = 0; cut < good.header.size(); ++cut) {
      const auto parsed = parse(good.header.substr(0, cut));
      ASSERT_TRUE(parsed) << good.header << " cut at " << cut;
      EXPECT_FALSE(*parsed) << good.header << " cut at " << cut;
    }
  }
}

TEST(ProxyProtocol, RefusesWhatIsNone) {
  const std::vector<std::string> bad = {
      "GET / HTTP/1.1\r\n",
      "PROXX",
      "PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n",
      "PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n",
      "PROXY TCP4 192.0.2.1 ::1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
      "PROXY " + std::string(110, 'x'),
      version2(0x11, 0x11, kIpv4),
      version2(0x22, 0x11, kIpv4),
      version2(0x21, 0x11, kIpv4.substr(0, 11)),
      version2(0x21, 0x21, kIpv4),
  };
  for (const std::string& text : bad) {
    const auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), rpc::StatusCode::InvalidArgument);
    EXPECT_EQ(parsed.error().message().substr(0, 24), "PROXY protocol: expected");
  }
}

}  // namespace
}  // namespace sluice::gateway
