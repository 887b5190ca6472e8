// Requests before, during and after a change of handlers.
#include "gateway/filter/switch.h"

#include <gtest/gtest.h>

#include "rpc_core/base/waiter.h"
#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

class SwitchTest : public rpc::testing::LoopFixture {};

TEST_F(SwitchTest, KeepsTheHandlerOfARequestThatRuns) {
  rpc::Waiter go_on(loop);
  Switch handlers;
  auto slow = std::make_shared<FunctionHandler>([&](Request&, Responder& responder) -> rpc::Task<void> {
    co_await go_on.wait();
    co_await responder.send(Response(201));
  });
  const std::weak_ptr<FunctionHandler> watched = slow;
  handlers.use(std::move(slow));
  FakeRequest request(loop, "GET", "/");
  FakeResponder first, second;
  bool ended = false;
  rpc::spawn(handlers.handle(request, first), rpc::StopToken(), [&](std::exception_ptr) { ended = true; });
  handlers.use(std::make_shared<FunctionHandler>(
      [](Request&, Responder& responder) -> rpc::Task<void> { co_await responder.send(Response(202)); }));
  run(handlers.handle(request, second));
  EXPECT_EQ(second.status, 202);
  EXPECT_FALSE(ended);
  EXPECT_FALSE(watched.expired());
  go_on.notify();
  loop.poll();
  EXPECT_TRUE(ended);
  EXPECT_EQ(first.status, 201);
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace sluice::gateway
