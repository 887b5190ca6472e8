// The texts of google/api/*.proto and google/rpc/*.proto, for compiling .proto files that import them.
#pragma once

#include <span>
#include <string_view>

namespace sluice::http_rule {

struct BuiltinProto {
  std::string_view name;  // as an import statement spells it: "google/api/annotations.proto"
  std::string_view text;
};

// All of them, sorted by name. The well-known types (google/protobuf/*.proto) are not among them.
std::span<const BuiltinProto> builtin_protos();

// The text of the file, or an empty view when the name is none of them.
std::string_view builtin_proto(std::string_view name);

}  // namespace sluice::http_rule
