// What the frames of a WebSocket mean, and the code of each Close.
#include "gateway/protocol/web_socket_exchange.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

#include "gateway/proxy.h"
#include "tests/gateway/protocol/rest_fixture.h"
#include "tests/gateway/proxy/scripted_call.h"

namespace sluice::gateway {
namespace {

using rpc::Status;
using rpc::StatusCode;
using rpc::testing::Started;
using std::chrono::seconds;

// Gives the scripted messages, then waits, or says that the client has closed.
class FakeWebSocket final : public WebSocket {
 public:
  explicit FakeWebSocket(rpc::Loop& loop) : loop_(loop), changed_(loop), heard_(loop.now()) {}

  rpc::Task<std::optional<WebSocketMessage>> read() override {
    while (messages.empty() && !closed_by_client) {
      if (bool changed = co_await changed_.wait(); !changed) co_return std::nullopt;
    }
    if (messages.empty()) co_return std::nullopt;
    std::optional<WebSocketMessage> message(std::in_place);
    message->binary = messages.front().starts_with("binary ");
    message->bytes = rpc::Buffer::copy_of(messages.front().substr(message->binary ? 7 : 0));
    messages.pop_front();
    heard_ = loop_.now();
    co_return message;
  }
  rpc::Task<bool> write(rpc::Buffer message, bool binary) override {
    told.append(binary ? "binary " : "").append(message.text()).append("; ");
    co_return true;
  }
  rpc::Task<void> ping() override {
    ++pings;
    if (answers_pings) heard_ = loop_.now();
    co_return;
  }
  rpc::TimePoint last_heard() const override { return heard_; }
  rpc::Task<void> close(CloseCode code, std::string_view reason) override {
    told += std::to_string(static_cast<int>(code)) + " " + std::string(reason);
    co_return;
  }

  void send(std::string message) {
    messages.push_back(std::move(message));
    changed_.notify();
  }
  void send_close() {
    closed_by_client = true;
    changed_.notify();
  }

  std::deque<std::string> messages;
  bool closed_by_client = false;
  bool answers_pings = true;
  std::string told;
  int pings = 0;

 private:
  rpc::Loop& loop_;
  rpc::Waiter changed_;
  rpc::TimePoint heard_;
};

class WebSocketExchangeTest : public RestFixture {
 protected:
  WebSocketExchangeTest() {
    route.client_streams = route.server_streams = true;
    streams.heartbeat = seconds(10);
    script.hangs = true;
  }
  void TearDown() override {
    if (serving && !serving->done()) {
      serving->request_stop();
      loop.poll();
    }
    EXPECT_EQ(script.released, script.started);
    RestFixture::TearDown();
  }

  void open() {
    exchange.emplace(request, route, RestSettings{errors, print, streams, answers});
    const std::vector<std::string_view> captures(route.unescape.size(), "b1");
    ASSERT_TRUE(exchange->bind(captures, query));
    exchange->open(socket);
    serving.emplace(forward(*exchange, backend));
    loop.poll();
  }
  void send(const std::string& message) {
    socket.send(message);
    loop.poll();
  }
  bool done() const { return serving->done(); }

