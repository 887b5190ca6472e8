// WebSockets on a connection, frame by frame as raw bytes; and which requests become one.
#include "gateway/http/web_socket.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

constexpr const char* kUpgrade =
    "GET /chat HTTP/1.1\r\nHost: h.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
constexpr const char* kEnd = "\r\n";

// A client's frame, masked with zeros.
std::string frame(char first, std::string_view payload) {
  std::string bytes(1, first);
  if (payload.size() < 126) {
    bytes.push_back(static_cast<char>(0x80 | payload.size()));
  } else {
    bytes.push_back(static_cast<char>(0x80 | 126));
    bytes.push_back(static_cast<char>(payload.size() >> 8));
    bytes.push_back(static_cast<char>(payload.size() & 0xff));
  }
  return bytes.append(4, '\0').append(payload);
}
std::string text(std::string_view payload) { return frame('\x81', payload); }
std::string binary(std::string_view payload) { return frame('\x82', payload); }
std::string closing(std::string_view code_and_reason) { return frame('\x88', code_and_reason); }

// Sends each message back; a text "bye" closes with 1000 and "so long".
rpc::Task<void> echo_frames(Request&, Responder& responder) {
  WebSocket* const socket = co_await responder.upgrade(100);
  if (socket == nullptr) co_return;
  while (true) {
    std::optional<WebSocketMessage> message = co_await socket->read();
    if (!message) break;
    if (message->bytes.text() == "bye") {
      co_await socket->close(CloseCode::Normal, "so long");
      co_return;
    }
    const bool taken = co_await socket->write(std::move(message->bytes), message->binary);
    if (!taken) break;
  }
}

class WebSocketTest : public testing::Test {
 protected:
  // The frames behind the 101.
  ScriptedClient& open(const std::string& fields = "") {
    ScriptedClient& client = server.connect();
    client.send(kUpgrade + fields + kEnd);
    server.settle();
    const std::string head = client.take();
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << head;
    EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    return client;
  }
  std::string exchange(ScriptedClient& client, const std::string& bytes) {
    client.send(bytes);
    server.settle();
    return client.take();
  }

  TestServer server{echo_frames};
};

TEST_F(WebSocketTest, CarriesTextAndBinaryMessages) {
  ScriptedClient& client = open();
  EXPECT_EQ(exchange(client, text("hi")), "\x81\x02hi");
  EXPECT_EQ(exchange(client, binary("hi")), "\x82\x02hi");
  EXPECT_EQ(exchange(client, text("")), std::string("\x81\0", 2));
  EXPECT_EQ(exchange(client, text("a") + text("b")),
            "\x81\x01"
            "a\x81\x01"
            "b");
}

TEST_F(WebSocketTest, TakesBytesOneAtATimeAndFragments) {
  ScriptedClient& client = open();
  std::string answered;
  for (const char byte : text("hi") + frame('\x01', "a") + frame('\x89', "p") + frame('\x80', "b")) {
    answered += exchange(client, std::string(1, byte));
  }
  EXPECT_EQ(answered,
            "\x81\x02hi\x8a\x01p\x81\x02"
            "ab");
}

TEST_F(WebSocketTest, AnswersPingsAndClose) {
  ScriptedClient& client = open();
  EXPECT_EQ(exchange(client, frame('\x89', "yo")), "\x8a\x02yo");
  EXPECT_EQ(exchange(client, closing("\x03\xe8")), "\x88\x02\x03\xe8");
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSocketTest, ClosesAndWaitsForTheClient) {
  ScriptedClient& client = open();
  EXPECT_EQ(exchange(client, text("bye")), "\x88\x09\x03\xe8so long");
  EXPECT_FALSE(client.ended());
  EXPECT_EQ(exchange(client, text("late")), "");
  EXPECT_EQ(exchange(client, closing("\x03\xe8")), "");
  EXPECT_TRUE(client.ended());

  ScriptedClient& silent = open();
  exchange(silent, text("bye"));
  server.advance(std::chrono::seconds(6));
  server.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(silent.ended()) << "it does not wait for ever";
}

