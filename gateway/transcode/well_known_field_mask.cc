// google.protobuf.FieldMask: lowerCamel paths with commas in JSON, snake_case paths on the wire.
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/well_known.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kExpected = "a field mask such as user.displayName,photo";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool in_path(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '.' || c == '_'; }

// FieldMask.paths is field 1. A path in snake_case is as good in a URL.
bool append_snake(std::string_view path, bool in_url, WireOutput& out) {
  out.byte('\x0A');
  const std::size_t content = out.begin_length();
  for (const char c : path) {
    if (!in_path(c) || (c == '_' && !in_url)) return false;
    if (is_upper(c)) out.byte('_');
    out.byte(is_upper(c) ? static_cast<char>(c + 'a' - 'A') : c);
  }
  out.end_length(content);
  return !path.empty();
}

// False: another path has the same lowerCamel form, so this one cannot be read back.
bool append_camel(std::string_view path, ByteOutput& out) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!in_path(path[i]) || is_upper(path[i])) return false;
    if (path[i] != '_') {
      out.byte(path[i]);
      continue;
    }
    ++i;
    if (i == path.size() || !is_lower(path[i])) return false;
    out.byte(static_cast<char>(path[i] - 'a' + 'A'));
  }
  return true;
}

}  // namespace

std::string_view read_field_mask(std::string_view text, bool in_url, WireOutput& out) {
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (!append_snake(text.substr(0, comma), in_url, out)) return kExpected;
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return kExpected;
  }
  return {};
}

bool write_field_mask(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  ByteOutput& out = writer.out();
  WireInput in(content);
  out.byte('"');
  bool first = true;
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    std::string_view path;
    if (!in.tag(number, type)) return writer.malformed(plan);
    if (number != 1 || type != WireType::Length) {
      if (!in.skip(number, type, kGroupDepth)) return writer.malformed(plan);
      continue;
    }
    if (!in.length(path)) return writer.malformed(plan);
    if (path.empty()) continue;  // it names nothing, and has no form in JSON
    if (!first) out.byte(',');
    first = false;
    if (!append_camel(path, out)) return writer.refused(plan, "a path that has no lowerCamel form");
  }
  out.byte('"');
  return true;
}

}  // namespace sluice::gateway
