// What is told of calls, however they end, and how they are counted.
#include "rpc_core/interceptor/call_observer.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "rpc_core/interceptor/call_metrics.h"
#include "rpc_core/interceptor/catch_exceptions.h"
#include "tests/rpc_core/interceptor/interceptor_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

class CallObserverTest : public InterceptorFixture {
 protected:
  CallObserver observer{[this](const CallRecord& record) {
    told.push_back(to_string(record));
    metrics.add(record);
  }};
  std::vector<std::string> told;
  CallMetrics metrics;
};

TEST_F(CallObserverTest, TellsOfAServersCall) {
  service.handler = [this](ServerCall& call) -> Task<void> {
    co_await sleep_for(loop, 1250us);
    co_await echo(call);
  };
  serve({&observer});
  Started<Status> calling(call_once(channel, {}));
  advance(2ms);
  EXPECT_EQ(calling.get(), Status());
  EXPECT_THAT(told, ElementsAre(::testing::StartsWith("/test.Raw/Call OK 2.000ms sent=1 received=1 peer=")));
}

TEST_F(CallObserverTest, TellsOfAClientsCall) {
  serve({});
  InterceptedCaller caller(channel, {&observer});
  EXPECT_EQ(call_at(caller), Status());
  EXPECT_THAT(told, ElementsAre("/test.Raw/Call OK 0.000ms sent=1 received=1"));
}

TEST_F(CallObserverTest, TellsOnceOfACallThatIsDropped) {
  serve({});
  InterceptedCaller caller(channel, {&observer});
  caller.start(kRawPath, {});
  loop.poll();
  EXPECT_THAT(told, ElementsAre("/test.Raw/Call CANCELLED: the call was dropped 0.000ms sent=0 received=0"));
}

TEST_F(CallObserverTest, CallsWithoutAnEndUnknown) {
  service.handler = [](ServerCall&) -> Task<void> { co_return; };
  serve({&observer});
  EXPECT_EQ(call().code(), StatusCode::Unknown);
  EXPECT_THAT(told.at(0), ::testing::HasSubstr("UNKNOWN: the handler did not finish its call"));
}

TEST_F(CallObserverTest, SeesWhatAnInnerStepMadeOfAnException) {
  service.handler = [](ServerCall&) -> Task<void> {
    throw std::runtime_error("secret");
    co_return;
  };
  CatchExceptions inner;
  serve({&observer, &inner});
  EXPECT_EQ(call(), Status(StatusCode::Internal, "the handler failed"));
  EXPECT_THAT(told.at(0), ::testing::HasSubstr("INTERNAL: the handler failed"));
}

TEST_F(CallObserverTest, TellsOfAHandlerThatThrows) {
  service.handler = [](ServerCall&) -> Task<void> {
    throw std::runtime_error("secret");
    co_return;
  };
  CatchExceptions outer;
  serve({&outer, &observer});
  EXPECT_EQ(call().code(), StatusCode::Internal);
  EXPECT_THAT(told.at(0), ::testing::HasSubstr("UNKNOWN"));
}

TEST_F(CallObserverTest, FeedsTheMetrics) {
  serve({&observer});
  EXPECT_EQ(call(), Status());
  service.handler = [](ServerCall& one) -> Task<void> { co_await one.finish(Status(StatusCode::NotFound, "no")); };
  EXPECT_EQ(call().code(), StatusCode::NotFound);
  const CallMetrics::Method method = metrics.methods().find(kRawPath)->second;
  EXPECT_THAT(method.handled, ElementsAre(Pair(StatusCode::Ok, 1), Pair(StatusCode::NotFound, 1)));
  EXPECT_EQ(method.messages_sent, 1U);
  EXPECT_EQ(method.messages_received, 1U);
  EXPECT_EQ(method.took[0], 2U);
}

}  // namespace
}  // namespace sluice::rpc::testing
