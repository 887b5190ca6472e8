// Streams in the smallest pieces: requests that come byte by byte, and clients that take an answer as slowly.
#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/proxy.h"
#include "rpc_core/base/waiter.h"
#include "tests/gateway/protocol/rest_fixture.h"
#include "tests/gateway/proxy/scripted_call.h"

namespace sluice::gateway {
namespace {

using rpc::testing::Started;

// Takes one write at a time, when it is told to.
class SlowResponder final : public Responder {
 public:
  explicit SlowResponder(rpc::Loop& loop) : room_(loop) {}

  rpc::Task<void> send(Response whole) override {
    taken += whole.body.text();
    ended = true;
    co_return;
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    status = head.status;
    co_return true;
  }
  rpc::Task<bool> write(rpc::Buffer bytes) override {
    if (bytes.empty()) co_return true;
    EXPECT_FALSE(waiting_) << "one write at a time";
    waiting_ = true;
    while (waiting_) {
      if (bool room = co_await room_.wait(); !room) co_return false;
    }
    taken += bytes.text();
    co_return true;
  }
  using Responder::end;
  rpc::Task<void> end(Headers) override {
    ended = true;
    co_return;
  }
  void abort() override { aborted = true; }
  bool started() const override { return status != 0; }

  void take_one() {
    waiting_ = false;
    room_.notify();
  }

  int status = 0;
  std::string taken;
  bool ended = false;
  bool aborted = false;

 private:
  rpc::Waiter room_;
  bool waiting_ = false;
};

std::vector<std::string> byte_by_byte(std::string_view text) {
  std::vector<std::string> pieces;
  for (const char c : text) pieces.emplace_back(1, c);
  return pieces;
}

class RestPiecesTest : public RestFixture {
 protected:
  RestExchange bound(FakeRequest& request, Responder& to) { return RestExchange(request, to, route, settings()); }
  RestSettings settings() const { return {errors, print, streams, answers}; }

  void bind(RestExchange& exchange) {
    const std::vector<std::string_view> captures(route.unescape.size(), "b1");
    ASSERT_TRUE(exchange.bind(captures, ""));
  }
  std::string titles() const {
    std::string all;
    for (const std::string& message : script.written) {
      test::Book sent;
      EXPECT_TRUE(sent.ParseFromString(message));
      all += sent.title() + ";";
    }
    return all;
  }

  Script script;
  ScriptedCaller backend{loop, script};
};

TEST_F(RestPiecesTest, SendMessagesWhateverThePiecesOfTheRequest) {
  route.client_streams = route.server_streams = true;
  for (const char* body : {R"([{"title":"a"},{"title":"b"}])", "{\"title\":\"a\"}\n{\"title\":\"b\"}\n",
                           R"({"title":"a"}{"title":"b"})", " [ {\"title\":\"a\"} ,\n{\"title\":\"b\"} ] "}) {
    script = Script();
    script.messages = {book("x"), book("y")};
    responder = FakeResponder();
    FakeRequest request(loop, "PUT", "/v1/b1");
    request.pieces = byte_by_byte(body);
    RestExchange exchange = bound(request, responder);
    bind(exchange);
    run(forward(exchange, backend));
    EXPECT_EQ(titles(), "a;b;") << body;
    EXPECT_TRUE(script.half_closed);
    EXPECT_EQ(responder.body, R"([{"id":"x"},{"id":"y"}])");
    EXPECT_EQ(responder.ended, FakeResponder::Ended::Well);
  }
}

TEST_F(RestPiecesTest, EndACallWhoseRequestBreaksOff) {
  route.client_streams = true;
  const std::string body = R"([{"title":"a"},{"title":"b"}])";
  for (std::size_t size = 1; size < body.size(); ++size) {
    script = Script();
    script.messages = {book("x")};
    responder = FakeResponder();
    FakeRequest request(loop, "PUT", "/v1/b1");
    request.pieces = byte_by_byte(body.substr(0, size));
    RestExchange exchange = bound(request, responder);
    bind(exchange);
    run(forward(exchange, backend));
    EXPECT_EQ(responder.status, 400) << size;
    EXPECT_FALSE(script.half_closed) << size;
    EXPECT_EQ(script.released, script.started) << size;
  }
}

TEST_F(RestPiecesTest, ReadTheBackendNoFasterThanTheClient) {
  route.server_streams = true;
  for (int i = 0; i < 20; ++i) script.messages.push_back(book(std::to_string(i)));
  FakeRequest request(loop, "PUT", "/v1/b1", {{"Accept", "application/x-ndjson"}});
  request.pieces = {"{}"};
  SlowResponder slow(loop);
  RestExchange exchange = bound(request, slow);
  bind(exchange);
  Started<void> forwarding(forward(exchange, backend));
  loop.poll();
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(slow.ended);
    EXPECT_LE(script.reads, static_cast<std::size_t>(i) + 2);
    EXPECT_EQ(std::ranges::count(slow.taken, '\n'), i);
    slow.take_one();
    loop.poll();
  }
  EXPECT_TRUE(forwarding.done());
  EXPECT_TRUE(slow.ended);
}

TEST_F(RestPiecesTest, LeaveNothingBehindAClientThatGoesAwayMidway) {
  route.server_streams = true;
  script.messages.assign(5, book("x"));
  for (int taken = 0; taken < 5; ++taken) {
    script.reads = 0;
    script.started = script.released = 0;
    FakeRequest request(loop, "PUT", "/v1/b1");
    request.pieces = {"{}"};
    SlowResponder slow(loop);
    RestExchange exchange = bound(request, slow);
    bind(exchange);
    Started<void> forwarding(forward(exchange, backend));
    loop.poll();
    for (int i = 0; i < taken; ++i) {
      slow.take_one();
      loop.poll();
    }
    forwarding.request_stop();
    loop.poll();
    EXPECT_TRUE(forwarding.done()) << taken;
    EXPECT_EQ(script.started, 1);
    EXPECT_EQ(script.released, 1) << taken;
  }
}

}  // namespace
}  // namespace sluice::gateway
