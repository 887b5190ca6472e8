#include "rpc_core/wire/metadata_codec.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "rpc_core/base/printable.h"
#include "rpc_core/wire/base64.h"

namespace sluice::rpc {
namespace {

constexpr std::array<std::string_view, 8> kReserved = {"connection", "content-type",      "host",    "keep-alive",
                                                       "te",         "transfer-encoding", "upgrade", "user-agent"};

constexpr std::array<bool, 256> kKeyCharacters = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[c] = true;
  table['_'] = table['-'] = table['.'] = true;
  return table;
}();

bool is_key(std::string_view key) {
  bool good = !key.empty();
  for (const char c : key) good &= kKeyCharacters[static_cast<unsigned char>(c)];
  return good;
}

void add_binary_values(std::string_view key, std::string_view joined, Metadata& metadata) {
  while (true) {
    const std::size_t comma = joined.find(',');
    std::string_view part = joined.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (const std::optional<std::string> bytes = decode_base64(part)) metadata.add(key, *bytes);
    if (comma == std::string_view::npos) return;
    joined.remove_prefix(comma + 1);
  }
}

}  // namespace

bool is_reserved_key(std::string_view key) {
  return key.starts_with(':') || key.starts_with("grpc-") || std::ranges::find(kReserved, key) != kReserved.end();
}

void append_to_block(const Metadata& metadata, Metadata& block) {
  for (const auto& [key, value] : metadata) {
    if (!is_key(key) || is_reserved_key(key)) continue;
    if (is_binary_key(key)) {
      block.add(key, encode_base64(value));
    } else if (is_printable_ascii(value)) {
      block.add(key, value);
    }
  }
}

Metadata metadata_of_block(const Metadata& block) {
  Metadata metadata;
  for (const auto& [key, value] : block) {
    if (is_reserved_key(key) && key != "user-agent") continue;
    if (is_binary_key(key)) {
      add_binary_values(key, value, metadata);
    } else {
      metadata.add(key, value);
    }
  }
  return metadata;
}

}  // namespace sluice::rpc
