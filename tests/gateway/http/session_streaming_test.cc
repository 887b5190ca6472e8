// Streamed answers: chunks, trailers, aborts, back-pressure.
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// Writes "one", "two", "three" at an interval; ends well, or aborts.
FunctionHandler::Function count_to_three(rpc::Duration pause, bool good) {
  return [=](Request& request, Responder& responder) -> rpc::Task<void> {
    co_await responder.begin(ResponseHead());
    for (const char* text : {"one", "two", "three"}) {
      const bool written = co_await responder.write(rpc::Buffer::copy_of(text));
      if (!written) co_return;
      if (pause != rpc::Duration::zero()) co_await rpc::sleep_for(request.loop(), pause);
    }
    if (good) {
      Headers trailers{{"grpc-status", "0"}, {"bad\r\nname", "x"}};
      co_await responder.end(std::move(trailers));
    } else {
      responder.abort();
    }
  };
}

TEST(SessionStreaming, SendsChunksAndTrailers) {
  TestServer server(count_to_three(rpc::Duration::zero(), true));
  ScriptedClient& client = server.connect();
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    server.settle();
    EXPECT_EQ(client.take(),
              std::string(kChunkedHead) + "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\ngrpc-status: 0\r\n\r\n");
  }
  EXPECT_FALSE(client.ended());
}

TEST(SessionStreaming, SendsEachPieceWhenItIsWritten) {
  TestServer server(count_to_three(std::chrono::seconds(1), true));
  ScriptedClient& client = server.connect();
  client.send(kGet);
  server.settle();
  EXPECT_EQ(client.take(), std::string(kChunkedHead) + "3\r\none\r\n");
  server.advance(std::chrono::seconds(1));
  EXPECT_EQ(client.take(), "3\r\ntwo\r\n");
  server.advance(std::chrono::seconds(1));
  EXPECT_EQ(client.take(), "5\r\nthree\r\n");
}

TEST(SessionStreaming, EndsAbnormallyWithoutTheLastChunk) {
  TestServer server(count_to_three(rpc::Duration::zero(), false));
  ScriptedClient& client = server.connect();
  client.send(kGet);
  server.settle();
  EXPECT_EQ(client.received(), std::string(kChunkedHead) + "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n");
  EXPECT_TRUE(client.ended());
}

TEST(SessionStreaming, AbortBeforeTheAnswerIsAnError) {
  TestServer server([](Request&, Responder& responder) -> rpc::Task<void> {
    responder.abort();
    co_return;
  });
  EXPECT_EQ(exchange(server, kGet), error_answer("HTTP/1.1 500 Internal Server Error", 13, "internal error"));
}

TEST(SessionStreaming, EndsTheBodyOfHttp10ByClosing) {
  TestServer server(count_to_three(rpc::Duration::zero(), true));
  ScriptedClient& client = server.connect();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.received(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nonetwothree");
  EXPECT_TRUE(client.ended());
}

TEST(SessionStreaming, TellsTheHandlerThatHeadWantsNoBody) {
  TestServer server(count_to_three(rpc::Duration::zero(), true));
  ScriptedClient& client = server.connect();
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), kChunkedHead);
  EXPECT_FALSE(client.ended());
}

TEST(SessionStreaming, SendsLargePiecesBetweenSmallOnes) {
  const std::string large(100000, 'L');
  TestServer server([&](Request&, Responder& responder) -> rpc::Task<void> {
    co_await responder.begin(ResponseHead());
    for (int i = 0; i < 3; ++i) {
      co_await responder.write(rpc::Buffer::copy_of("s"));
      co_await responder.write(rpc::Buffer::copy_of(large));
      co_await responder.write(rpc::Buffer());
    }
    co_await responder.end();
  });
  std::string expected = kChunkedHead;
  for (int i = 0; i < 3; ++i) expected += "1\r\ns\r\n186a0\r\n" + large + "\r\n";
  EXPECT_TRUE(exchange(server, kGet) == expected + "0\r\n\r\n");
}

TEST(SessionStreaming, HoldsBackAWriterWhoseReaderIsSlow) {
  std::size_t written = 0;
  bool failed = false;
  TestServer server([&](Request&, Responder& responder) -> rpc::Task<void> {
    co_await responder.begin(ResponseHead());
    for (int i = 0; i < 10000 && !failed; ++i) {
      rpc::Buffer piece = rpc::Buffer::copy_of(std::string(1000, 'x'));
      const bool good = co_await responder.write(std::move(piece));
      failed = !good;
      if (good) written += 1000;
    }
    co_await responder.end();
  });
  rpc::MemoryStreamOptions stream;
  stream.capacity = 10000;
  ScriptedClient& client = server.connect(stream);
  client.set_reading(false);
  client.send(kGet);
  server.settle();
  EXPECT_LT(written, 200000u);
  client.set_reading(true);
  server.settle();
  EXPECT_EQ(written, 10000000u);
  EXPECT_TRUE(client.take().ends_with("0\r\n\r\n"));

  client.set_reading(false);
  client.send(kGet);
  server.settle();
  client.close();
  server.settle();
  EXPECT_TRUE(failed);
  EXPECT_EQ(server.connections().size(), 0u);
}

TEST(SessionStreaming, ReadsTheBodyWhileItAnswers) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    co_await responder.begin(ResponseHead());
    while (true) {
      const rpc::Result<BodyChunk> chunk = co_await request.read_body();
      if (!chunk) co_return;
      rpc::Buffer copy = rpc::Buffer::copy_of(chunk->text());
      co_await responder.write(std::move(copy));
      if (chunk->last) break;
    }
    co_await responder.end();
  });
  ScriptedClient& client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
  server.settle();
  EXPECT_EQ(client.take(), std::string(kChunkedHead) + "2\r\nab\r\n");
  client.send("1\r\nc\r\n");
  server.settle();
  EXPECT_EQ(client.take(), "1\r\nc\r\n");
  client.send("0\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(), "0\r\n\r\n");
}

TEST(SessionStreaming, AnswersBehindTheContinueThatAReaderHasAskedFor) {
  TestServer server([](Request& request, Responder& responder) -> rpc::Task<void> {
    rpc::TaskGroup group(request.loop());
    auto read = [](Request& request) -> rpc::Task<void> {
      const rpc::Result<std::string> body = co_await read_all(request);
      EXPECT_EQ(body, "hi");
    };
    group.spawn(read(request));
    co_await responder.send(text_response("early"));
    co_await group.join();
  });
  ScriptedClient& client = server.connect();
  client.send("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  server.settle();
  EXPECT_EQ(client.take(),
            "HTTP/1.1 100 Continue\r\n\r\n" + answer("HTTP/1.1 200 OK", "Content-Type: text/plain\r\n", "early"));
  client.send("hiPUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  server.settle();
  EXPECT_EQ(client.take(), answer("HTTP/1.1 200 OK", "Content-Type: text/plain\r\n", "early"));
}

TEST(SessionStreaming, IgnoresWhatComesAfterTheEnd) {
  TestServer server([](Request&, Responder& responder) -> rpc::Task<void> {
    co_await responder.send(text_response("one"));
    co_await responder.send(text_response("two"));
    const bool begun = co_await responder.begin(ResponseHead());
    const bool written = co_await responder.write(rpc::Buffer::copy_of("three"));
    EXPECT_FALSE(begun || written);
    co_await responder.end();
  });
  EXPECT_EQ(exchange(server, kGet), answer("HTTP/1.1 200 OK", "Content-Type: text/plain\r\n", "one"));
}

}  // namespace
}  // namespace sluice::gateway
