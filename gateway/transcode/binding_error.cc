// Encodes google.rpc.Status{code, message, details: [BadRequest]} by hand: four nested fields.
#include "gateway/transcode/binding_error.h"

#include <cstdint>

#include "gateway/transcode/utf8.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kShownBytes = 40;

void append_field(std::string& out, std::uint32_t number, std::string_view value) {
  rpc::Buffer header;
  {
    WireOutput wire(header);
    wire.tag(number, WireType::Length);
    wire.varint(value.size());
  }
  out += header.text();
  out += value;
}

std::string bad_request_details(std::string_view field, std::string_view description, std::string_view message) {
  std::string violation;
  append_field(violation, 1, field);
  append_field(violation, 2, description);
  std::string bad_request;
  append_field(bad_request, 1, violation);
  std::string any;
  append_field(any, 1, "type.googleapis.com/google.rpc.BadRequest");
  append_field(any, 2, bad_request);
  std::string status = "\x08\x03";  // code: INVALID_ARGUMENT
  append_field(status, 2, message);
  append_field(status, 3, any);
  return status;
}

}  // namespace

rpc::Status binding_error(std::string_view field, std::string_view description, std::string_view where) {
  std::string message(field);
  message += where;
  if (!message.empty()) message += ": ";
  message += description;
  std::string details = bad_request_details(field, description, message);
  rpc::Status status(rpc::StatusCode::InvalidArgument, std::move(message));
  status.set_details(std::move(details));
  return status;
}

std::string shown(std::string_view text) {
  std::string out(1, '"');
  std::size_t size = text.size();
  if (size > kShownBytes) {
    size = kShownBytes;
    while (size > 0 && (text[size] & 0xC0) == 0x80) --size;  // not inside a character
  }
  for (const char c : text.substr(0, size)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  if (!is_utf8(out)) {
    for (char& c : out) c = static_cast<unsigned char>(c) >= 0x80 ? '?' : c;
  }
  if (size < text.size()) out += "…";
  out += '"';
  return out;
}

}  // namespace sluice::gateway
