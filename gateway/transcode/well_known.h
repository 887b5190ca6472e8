// The well-known types: messages with a JSON form of their own. One row a type.
#pragma once

#include <string_view>

namespace sluice::gateway {

struct WellKnownType {
  enum class Form {
    Text,     // a JSON string: Timestamp, Duration, FieldMask
    Wrapper,  // the JSON form of its one field, `value`
    Json,     // any other JSON: Struct, Value, ListValue, Any
  };
  std::string_view full_name;
  Form form;
};

// The row of that message type, or nullptr for an ordinary message.
const WellKnownType* find_well_known(std::string_view full_name);

}  // namespace sluice::gateway