TEST_F(WebSocketTest, RefusesWhatIsTooLargeOrBroken) {
  struct Case {
    const char* name;
    std::string sent;
    const char* code;
  };
  const Case cases[] = {
      {"TooLarge", text(std::string(101, 'x')), "\x03\xf1"},
      {"TooLargeInFragments", frame('\x01', std::string(60, 'x')) + frame('\x80', std::string(60, 'x')), "\x03\xf1"},
      {"NoUtf8", text("\xff\xfe"), "\x03\xef"},
      {"NotMasked", "\x81\x02hi", "\x03\xea"},
      {"ReservedBit", frame('\xc1', "hi"), "\x03\xea"},
  };
  for (const Case& one : cases) {
    ScriptedClient& client = open();
    const std::string answer = exchange(client, one.sent);
    ASSERT_GE(answer.size(), 4u) << one.name;
    EXPECT_EQ(answer[0], '\x88') << one.name;
    EXPECT_EQ(answer.substr(2, 2), one.code) << one.name;
    client.close();
    server.settle();
  }
}

TEST_F(WebSocketTest, InflatesWithinTheLimit) {
  ScriptedClient& client = server.connect();
  client.send(kUpgrade + std::string("Sec-WebSocket-Extensions: permessage-deflate\r\n") + kEnd);
  server.settle();
  EXPECT_NE(client.take().find("Sec-WebSocket-Extensions: permessage-deflate"), std::string::npos);
  // "Hello" of RFC 7692 section 7.2.3.1.
  EXPECT_EQ(exchange(client, frame('\xc1', std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7))), "\x81\x05Hello");
}

TEST_F(WebSocketTest, EndsWithTheConnection) {
  ScriptedClient& client = open();
  client.half_close();
  server.settle();
  EXPECT_TRUE(client.ended());
  ScriptedClient& other = open();
  other.close();
  server.settle();
}

TEST(WebSocketRequest, IsAGetWithBothFields) {
  RequestHead head;
  head.method = "GET";
  head.headers = {{"Upgrade", "WebSocket"}, {"Connection", "keep-alive, Upgrade"}};
  EXPECT_TRUE(asks_for_web_socket(head));
  head.method = "POST";
  EXPECT_FALSE(asks_for_web_socket(head));
  head.method = "GET";
  head.version = HttpVersion::Http10;
  EXPECT_FALSE(asks_for_web_socket(head));
  head.version = HttpVersion::Http11;
  head.headers.add("Content-Length", "2");
  EXPECT_FALSE(asks_for_web_socket(head));
  head.headers = {{"Upgrade", "websocket"}};
  EXPECT_FALSE(asks_for_web_socket(head));
}

TEST(WebSocketRequest, IsChecked) {
  struct Case {
    const char* origin;
    const char* authority;
    int status;  // 0: good
  };
  const Case cases[] = {
      {"http://h.example", "h.example", 0},
      {"http://H.example:80", "h.example", 0},
      {"https://h.example", "h.example", 0},
      {"https://h.example", "h.example:443", 0},
      {"https://h.example", "h.example:80", 403},
      {"http://h.example:8080", "h.example:8080", 0},
      {"http://h.example", "h.example:8080", 403},
      {"http://[::1]:8080", "[::1]:8080", 0},
      {"http://[::1]", "[::1]", 0},
      {"http://evil.example", "h.example", 403},
      {"http://evil-h.example", "h.example", 403},
      {"null", "h.example", 403},
      {"", "", 403},
      {"https://Good.example", "h.example", 0},
  };
  const std::vector<std::string> origins = {"https://good.example"};
  for (const Case& one : cases) {
    RequestHead head;
    head.authority = one.authority;
    head.headers = {
        {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, {"Origin", one.origin}};
    const auto refused = check_web_socket(head, origins);
    EXPECT_EQ(refused ? refused->status : 0, one.status) << one.origin << " " << one.authority;
    EXPECT_FALSE(check_web_socket(head, std::vector<std::string>{"*"}));
    head.headers.remove("Origin");
    EXPECT_FALSE(check_web_socket(head, {})) << "no browser";
    head.headers.set("Sec-WebSocket-Version", "8");
    EXPECT_EQ(check_web_socket(head, {})->status, 426);
    head.headers.set("Sec-WebSocket-Version", "13");
    head.headers.set("Sec-WebSocket-Key", "short");
    EXPECT_EQ(check_web_socket(head, {})->status, 400);
  }
}

}  // namespace
}  // namespace sluice::gateway
