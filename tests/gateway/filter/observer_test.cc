// What is known of a request when it is over, and its place in a trace.
#include "gateway/filter/observer.h"

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

class ObserverTest : public rpc::testing::LoopFixture {
 protected:
  // "GET /a?b /{x} 192.0.2.7:4711 200 5 1500": the parts of the one record.
  std::string record_of(FunctionHandler::Function function, std::string_view method = "GET") {
    FunctionHandler next(std::move(function));
    std::string text;
    const auto ended = [&](const AccessRecord& record) {
      EXPECT_EQ(started, 1);
      text.append(record.method).append(" ").append(record.target).append(" ").append(record.route).append(" ");
      text += client_of(record) + " " + std::to_string(record.status) + " " + std::to_string(record.response_bytes) + " ";
      text += std::to_string(record.duration / 1ms) + ";";
    };
    Observer observer(next, {[&] { ++started; }, ended});
    FakeRequest request(loop, method, "/a?b");
    request.context().received = loop.now();
    rpc::testing::Started<void> handling(observer.handle(request, responder));
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
  int started = 0;
};

rpc::Task<void> send_five(Request& request, Responder& responder) {
  request.context().route_template = "/{x}";
  Response whole(201);
  whole.body.append("12345");
  co_await responder.send(std::move(whole));
}

TEST_F(ObserverTest, RecordsWholeAnswers) {
  EXPECT_EQ(record_of(send_five), "GET /a?b /{x} 192.0.2.7:4711 201 5 0;");
  EXPECT_EQ(responder.body, "12345");
}

TEST_F(ObserverTest, CountsNoBodyOfHead) {
  EXPECT_EQ(record_of(send_five, "HEAD"), "HEAD /a?b /{x} 192.0.2.7:4711 201 0 0;");
}

TEST_F(ObserverTest, RecordsStreamsAtTheirEnd) {
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

TEST_F(ObserverTest, PassesAnAbortOn) {
  const auto abort = [](Request&, Responder& next) -> rpc::Task<void> {
    EXPECT_FALSE(next.started());
    co_await next.begin(ResponseHead());
    EXPECT_TRUE(next.started());
    next.abort();
  };
  EXPECT_EQ(record_of(abort), "GET /a?b  192.0.2.7:4711 200 0 0;");
  EXPECT_EQ(responder.ended, FakeResponder::Ended::Aborted);
}

TEST_F(ObserverTest, RecordsAHandlerThatThrows) {
  const auto fail = [](Request&, Responder&) -> rpc::Task<void> {
    throw std::runtime_error("no");
    co_return;
  };
  EXPECT_EQ(record_of(fail), "GET /a?b  192.0.2.7:4711 0 0 0;");
  EXPECT_TRUE(threw);
}

// What the call was, as the router and the exchange leave it in the context.
TEST_F(ObserverTest, ReportsWhatTheContextKnowsOfTheCall) {
  FunctionHandler next([](Request& request, Responder&) -> rpc::Task<void> {
    request.context().rpc = "/p.S/M";
    request.context().request_id = "id-1";
    request.context().call.grpc_status = 5;
    request.context().request_bytes = 10;
    request.context().call.messages_sent = 1;
    request.context().call.messages_received = 2;
    co_return;
  });
  int reports = 0;
  Observer observer(next, {{}, [&](const AccessRecord& record) {
                             ++reports;
                             EXPECT_EQ(record.rpc, "/p.S/M");
                             EXPECT_EQ(record.request_id, "id-1");
                             EXPECT_EQ(record.grpc_status, 5);
                             EXPECT_EQ(record.request_bytes, 10U);
                             EXPECT_EQ(record.messages_sent, 1U);
                             EXPECT_EQ(record.messages_received, 2U);
                             EXPECT_FALSE(record.trace);
                           }});
  FakeRequest request(loop, "GET", "/");
  rpc::testing::Started<void> handling(observer.handle(request, responder));
  handling.get();
  EXPECT_EQ(reports, 1);
}

constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class ObserverTraceTest : public rpc::testing::LoopFixture {
 protected:
  // The traceparent with which the request goes on.
  std::string traced(double ratio, Headers headers) {
    FunctionHandler next([this](Request& request, Responder&) -> rpc::Task<void> {
      forwarded = request.context().traceparent;
      co_return;
    });
    Observer observer(next,
                      {{},
                       [this](const AccessRecord& one) {
                         trace = one.trace;
                         parent = one.parent_span;
                         state = one.trace_state;
                       }},
                      TraceSource(ratio, 1));
    FakeRequest request(loop, "GET", "/", std::move(headers));
    FakeResponder responder;
    rpc::testing::Started<void> handling(observer.handle(request, responder));
    handling.get();
    return forwarded;
  }

  std::string forwarded;
  std::optional<TraceContext> trace;
  std::optional<SpanId> parent;
  std::string state;
};

TEST_F(ObserverTraceTest, ContinuesTheTraceOfTheClient) {
  const std::string on = traced(0, {{"traceparent", kParent}, {"tracestate", "v=1"}});
  EXPECT_EQ(on.substr(0, 36), std::string(kParent, 36));
  EXPECT_NE(on, kParent);
  EXPECT_EQ(on, to_traceparent(*trace));
  ASSERT_TRUE(parent);
  EXPECT_EQ(to_hex(*parent), "00f067aa0ba902b7");
  EXPECT_EQ(state, "v=1");
}

TEST_F(ObserverTraceTest, BeginsOneWhereThereIsNone) {
  EXPECT_TRUE(parse_traceparent(traced(1, {}))->sampled);
  EXPECT_FALSE(parent);
  EXPECT_FALSE(parse_traceparent(traced(0, {{"traceparent", "nonsense"}}))->sampled);
}

}  // namespace
}  // namespace sluice::gateway
