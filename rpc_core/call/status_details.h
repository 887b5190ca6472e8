// Status details: messages such as google.rpc.BadRequest that travel inside a Status.
#pragma once

#include <google/protobuf/message.h>

#include <optional>

#include "rpc_core/base/status.h"

namespace sluice::rpc {

//   Status status(StatusCode::NotFound, "no shelf 7");
//   add_detail(status, resource_info);
//   …
//   if (std::optional<google::rpc::ResourceInfo> info = find_detail<google::rpc::ResourceInfo>(status)) …
//
// The details are a serialized google.rpc.Status, which repeats code and message; so those are final by then.
// https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
void add_detail(Status& status, const google::protobuf::Message& detail);

// Parses the first detail of the message's type into it. False: there is none, or what there is cannot be parsed.
bool find_detail(const Status& status, google::protobuf::Message& detail);

template <class Detail>
std::optional<Detail> find_detail(const Status& status) {
  std::optional<Detail> detail(std::in_place);
  if (!find_detail(status, *detail)) detail.reset();
  return detail;
}

}  // namespace sluice::rpc
