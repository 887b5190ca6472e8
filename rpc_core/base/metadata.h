// Metadata: the key-value pairs that travel beside a call's messages, in the order in which they came.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rpc_core/base/pair_list.h"

namespace sluice::rpc {

// Keys are lower-case ([0-9a-z_.-]); a key may stand several times. A key that ends in "-bin" has a binary value, which
// is raw bytes here and base64 on the wire only. Keys that begin with "grpc-" or ":" belong to the protocol.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
//
//   Metadata metadata;
//   metadata.add("x-tenant", "blue");
//   for (auto [key, value] : metadata) …
//
// A value: copied, moved, compared.
class Metadata : public PairList {
 public:
  using PairList::PairList;

  // Removes every pair of that key and says how many there were.
  std::size_t remove(std::string_view key);

  // The first value of the key; all of them, in order.
  std::optional<std::string_view> get(std::string_view key) const;
  std::vector<std::string_view> get_all(std::string_view key) const;
  bool contains(std::string_view key) const { return get(key).has_value(); }

  friend bool operator==(const Metadata& a, const Metadata& b);
};

inline bool is_binary_key(std::string_view key) { return key.ends_with("-bin"); }

}  // namespace sluice::rpc
