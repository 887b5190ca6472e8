#include "rpc_core/server/call_head.h"

#include <string>

#include "rpc_core/wire/timeout.h"

namespace sluice::rpc {
namespace {

// The part behind "application/grpc": "", "+proto", ";charset=…"; nothing when it is another type altogether.
std::optional<std::string_view> grpc_subtype(std::string_view content_type) {
  constexpr std::string_view kGrpc = "application/grpc";
  if (!content_type.starts_with(kGrpc)) return std::nullopt;
  content_type.remove_prefix(kGrpc.size());
  if (!content_type.empty() && content_type.front() != '+' && content_type.front() != ';') return std::nullopt;
  return content_type.substr(0, content_type.find(';'));
}

// The fields that say what kind of call it is, each the first of its name; found in one pass.
struct HeadFields {
  using Field = std::optional<std::string_view>;

  explicit HeadFields(const Metadata& block) {
    for (const auto& [key, value] : block) {
      Field* const place = place_of(key);
      if (place != nullptr && !*place) *place = value;
    }
  }

  Field* place_of(std::string_view key) {
    switch (key.size()) {
      case 4:
        return key == "host" ? &host : nullptr;
      case 5:
        return key == ":path" ? &path : nullptr;
      case 7:
        return key == ":method" ? &method : nullptr;
      case 10:
        return key == ":authority" ? &authority : nullptr;
      case 12:
        return key == "content-type" ? &content_type : key == "grpc-timeout" ? &timeout : nullptr;
      case 13:
        return key == "grpc-encoding" ? &encoding : nullptr;
      case 20:
        return key == "grpc-accept-encoding" ? &accepted_encodings : nullptr;
      default:
        return nullptr;
    }
  }

  Field method, path, authority, host, content_type, timeout, encoding, accepted_encodings;
};

Refusal refuse(int http_status, StatusCode code, std::string message) {
  return Refusal{http_status, Status(code, std::move(message))};
}

}  // namespace

std::variant<CallHead, Refusal> read_call_head(const Metadata& block) {
  const HeadFields fields(block);
  const auto subtype = grpc_subtype(fields.content_type.value_or(""));
  if (!subtype) return Refusal{415, std::nullopt};
  const std::string_view method = fields.method.value_or("");
  if (method != "POST") {
    return refuse(405, StatusCode::Internal, ":method: expected POST, got " + std::string(method));
  }
  if (!subtype->empty() && *subtype != "+proto") {
    return refuse(200, StatusCode::Unimplemented,
                  "content-type: expected application/grpc or application/grpc+proto, got application/grpc" +
                      std::string(*subtype));
  }
  CallHead head;
  head.path = fields.path.value_or("");
  head.authority = fields.authority.value_or(fields.host.value_or(""));
  if (const auto text = fields.timeout) {
    head.timeout = parse_timeout(*text);
    if (!head.timeout) {
      return refuse(400, StatusCode::Internal,
                    "grpc-timeout: expected up to 8 digits and a unit of HMSmun, got \"" + std::string(*text) + "\"");
    }
  }
  const std::string_view encoding = fields.encoding.value_or("identity");
  const auto known = compression_from_name(encoding);
  if (!known) {
    return refuse(200, StatusCode::Unimplemented,
                  "grpc-encoding: expected one of " + std::string(kAcceptedCompressions) + ", got \"" +
                      std::string(encoding) + "\"");
  }
  head.encoding = *known;
  head.accepted_encodings = fields.accepted_encodings.value_or("");
  return head;
}

}  // namespace sluice::rpc
