// The timeouts of a connection: idle, head, body, write, and the time in which a closing one lingers.
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(SessionTimeout, ClosesAnIdleConnectionInSilence) {
  TestServer server;
  ScriptedClient& fresh = server.connect();
  ScriptedClient& used = server.connect();
  server.settle();
  server.advance(seconds(30));
  used.send(kGet);
  server.settle();
  used.take();
  server.advance(seconds(29) + milliseconds(999));
  EXPECT_FALSE(fresh.ended());
  server.advance(milliseconds(2));
  EXPECT_TRUE(fresh.ended());
  EXPECT_EQ(fresh.received(), "");
  EXPECT_FALSE(used.ended());
  server.advance(seconds(30));
  EXPECT_TRUE(used.ended());
  EXPECT_EQ(used.received(), "");
  server.advance(seconds(1));
  EXPECT_EQ(server.connections().size(), 0u);
}

TEST(SessionTimeout, AnswersASlowHeadHoweverOftenAByteComes) {
  TestServer server;
  ScriptedClient& client = server.connect();
  server.settle();
  server.advance(seconds(50));
  client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  server.settle();
  for (int i = 0; i < 9; ++i) {
    client.send("a");
    server.advance(seconds(1));
    EXPECT_EQ(client.received(), "");
  }
  server.advance(seconds(1) + milliseconds(1));
  EXPECT_EQ(client.received(),
            error_answer("HTTP/1.1 408 Request Timeout", 4, "the head of the request took too long"));
  EXPECT_TRUE(client.ended());
}

TEST(SessionTimeout, AnswersABodyThatPauses) {
  TestServer server;
  ScriptedClient& client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
  server.settle();
  for (int i = 0; i < 5; ++i) {
    server.advance(seconds(29));
    client.send("a");
    server.settle();
    EXPECT_EQ(client.received(), "");
  }
  server.advance(seconds(30) + milliseconds(1));
  EXPECT_EQ(client.received(),
            error_answer("HTTP/1.1 408 Request Timeout", 4, "the body of the request paused for too long"));
  EXPECT_TRUE(client.ended());
}

TEST(SessionTimeout, LetsAHandlerTakeItsTime) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    co_await rpc::sleep_for(request.loop(), std::chrono::hours(1));
    co_await responder.send(text_response("late"));
  });
  ScriptedClient& client = server.connect();
  client.send(kGet);
  server.settle();
  server.advance(std::chrono::hours(1));
  EXPECT_TRUE(client.received().ends_with("late"));
}

TEST(SessionTimeout, ClosesOnAClientThatTakesNothing) {
  TestServer server([](Request&, Responder& responder) -> rpc::Task<void> {
    const std::string large(1 << 20, 'x');
    co_await responder.send(text_response(large));
  });
  rpc::MemoryStreamOptions stream;
  stream.capacity = 50000;
  ScriptedClient& client = server.connect(stream);
  client.set_reading(false);
  client.send(kGet);
  server.settle();
  server.advance(seconds(29));
  EXPECT_EQ(server.connections().size(), 1u);
  server.advance(seconds(1) + milliseconds(1));
  EXPECT_EQ(server.connections().size(), 0u);
  EXPECT_EQ(server.hits(Limit::WriteTimeout), 1u);
}

// The session has as many requests as it takes, and reads no more, when it ends.
TEST(SessionTimeout, ClosesOnAClientThatTakesNothingAndGoesOnAsking) {
  TestServer server;
  ScriptedClient& client = server.connect();
  client.set_reading(false);
  std::string flood;
  for (int i = 0; i < 20000; ++i) flood += kGet;
  client.send(flood);
  server.settle();
  EXPECT_EQ(server.connections().size(), 1u);
  server.advance(seconds(31));
  EXPECT_EQ(server.connections().size(), 0u);
  EXPECT_EQ(server.hits(Limit::WriteTimeout), 1u);
}

TEST(SessionTimeout, BearsWithAClientThatTakesALittle) {
  TestServer server([](Request&, Responder& responder) -> rpc::Task<void> {
    const std::string large(1 << 20, 'x');
    co_await responder.send(text_response(large));
  });
  rpc::MemoryStreamOptions stream;
  stream.capacity = 150000;
  stream.largest_read = 150000;
  ScriptedClient& client = server.connect(stream);
  client.send(kGet);
  for (int i = 0; i < 20; ++i) {
    server.advance(seconds(20));
    client.set_reading(i % 2 == 0);
  }
  client.set_reading(true);
  server.settle();
  EXPECT_GT(client.received().size(), std::size_t{1} << 20);
}

TEST(SessionTimeout, LingersForAWhileOnlyWhenItCloses) {
  TestServer server;
  ScriptedClient& client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  server.settle();
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections().size(), 1u);
  for (int i = 0; i < 9; ++i) {
    server.advance(seconds(1));
    client.send("still here");
    server.settle();
    EXPECT_EQ(server.connections().size(), 1u);
  }
  server.advance(seconds(1) + milliseconds(1));
  EXPECT_EQ(server.connections().size(), 0u);

  server.connect().send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  server.settle();
  server.advance(seconds(2) + milliseconds(1));
  EXPECT_EQ(server.connections().size(), 0u);
}

}  // namespace
}  // namespace sluice::gateway