  FakeRequest request{loop, "GET", "/v1/b1"};
  FakeWebSocket socket{loop};
  Script script;
  ScriptedCaller backend{loop, script};
  std::optional<WebSocketExchange> exchange;
  std::optional<Started<void>> serving;
};

TEST_F(WebSocketExchangeTest, CarriesMessagesBothWaysAtOnce) {
  script.messages = {book("x")};
  open();
  EXPECT_EQ(socket.told, R"({"id":"x"}; )");
  send(R"({"pages":1})");
  send(R"({"pages":2})");
  ASSERT_EQ(script.written.size(), 2u);
  test::Book got;
  ASSERT_TRUE(got.ParseFromString(script.written[0]));
  EXPECT_EQ(got.ShortDebugString(), R"(id: "b1" pages: 1)");
  ASSERT_TRUE(got.ParseFromString(script.written[1]));
  EXPECT_EQ(got.ShortDebugString(), "pages: 2");
  EXPECT_FALSE(script.half_closed);
  send("");
  EXPECT_TRUE(script.half_closed);
  EXPECT_FALSE(done());
}

TEST_F(WebSocketExchangeTest, EndsWithTheCall) {
  struct Case {
    Status status;
    const char* told;
  };
  Status unreachable(StatusCode::Unavailable, "connect to 10.0.0.7:50051: refused");
  unreachable.set_origin(Status::Origin::Transport);
  const Case cases[] = {
      {Status(), R"({"id":"x"}; 1000 )"},
      {peer_status(StatusCode::NotFound, "why"),
       R"({"id":"x"}; {"error":{"code":5,"message":"why","details":[]}}; 1011 NOT_FOUND)"},
      {unreachable,
       R"({"id":"x"}; {"error":{"code":14,"message":"the backend cannot be reached","details":[]}}; 1011 UNAVAILABLE)"},
  };
  for (const Case& one : cases) {
    socket.told.clear();
    script.hangs = false;
    script.reads = 0;
    script.messages = {book("x")};
    script.status = one.status;
    open();
    EXPECT_TRUE(done());
    EXPECT_EQ(socket.told, one.told);
  }
}

TEST_F(WebSocketExchangeTest, ClosesForWhatTheClientDoesWrong) {
  struct Case {
    const char* name;
    std::vector<std::string> messages;
    const char* told;
  };
  const Case cases[] = {
      {"Binary", {"binary {}"}, "1003 expected text frames"},
      {"NoJson", {"x"}, "1007 a message does not bind"},
      {"OtherPath", {"{}", R"({"id":"mallory"})"}, "1007 a message does not bind"},
      {"BehindTheEnd", {"{}", "", "{}"}, "1008 a message behind the half-close"},
      {"TwoEnds", {"", ""}, "1008 a message behind the half-close"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    socket.told.clear();
    open();
    for (const std::string& message : one.messages) send(message);
    EXPECT_TRUE(done());
    EXPECT_TRUE(socket.told.ends_with(one.told)) << socket.told;
    EXPECT_EQ(socket.told.starts_with(R"({"error":{"code":3,)"), std::string(one.told).starts_with("1007"))
        << socket.told;
    script.status = Status();
  }
}

TEST_F(WebSocketExchangeTest, CancelsTheCallOnClose) {
  open();
  send("{}");
  socket.send_close();
  loop.poll();
  EXPECT_TRUE(done());
  EXPECT_EQ(script.status.code(), StatusCode::Cancelled);
}

TEST_F(WebSocketExchangeTest, TakesOneMessageOfAClientThatDoesNotStream) {
  route.client_streams = false;
  open();
  send(R"({"pages":1})");
  ASSERT_EQ(script.written.size(), 1u);
  EXPECT_TRUE(script.half_closed);
  send("");
  EXPECT_FALSE(done());
  send("{}");
  EXPECT_TRUE(done());
  EXPECT_TRUE(socket.told.ends_with("1008 a message behind the half-close")) << socket.told;
}

TEST_F(WebSocketExchangeTest, MakesAMessageOfPathAndQuery) {
  route.client_streams = false;
  open();
  EXPECT_TRUE(script.written.empty());
  send("");
  EXPECT_EQ(script.written, std::vector<std::string>{book("b1")}) << "by the half-close";
  serving->request_stop();
  loop.poll();

  RouteSpec spec;
  spec.input = test::Book::descriptor();
  spec.output = test::Book::descriptor();
  spec.path_variables = {"id"};
  plan(spec);
  script.status = Status();
  open();
  EXPECT_EQ(script.written, (std::vector<std::string>{book("b1"), book("b1")})) << "at once, without a body";
}

TEST_F(WebSocketExchangeTest, CarriesRawBytesInBinaryFrames) {
  plan_raw();
  script.messages = {raw("text/csv", "a,b")};
  open();
  EXPECT_EQ(socket.told, "binary a,b; ");
  send("binary \x01\x02");
  EXPECT_EQ(script.written, std::vector<std::string>{raw("", "\x01\x02")});
  send("text");
  EXPECT_TRUE(done());
  EXPECT_TRUE(socket.told.ends_with("1003 expected binary frames")) << socket.told;
}

TEST_F(WebSocketExchangeTest, TellsOfAnAnswerThatIsNoMessage) {
  script.messages = {"\x0a\xff"};
  open();
  EXPECT_TRUE(done());
  EXPECT_TRUE(socket.told.starts_with(R"({"error":{"code":13,)")) << socket.told;
  EXPECT_TRUE(socket.told.ends_with("1011 INTERNAL")) << socket.told;
}

TEST_F(WebSocketExchangeTest, FindsWrongBindingsBeforeTheUpgrade) {
  RequestBinding binding(route, request.headers());
  exchange.emplace(request, route, RestSettings{errors, print, streams, answers});
  const std::vector<std::string_view> captures = {"b1"};
  EXPECT_FALSE(exchange->bind(captures, "id=mallory"));
  exchange.emplace(request, route, RestSettings{errors, print, streams, answers});
  const std::vector<std::string_view> malformed = {"%ff"};
  EXPECT_FALSE(exchange->bind(malformed, ""));
}

TEST_F(WebSocketExchangeTest, PingsSilentClientsAndClosesDeafOnes) {
  open();
  advance(seconds(9));
  EXPECT_EQ(socket.pings, 0);
  for (int i = 1; i <= 3; ++i) {
    advance(seconds(10));
    EXPECT_EQ(socket.pings, i);
  }
  EXPECT_FALSE(done());
  socket.answers_pings = false;
  advance(seconds(30));
  advance(seconds(30));
  EXPECT_TRUE(done());
  EXPECT_EQ(socket.told, "1001 no answer to a ping");
}

}  // namespace
}  // namespace sluice::gateway
