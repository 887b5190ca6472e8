// AnswerWishes: how one request wants its answer printed, by system parameters of the query and X-Goog-FieldMask.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/message.h"
#include "gateway/protocol/media.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/protocol/rest_settings.h"
#include "gateway/transcode/field_selection.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// Where they are switched on:
//
//   $prettyPrint=true|false
//   $alt=json|sse|ndjson|media        how a stream is told; "media" where the answer is raw bytes
//   $alt=json;enum-encoding=int|name
//   $fields=… or X-Goog-FieldMask     a selection of fields; "fields=…" too, unless the request has a field of that
//   name
//
// A parameter goes before the header.
class AnswerWishes {
 public:
  // Borrowed.
  AnswerWishes(const RestRoute& route, const RestSettings& settings)
      : route_(route), answers_(settings.answers), print_(settings.print) {}
  AnswerWishes(const AnswerWishes&) = delete;
  AnswerWishes& operator=(const AnswerWishes&) = delete;

  // Takes its parameters out of the query; gives what is left, which may be the query itself, or text of this object.
  // INVALID_ARGUMENT names the parameter.
  rpc::Result<std::string_view> take(std::string_view query, const Headers& headers);

  const PrintOptions& print() const { return print_; }
  // Instead of what Accept asks for.
  std::optional<StreamFormat> format() const { return format_; }

 private:
  struct Parameter;

  rpc::Result<bool> take_one(const Parameter& parameter);
  rpc::Result<void> take_alt(std::string_view name, std::string_view value);
  rpc::Result<void> take_pretty(std::string_view name, std::string_view value);
  rpc::Result<void> select(std::string_view name, std::string_view paths);

  const RestRoute& route_;
  const AnswerOptions& answers_;
  PrintOptions print_;
  std::optional<StreamFormat> format_;
  std::optional<FieldSelection> selection_;
  bool pretty_given_ = false;
  bool alt_given_ = false;
  std::string rest_;
};

}  // namespace sluice::gateway
