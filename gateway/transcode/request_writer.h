// Path, query and body of one request into one encoded message.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/query_binding.h"
#include "gateway/transcode/route_binding.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

// Each source appends its fields; protobuf's merging of a submessage that comes in several pieces joins what path,
// query and body say about one message, so none has to wait for another. Conflicts are found by the plans, not in the
// bytes.
class RequestWriter final : public QuerySink {
 public:
  RequestWriter(const RouteBinding& route, const ReadContext& context) : route_(route), context_(context) {}

  // After an error the output holds a part of the message. Scratch::lengths are still to be applied.
  rpc::Result<void> write(const RequestParts& parts);

  rpc::Result<void> bind(const QueryValue& value) override;

 private:
  rpc::Result<void> captures(const RequestParts& parts);
  rpc::Result<void> query(const RequestParts& parts);
  rpc::Result<void> body(const RequestParts& parts);
  bool json_body(JsonReader& reader, bool first);
  void mask();

  // One value with its tag. Nothing for success, else what was expected.
  std::string text_value(const FieldPlan& field, std::string_view text, WireOutput& out);
  // `got`: what came, where that is the key.
  std::string map_entry(const FieldPlan& field, const QueryValue& value, std::string_view& got);
  std::string json_value(const FieldPlan& field, std::string_view text);
  // The messages around the last field of a path, then content().
  template <class Content>
  void inside(std::span<const FieldPlan* const> path, Content&& content);

  const RouteBinding& route_;
  const ReadContext context_;
  bool mask_given_ = false;
};

}  // namespace sluice::gateway
