// Good requests as raw bytes, and the raw bytes of their answers; each also delivered byte by byte.
#include "gateway/http/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

std::string ok(std::string_view body, std::string_view more = "") {
  return answer("HTTP/1.1 200 OK", "Content-Type: text/plain\r\n", body, more);
}

struct Case {
  const char* name;
  std::string request;
  std::string answer;
  bool closes = false;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> table = {
      {"get", "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", ok("GET /a?b=c x []")},
      {"leading empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", ok("GET / x []")},
      {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", ok("GET /  []")},
      {"any method", "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n", ok("BREW /pot x []")},
      {"content length", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", ok("POST /a x [hello]")},
      {"content length, twice the same",
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", ok("POST /a x [hi]")},
      {"chunks",
       "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;e=1\r\n world\r\n0\r\n\r\n",
       ok("POST /a x [hello world]")},
      {"chunked, in any case, no chunk", "POST /a HTTP/1.1\r\nHost: x\r\ntransfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n",
       ok("POST /a x []")},
      {"trailers are dropped",
       "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nHost: y\r\nX: z\r\n\r\n",
       ok("POST /a x [a]")},
      {"absolute form", "GET http://h.example:80/p?q HTTP/1.1\r\nHost: other\r\n\r\n", ok("GET /p?q h.example:80 []")},
      {"absolute form without path", "GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n", ok("GET /?q h []")},
      {"options *", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", ok("OPTIONS * x []")},
      {"head has no body", "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n",
       "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n"},
      {"close", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", ok("GET / x []", "Connection: close\r\n"),
       true},
      {"1.0 closes", "GET / HTTP/1.0\r\n\r\n", ok("GET /  []", "Connection: close\r\n"), true},
      {"1.0 stays open when asked", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
       ok("GET /  []", "Connection: keep-alive\r\n")},
      {"pipelined, in order",
       "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n2"
       "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n",
       ok("GET /1 x []") + ok("POST /2 x [2]") + ok("GET /3 x []")},
      {"nothing after close",
       "GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
       ok("GET /1 x []", "Connection: close\r\n"), true},
      {"continue", "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 0\r\n\r\n",
       ok("PUT /a x []")},
  };
  return table;
}

TEST(Session, AnswersEachRequestWholeAndByteByByte) {
  for (const Case& one : cases()) {
    for (const std::size_t largest_read : {std::size_t{1} << 20, std::size_t{1}, std::size_t{3}}) {
      SCOPED_TRACE(std::string(one.name) + ", reads of " + std::to_string(largest_read));
      TestServer server;
      rpc::MemoryStreamOptions stream;
      stream.largest_read = largest_read;
      ScriptedClient& client = server.connect(stream);
      client.send(one.request);
      server.settle();
      EXPECT_EQ(client.received(), one.answer);
      EXPECT_EQ(client.ended(), one.closes);
    }
  }
}

TEST(Session, ServesRequestAfterRequestOnOneConnection) {
  TestServer server;
  ScriptedClient& client = server.connect();
  for (int i = 0; i < 100; ++i) {
    const std::string body(static_cast<std::size_t>(i) * 97, 'b');
    client.send("POST /" + std::to_string(i) +
                " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    server.settle();
    ASSERT_EQ(client.take(), ok("POST /" + std::to_string(i) + " x [" + body + "]"));
  }
}

TEST(Session, KeepsTheOrderOfPipelinedRequestsThatAnswerSlowly) {
  rpc::Loop* loop = nullptr;
  TestServer server([&](Request& request, Responder& responder) -> rpc::Task<void> {
    const int tenths = request.target() == "/slow" ? 10 : 1;
    co_await rpc::sleep_for(*loop, tenths * std::chrono::milliseconds(100));
    co_await responder.send(text_response(request.target()));
  });
  loop = &server.loop();
  ScriptedClient& client = server.connect();
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
  server.settle();
  server.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(client.received(), "");
  server.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(client.take(), ok("/slow"));
  server.advance(std::chrono::milliseconds(100));
  EXPECT_EQ(client.take(), ok("/quick"));
}

TEST(Session, BoundsWhatIsReadAhead) {
  TestServer server([](Request& request, Responder&) -> rpc::Task<void> {
    co_await rpc::sleep_for(request.loop(), std::chrono::hours(1));
  });
  rpc::MemoryStreamOptions stream;
  stream.capacity = 1000;
  ScriptedClient& client = server.connect(stream);
  std::string flood;
  while (flood.size() < 1 << 20) flood += "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(flood);
  server.settle();
  EXPECT_FALSE(client.idle()) << "the client's write should still be waiting";
}

TEST(Session, SendsLargeBodiesWholeInBothDirections) {
  const std::string body(3 << 20, 'q');
  TestServer server;
  ScriptedClient& client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  server.settle();
  EXPECT_TRUE(client.received() == ok("POST / x [" + body + "]"));
}

TEST(Session, AsksForTheBodyOnlyWhenTheHandlerWantsIt) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    if (request.target() == "/no") {
      Response refusal(403);
      co_await responder.send(std::move(refusal));
    } else {
      co_await echo(request, responder);
    }
  });
  ScriptedClient& client = server.connect();
  client.send("POST /yes HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  server.settle();
  EXPECT_EQ(client.take(), ok("POST /yes x [hi]"));
  client.send("POST /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.ended());
}

TEST(Session, DropsAShortUnreadBodyAndClosesBeforeALongOne) {
  TestServer server(
      [](Request&, Responder& responder) -> rpc::Task<void> { co_await responder.send(text_response("unread")); });
  ScriptedClient& client = server.connect();
  client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), ok("unread"));
  client.send("bodyPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), ok("unread", "Connection: close\r\n"));
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace sluice::gateway
