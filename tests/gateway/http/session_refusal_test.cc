// Requests that are refused: one answer, then the connection closes, and nothing behind them is taken for a request.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

struct Case {
  const char* name;
  std::string request;
  const char* message;
  int status = 400;
};

std::string line_of(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_phrase(status));
}

int code_of(int status) { return status == 414 || status == 431 || status == 413 ? 8 : 3; }

constexpr const char* kCoding = "expected Transfer-Encoding: chunked, once, and none beside Content-Length";
constexpr const char* kLength = "expected one decimal Content-Length, and none beside Transfer-Encoding";
constexpr const char* kPlainLength = "expected one decimal Content-Length";
constexpr const char* kBareLineFeed = "line feed without carriage return in the request's head";
constexpr const char* kBareReturn = "carriage return without line feed in the request's head";
constexpr const char* kTargetByte = "control or non-ASCII byte in the request target";
constexpr const char* kTarget = "expected a request target without controls or spaces";
constexpr const char* kValue = "control byte, or no list where one is expected, in a header field value";
constexpr const char* kName = "expected a header field name and a colon";
constexpr const char* kVersion = "expected HTTP/1.1 or HTTP/1.0 at the end of the request line";

std::string with(const std::string& fields, const std::string& body = "") {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> table = {
      {"identity", with("Transfer-Encoding: identity\r\n"), kCoding},
      {"xchunked", with("Transfer-Encoding: xchunked\r\n"), kCoding},
      {"chunked, gzip", with("Transfer-Encoding: chunked, gzip\r\n"), kCoding},
      {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n"), kCoding},
      {"chunked, chunked", with("Transfer-Encoding: chunked, chunked\r\n"), kCoding},
      {"empty coding", with("Transfer-Encoding:\r\n"), kCoding},
      {"quoted coding", with("Transfer-Encoding: \"chunked\"\r\n"), kCoding},
      {"coding with a parameter", with("Transfer-Encoding: chunked;a=b\r\n"), kCoding},
      {"vertical tab",
       with("Transfer-Encoding: \x0b"
            "chunked\r\n"),
       kValue},
      {"coding twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), kCoding},
      {"identity, then chunked", with("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"), kCoding},
      {"coding, then length", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), kLength},
      {"length, then coding", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), kCoding},
      {"identity and length", with("Transfer-Encoding: identity\r\nContent-Length: 3\r\n"), kCoding},
      {"coding on 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding on HTTP/1.0"},
      {"two lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n"),
       "Content-Length given twice, with different values"},
      {"two lengths in a list", with("Content-Length: 3, 3\r\n"), kPlainLength},
      {"signed length", with("Content-Length: +3\r\n"), kLength},
      {"negative length", with("Content-Length: -1\r\n"), kLength},
      {"hexadecimal length", with("Content-Length: 0x3\r\n"), kLength},
      {"empty length", with("Content-Length:\r\n"), kLength},
      {"enormous length", with("Content-Length: 18446744073709551616\r\n"), kLength},
      {"no host", "GET / HTTP/1.1\r\n\r\n", "expected a Host, got none"},
      {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", "expected one Host, got several"},
      {"two hosts on 1.0", "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", "expected one Host, got several"},
      {"host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", "expected host[:port] as Host"},
      {"host with a user", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", "expected host[:port] as Host"},
      {"folded field", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "header field folded over several lines"},
      {"fold by tab", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n", "header field folded over several lines"},
      {"space before the first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "header field folded over several lines"},
      {"bare line feed in the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", kBareLineFeed},
      {"bare line feed in a field", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", kBareLineFeed},
      {"bare line feeds at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", kBareLineFeed},
      {"bare line feed first", "\nGET / HTTP/1.1\r\n\r\n", kBareLineFeed},
      {"bare return in a field", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", kBareReturn},
      {"return twice", "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n", kBareReturn},
      {"null in a field", with(std::string("A: b\0c\r\n", 8)), kValue},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", kName},
      {"no colon", with("nonsense\r\n"), kName},
      {"empty name", with(": x\r\n"), kName},
      {"high byte in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", kTargetByte},
      {"control in the target", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", kTarget},
      {"delete in the target", "GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n", kTarget},
      {"tab in the target", "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", kTarget},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", kVersion},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", kTarget},
      {"no target", "GET HTTP/1.1\r\nHost: x\r\n\r\n", kTarget},
      {"relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
       "expected a request target that begins with '/' or http://"},
      {"foreign scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
       "expected a request target that begins with '/' or http://"},
      {"asterisk with GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
       "expected a request target that begins with '/' or http://"},
      {"user in the target", "GET http://u@x/ HTTP/1.1\r\nHost: x\r\n\r\n",
       "expected host[:port] in the absolute request target"},
      {"no host in the target", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n",
       "expected host[:port] in the absolute request target"},
      {"HTTP/0.9", "GET /\r\nHost: x\r\n\r\n", kTarget},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", kVersion},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", kVersion},
      {"lower-case version", "GET / http/1.1\r\nHost: x\r\n\r\n", kVersion},
      {"no HTTP", "\x16\x03\x01\x02", "expected a request line, got a byte that begins no method"},
      {"many empty lines", "\r\n\r\n\r\n\r\n\r\n\r\n", "expected a request line, got empty lines"},
      {"other expectation", with("Expect: 200-ok\r\n"), "expected no Expect but 100-continue", 417},
      {"long target", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
       "request target of more than 8192 bytes", 414},
      {"target without end", "GET /" + std::string(20000, 'a'), "request target of more than 8192 bytes", 414},
      {"long head", with("A: " + std::string(65536, 'a') + "\r\n"), "request head of more than 65536 bytes", 431},
      {"head without end", "GET / HTTP/1.1\r\n" + std::string(70000, 'a'), "request head of more than 65536 bytes",
       431},
  };
  return table;
}

TEST(SessionRefusal, AnswersOnceAndCloses) {
  for (const Case& one : cases()) {
    for (const std::size_t largest_read : {std::size_t{1} << 20, std::size_t{1}}) {
      SCOPED_TRACE(std::string(one.name) + ", reads of " + std::to_string(largest_read));
      TestServer server;
      rpc::MemoryStreamOptions stream;
      stream.largest_read = largest_read;
      ScriptedClient& client = server.connect(stream);
      client.send(one.request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
      server.settle();
      EXPECT_EQ(client.received(), error_answer(line_of(one.status), code_of(one.status), one.message));
      EXPECT_TRUE(client.ended());
    }
  }
}

TEST(SessionRefusal, TakesHeadsAndTargetsUpToTheirLimits) {
  HttpOptions options;
  options.max_target_bytes = 100;
  options.max_header_bytes = 300;
  for (const int over : {0, 1}) {
    SCOPED_TRACE(over);
    TestServer server(echo, options);
    const std::string target = exchange(server, "GET /" + std::string(99 + over, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(target.substr(9, 3), over == 0 ? "200" : "414");
    const std::string before = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    const std::string head = exchange(server, before + std::string(300 - before.size() - 4 + over, 'a') + "\r\n\r\n");
    EXPECT_EQ(head.substr(9, 3), over == 0 ? "200" : "431");
  }
}

TEST(SessionRefusal, RefusesBrokenChunks) {
  const std::vector<std::pair<const char*, const char*>> bodies = {
      {"x\r\n", "expected the size of a chunk in hexadecimal digits"},
      {"-1\r\nab\r\n", "expected the size of a chunk in hexadecimal digits"},
      {"10000000000000000\r\na\r\n", "expected the size of a chunk in hexadecimal digits"},
      {"1\r\nabc\r\n0\r\n\r\n", "expected the size of a chunk in hexadecimal digits"},
      {"1\na\r\n0\r\n\r\n", nullptr},
      {"1\r\na\n0\r\n\r\n", nullptr},
      {"1 x\r\na\r\n0\r\n\r\n", nullptr},
      {"0\r\nContent-Length: 5\r\n\r\n", "expected one decimal Content-Length, and none beside Transfer-Encoding"},
      {"0\r\nbad trailer\r\n\r\n", "expected a header field name and a colon"},
  };
  for (const auto& [body, message] : bodies) {
    for (const std::size_t largest_read : {std::size_t{1} << 20, std::size_t{1}}) {
      SCOPED_TRACE(std::string(body) + ", reads of " + std::to_string(largest_read));
      TestServer server;
      rpc::MemoryStreamOptions stream;
      stream.largest_read = largest_read;
      ScriptedClient& client = server.connect(stream);
      client.send(with("Transfer-Encoding: chunked\r\n", body) + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
      server.settle();
      EXPECT_EQ(client.received().substr(0, 12), "HTTP/1.1 400");
      if (message != nullptr) {
        EXPECT_EQ(client.received(), error_answer("HTTP/1.1 400 Bad Request", 3, message));
      }
      EXPECT_TRUE(client.ended());
    }
  }
}

TEST(SessionRefusal, BoundsChunkHeadersAndTrailers) {
  for (const std::string& body : {"1;" + std::string(100000, 'a'), "0\r\nA: " + std::string(100000, 'a')}) {
    TestServer server;
    EXPECT_EQ(exchange(server, with("Transfer-Encoding: chunked\r\n", body)),
              error_answer("HTTP/1.1 400 Bad Request", 3, "chunk header or trailers too long"));
  }
}

TEST(SessionRefusal, RefusesBodiesOverTheLimitOfTheHandlerAndLetsTheClientReadThat) {
  const std::vector<std::pair<const char*, std::string>> requests = {
      {"announced", with("Content-Length: 11\r\n", "12345678901")},
      {"announced, unsent", with("Content-Length: 1000000\r\nExpect: 100-continue\r\n")},
      {"chunked", with("Transfer-Encoding: chunked\r\n", "5\r\n12345\r\n6\r\n678901\r\n0\r\n\r\n")},
  };
  for (const auto& [name, request] : requests) {
    SCOPED_TRACE(name);
    TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
      request.limit_body(10);
      co_await echo(request, responder);
    });
    ScriptedClient& client = server.connect();
    client.send(request);
    server.settle();
    EXPECT_EQ(client.received(),
              error_answer("HTTP/1.1 413 Content Too Large", 8, "request body of more than 10 bytes"));
    client.send(std::string(2 << 20, 'x'));
    server.settle();
    EXPECT_TRUE(client.idle()) << "what the client still sends is read and dropped";
    client.close();
    server.settle();
    EXPECT_EQ(server.connections().size(), 0u);
  }
}

TEST(SessionRefusal, TakesABodyOfExactlyTheLimit) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    request.limit_body(10);
    co_await echo(request, responder);
  });
  EXPECT_EQ(exchange(server, with("Content-Length: 10\r\n", "1234567890")).substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(exchange(server, with("Transfer-Encoding: chunked\r\n", "a\r\n1234567890\r\n0\r\n\r\n")).substr(0, 12),
            "HTTP/1.1 200");
}

}  // namespace
}  // namespace sluice::gateway
