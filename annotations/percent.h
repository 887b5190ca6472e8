// Percent-encoding (RFC 3986 section 2): the canonical form that matching compares, the decoding of captures and
// queries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace sluice::http_rule {

// Which triples of a capture are decoded. The others stay as they were written.
enum class Unescape : std::uint8_t {
  All,             // a single-segment capture, always
  ExceptSlash,     // all but %2F
  ExceptReserved,  // all but gen-delims and sub-delims
};

// RFC 3986 section 2.3 and 2.2. A byte over 0x7F is neither.
bool is_unreserved(char c);
bool is_reserved(char c);

// Appends the canonical form: encoded unreserved octets decoded, the hex digits of all others in upper case. A "%" that
// starts no triple stays. Never longer than `raw`.
void append_canonical(std::string& out, std::string_view raw);

// Errors of a path that no route may receive: a malformed triple, %00, a segment that is "." or ".." in any encoding.
// `path` is the raw path of the request, without the query.
rpc::Result<void> check_path(std::string_view path);

// Decodes what a path variable captured, once. The result is `raw` itself when it holds no "%", else a view of
// `scratch`, whose memory is reused. Errors: a malformed triple, a zero byte, bytes that are not UTF-8, and a "." or
// ".." between slashes of the decoded value. Columns count the bytes of `raw` from 1. A "+" is a plus.
rpc::Result<std::string_view> decode_capture(std::string_view raw, Unescape which, std::string& scratch);

// Decodes a name or a value of a query: every triple, and "+" is a space. The result is `raw` or a view of `scratch`,
// as above. Error: a malformed triple. Whether the bytes have to be UTF-8 depends on the field: see utf8.h.
rpc::Result<std::string_view> decode_form(std::string_view raw, std::string& scratch);

}  // namespace sluice::http_rule
