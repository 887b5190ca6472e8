// Path first, then query, then body, then the mask that the body made.
#include "gateway/transcode/request_writer.h"

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/http_body.h"
#include "gateway/transcode/text_value.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

using rpc::fail;
using rpc::Result;

Result<void> RequestWriter::write(const RequestParts& parts) {
  if (auto good = captures(parts); !good) return good;
  if (parts.first && !parts.query.empty()) {
    if (auto good = query(parts); !good) return good;
  }
  if (auto good = body(parts); !good) return good;
  if (parts.first && route_.mask_field != nullptr && !mask_given_) mask();
  return {};
}

// Encoded aside first: the body's values are compared with them, in each message of a stream.
Result<void> RequestWriter::captures(const RequestParts& parts) {
  Scratch& scratch = context_.scratch;
  for (std::size_t i = 0; i < route_.path.size(); ++i) {
    WireOutput captured(scratch.captured);
    const std::string expected = text_value(*route_.path[i].back(), parts.captures[i], captured);
    if (!expected.empty()) {
      return fail(binding_error(path_name(route_.path[i]),
                                "expected " + expected + " in the path, got " + shown(parts.captures[i])));
    }
    scratch.capture_ends.push_back(captured.position());
  }
  if (!parts.first) return {};
  for (std::size_t i = 0; i < route_.path.size(); ++i) {
    inside(route_.path[i], [&] { context_.out.bytes(scratch.capture(i)); });
  }
  return {};
}

Result<void> RequestWriter::query(const RequestParts& parts) {
  QueryBinding binding(route_, context_.scratch.query, context_.scratch.seen);
  return binding.bind(parts.query, !parts.body.empty(), *this);
}

Result<void> RequestWriter::bind(const QueryValue& value) {
  const FieldPlan& field = *value.path.back();
  if (&field == route_.mask_field && !value.text.empty()) mask_given_ = true;
  std::string expected;
  std::string_view got = value.text;
  inside(value.path,
         [&] { expected = field.map ? map_entry(field, value, got) : text_value(field, value.text, context_.out); });
  if (expected.empty()) return {};
  return fail(binding_error(value.name, "expected " + expected + ", got " + shown(got)));
}

Result<void> RequestWriter::body(const RequestParts& parts) {
  if (route_.raw_request) {
    const std::uint32_t field = route_.body_field == nullptr ? 0 : route_.body_field->number;
    write_http_body({parts.content_type, parts.body}, field, context_.out);
    return {};
  }
  if (parts.body.empty()) return {};
  if (route_.body == RouteBinding::Body::None) return fail(binding_error("", "expected no body, got one"));
  JsonReader reader(parts.body, context_);
  if (!reader.start() || !json_body(reader, parts.first) || !reader.finish())
    return fail(reader.error(parts.line, parts.column));
  mask_given_ = mask_given_ || reader.mask_given();
  return {};
}

bool RequestWriter::json_body(JsonReader& reader, bool first) {
  const bool whole = route_.body == RouteBinding::Body::Whole;
  const MessagePlan* message = whole ? route_.input : route_.body_field->message;
  const bool plain = message != nullptr && message->well_known == nullptr &&
                     (whole || (!route_.body_field->repeated && !route_.body_field->map));
  Overlay overlay;
  overlay.bound = route_.bound_in_body();
  overlay.keep_bound = !first;
  overlay.mask = route_.mask_field != nullptr && plain;
  overlay.skip_in_mask = whole ? route_.mask_field : nullptr;
  const Overlay* const used = overlay.bound != nullptr || overlay.mask ? &overlay : nullptr;
  if (whole) return plain ? reader.object_content(*message, used) : reader.content(*message);
  const bool good = used == nullptr || !plain || reader.peek() == 'n'
                        ? reader.field(*route_.body_field)
                        : reader.message_with_overlay(*route_.body_field, *used);
  return good || reader.in_field(route_.body_field->proto_name);
}

void RequestWriter::mask() {
  if (context_.scratch.mask_paths.empty()) return;
  context_.out.bytes_field(route_.mask_field->number, context_.scratch.mask_paths);
}

std::string RequestWriter::text_value(const FieldPlan& field, std::string_view text, WireOutput& out) {
  if (field.message == nullptr) {
    const std::string_view expected = write_text_scalar(field, text, out);
    if (expected.empty() || field.kind != Kind::Enum) return std::string(expected);
    return "a value of " + field.descriptor->enum_type()->full_name();
  }
  const WellKnownType* const known = field.message->well_known;
  if (known == nullptr || known->form == WellKnownType::Form::Json) return json_value(field, text);
  out.tag_of(field);
  const std::size_t content = out.begin_length();
  const std::string_view expected = known->form == WellKnownType::Form::Text
                                        ? known->read_text(text, true, out)
                                        : write_text_scalar(field.message->fields[0], text, out);
  out.end_length(content);
  return std::string(expected);
}

std::string RequestWriter::map_entry(const FieldPlan& field, const QueryValue& value, std::string_view& got) {
  WireOutput& out = context_.out;
  out.tag_of(field);
  const NestedLengths::Mark mark = context_.scratch.lengths.begin(out);
  if (const auto expected = write_text_scalar(field.message->fields[0], value.map_key, out); !expected.empty()) {
    got = value.map_key;
    return std::string(expected) + " as the key";
  }
  std::string expected = text_value(field.message->fields[1], value.text, out);
  if (expected.empty()) context_.scratch.lengths.end(out, mark);
  return expected;
}

// Struct, Value, and the elements of a repeated message or of a map of messages: JSON text. A singular message is bound
// by its fields, one by one.
std::string RequestWriter::json_value(const FieldPlan& field, std::string_view text) {
  const bool element = field.repeated || field.containing->descriptor->map_key() != nullptr;
  if (field.message->well_known == nullptr && !element) return "the fields of " + field.proto_name + " by their names";
  JsonReader reader(text, context_);
  if (reader.start() && reader.single(field) && reader.finish()) return {};
  return "JSON text (" + reader.error(1, 1).message() + ")";
}

template <class Content>
void RequestWriter::inside(std::span<const FieldPlan* const> path, Content&& content) {
  if (path.size() == 1) return content();
  WireOutput& out = context_.out;
  out.tag_of(*path.front());
  const bool group = path.front()->kind == Kind::Group;
  NestedLengths::Mark mark{};
  if (!group) mark = context_.scratch.lengths.begin(out);
  inside(path.subspan(1), content);
  if (group) {
    out.tag(path.front()->number, WireType::EndGroup);
  } else {
    context_.scratch.lengths.end(out, mark);
  }
}

}  // namespace sluice::gateway
