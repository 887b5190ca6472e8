// A request to a peer on a thread of its own: what it gets, and each way to fail.
#include "gateway/http/blocking_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::HasSubstr;

// Accepts one connection, reads up to `until`, and answers.
class Peer {
 public:
  Peer(std::string until, std::string answer)
      : acceptor_(io_, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)),
        thread_([this, until = std::move(until), answer = std::move(answer)] {
          tcp::socket socket = acceptor_.accept();
          boost::asio::read_until(socket, boost::asio::dynamic_buffer(received_), until);
          boost::asio::write(socket, boost::asio::buffer(answer));
        }) {}
  ~Peer() { thread_.join(); }

  HttpUrl url() const { return {"127.0.0.1", std::to_string(acceptor_.local_endpoint().port()), "/v1/traces"}; }
  std::string received() {
    thread_.join();
    thread_ = std::thread([] {});
    return received_;
  }

 private:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::string received_;
  std::thread thread_;
};

TEST(PostJson, SendsTheBodyAndGivesTheStatus) {
  Peer peer("{\"a\":1}", "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}");
  const rpc::Result<int> status = post_json(peer.url(), "{\"a\":1}", 10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 202);
  const std::string received = peer.received();
  EXPECT_THAT(received, testing::StartsWith("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_THAT(received, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(received, HasSubstr("Content-Length: 7\r\n"));
}

TEST(Get, AsksAndGivesTheStatus) {
  Peer peer("\r\n\r\n", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  const rpc::Result<int> status = get(peer.url(), 10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 503);
  EXPECT_THAT(peer.received(), testing::StartsWith("GET /v1/traces HTTP/1.1\r\n"));
}

TEST(PostJson, SaysWhoDidNotSpeakHttp) {
  Peer peer("{}", "SSH-2.0-x\r\n");
  const HttpUrl url = peer.url();
  const rpc::Result<int> status = post_json(url, "{}", 10s);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), rpc::StatusCode::Unavailable);
  EXPECT_THAT(status.error().message(), HasSubstr("127.0.0.1:" + url.port));
}

TEST(PostJson, FailsWhereNobodyListens) {
  HttpUrl url;
  {
    boost::asio::io_context io;
    const tcp::acceptor closed(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    url = {"127.0.0.1", std::to_string(closed.local_endpoint().port()), "/"};
  }
  EXPECT_FALSE(post_json(url, "{}", 10s));
}

TEST(PostJson, GivesUpAfterTheTimeout) {
  boost::asio::io_context io;
  const tcp::acceptor silent(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
  const HttpUrl url = {"127.0.0.1", std::to_string(silent.local_endpoint().port()), "/"};
  const rpc::Result<int> status = post_json(url, "{}", 20ms);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message(), HasSubstr("no answer in time"));
}

TEST(ParseHttpUrl, TakesHostPortAndPath) {
  struct Case {
    const char* text;
    const char* parts;
  };
  for (const Case& one : {Case{"http://localhost", "localhost 80 /"}, Case{"http://a.b:4318", "a.b 4318 /"},
                          Case{"http://a:1/v1/traces", "a 1 /v1/traces"}, Case{"http://[::1]:9/x", "::1 9 /x"},
                          Case{"http://[::1]", "::1 80 /"}}) {
    const rpc::Result<HttpUrl> url = parse_http_url(one.text);
    ASSERT_TRUE(url) << one.text;
    EXPECT_EQ(url->host + " " + url->port + " " + url->path, one.parts);
  }
}

TEST(ParseHttpUrl, RefusesEverythingElse) {
  for (const char* text : {"", "localhost:4318", "https://a", "http://", "http://:80", "http://a:", "http://a:x",
                           "http://a:123456", "http://u@a/", "http:///x"}) {
    const rpc::Result<HttpUrl> url = parse_http_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().message(), HasSubstr("expected http://host[:port][/path]"));
  }
}

}  // namespace
}  // namespace sluice::gateway
