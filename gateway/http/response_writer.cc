// Serialisation of answers.
#include "gateway/http/response_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/http/characters.h"

namespace sluice::gateway {
namespace {

bool belongs_to_session(std::string_view name) {
  switch (name.size()) {
    case 4:
      return equal_ignoring_case(name, "date");
    case 7:
      return equal_ignoring_case(name, "trailer");
    case 10:
      return equal_ignoring_case(name, "connection") || equal_ignoring_case(name, "keep-alive");
    case 14:
      return equal_ignoring_case(name, "content-length");
    case 17:
      return equal_ignoring_case(name, "transfer-encoding");
    default:
      return false;
  }
}

void append_number(rpc::Buffer& out, std::uint64_t value, int base) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end - digits.data());
}

void append_field(rpc::Buffer& out, std::string_view name, std::string_view value) {
  const std::size_t size = name.size() + value.size() + 4;
  char* at = std::ranges::copy(name, reinterpret_cast<char*>(out.reserve(size))).out;
  at = std::ranges::copy(std::string_view(": "), at).out;
  at = std::ranges::copy(value, at).out;
  std::ranges::copy(std::string_view("\r\n"), at);
  out.commit(size);
}

void append_fields(rpc::Buffer& out, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!belongs_to_session(name) && is_token(name) && is_field_value(value)) append_field(out, name, value);
  }
}

}  // namespace

void append_head(rpc::Buffer& out, const ResponseHead& head, const Framing& framing) {
  out.append("HTTP/1.1 ");
  append_number(out, head.status, 10);
  out.push_back(' ');
  out.append(reason_phrase(head.status));
  out.append("\r\n");
  append_fields(out, head.headers);
  if (!framing.date.empty()) append_field(out, "Date", framing.date);
  if (framing.body == Framing::Body::Length) {
    out.append("Content-Length: ");
    append_number(out, framing.length, 10);
    out.append("\r\n");
  }
  if (framing.body == Framing::Body::Chunked) append_field(out, "Transfer-Encoding", "chunked");
  if (framing.connection == Framing::Connection::Close) append_field(out, "Connection", "close");
  if (framing.connection == Framing::Connection::KeepAlive) append_field(out, "Connection", "keep-alive");
  out.append("\r\n");
}

void append_chunk_size(rpc::Buffer& out, std::size_t bytes) {
  append_number(out, bytes, 16);
  out.append("\r\n");
}

void append_last_chunk(rpc::Buffer& out, const Headers& trailers) {
  out.append("0\r\n");
  append_fields(out, trailers);
  out.append("\r\n");
}

}  // namespace sluice::gateway
