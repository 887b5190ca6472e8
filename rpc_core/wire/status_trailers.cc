#include "rpc_core/wire/status_trailers.h"

#include <charconv>
#include <optional>
#include <string>

#include "rpc_core/wire/base64.h"
#include "rpc_core/wire/grpc_message.h"

namespace sluice::rpc {

void append_status(const Status& status, Metadata& block) {
  block.add("grpc-status", std::to_string(static_cast<std::uint32_t>(status.code())));
  if (status.ok()) return;
  if (!status.message().empty()) block.add("grpc-message", encode_grpc_message(status.message()));
  if (!status.details().empty()) block.add("grpc-status-details-bin", encode_base64(status.details()));
}

Status status_of_trailers(const Metadata& block) {
  const auto text = block.get("grpc-status");
  if (!text) {
    return Status(StatusCode::Unknown, "the response ended without grpc-status").with_origin(Status::Origin::Transport);
  }
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) {
    return Status(StatusCode::Unknown, "grpc-status: expected a number, got \"" + std::string(*text) + "\"")
        .with_origin(Status::Origin::Transport);
  }
  Status status(static_cast<StatusCode>(number), decode_grpc_message(block.get("grpc-message").value_or("")));
  if (const auto details = block.get("grpc-status-details-bin")) {
    status.set_details(decode_base64(*details).value_or(std::string()));
  }
  status.set_origin(Status::Origin::Peer);
  return status;
}

StatusCode status_code_of_http(int http_status) {
  switch (http_status) {
    case 400:
      return StatusCode::Internal;
    case 401:
      return StatusCode::Unauthenticated;
    case 403:
      return StatusCode::PermissionDenied;
    case 404:
      return StatusCode::Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return StatusCode::Unavailable;
    default:
      return StatusCode::Unknown;
  }
}

StatusCode status_code_of_reset(std::uint32_t http2_error_code) {
  switch (http2_error_code) {
    case 7:  // REFUSED_STREAM
      return StatusCode::Unavailable;
    case 8:  // CANCEL
      return StatusCode::Cancelled;
    case 11:  // ENHANCE_YOUR_CALM
      return StatusCode::ResourceExhausted;
    case 12:  // INADEQUATE_SECURITY
      return StatusCode::PermissionDenied;
    default:
      return StatusCode::Internal;
  }
}

}  // namespace sluice::rpc
