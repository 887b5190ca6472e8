// The request parser without I/O: every split of the input, targets, framing.
#include "gateway/http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/http/request_target.h"

namespace sluice::gateway {
namespace {

constexpr HeadScanner::Limits kLimits{1000, 100};

// What comes out of the parser when the bytes arrive in two pieces.
std::string parse_split(std::string_view bytes, std::size_t split) {
  RequestParser parser(kLimits);
  RequestHead head;
  std::string out;
  std::size_t used = 0;
  for (const std::string_view now : {bytes.substr(0, split), bytes}) {
    if (used == 0) {
      const auto size = parser.parse_head(now, head);
      if (!size) return "error " + std::to_string(size.error().status) + " " + size.error().message;
      if (*size == 0) continue;
      used = *size;
    }
    while (!parser.body_done()) {
      const auto piece = parser.parse_body(now.substr(used));
      if (!piece) return "error " + std::to_string(piece.error().status) + " " + piece.error().message;
      used += piece->consumed;
      out += piece->bytes;
      if (piece->bytes.empty() && !piece->last) break;
    }
  }
  if (used == 0) return "incomplete head";
  if (!parser.body_done()) return "incomplete body";
  std::string text(head.method);
  text.append(" ").append(head.target).append(" ").append(head.authority);
  for (const auto& [name, value] : head.headers) text.append("|").append(name).append("=").append(value);
  return text + "|" + out + "|rest " + std::string(bytes.substr(used));
}

TEST(RequestParser, GivesTheSameForEverySplit) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / a|Host=a||rest "},
      {"\r\nPUT /x HTTP/1.1\r\nHost:a \r\nA:\t b c \r\nContent-Length: 3\r\n\r\nabcGET",
       "PUT /x a|Host=a|A=b c|Content-Length=3|abc|rest GET"},
      {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
       "chunked\r\n\r\n03;x=\"y\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n!",
       "POST /x a|Host=a|Transfer-Encoding=chunked|abc0123456789|rest !"},
      {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "POST /x a|Host=a|Transfer-Encoding=chunked||rest "},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n", "GET / a|Host=a|X=\xff||rest "},
      {"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", "error 400 line feed without carriage return in the request's head"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", "error 400 header field folded over several lines"},
      {"GET /" + std::string(200, 'a') + " HTTP/1.1\r\n\r\n", "error 414 request target of more than 100 bytes"},
      {"GET /" + std::string(120, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
       "error 414 request target of more than 100 bytes"},
      {"GET / HTTP/1.1\r\nA: " + std::string(1000, 'a'), "error 431 request head of more than 1000 bytes"},
  };
  for (const auto& [bytes, expected] : table) {
    for (std::size_t split = 0; split <= bytes.size(); ++split) {
      ASSERT_EQ(parse_split(bytes, split), expected) << "split at " << split << " of " << bytes;
    }
  }
}

TEST(RequestParser, KnowsWhetherTheConnectionStaysOpen) {
  const std::vector<std::pair<std::string, bool>> table = {
      {"HTTP/1.1\r\nHost: a\r\n", true},
      {"HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: upgrade, CLOSE\r\n", false},
      {"HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n", true},
      {"HTTP/1.0\r\n", false},
      {"HTTP/1.0\r\nConnection: Keep-Alive\r\n", true},
      {"HTTP/1.0\r\nConnection: Keep-Alive, close\r\n", false},
  };
  for (const auto& [rest, keep_alive] : table) {
    RequestParser parser(kLimits);
    RequestHead head;
    ASSERT_TRUE(parser.parse_head("GET / " + rest + "\r\n", head)) << rest;
    EXPECT_EQ(parser.keep_alive(), keep_alive) << rest;
  }
}

TEST(RequestParser, TellsTheLengthAndTheExpectation) {
  RequestParser parser(kLimits);
  RequestHead head;
  ASSERT_TRUE(
      parser.parse_head("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-CONTINUE\r\nContent-Length: 7\r\n\r\n", head));
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.content_length(), 7u);
  EXPECT_FALSE(parser.body_done());

  RequestParser old(kLimits);
  ASSERT_TRUE(old.parse_head("PUT / HTTP/1.0\r\nExpect: anything\r\n\r\n", head));
  EXPECT_FALSE(old.expects_continue());
  EXPECT_EQ(old.content_length(), 0u);
  EXPECT_TRUE(old.body_done());
}

struct TargetCase {
  const char* method;
  const char* raw;
  const char* target;  // nullptr: refused
  const char* authority;
};

TEST(RequestTarget, BringsAllFormsIntoOne) {
  const std::vector<TargetCase> table = {
      {"GET", "/", "/", ""},
      {"GET", "/a?b=/c", "/a?b=/c", ""},
      {"GET", "//a", "//a", ""},
      {"GET", "http://h/a?b", "/a?b", "h"},
      {"GET", "HTTPS://[::1]:8/", "/", "[::1]:8"},
      {"GET", "http://h", "/", "h"},
      {"GET", "http://h?a", "/?a", "h"},
      {"OPTIONS", "*", "*", ""},
      {"OPTIONS", "http://h:1", "*", "h:1"},
      {"OPTIONS", "/a", "/a", ""},
      {"CONNECT", "h:443", "h:443", "h:443"},
      {"GET", "*", nullptr, nullptr},
      {"GET", "h:443", nullptr, nullptr},
      {"GET", "http://", nullptr, nullptr},
      {"GET", "http:///a", nullptr, nullptr},
      {"GET", "http://u@h/", nullptr, nullptr},
      {"GET", "ws://h/", nullptr, nullptr},
      {"GET", "a/b", nullptr, nullptr},
      {"GET", "/a#b", nullptr, nullptr},
      {"GET", "http://h#b", nullptr, nullptr},
      {"GET", "/\x80", nullptr, nullptr},
      {"CONNECT", "/a", "/a", ""},
  };
  for (const TargetCase& one : table) {
    RequestHead head;
    head.method = one.method;
    const auto good = read_target(one.raw, head);
    ASSERT_EQ(good.has_value(), one.target != nullptr) << one.raw;
    if (!good) continue;
    EXPECT_EQ(std::string_view(head.target), one.target) << one.raw;
    EXPECT_EQ(std::string_view(head.authority), one.authority) << one.raw;
  }
}

}  // namespace
}  // namespace sluice::gateway
