// Clients that go away, connections that break, handlers that fail, and drains.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

// Waits for an hour, and notes when it was stopped.
struct Sleeper {
  int started = 0;
  int stopped = 0;
  FunctionHandler::Function function() {
    return [this](Request& request, Responder& responder) -> rpc::Task<void> {
      ++started;
      const bool slept = co_await rpc::sleep_for(request.loop(), std::chrono::hours(1));
      if (!slept && request.gone().stop_requested()) ++stopped;
      co_await responder.send(text_response("slept"));
    };
  }
};

TEST(SessionHangup, StopsTheHandlerWhenTheClientClosesOrHalfCloses) {
  for (const bool half : {true, false}) {
    SCOPED_TRACE(half);
    Sleeper sleeper;
    TestServer server(sleeper.function());
    ScriptedClient& client = server.connect();
    client.send(kGet);
    server.settle();
    EXPECT_EQ(sleeper.started, 1);
    EXPECT_EQ(sleeper.stopped, 0);
    half ? client.half_close() : client.close();
    server.settle();
    EXPECT_EQ(sleeper.stopped, 1);
    EXPECT_EQ(server.connections().size(), 0u);
  }
}

TEST(SessionHangup, LosesNoPipelinedBytesWhileItWatchesForAHangup) {
  Sleeper sleeper;
  TestServer server(sleeper.function());
  rpc::MemoryStreamOptions stream;
  stream.largest_read = 7;
  ScriptedClient& client = server.connect(stream);
  for (int i = 0; i < 20; ++i) client.send(kGet);
  server.settle();
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(sleeper.started, i);
    server.advance(std::chrono::hours(1));
  }
  EXPECT_EQ(sleeper.stopped, 0);
  std::size_t answers = 0;
  for (auto at = client.received().find("slept"); at != std::string::npos;
       at = client.received().find("slept", at + 1)) {
    ++answers;
  }
  EXPECT_EQ(answers, 20u);
}

TEST(SessionHangup, TellsTheReaderOfABodyThatTheClientIsGone) {
  rpc::Status error;
  TestServer server([&](Request& request, Responder&) -> rpc::Task<void> {
    const rpc::Result<std::string> body = co_await read_all(request);
    if (!body) error = body.error();
    const rpc::Result<BodyChunk> again = co_await request.read_body();
    EXPECT_EQ(again.error(), error);
  });
  ScriptedClient& client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  server.settle();
  client.half_close();
  server.settle();
  EXPECT_EQ(error.code(), rpc::StatusCode::Cancelled);
  EXPECT_EQ(client.received(), "");
}

TEST(SessionHangup, AStopOfTheReaderEndsItsWaitForTheBody) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    rpc::StopSource deadline(request.gone());
    rpc::Task<rpc::Result<BodyChunk>> reading = request.read_body().with_stop(deadline.token());
    rpc::TaskGroup group(request.loop());
    auto stop_soon = [](rpc::Loop& loop, rpc::StopSource& source) -> rpc::Task<void> {
      co_await rpc::sleep_for(loop, seconds(1));
      source.request_stop();
    };
    group.spawn(stop_soon(request.loop(), deadline));
    const rpc::Result<BodyChunk> chunk = co_await std::move(reading);
    EXPECT_FALSE(chunk);
    co_await group.join();
    Response late(504);
    co_await responder.send(std::move(late));
  });
  ScriptedClient& client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
  server.settle();
  server.advance(seconds(1));
  EXPECT_EQ(client.received(), "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(SessionHangup, SurvivesAFailureOfAnyReadOrWrite) {
  const std::string requests =
      "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
      "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  std::size_t completed = 0;
  for (std::size_t fail_at = 1; completed < 2; ++fail_at) {
    SCOPED_TRACE(fail_at);
    ASSERT_LT(fail_at, 1000u);
    TestServer server([&](Request& request, Responder& responder) -> rpc::Task<void> {
      const rpc::Result<std::string> body = co_await read_all(request);
      if (!body) co_return;
      const bool begun = co_await responder.begin(ResponseHead());
      if (begun) co_await responder.write(rpc::Buffer::copy_of(*body));
      co_await responder.end();
    });
    rpc::MemoryStreamOptions stream;
    stream.largest_read = 3;
    stream.fail_at = fail_at;
    ScriptedClient& client = server.connect(stream);
    client.send(requests);
    server.settle();
    completed = 0;
    for (std::size_t at = 0; (at = client.received().find("0\r\n\r\n", at)) != std::string::npos; ++at) ++completed;
    EXPECT_EQ(server.connections().size(), completed == 2 ? 1u : 0u);
  }
}

TEST(SessionHangup, AnswersAHandlerThatThrowsOrForgetsToAnswer) {
  for (const bool throws : {true, false}) {
    SCOPED_TRACE(throws);
    TestServer server([&](Request&, Responder&) -> rpc::Task<void> {
      if (throws) throw std::runtime_error("secret");
      co_return;
    });
    EXPECT_EQ(exchange(server, kGet), error_answer("HTTP/1.1 500 Internal Server Error", 13, "internal error"));
    server.advance(seconds(3));
    EXPECT_EQ(server.connections().size(), 0u);
    EXPECT_EQ(server.failures(), throws ? 1 : 0);
  }
}

