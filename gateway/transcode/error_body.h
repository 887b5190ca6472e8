// A Status as the JSON body of an HTTP error.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/transcode/byte_output.h"
#include "gateway/transcode/message_plan.h"
#include "gateway/transcode/transcoder.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/status.h"

namespace sluice::gateway {

enum class ErrorFormat {
  Status,   // {"code", "message", "details"}: google.rpc.Status as JSON
  Google,   // {"error": {"code": HTTP status, "message", "status", "details"}}
  Problem,  // RFC 9457
};

// "application/json", or "application/problem+json".
const char* content_type_of(ErrorFormat format);

// What the status line of the answer says.
struct HttpStatus {
  int code = 0;
  std::string_view reason;
};

struct ErrorBodyOptions {
  ErrorFormat format = ErrorFormat::Status;
  bool show_debug_info = false;  // print google.rpc.DebugInfo details too
  bool pretty = false;
};

// The types of details that can be printed: those of the schema, and of google/rpc/error_details.proto.
std::shared_ptr<const PlanSet> detail_types(SchemaFiles files);

// Prints the details of known types; another, or one whose bytes are malformed, as {"@type", "value": base64}.
// Immutable: all threads may use it at once.
class ErrorBody {
 public:
  ErrorBody(std::shared_ptr<const PlanSet> types, ErrorBodyOptions options)
      : types_(std::move(types)), options_(options) {}

  // Appends the JSON; never fails.
  void write(const rpc::Status& status, HttpStatus http, rpc::Buffer& out) const;

  const ErrorBodyOptions& options() const { return options_; }

 private:
  void details(const rpc::Status& status, ByteOutput& out) const;
  void detail(std::string_view any, ByteOutput& out) const;

  std::shared_ptr<const PlanSet> types_;  // which other formats of the same schema share
  ErrorBodyOptions options_;
};

// The delay of the RetryInfo in the status' details, rounded up to seconds; nothing when there is none.
std::optional<std::chrono::seconds> retry_after(const rpc::Status& status);

}  // namespace sluice::gateway
