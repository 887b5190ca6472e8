// google.protobuf.Any: the message's JSON with "@type" beside its members, or with "value" for a well-known type.
#include <algorithm>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {
namespace {

constexpr std::uint32_t kTypeUrl = 1;
constexpr std::uint32_t kValue = 2;

std::string_view type_name(std::string_view url) { return url.substr(url.rfind('/') + 1); }

// {"@type": …, "value": …} for a type with a JSON form of its own.
bool read_value_member(JsonReader& reader, const MessagePlan& plan) {
  const std::uint32_t scope = reader.scratch().seen.new_scope();
  return reader.object([&](std::string_view name) {
    if (!reader.first_in_scope(scope, name)) return false;
    if (name == "value") return reader.content(plan) || reader.in_field("value");
    if (name == "@type") return reader.skip_value();
    return reader.unknown_value("\"@type\" or \"value\"");
  });
}

}  // namespace

bool read_any(JsonReader& reader) {
  const char* const at = reader.position();
  std::string_view url;
  if (!reader.find_any_type(url)) return false;
  if (url.empty()) return reader.object([](std::string_view) { return true; });
  if (url.find('/') == std::string_view::npos)
    return reader.refused_at(at, "expected a type URL with a '/' as \"@type\"");
  const MessagePlan* plan = reader.types().find(type_name(url));
  if (plan == nullptr) return reader.refused_at(at, "the type " + shown(type_name(url)) + " is not in the schema");
  reader.out().bytes_field(kTypeUrl, url);
  reader.out().tag(kValue, WireType::Length);
  return reader.nested(
      [&] { return plan->well_known == nullptr ? reader.any_fields(*plan) : read_value_member(reader, *plan); });
}

bool write_any(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  WireInput in(content);
  std::string_view url;
  std::string_view value;
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return writer.malformed(plan);
    const bool known = type == WireType::Length && (number == kTypeUrl || number == kValue);
    const bool good = known ? in.length(number == kValue ? value : url) : in.skip(number, type, kGroupDepth);
    if (!good) return writer.malformed(plan);
  }
  if (url.empty()) {
    if (!value.empty()) return writer.refused(plan, "a value without a type");
    writer.out().bytes("{}");
    return true;
  }
  const MessagePlan* type = writer.types().find(type_name(url));
  if (type == nullptr) return writer.refused(plan, "the type " + shown(type_name(url)) + " is not in the schema");
  return writer.any_object(url, *type, value);
}

// The common sender writes "@type" first. Else the object is looked through, with all objects inside it, so that each
// byte is looked at once more and no more, however many Anys nest.
bool JsonReader::find_any_type(std::string_view& type) {
  const Place before = place();
  std::string_view name;
  if (!open('{', "an object")) return false;
  const bool empty = peek() == '}';
  const bool first = !empty && key(name) && name == "@type";
  if (first && !text(type)) return in_field("@type");
  restore(before);
  if (empty || first) return true;
  if (at_ >= any_types_scanned_to_) {
    if (!scan_any_types()) return false;
    any_types_scanned_to_ = at_;
    restore(before);
  }
  const auto& table = scratch_.any_types;
  const auto found = std::ranges::lower_bound(table, at_, {}, &Scratch::AnyType::object);
  if (found == table.end() || found->object != at_ || found->type == nullptr) {
    return refused_at(at_, "expected a member \"@type\"");
  }
  at_ = found->type;
  const bool good = text(type);
  if (good) restore(before);
  return good || in_field("@type");
}

// Over one value, noting the "@type" of each object in it.
bool JsonReader::scan_any_types() {
  if (*at_ == '[') return array([this](std::size_t) { return scan_any_types(); });
  if (*at_ != '{') return skip_value();
  const std::size_t entry = scratch_.any_types.size();
  scratch_.any_types.push_back({at_, nullptr});
  return object([&](std::string_view name) {
    if (name == "@type") scratch_.any_types[entry].type = at_;
    return scan_any_types();
  });
}

}  // namespace sluice::gateway
