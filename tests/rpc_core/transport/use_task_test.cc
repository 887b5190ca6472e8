// Tests of use_task: results of Asio's operations in a Task, and what a stop does before, during and after.
#include "rpc_core/transport/use_task.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using testing::LoopFixture;
using testing::Started;
using AsioTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

class UseTaskTest : public LoopFixture {
 protected:
  AsioTimer never{loop.context(), AsioTimer::time_point::max()};
  AsioTimer at_once{loop.context(), AsioTimer::time_point::min()};
};

Task<error_code> wait(AsioTimer& timer) {
  auto [error] = co_await timer.async_wait(use_task);
  co_return error;
}

TEST_F(UseTaskTest, GivesTheResult) {
  EXPECT_EQ(run(wait(at_once)), error_code());
  EXPECT_EQ(run(wait(at_once)), error_code());
}

TEST_F(UseTaskTest, ReturnsTheErrorOfACancelledOperation) {
  Started<error_code> task(wait(never));
  loop.poll();
  EXPECT_FALSE(task.done());
  never.cancel();
  loop.poll();
  EXPECT_EQ(task.get(), asio::error::operation_aborted);
}

TEST_F(UseTaskTest, AStopCancelsTheOperation) {
  Started<error_code> task(wait(never));
  task.request_stop();
  EXPECT_FALSE(task.done()) << "resumed in line";
  loop.poll();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.get(), asio::error::operation_aborted);
}

TEST_F(UseTaskTest, AStopBehindTheCompletionComesTooLate) {
  Started<error_code> task(wait(at_once));
  asio::post(loop.context(), [&] { task.request_stop(); });
  loop.poll();
  ASSERT_TRUE(task.done());
}

// An operation of our own: start(handler) says what happens.
template <class Start>
auto async_text(Start& start, auto token) {
  return asio::async_initiate<decltype(token), void(error_code, std::string)>(
      [&start](auto handler) { start(std::move(handler)); }, token);
}

template <class Start>
Task<std::string> text_from(Start& start) {
  auto [error, text] = co_await async_text(start, use_task);
  if (error) text = "error";
  co_return text;
}

TEST_F(UseTaskTest, DoesNotStartWhenAlreadyStopped) {
  bool started = false;
  auto start = [&](auto handler) {
    started = true;
    asio::post(loop.context(), [handler = std::move(handler)]() mutable { handler(error_code(), "text"); });
  };
  StopSource source;
  source.request_stop();
  std::string result;
  spawn(text_from(start), source.token(), [&](std::exception_ptr, std::optional<std::string> text) { result = *text; });
  EXPECT_EQ(result, "error");
  EXPECT_FALSE(started);
  EXPECT_EQ(run(text_from(start)), "text");
  EXPECT_TRUE(started);
}

TEST_F(UseTaskTest, OffersACancellationSlotOnlyUnderAToken) {
  bool connected = false;
  auto start = [&](auto handler) {
    connected = asio::get_associated_cancellation_slot(handler).is_connected();
    asio::post(loop.context(), [handler = std::move(handler)]() mutable { handler(error_code(), "x"); });
  };
  EXPECT_EQ(run(text_from(start)), "x");
  EXPECT_TRUE(connected);
  spawn(text_from(start), StopToken(), [](std::exception_ptr, std::optional<std::string>) {});
  EXPECT_FALSE(connected);
  loop.poll();
}

}  // namespace
}  // namespace sluice::rpc
