// FieldPath: "book.author.name" and a message type -> the fields on the way, or which of them does not exist.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/result.h"

namespace sluice::http_rule {

// From the outermost field to the one that is meant; all but the last are singular messages. The descriptors belong to
// their pool, which outlives this. Never empty when it comes from resolve_field_path.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

enum class FieldNames : std::uint8_t { Proto, ProtoOrJson };

// Each part is looked up by its proto name and, where asked, by its JSON name if no field has that proto name.
// Errors name the message and the part: message library.v1.Book has no field "titel".
rpc::Result<FieldPath> resolve_field_path(const google::protobuf::Descriptor& message, std::string_view path,
                                          FieldNames names = FieldNames::Proto);

// "book.author.name", by proto names.
std::string to_string(const FieldPath& path);

}  // namespace sluice::http_rule
