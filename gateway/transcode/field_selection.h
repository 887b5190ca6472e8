// FieldSelection: the part of a message that a client wants to see, as a tree of fields.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc_core/base/result.h"

namespace sluice::gateway {

// A node is a message: some of its fields are wanted, each of them whole or in part; or all of it is.
class FieldSelection {
 public:
  FieldSelection() = default;

  bool whole() const { return whole_; }
  // What is wanted of that field; nullptr: nothing.
  const FieldSelection* find(std::uint32_t number) const;

  // While it is made: the node of a field; and everything below this one.
  FieldSelection& select(std::uint32_t number);
  void select_all();

 private:
  using Field = std::pair<std::uint32_t, std::unique_ptr<FieldSelection>>;

  bool whole_ = false;
  std::vector<Field> fields_;  // by number
};

// Paths of a google.protobuf.FieldMask, or of Google's partial responses, by proto or JSON names: "title",
// "author.name", "books/title", "books(title,author/name),next_page_token"; "*" for all that is there. A path goes
// through repeated fields into each element; maps and types with a JSON form of their own are wanted whole.
//
// `message`: what the paths begin in; nullptr: a value without fields, of which "*" is all that can be asked for.
// INVALID_ARGUMENT says what was expected at which column.
rpc::Result<FieldSelection> parse_field_selection(std::string_view text, const google::protobuf::Descriptor* message);

// The message below a field of an answer into which a path can lead; nullptr: none.
const google::protobuf::Descriptor* selectable_message(const google::protobuf::FieldDescriptor& field);
// The same of a whole answer.
const google::protobuf::Descriptor* selectable_message(const google::protobuf::Descriptor& message);

}  // namespace sluice::gateway
