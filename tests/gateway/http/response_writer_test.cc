// The bytes of heads, chunks and trailers; dates.
#include "gateway/http/response_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/http/error_writer.h"
#include "gateway/http/http_date.h"

namespace sluice::gateway {
namespace {

TEST(ResponseWriter, WritesHeads) {
  using Body = Framing::Body;
  using Connection = Framing::Connection;
  struct Case {
    int status;
    Framing framing;
    const char* expected;
  };
  const std::vector<Case> table = {
      {200, {Body::Length, 12, Connection::Implied, ""}, "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 12\r\n\r\n"},
      {200,
       {Body::Chunked, 0, Connection::Implied, ""},
       "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {204, {Body::None, 0, Connection::Close, ""}, "HTTP/1.1 204 No Content\r\nA: b\r\nConnection: close\r\n\r\n"},
      {200, {Body::UntilClose, 0, Connection::Close, ""}, "HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n"},
      {599,
       {Body::None, 0, Connection::KeepAlive, "D"},
       "HTTP/1.1 599 Unknown\r\nA: b\r\nDate: D\r\nConnection: keep-alive\r\n\r\n"},
  };
  for (const Case& one : table) {
    ResponseHead head(one.status);
    head.headers.add("A", "b");
    rpc::Buffer out;
    append_head(out, head, one.framing);
    EXPECT_EQ(out.text(), one.expected);
  }
}

TEST(ResponseWriter, DropsFieldsOfTheSessionAndMalformedOnes) {
  ResponseHead head(200);
  const std::vector<Headers::Pair> dropped = {{"content-length", "5"},
                                               {"Transfer-Encoding", "chunked"},
                                               {"CONNECTION", "x"},
                                               {"Keep-Alive", "5"},
                                               {"date", "x"},
                                               {"Trailer", "x"},
                                               {"a b", "x"},
                                               {"", "x"},
                                               {"a:", "x"},
                                               {"a\r\nb", "x"},
                                               {"a", "x\r\nb: c"},
                                               {"a", "x\ny"},
                                               {"a", std::string_view("x\0", 2)}};
  for (const auto& [name, value] : dropped) head.headers.add(name, value);
  head.headers.add("Kept", "\tv\xc3\xa9 ");
  rpc::Buffer out;
  append_head(out, head, Framing());
  EXPECT_EQ(out.text(), "HTTP/1.1 200 OK\r\nKept: \tv\xc3\xa9 \r\n\r\n");
}

TEST(ResponseWriter, WritesChunksAndTrailers) {
  rpc::Buffer out;
  append_chunk_size(out, 0xabc);
  append_last_chunk(out, Headers{{"grpc-status", "0"}, {"bad name", "x"}});
  EXPECT_EQ(out.text(), "abc\r\n0\r\ngrpc-status: 0\r\n\r\n");
}

TEST(HttpDate, FormatsOnceASecond) {
  HttpDate date;
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(JsonErrorWriter, EscapesTheMessage) {
  const Response response = JsonErrorWriter().write_error(431, "a\"b\\c\nd", nullptr);
  EXPECT_EQ(response.body.text(), "{\"code\":8,\"message\":\"a\\\"b\\\\c\\u000ad\",\"details\":[]}");
  EXPECT_GE(response.body.headroom(), kResponseHeadroom);
}

}  // namespace
}  // namespace sluice::gateway
