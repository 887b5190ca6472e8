// HttpBody's two fields, straight from and to the wire: the bytes are never copied through a message object.
#include "gateway/transcode/http_body.h"

#include "gateway/transcode/wire_input.h"

namespace sluice::gateway {
namespace {

constexpr std::uint32_t kContentType = 1;
constexpr std::uint32_t kData = 2;

std::size_t field_size(std::string_view value) {
  return value.empty() ? 0 : 1 + varint_size(value.size()) + value.size();
}

bool read_content(std::string_view content, RawBody& body) {
  WireInput in(content);
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return false;
    if (type == WireType::Length && (number == kContentType || number == kData)) {
      if (!in.length(number == kData ? body.data : body.content_type)) return false;
    } else if (!in.skip(number, type, kGroupDepth)) {
      return false;
    }
  }
  return true;
}

// A field that comes twice is merged: what the later one leaves out stays.
bool read_field(std::string_view message, std::uint32_t field, RawBody& body) {
  WireInput in(message);
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    if (!in.tag(number, type)) return false;
    if (number == field && type == WireType::Length) {
      std::string_view content;
      if (!in.length(content) || !read_content(content, body)) return false;
    } else if (!in.skip(number, type, kGroupDepth)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_http_body(const google::protobuf::Descriptor* message) {
  return message != nullptr && message->full_name() == "google.api.HttpBody";
}

void write_http_body(const RawBody& body, std::uint32_t field, WireOutput& wire) {
  const std::size_t size = field_size(body.content_type) + field_size(body.data);
  if (field != 0) {
    wire.tag(field, WireType::Length);
    wire.varint(size);
  }
  if (!body.content_type.empty()) wire.bytes_field(kContentType, body.content_type);
  if (!body.data.empty()) wire.bytes_field(kData, body.data);
}

rpc::Result<RawBody> read_http_body(std::string_view message, std::uint32_t field) {
  RawBody body;
  const bool good = field == 0 ? read_content(message, body) : read_field(message, field, body);
  if (good) return body;
  return rpc::fail(rpc::Status(rpc::StatusCode::Internal, "expected a google.api.HttpBody, got malformed bytes")
                       .with_origin(rpc::Status::Origin::Transport));
}

}  // namespace sluice::gateway
