#include "rpc_core/call/status_details.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <string>
#include <string_view>

namespace sluice::rpc {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// google.rpc.Status: int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3. Its generated class
// would be registered twice in a program that has one already.
constexpr int kCode = 1;
constexpr int kMessage = 2;
constexpr int kDetails = 3;

std::string_view type_name(const google::protobuf::Any& any) {
  const std::string_view url = any.type_url();
  return url.substr(url.rfind('/') + 1);
}

}  // namespace

void add_detail(Status& status, const google::protobuf::Message& detail) {
  UnknownFieldSet fields;
  if (status.details().empty()) {
    fields.AddVarint(kCode, static_cast<std::uint64_t>(status.code()));
    fields.AddLengthDelimited(kMessage, status.message());
  }
  google::protobuf::Any any;
  any.PackFrom(detail);
  fields.AddLengthDelimited(kDetails, any.SerializeAsString());
  std::string added;
  fields.SerializeToString(&added);
  status.set_details(status.details() + added);
}

bool find_detail(const Status& status, google::protobuf::Message& detail) {
  UnknownFieldSet fields;
  if (!fields.ParseFromString(status.details())) return false;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    google::protobuf::Any any;
    if (field.number() != kDetails || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    if (!any.ParseFromString(field.length_delimited())) return false;
    if (type_name(any) == detail.GetTypeName()) return detail.ParseFromString(any.value());
  }
  return false;
}

}  // namespace sluice::rpc
