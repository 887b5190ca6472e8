// A program of streams, timers, waiters, groups and deadlines, stopped at each step of its loop: nothing may be left.
#include <array>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "rpc_core/base/task_group.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc {
namespace {

using std::chrono::milliseconds;
using testing::LoopFixture;
using testing::Started;
using testing::write_text;

// The program. Its delays come from a seed; seed 0 is the plain one.
class Program {
 public:
  Program(Loop& loop, unsigned seed) : loop_(loop), random_(seed), changed_(loop), drained_(loop) {
    std::tie(near_, far_) = memory_pair(loop, {.capacity = 16, .largest_read = 5});
  }

  Task<int> run() {
    auto body = [this](TaskGroup& group) -> Task<void> {
      group.spawn(produce());
      group.spawn(consume());
      group.spawn(talk());
      group.spawn(serve());
      co_await nested_failure();
      co_await with_deadline(delay(9));
    };
    co_await run_in_group(loop_, body);
    co_return steps_done_;
  }

 private:
  Duration delay(int most_ms) { return milliseconds(1 + random_() % most_ms); }

  Task<void> produce() {
    for (int i = 0; i < 6; ++i) {
      queue_.push_back(i);
      changed_.notify();
      bool going = co_await sleep_for(loop_, delay(3));
      while (going && queue_.size() > 2) going = co_await drained_.wait();
      if (!going) break;
    }
    finished_ = true;
    changed_.notify();
  }

  Task<void> consume() {
    while (!finished_ || !queue_.empty()) {
      if (queue_.empty()) {
        const bool going = co_await changed_.wait();
        if (!going) co_return;
        continue;
      }
      queue_.pop_back();
      ++steps_done_;
      drained_.notify();
      co_await Yield(loop_);
    }
  }

  // Streams ignore the stop token: this is how their users join them to it.
  Task<void> talk() {
    const StopToken token = co_await current_stop();
    const StopCallback on_stop(token, [this] { near_->close(); });
    for (int i = 0; i < 3; ++i) {
      const Result<std::size_t> written = co_await write_text(*near_, "a request of some length");
      if (!written) co_return;
      std::array<std::byte, 40> answer;
      const Result<std::size_t> read = co_await near_->read_some(answer);
      if (!read || *read == 0) co_return;
      ++steps_done_;
    }
    near_->shutdown_send();
  }

  Task<void> serve() {
    const StopToken token = co_await current_stop();
    const StopCallback on_stop(token, [this] { far_->close(); });
    std::array<std::byte, 24> request;
    bool more = true;
    while (more) {
      std::size_t have = 0;
      while (more && have < request.size()) {
        const Result<std::size_t> read = co_await far_->read_some(std::span(request).subspan(have));
        more = read && *read != 0;
        if (more) have += *read;
      }
      if (!more) co_return;
      const bool going = co_await sleep_for(loop_, delay(2));
      if (!going) co_return;
      const Result<std::size_t> written = co_await write_text(*far_, "ok");
      more = written.has_value();
    }
  }

  // A member that throws; the others are stopped, and the exception is caught outside.
  Task<void> nested_failure() {
    auto body = [this](TaskGroup& group) -> Task<void> {
      group.spawn(sleep_a_day());
      group.spawn(throw_later());
      co_await sleep_a_day();
    };
    try {
      co_await run_in_group(loop_, body);
    } catch (const std::runtime_error&) {
      ++steps_done_;
    }
  }

  Task<void> sleep_a_day() { co_await sleep_for(loop_, std::chrono::hours(24)); }
  Task<void> throw_later() {
    const bool slept = co_await sleep_for(loop_, delay(4));
    if (slept) throw std::runtime_error("a member's failure");
  }

  // Work against a timer; the loser is stopped, both are joined.
  Task<void> with_deadline(Duration time) {
    auto body = [this, time](TaskGroup& group) -> Task<void> {
      group.spawn(stop_after(group, time));
      const bool slept = co_await sleep_for(loop_, delay(9));
      if (slept) ++steps_done_;
      group.request_stop();
    };
    co_await run_in_group(loop_, body);
  }
  Task<void> stop_after(TaskGroup& group, Duration time) {
    const bool elapsed = co_await sleep_for(loop_, time);
    if (elapsed) group.request_stop();
  }

  Loop& loop_;
  std::mt19937 random_;
  std::unique_ptr<ByteStream> near_;
  std::unique_ptr<ByteStream> far_;
  std::vector<int> queue_;
  bool finished_ = false;
  Waiter changed_;
  Waiter drained_;
  int steps_done_ = 0;
};

// Counts the loop's steps, and at one of them does something.
class Ticker final : public Wakeup {
 public:
  Ticker(Loop& loop, int at, std::function<void()> action) : loop_(loop), at_(at), action_(std::move(action)) {}

  int steps() const { return steps_; }
  // The next steps of this turn and those that follow at the same time.
  void start() {
    left_ = 12;
    loop_.post(*this);
  }

 private:
  void on_wakeup() override {
    if (++steps_ == at_) action_();
    if (--left_ > 0) loop_.post(*this);
  }

  Loop& loop_;
  const int at_;
  std::function<void()> action_;
  int steps_ = 0;
  int left_ = 0;
};

class CancellationTest : public LoopFixture {
 protected:
  // Runs the program and stops it at that step; 0: never. Gives the steps that it took.
  int run_program(unsigned seed, int stop_at) {
    Program program(loop, seed);
    Started<int> task(program.run());
    Ticker ticker(loop, stop_at, [&task] { task.request_stop(); });
    for (int turn = 0; turn < 200 && !task.done(); ++turn) {
      ticker.start();
      loop.poll();
      clock.advance(milliseconds(1));
    }
    EXPECT_TRUE(task.done()) << "seed " << seed << ", stopped at step " << stop_at;
    if (!task.done()) return 0;
    if (stop_at == 0) {
      EXPECT_GE(task.get(), 6 + 3 + 1) << "the program did not do all of its work";
    }
    return ticker.steps();
  }

  void expect_nothing_left(unsigned seed, int stop_at) {
    ASSERT_EQ(live_task_frames, 0u) << "seed " << seed << ", stopped at step " << stop_at;
  }
};

TEST_F(CancellationTest, LeavesNothingWhenStoppedAtAnyStep) {
  const int steps = run_program(0, 0);
  ASSERT_GT(steps, 30);
  for (int stop_at = 1; stop_at <= steps; ++stop_at) {
    run_program(0, stop_at);
    expect_nothing_left(0, stop_at);
  }
}

TEST_F(CancellationTest, LeavesNothingForAnyDelays) {
  for (unsigned seed = 1; seed <= 500; ++seed) {
    const int stop_at = static_cast<int>(std::mt19937(seed)() % 200);
    run_program(seed, stop_at);
    expect_nothing_left(seed, stop_at);
  }
}

TEST_F(CancellationTest, StopsBeforeItsFirstStep) {
  Program program(loop, 0);
  Started<int> task(program.run());
  task.request_stop();
  loop.poll();
  EXPECT_TRUE(task.done());
}

TEST_F(CancellationTest, StopsFromOutsideTheLoopAtAnyTime) {
  for (int ms = 0; ms < 40; ++ms) {
    Program program(loop, 0);
    Started<int> task(program.run());
    for (int i = 0; i < ms; ++i) advance(milliseconds(1));
    task.request_stop();
    loop.poll();
    ASSERT_TRUE(task.done()) << "stopped after " << ms << " ms";
    EXPECT_LE(live_task_frames, 0u);
  }
}

}  // namespace
}  // namespace sluice::rpc
