// The three shapes, and the details inside them: google.rpc.Status straight from its bytes.
#include "gateway/transcode/error_body.h"

#include <google/rpc/error_details.pb.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/transcode/base64.h"
#include "gateway/transcode/json_string.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/utf8.h"
#include "gateway/transcode/wire_input.h"

namespace sluice::gateway {
namespace {

// google.rpc.Status and google.protobuf.Any.
constexpr std::uint32_t kDetails = 3;
constexpr std::uint32_t kTypeUrl = 1;
constexpr std::uint32_t kValue = 2;
constexpr int kMaxDepth = 100;

struct AnyView {
  std::string_view type_url;
  std::string_view value;

  std::string_view type_name() const { return type_url.substr(type_url.rfind('/') + 1); }
};

// Calls visit(number, bytes) for each field that has a length; stops where the bytes are malformed.
template <class Visit>
void each_bytes_field(std::string_view message, Visit&& visit) {
  WireInput in(message);
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    std::string_view bytes;
    if (!in.tag(number, type)) return;
    if (type != WireType::Length) {
      if (!in.skip(number, type, kGroupDepth)) return;
      continue;
    }
    if (!in.length(bytes)) return;
    visit(number, bytes);
  }
}

AnyView view_of(std::string_view any) {
  AnyView view;
  each_bytes_field(any, [&](std::uint32_t number, std::string_view bytes) {
    if (number == kTypeUrl) view.type_url = bytes;
    if (number == kValue) view.value = bytes;
  });
  return view;
}

// What is not UTF-8 becomes U+FFFD: an error is told even when its text is broken.
void append_text(std::string_view text, ByteOutput& out) {
  const std::size_t before = out.position();
  if (write_string(text, out)) return;
  out.rewind(before);
  std::string mended;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const std::size_t size = static_cast<unsigned char>(*at) < 0x80 ? 1 : utf8_character(at, end);
    mended += size == 0 ? "\xEF\xBF\xBD" : std::string_view(at, size);
    at += std::max<std::size_t>(size, 1);
  }
  write_string(mended, out);
}

void append_number(std::uint64_t number, ByteOutput& out) { out.bytes(std::to_string(number)); }

}  // namespace

const char* content_type_of(ErrorFormat format) {
  return format == ErrorFormat::Problem ? "application/problem+json" : "application/json";
}

std::shared_ptr<const PlanSet> detail_types(SchemaFiles files) {
  auto types = std::make_shared<PlanSet>();
  for (const auto* file : files) types->add_file(*file);
  types->add_file(*google::rpc::ErrorInfo::descriptor()->file());  // the schema's own come first
  return types;
}

void ErrorBody::write(const rpc::Status& status, HttpStatus http, rpc::Buffer& out) const {
  const std::string name = rpc::status_code_name(status.code());
  rpc::Buffer text;
  {
    ByteOutput json(text);
    const auto http_code = static_cast<std::uint64_t>(http.code);
    switch (options_.format) {
      case ErrorFormat::Status:
        json.bytes("{\"code\":");
        append_number(static_cast<std::uint32_t>(status.code()), json);
        json.bytes(",\"message\":");
        append_text(status.message(), json);
        break;
      case ErrorFormat::Google:
        json.bytes("{\"error\":{\"code\":");
        append_number(http_code, json);
        json.bytes(",\"message\":");
        append_text(status.message(), json);
        json.bytes(",\"status\":\"" + name + "\"");
        break;
      case ErrorFormat::Problem:
        json.bytes("{\"type\":\"about:blank\",\"title\":\"" + std::string(http.reason) + "\",\"status\":");
        append_number(http_code, json);
        json.bytes(",\"detail\":");
        append_text(status.message(), json);
        json.bytes(",\"code\":\"" + name + "\"");
        break;
    }
    details(status, json);
    json.bytes(options_.format == ErrorFormat::Google ? "}}" : "}");
  }
  if (!options_.pretty) return out.append(text.text());
  out.append(nlohmann::ordered_json::parse(text.text()).dump(1));
}

void ErrorBody::details(const rpc::Status& status, ByteOutput& out) const {
  out.bytes(",\"details\":[");
  const std::size_t begin = out.position();
  each_bytes_field(status.details(), [&](std::uint32_t number, std::string_view any) {
    if (number != kDetails) return;
    if (view_of(any).type_name() == "google.rpc.DebugInfo" && !options_.show_debug_info) return;
    if (out.position() != begin) out.byte(',');
    detail(any, out);
  });
  out.byte(']');
}

void ErrorBody::detail(std::string_view any, ByteOutput& out) const {
  const AnyView view = view_of(any);
  const PrintOptions print;
  const WriteContext context{out, thread_scratch(), *types_, print, kMaxDepth};
  const std::size_t before = out.position();
  const MessagePlan* const type = types_->find(view.type_name());
  for (const auto mode : {JsonWriter::Mode::Fast, JsonWriter::Mode::Careful}) {
    if (type == nullptr) break;
    JsonWriter writer(context, mode);
    if (writer.any_object(view.type_url, *type, view.value)) return;
    out.rewind(before);
    if (!writer.is_irregular()) break;
  }
  out.bytes("{\"@type\":");
  append_text(view.type_url, out);
  out.bytes(",\"value\":\"" + base64_encode(view.value) + "\"}");
}

std::optional<std::chrono::seconds> retry_after(const rpc::Status& status) {
  std::optional<std::chrono::seconds> after;
  each_bytes_field(status.details(), [&](std::uint32_t number, std::string_view bytes) {
    const AnyView any = view_of(bytes);
    google::rpc::RetryInfo retry;
    if (after || number != kDetails || any.type_name() != "google.rpc.RetryInfo") return;
    if (!retry.ParseFromArray(any.value.data(), static_cast<int>(any.value.size()))) return;
    const auto& delay = retry.retry_delay();
    after = std::chrono::seconds(std::max<std::int64_t>(0, delay.seconds() + (delay.nanos() > 0 ? 1 : 0)));
  });
  return after;
}

}  // namespace sluice::gateway
