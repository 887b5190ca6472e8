// The well-known types: messages with a JSON form of their own. One file and one row a type, or group of types.
#pragma once

#include <string_view>

#include "gateway/transcode/message_plan.h"

namespace sluice::gateway {

class JsonReader;
class JsonWriter;
class WireOutput;

struct WellKnownType {
  enum class Form {
    Text,     // a JSON string: Timestamp, Duration, FieldMask
    Wrapper,  // the JSON form of its one field, `value`
    Json,     // any other JSON: Struct, Value, ListValue, Any
  };
  // Appends the content of the message for that text. Nothing for success, else what was expected. `in_url`: the text
  // comes from path or query.
  using ReadText = std::string_view (*)(std::string_view text, bool in_url, WireOutput& out);
  // Reads the value at the cursor and appends the message's content; false after noting a fault.
  using ReadJson = bool (*)(JsonReader& reader);
  // Appends the JSON of the message with that content; false after noting a fault.
  using Write = bool (*)(JsonWriter& writer, const MessagePlan& plan, std::string_view content);

  std::string_view full_name;
  Form form;
  ReadText read_text;  // Form::Text
  ReadJson read_json;  // Form::Json
  Write write;
  std::string_view absent;  // the JSON of an absent message that is all of an answer
};

// The row of that message type, or nullptr for an ordinary message.
const WellKnownType* find_well_known(std::string_view full_name);

// Reads the value at the cursor, by the type's form.
bool read_well_known(const WellKnownType& type, JsonReader& reader, const MessagePlan& plan);

// well_known_time.cc
std::string_view read_timestamp(std::string_view text, bool in_url, WireOutput& out);
bool write_timestamp(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
std::string_view read_duration(std::string_view text, bool in_url, WireOutput& out);
bool write_duration(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
// well_known_field_mask.cc
std::string_view read_field_mask(std::string_view text, bool in_url, WireOutput& out);
bool write_field_mask(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
// well_known_wrapper.cc
bool write_wrapper(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
// well_known_struct.cc
bool read_struct(JsonReader& reader);
bool read_value(JsonReader& reader);
bool read_list_value(JsonReader& reader);
bool write_struct(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
bool write_value(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
bool write_list_value(JsonWriter& writer, const MessagePlan& plan, std::string_view content);
// well_known_any.cc
bool read_any(JsonReader& reader);
bool write_any(JsonWriter& writer, const MessagePlan& plan, std::string_view content);

}  // namespace sluice::gateway
