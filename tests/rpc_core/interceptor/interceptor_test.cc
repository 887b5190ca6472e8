// The order of the chains, and what a step may change.
#include "rpc_core/interceptor/interceptor.h"

#include <gmock/gmock.h>

#include "rpc_core/interceptor/call_filter.h"
#include "tests/rpc_core/interceptor/interceptor_fixture.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::ElementsAre;

using Trace = std::vector<std::string>;

class Noted final : public ServerInterceptor, public ClientInterceptor {
 public:
  Noted(std::string name, Trace& trace) : name_(std::move(name)), trace_(trace) {}

  Task<void> handle(ServerCall& call, CallHandler& next) override {
    trace_.push_back(name_ + " in");
    co_await next.handle(call);
    trace_.push_back(name_ + " out");
  }
  std::unique_ptr<Call> start(Caller& next, std::string_view path, const CallOptions& options) override {
    trace_.push_back(name_ + " starts");
    return next.start(path, options);
  }

 private:
  std::string name_;
  Trace& trace_;
};

class InterceptorTest : public InterceptorFixture {
 protected:
  Trace trace;
};

TEST_F(InterceptorTest, RunsServerStepsFromTheOutsideIn) {
  Noted outer("outer", trace);
  Noted inner("inner", trace);
  serve({&outer, &inner});
  EXPECT_EQ(call(), Status());
  EXPECT_THAT(replies, ElementsAre("a"));
  EXPECT_THAT(trace, ElementsAre("outer in", "inner in", "inner out", "outer out"));
}

TEST_F(InterceptorTest, RunsClientStepsFromTheOutsideIn) {
  serve({});
  Noted outer("outer", trace);
  Noted inner("inner", trace);
  InterceptedCaller caller(channel, {&outer, &inner});
  EXPECT_EQ(call_at(caller), Status());
  EXPECT_THAT(trace, ElementsAre("outer starts", "inner starts"));
  InterceptedCaller bare(channel, {});
  EXPECT_EQ(call_at(bare), Status());
}

// A step that answers itself keeps the call from the service.
TEST_F(InterceptorTest, LetsAStepEndTheCall) {
  class Refuse final : public ServerInterceptor {
    Task<void> handle(ServerCall& call, CallHandler&) override {
      Status closed(StatusCode::Unavailable, "closed on Sundays");
      co_await call.finish(std::move(closed));
    }
  } refuse;
  serve({&refuse});
  EXPECT_EQ(call(), Status(StatusCode::Unavailable, "closed on Sundays"));
  EXPECT_EQ(service.started, 0);
}

// A step may give the next ones a call that wraps the one it got, here one whose messages end in "!".
TEST_F(InterceptorTest, LetsAStepWrapTheCall) {
  class Loud final : public ServerCallFilter {
   public:
    using ServerCallFilter::ServerCallFilter;
    Task<bool> write(Buffer message, WriteOptions options) override {
      message.append("!");
      return ServerCallFilter::write(std::move(message), options);
    }
  };
  class Shout final : public ServerInterceptor {
    Task<void> handle(ServerCall& call, CallHandler& next) override {
      Loud loud(call);
      co_await next.handle(loud);
    }
  } shout;
  serve({&shout});
  EXPECT_EQ(call(), Status());
  EXPECT_THAT(replies, ElementsAre("a!"));
}

TEST_F(InterceptorTest, LetsAClientStepChangeTheOptions) {
  class Label final : public ClientInterceptor {
    std::unique_ptr<Call> start(Caller& next, std::string_view path, const CallOptions& options) override {
      Metadata metadata;
      metadata.add("x-label", "blue");
      CallOptions labelled = options;
      labelled.metadata = &metadata;
      return next.start(path, labelled);
    }
  } label;
  std::string seen;
  service.handler = [&](ServerCall& call) -> Task<void> {
    seen = call.info().metadata.get("x-label").value_or("");
    co_await call.finish(Status());
  };
  serve({});
  InterceptedCaller caller(channel, {&label});
  EXPECT_EQ(call_at(caller), Status());
  EXPECT_EQ(seen, "blue");
}

}  // namespace
}  // namespace sluice::rpc::testing
