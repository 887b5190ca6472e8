// The outcome of an RPC: one of gRPC's 17 codes, a message for people, and optional details.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::rpc {

// https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
enum class StatusCode : std::uint32_t {
  Ok = 0,
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
};

// The name as google.rpc.Code spells it ("NOT_FOUND"). A code of 17 or more, which a peer may send, has none: "CODE_<n>".
std::string status_code_name(StatusCode code);
// The opposite: "NOT_FOUND" -> NotFound; nothing for any other text.
std::optional<StatusCode> status_code_from_name(std::string_view name);

// A value. A Status remembers who made it: a gateway shows a backend's UNKNOWN as 500, its own failure to reach one as 503.
class [[nodiscard]] Status {
 public:
  // Peer: it came over the wire. Transport: the peer or the network broke the protocol or the connection.
  // Local: this process decided (a deadline, a limit, a bad argument).
  enum class Origin : std::uint8_t { Local, Peer, Transport };

  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::Ok; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // A serialized google.rpc.Status (the grpc-status-details-bin trailer), or empty.
  const std::string& details() const { return details_; }
  void set_details(std::string serialized) { details_ = std::move(serialized); }

  Origin origin() const { return origin_; }
  void set_origin(Origin origin) { origin_ = origin; }
  Status with_origin(Origin origin) && {
    origin_ = origin;
    return std::move(*this);
  }

  // The HTTP/2 error code of the RST_STREAM that ended the call without a grpc-status, if one did (RFC 9113 section 7).
  std::optional<std::uint32_t> reset_code() const { return reset_code_; }
  void set_reset_code(std::uint32_t code) { reset_code_ = code; }

  // "NOT_FOUND: no shelf 7"
  std::string to_string() const;

  // Code, message and details; who made it does not matter.
  friend bool operator==(const Status& a, const Status& b) {
    return a.code_ == b.code_ && a.message_ == b.message_ && a.details_ == b.details_;
  }

 private:
  StatusCode code_ = StatusCode::Ok;
  Origin origin_ = Origin::Local;
  std::optional<std::uint32_t> reset_code_;
  std::string message_;
  std::string details_;
};

}  // namespace sluice::rpc
