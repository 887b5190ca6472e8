#include "rpc_core/server/call_head.h"

#include <string_view>

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

Refusal refuse(int http_status, StatusCode code, std::string message) {
  return Refusal{http_status, Status(code, std::move(message))};
}

}  // namespace

std::variant<CallHead, Refusal> read_call_head(const Metadata& block) {
  const auto subtype = grpc_subtype(block.get("content-type").value_or(""));
  if (!subtype) return Refusal{415, std::nullopt};
  const std::string_view method = block.get(":method").value_or("");
  if (method != "POST") {
    return refuse(405, StatusCode::Internal, ":method: expected POST, got " + std::string(method));
  }
  if (!subtype->empty() && *subtype != "+proto") {
    return refuse(200, StatusCode::Unimplemented,
                  "content-type: expected application/grpc or application/grpc+proto, got application/grpc" +
                      std::string(*subtype));
  }
  CallHead head;
  head.path = block.get(":path").value_or("");
  head.authority = block.get(":authority").value_or(block.get("host").value_or(""));
  if (const auto text = block.get("grpc-timeout")) {
    head.timeout = parse_timeout(*text);
    if (!head.timeout) {
      return refuse(400, StatusCode::Internal,
                    "grpc-timeout: expected up to 8 digits and a unit of HMSmun, got \"" + std::string(*text) + "\"");
    }
  }
  const std::string_view encoding = block.get("grpc-encoding").value_or("identity");
  const auto known = compression_from_name(encoding);
  if (!known) {
    return refuse(200, StatusCode::Unimplemented,
                  "grpc-encoding: expected one of " + std::string(kAcceptedCompressions) + ", got \"" +
                      std::string(encoding) + "\"");
  }
  head.encoding = *known;
  head.accepted_encodings = block.get("grpc-accept-encoding").value_or("");
  return head;
}

}  // namespace sluice::rpc
