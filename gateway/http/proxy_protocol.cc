// A line of text, or a binary block.
#include "gateway/http/proxy_protocol.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::gateway {
namespace {

using Parsed = rpc::Result<std::optional<ProxyHeader>>;

constexpr std::string_view kSignature1 = "PROXY ";
constexpr std::string_view kSignature2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kMaxLine = 107;  // version 1, with its CRLF
constexpr std::size_t kFixedPart = 16;

Parsed wrong(const std::string& what) { return rpc::fail(rpc::StatusCode::InvalidArgument, "PROXY protocol: " + what); }

// The next word, and what follows its space.
std::string_view take_word(std::string_view& line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(family, std::string(text).c_str(), parsed.data()) == 1;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// "TCP4 192.0.2.1 192.0.2.2 4711 80", "UNKNOWN …".
Parsed parse_line(std::string_view line, std::size_t size) {
  ProxyHeader header;
  header.size = size;
  const std::string_view family = take_word(line);
  if (family == "UNKNOWN") return header;
  if (family != "TCP4" && family != "TCP6") return wrong("expected TCP4, TCP6 or UNKNOWN");
  const int kind = family == "TCP4" ? AF_INET : AF_INET6;
  const std::string_view source = take_word(line);
  const std::string_view destination = take_word(line);
  const std::optional<std::uint16_t> port = port_of(take_word(line));
  if (!is_address(kind, source) || !is_address(kind, destination)) return wrong("expected two addresses");
  if (!port || !port_of(line)) return wrong("expected two ports");
  header.client = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, std::string(source), *port);
  return header;
}

Parsed parse_version1(std::string_view text) {
  const std::size_t end = text.substr(0, kMaxLine).find("\r\n");
  if (end == std::string_view::npos) {
    if (text.size() >= kMaxLine) return wrong("expected a line of 107 bytes at most");
    return std::optional<ProxyHeader>();
  }
  return parse_line(text.substr(kSignature1.size(), end - kSignature1.size()), end + 2);
}

std::size_t number_of(std::string_view bytes) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]);
}

rpc::Endpoint endpoint_of(int family, std::string_view address, std::string_view port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, address.data(), text.data(), text.size());
  return {rpc::Endpoint::Kind::Tcp, text.data(), static_cast<std::uint16_t>(number_of(port))};
}

Parsed parse_version2(std::string_view text) {
  if (text.size() < kFixedPart) return std::optional<ProxyHeader>();
  const auto version_and_command = static_cast<unsigned char>(text[12]);
  if (version_and_command != 0x20 && version_and_command != 0x21) return wrong("expected version 2, LOCAL or PROXY");
  const std::size_t length = number_of(text.substr(14));
  ProxyHeader header;
  header.size = kFixedPart + length;
  if (text.size() < header.size) return std::optional<ProxyHeader>();
  if (version_and_command == 0x20) return header;
  // Source address, destination address, source port, destination port; then what this reader has no use for.
  const std::string_view addresses = text.substr(kFixedPart, length);
  const auto family = static_cast<unsigned char>(text[13]);
  if (family == 0x11) {
    if (length < 12) return wrong("expected 12 bytes of IPv4 addresses");
    header.client = endpoint_of(AF_INET, addresses, addresses.substr(8));
  } else if (family == 0x21) {
    if (length < 36) return wrong("expected 36 bytes of IPv6 addresses");
    header.client = endpoint_of(AF_INET6, addresses, addresses.substr(32));
  }
  return header;
}

}  // namespace

Parsed parse_proxy_header(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const std::string_view signature : {kSignature1, kSignature2}) {
    const std::size_t known = std::min(text.size(), signature.size());
    if (text.substr(0, known) != signature.substr(0, known)) continue;
    if (known < signature.size()) return std::optional<ProxyHeader>();
    return signature == kSignature1 ? parse_version1(text) : parse_version2(text);
  }
  return wrong("expected its header at the start of the connection");
}

}  // namespace sluice::gateway
