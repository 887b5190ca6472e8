// The values of one HTTP exchange: header fields, the head of a request, the head and the whole of a response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/pair_list.h"
#include "rpc_core/base/pool.h"

namespace sluice::gateway {

// Text that lives as long as one exchange; its memory comes from the thread's pool.
using PoolString = std::basic_string<char, std::char_traits<char>, rpc::PoolAllocator<char>>;

// Equal but for the case of ASCII letters: how field names, methods of coding and connection options compare.
bool equal_ignoring_case(std::string_view a, std::string_view b);
// Whether a comma-separated list (RFC 9110 section 5.6.1) has this element, in any case.
bool list_contains(std::string_view list, std::string_view token);

// Header fields in the order in which they came: names keep their case and compare without it; a name may stand several
// times. A value: copied, moved, compared (there names are compared with their case).
//
//   headers.set("Content-Type", "application/json");
//   for (auto [name, value] : headers) …
class Headers : public rpc::PairList {
 public:
  using PairList::PairList;

  // Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  // Removes every field of that name and says how many there were.
  std::size_t remove(std::string_view name);

  // The first value of that name.
  std::optional<std::string_view> get(std::string_view name) const;
  bool contains(std::string_view name) const { return get(name).has_value(); }
  // The values of all fields of that name as one list (RFC 9110 section 5.3).
  PoolString joined(std::string_view name) const;
  // Whether any field of that name, read as a list, has this element: has_token("Connection", "close").
  bool has_token(std::string_view name, std::string_view token) const;

  friend bool operator==(const Headers& a, const Headers& b);
};

enum class HttpVersion : std::uint8_t { Http10, Http11 };

struct RequestHead {
  PoolString method;     // as sent: "GET"; any token
  PoolString target;     // path and query, still encoded; "*" for OPTIONS; host:port for CONNECT
  PoolString authority;  // of an absolute-form target, else the Host field; may be empty
  HttpVersion version = HttpVersion::Http11;
  Headers headers;
};

// How the head of an answer starts. Content-Length, Transfer-Encoding, Connection, Keep-Alive, Trailer and Date belong
// to the session: such fields set here are dropped; so are fields whose name or value would break the framing of the
// head.
struct ResponseHead {
  explicit ResponseHead(int http_status = 200) : status(http_status) {}

  int status;
  Headers headers;
};

// A body buffer with this much head-room leaves together with its head, as one run of bytes, without being copied.
inline constexpr std::size_t kResponseHeadroom = 512;

// A whole answer.
struct Response {
  explicit Response(int http_status = 200) : head(http_status) {}
  Response(ResponseHead the_head, rpc::Buffer the_body) : head(std::move(the_head)), body(std::move(the_body)) {}

  ResponseHead head;
  rpc::Buffer body;
};

// "Not Found"; "Unknown" for a status without a registered phrase.
std::string_view reason_phrase(int http_status);

}  // namespace sluice::gateway