TEST(SessionHangup, RefusesWithRetryAfterWhenAskedTo) {
  TestServer server;
  ScriptedClient& client = server.connect({}, Session::Mode::Refuse);
  server.settle();
  EXPECT_EQ(client.received(),
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\n"
            "Content-Length: 74\r\nConnection: close\r\n\r\n"
            "{\"code\":14,\"message\":\"too many connections, try again later\",\"details\":[]}");
  EXPECT_TRUE(client.ended());
}

TEST(ConnectionsDrain, AnnouncesTheCloseAndGoesOnServing) {
  TestServer server;
  ScriptedClient& client = server.connect();
  server.settle();
  server.connections().announce_close();
  server.settle();
  EXPECT_FALSE(client.ended());
  client.send(kGet);
  server.settle();
  EXPECT_NE(client.received().find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(exchange(server, kGet).substr(0, 12), "HTTP/1.1 200");
}

TEST(ConnectionsDrain, ClosesIdleConnectionsAndWaitsForRunningOnes) {
  Sleeper sleeper;
  TestServer server(sleeper.function());
  ScriptedClient& idle = server.connect();
  ScriptedClient& busy = server.connect();
  busy.send(kGet);
  server.settle();
  bool drained = false;
  server.connections().drain(std::chrono::hours(2), [&] { drained = true; });
  server.settle();
  server.advance(milliseconds(499));
  EXPECT_FALSE(idle.ended());
  server.advance(milliseconds(2));
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(busy.ended());
  server.advance(std::chrono::hours(1));
  EXPECT_NE(busy.received().find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(sleeper.stopped, 0);
  busy.close();
  server.settle();
  EXPECT_TRUE(drained);
}

TEST(ConnectionsDrain, AnswersRequestsThatWereOnTheirWay) {
  TestServer server;
  ScriptedClient& idle = server.connect();
  server.settle();
  ScriptedClient& unread = server.connect();
  unread.send(kGet);
  bool drained = false;
  server.connections().drain(seconds(30), [&] { drained = true; });
  ScriptedClient& accepted_before = server.connect();
  server.advance(milliseconds(400));
  idle.send(kGet);
  accepted_before.send(kGet);
  server.settle();
  for (ScriptedClient* client : {&idle, &unread, &accepted_before}) {
    EXPECT_TRUE(client->received().starts_with("HTTP/1.1 200 OK\r\n")) << client->received();
    EXPECT_NE(client->received().find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_TRUE(client->ended());
    EXPECT_FALSE(drained);
    client->close();
    server.settle();
  }
  EXPECT_TRUE(drained);
}

TEST(ConnectionsDrain, ReadsWhatComesTooLateSoThatNoResetFollows) {
  TestServer server;
  ScriptedClient& late = server.connect();
  server.settle();
  bool drained = false;
  server.connections().drain(seconds(30), [&] { drained = true; });
  server.settle();
  server.advance(milliseconds(501));
  EXPECT_TRUE(late.ended());
  late.send(kGet);
  server.settle();
  EXPECT_EQ(late.received(), "");
  EXPECT_TRUE(late.idle()) << "what the client still sends is read and dropped";
  server.advance(milliseconds(499));
  EXPECT_FALSE(drained);
  server.advance(milliseconds(2));
  EXPECT_TRUE(drained);
}

TEST(ConnectionsDrain, CancelsAndAnswersWhatStillRunsAfterTheTimeout) {
  Sleeper sleeper;
  TestServer server(sleeper.function());
  ScriptedClient& client = server.connect();
  client.send(kGet);
  server.settle();
  bool drained = false;
  server.connections().drain(seconds(30), [&] { drained = true; });
  server.advance(seconds(29));
  EXPECT_FALSE(drained);
  server.advance(seconds(1));
  EXPECT_EQ(sleeper.stopped, 1);
  EXPECT_EQ(server.hits(Limit::DrainTimeout), 1u);
  EXPECT_TRUE(client.received().ends_with("slept")) << client.received();
  EXPECT_TRUE(client.ended());
  client.close();
  server.settle();
  EXPECT_TRUE(drained);
}

TEST(ConnectionsDrain, AnswersForAHandlerThatItCancels) {
  TestServer server([](Request& request, Responder&) -> rpc::Task<void> {
    const bool slept = co_await rpc::sleep_for(request.loop(), std::chrono::hours(1));
    EXPECT_FALSE(slept);
    EXPECT_TRUE(request.context().stopping);
  });
  ScriptedClient& client = server.connect();
  client.send(kGet);
  server.settle();
  server.connections().drain(seconds(30), [] {});
  server.advance(seconds(31));
  EXPECT_EQ(client.received(), error_answer("HTTP/1.1 503 Service Unavailable", 14, "the gateway is stopping"));
}

TEST(ConnectionsDrain, BreaksOffWhatIsNotAnsweredInTime) {
  TestServer server;
  ScriptedClient& client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: ");
  server.settle();
  bool drained = false;
  server.connections().drain(seconds(3), [&] { drained = true; });
  server.advance(seconds(3));
  EXPECT_FALSE(drained);
  server.advance(seconds(1));
  EXPECT_TRUE(drained);
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace sluice::gateway
