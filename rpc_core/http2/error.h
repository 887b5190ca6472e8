// HTTP/2 error codes (RFC 9113 section 7).
#pragma once

#include <cstdint>
#include <string>

namespace sluice::rpc::http2 {

enum class ErrorCode : std::uint32_t {
  NoError = 0,
  ProtocolError = 1,
  InternalError = 2,
  FlowControlError = 3,
  SettingsTimeout = 4,
  StreamClosed = 5,
  FrameSizeError = 6,
  RefusedStream = 7,
  Cancel = 8,
  CompressionError = 9,
  ConnectError = 10,
  EnhanceYourCalm = 11,
  InadequateSecurity = 12,
  Http11Required = 13,
};

// "CANCEL"; "0x2a" for a code that the RFC does not name.
std::string error_code_name(ErrorCode code);

}  // namespace sluice::rpc::http2
