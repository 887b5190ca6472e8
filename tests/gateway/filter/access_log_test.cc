// What the access log knows of a request.
#include "gateway/filter/access_log.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;

class AccessLogTest : public rpc::testing::LoopFixture {
 protected:
  // "GET /a?b /{x} 192.0.2.7:4711 200 5 1500": the parts of the one record.
  std::string record_of(FunctionHandler::Function function, std::string_view method = "GET") {
    FunctionHandler next(std::move(function));
    std::string text;
    AccessLog log(next, [&](const AccessRecord& record) {
      text.append(record.method).append(" ").append(record.target).append(" ").append(record.route).append(" ");
      text += record.peer + " " + std::to_string(record.status) + " " + std::to_string(record.response_bytes) + " ";
      text += std::to_string(record.duration / 1ms) + ";";
    });
    FakeRequest request(loop, method, "/a?b");
    request.context().received = loop.now();
    rpc::testing::Started<void> handling(log.handle(request, responder));
    loop.poll();
    EXPECT_EQ(text.empty(), !handling.done());
    advance(1500ms);
    threw = false;
    try {
      handling.get();
    } catch (const std::runtime_error&) {
      threw = true;
    }
    return text;
  }

  FakeResponder responder;
  bool threw = false;
};

rpc::Task<void> send_five(Request& request, Responder& responder) {
  request.context().route_template = "/{x}";
  Response whole(201);
  whole.body.append("12345");
  co_await responder.send(std::move(whole));
}

TEST_F(AccessLogTest, RecordsWholeAnswers) {
  EXPECT_EQ(record_of(send_five), "GET /a?b /{x} 192.0.2.7:4711 201 5 0;");
  EXPECT_EQ(responder.body, "12345");
}

TEST_F(AccessLogTest, CountsNoBodyOfHead) {
  EXPECT_EQ(record_of(send_five, "HEAD"), "HEAD /a?b /{x} 192.0.2.7:4711 201 0 0;");
}

TEST_F(AccessLogTest, RecordsStreamsAtTheirEnd) {
  const auto stream = [](Request& request, Responder& next) -> rpc::Task<void> {
    co_await next.begin(ResponseHead(202));
    rpc::Buffer first = rpc::Buffer::copy_of("abc");
    co_await next.write(std::move(first));
    co_await rpc::sleep_for(request.loop(), 1500ms);
    rpc::Buffer second = rpc::Buffer::copy_of("de");
    co_await next.write(std::move(second));
    Headers trailers{{"x", "1"}};
    co_await next.end(std::move(trailers));
  };
  EXPECT_EQ(record_of(stream), "GET /a?b  192.0.2.7:4711 202 5 1500;");
  EXPECT_EQ(responder.body, "abcde");
  EXPECT_EQ(text_of(responder.trailers), "x: 1\n");
}

TEST_F(AccessLogTest, PassesAnAbortOn) {
  const auto abort = [](Request&, Responder& next) -> rpc::Task<void> {
    EXPECT_FALSE(next.started());
    co_await next.begin(ResponseHead());
    EXPECT_TRUE(next.started());
    next.abort();
  };
  EXPECT_EQ(record_of(abort), "GET /a?b  192.0.2.7:4711 200 0 0;");
  EXPECT_EQ(responder.ended, FakeResponder::Ended::Aborted);
}

TEST_F(AccessLogTest, RecordsAHandlerThatThrows) {
  const auto fail = [](Request&, Responder&) -> rpc::Task<void> {
    throw std::runtime_error("no");
    co_return;
  };
  EXPECT_EQ(record_of(fail), "GET /a?b  192.0.2.7:4711 0 0 0;");
  EXPECT_TRUE(threw);
}

}  // namespace
}  // namespace sluice::gateway
