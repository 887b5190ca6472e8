// The seam between the gateway and a JSON engine: per route, JSON requests to encoded messages and messages back to
// JSON.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

class FieldSelection;

// How a message is printed. `pretty` indents by one space a level.
struct PrintOptions {
  bool always_print_fields_with_no_presence = false;
  bool enums_as_integers = false;
  bool preserve_proto_names = false;
  bool pretty = false;
  // What of the answer is printed; nullptr: all of it. Borrowed. The reference engine prints all.
  const FieldSelection* fields = nullptr;
};

// How a request is read.
struct ParseOptions {
  bool reject_unknown_fields = false;      // JSON members that the message lacks
  bool reject_unknown_query = false;       // query parameters that the message lacks
  std::vector<std::string> ignored_query;  // names of parameters that never bind and are never an error
  bool path_wins = false;                  // a conflict is decided for the path, then the body, instead of refused
  bool patch_mask_for_whole_body = false;  // fill the field mask of a PATCH with body "*" too
  int max_depth = 100;                     // JSON nesting, and nesting of messages in answers
};

// What one HTTP binding says about the messages. Descriptors outlive the engine.
struct RouteSpec {
  const google::protobuf::Descriptor* input = nullptr;
  const google::protobuf::Descriptor* output = nullptr;
  bool patch = false;                       // the HTTP method is PATCH
  std::vector<std::string> path_variables;  // field paths, "shelf.id", in the order of RequestParts::captures
  std::string body;                         // "", "*", or a field
  std::string response_body;                // "" or a field
  ParseOptions parse;
};

// One request, or one message of a request stream. Everything is borrowed until the call returns.
struct RequestParts {
  std::span<const std::string_view> captures;  // percent-decoded, one a path variable
  std::string_view query;                      // raw: what follows '?', still encoded
  std::string_view body;
  std::string_view content_type;  // used for google.api.HttpBody alone
  bool first = true;     // false: a later message of a stream; captures are only compared with, the query is not read
  std::size_t line = 1;  // where the body starts in what the client sent, for error messages; columns count bytes
  std::size_t column = 1;
};

// The content of a google.api.HttpBody; views into the message.
struct RawBody {
  std::string_view content_type;
  std::string_view data;
};

// Transcodes the messages of one route. Immutable: all threads may use it at once.
//
// Errors of request() are INVALID_ARGUMENT with a google.rpc.BadRequest in the details that names the field.
// Errors of response() are INTERNAL: the backend sent bytes that are no such message.
class Transcoder {
 public:
  virtual ~Transcoder() = default;

  // Appends one encoded message to `out`, whose head-room stays untouched. After an error `out` holds what it did
  // before.
  virtual rpc::Result<void> request(const RequestParts& parts, rpc::Buffer& out) const = 0;
  // Appends the JSON text of one encoded message. After an error `out` holds what it did before.
  virtual rpc::Result<void> response(std::string_view message, const PrintOptions& print, rpc::Buffer& out) const = 0;

  // The body, or the answer, is a google.api.HttpBody: raw bytes of any content type instead of JSON.
  virtual bool request_is_raw() const = 0;
  virtual bool response_is_raw() const = 0;
  // The route has no `body`: any byte of a body is an error of request().
  virtual bool takes_body() const = 0;
  // The answer's content type and bytes where response_is_raw().
  virtual rpc::Result<RawBody> raw_response(std::string_view message) const = 0;
};

// Builds transcoders, one a route, while the routes are loaded; outlives them.
class TranscodeEngine {
 public:
  virtual ~TranscodeEngine() = default;
  // An error says which path variable, body or response_body does not fit the messages. Not thread-safe.
  virtual rpc::Result<std::unique_ptr<const Transcoder>> plan(const RouteSpec& spec) = 0;
};

// `files`: the whole schema, for google.protobuf.Any: a message type outside of it and of the routes' files is unknown.
using SchemaFiles = std::span<const google::protobuf::FileDescriptor* const>;

// One pass between JSON text and wire bytes, driven by tables.
std::unique_ptr<TranscodeEngine> make_direct_engine(SchemaFiles files);
// protobuf's json_util with DynamicMessage: slow, lenient about JSON syntax; to compare with. It fills no PATCH masks.
std::unique_ptr<TranscodeEngine> make_reference_engine(SchemaFiles files);

}  // namespace sluice::gateway
