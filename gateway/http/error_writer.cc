// The default body of the session's own errors.
#include "gateway/http/error_writer.h"

#include <array>
#include <cstdint>

#include "rpc_core/base/status.h"

namespace sluice::gateway {
namespace {

rpc::StatusCode code_of(int http_status) {
  switch (http_status) {
    case 408:
      return rpc::StatusCode::DeadlineExceeded;
    case 413:
    case 414:
    case 431:
      return rpc::StatusCode::ResourceExhausted;
    case 499:
      return rpc::StatusCode::Cancelled;
    case 500:
      return rpc::StatusCode::Internal;
    case 503:
      return rpc::StatusCode::Unavailable;
    default:
      return rpc::StatusCode::InvalidArgument;
  }
}

void append_json_string(rpc::Buffer& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kHex[c & 0xf]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace

Response JsonErrorWriter::write_error(int http_status, std::string_view message, const RequestHead*) const {
  Response response(http_status);
  response.head.headers.add("Content-Type", "application/json");
  response.body.reset(kResponseHeadroom, message.size() + 64);
  response.body.append("{\"code\":");
  response.body.append(std::to_string(static_cast<std::uint32_t>(code_of(http_status))));
  response.body.append(",\"message\":");
  append_json_string(response.body, message);
  response.body.append(",\"details\":[]}");
  return response;
}

}  // namespace sluice::gateway
