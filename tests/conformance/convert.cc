#include "tests/conformance/convert.h"

#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "rpc_core/wire/base64.h"

namespace sluice::rpc::conformance {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// google.rpc.Status: int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3.
constexpr int kCode = 1;
constexpr int kMessage = 2;
constexpr int kDetails = 3;

}  // namespace

void add_headers(const Headers& headers, Metadata& metadata) {
  for (const v1::Header& header : headers) {
    std::string name = header.name();
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const std::string& value : header.value()) {
      metadata.add(name, is_binary_key(name) ? decode_base64(value).value_or("") : value);
    }
  }
}

void add_metadata(const Metadata& metadata, Headers& headers) {
  std::map<std::string, v1::Header*, std::less<>> by_name;
  for (const auto& [key, value] : metadata) {
    v1::Header*& header = by_name[std::string(key)];
    if (header == nullptr) header = headers.Add();
    header->set_name(std::string(key));
    header->add_value(is_binary_key(key) ? encode_base64(value) : std::string(value));
  }
}

Status to_status(const v1::Error& error) {
  Status status(static_cast<StatusCode>(error.code()), error.message());
  if (error.details().empty()) return status;
  UnknownFieldSet fields;
  fields.AddVarint(kCode, static_cast<std::uint64_t>(error.code()));
  fields.AddLengthDelimited(kMessage, error.message());
  for (const auto& detail : error.details()) fields.AddLengthDelimited(kDetails, detail.SerializeAsString());
  std::string bytes;
  fields.SerializeToString(&bytes);
  status.set_details(std::move(bytes));
  return status;
}

v1::Error to_error(const Status& status) {
  v1::Error error;
  error.set_code(static_cast<v1::Code>(status.code()));
  error.set_message(status.message());
  UnknownFieldSet fields;
  if (!fields.ParseFromString(status.details())) return error;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() != kDetails || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    error.add_details()->ParseFromString(field.length_delimited());
  }
  return error;
}

}  // namespace sluice::rpc::conformance
