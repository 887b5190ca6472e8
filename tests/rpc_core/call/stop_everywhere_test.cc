// Tests that a call of each mode can be stopped and destroyed at every suspension point: nothing is left, and the next
// call works.
#include <gmock/gmock.h>

#include <functional>

#include "rpc_core/base/task_group.h"
#include "tests/rpc_core/call/talk_fixture.h"

namespace sluice::rpc::testing {
namespace {

// Calls a function after so many rounds of the loop's queue: each round is a point at which a task may be suspended.
class AfterRounds final : public Wakeup {
 public:
  AfterRounds(Loop& loop, int rounds, std::function<void()> function)
      : loop_(loop), left_(rounds), function_(std::move(function)) {
    loop_.post(*this);
  }

 private:
  void on_wakeup() override {
    if (left_-- == 0) {
      function_();
    } else {
      loop_.post(*this);
    }
  }

  Loop& loop_;
  int left_;
  std::function<void()> function_;
};

// A conversation in one mode, which gives its status. It stops by itself, its streams destroyed, after so many of its
// operations.
using Conversation = Task<Status> (*)(talk::TalkClient, Loop&, int operations);

const Status kLeft(StatusCode::Cancelled, "left");

Task<Status> ask(talk::TalkClient client, Loop&, int operations) {
  if (operations-- == 0) co_return kLeft;
  const Result<talk::Line> reply = co_await client.ask(line("hello"));
  co_return reply ? Status() : reply.error();
}

Task<Status> collect(talk::TalkClient client, Loop&, int operations) {
  auto stream = client.collect();
  for (int i = 0; i < 8; ++i) {
    if (operations-- == 0) co_return kLeft;
    co_await stream.write(line("x", i));
  }
  if (operations-- == 0) co_return kLeft;
  const Result<talk::Line> reply = co_await stream.finish();
  co_return reply ? Status() : reply.error();
}

Task<Status> count(talk::TalkClient client, Loop&, int operations) {
  auto stream = client.count(line("n", 8));
  if (operations-- == 0) co_return kLeft;
  co_await stream.headers();
  std::optional<talk::Line> next(std::in_place);
  while (next) {
    if (operations-- == 0) co_return kLeft;
    next = co_await stream.read();
  }
  co_return co_await stream.finish();
}

Task<void> write_all(BidiStream<talk::Line, talk::Line>& stream, int& operations) {
  for (int i = 0; i < 8 && operations-- > 0; ++i) {
    if (bool room = co_await stream.write(line("x", i)); !room) break;
  }
  if (operations > 0) co_await stream.finish_writing();
}

Task<Status> chat(talk::TalkClient client, Loop& loop, int operations) {
  auto stream = client.chat();
  Status status = kLeft;
  int reads = operations;
  const auto body = [&](TaskGroup& group) -> Task<void> {
    group.spawn(write_all(stream, operations));
    std::optional<talk::Line> next(std::in_place);
    while (next && reads-- > 0) next = co_await stream.read();
    if (next) {
      group.request_stop();
    } else {
      status = co_await stream.finish();
    }
  };
  co_await run_in_group(loop, body);
  co_return status;
}

struct Mode {
  const char* name;
  Conversation conversation;
};
constexpr Mode kModes[] = {{"unary", ask}, {"client streaming", collect}, {"server streaming", count}, {"bidi", chat}};
constexpr int kAll = 1000;

class Everywhere : public TalkFixture {
 protected:
  void expect_working(const std::string& where) {
    loop.poll();
    EXPECT_EQ(talker.running, 0) << where;
    EXPECT_TRUE(run(client.ask(line("still there?")))) << where;
  }
};
INSTANTIATE_TEST_SUITE_P(Paths, Everywhere, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(Everywhere, ACallMayBeStopped) {
  for (const Mode& mode : kModes) {
    bool stopped = true;
    for (int rounds = 0; stopped; ++rounds) {
      stopped = false;
      Started<Status> call(mode.conversation(client, loop, kAll));
      AfterRounds stopper(loop, rounds, [&] {
        stopped = !call.done();
        call.request_stop();
      });
      loop.poll();
      const std::string where = mode.name + std::string(" after round ") + std::to_string(rounds);
      ASSERT_TRUE(call.done()) << where;
      const Status status = call.get();
      EXPECT_TRUE(status.ok() || status.code() == StatusCode::Cancelled) << where << ": " << status.to_string();
      EXPECT_TRUE(stopped || status.ok()) << where << ": " << status.to_string();
      expect_working(where);
      ASSERT_LT(rounds, 500) << where << ": it does not end";
    }
  }
}

TEST_P(Everywhere, ACallMayBeDestroyedBetweenItsOperations) {
  for (const Mode& mode : kModes) {
    Status status = kLeft;
    for (int operations = 0; status == kLeft; ++operations) {
      status = run(mode.conversation(client, loop, operations));
      expect_working(mode.name + std::string(" after operation ") + std::to_string(operations));
      ASSERT_LT(operations, 500) << mode.name << " does not end";
    }
    EXPECT_EQ(status, Status()) << mode.name;
  }
}

TEST_P(Everywhere, AServerMayGoAway) {
  for (const Mode& mode : kModes) {
    for (int rounds = 0; rounds < 40; ++rounds) {
      InProcessChannel channel(loop);
      channel.add(talker);
      Started<Status> call(mode.conversation(talk::TalkClient(channel), loop, kAll));
      std::optional<Started<void>> closing;
      AfterRounds closer(loop, rounds, [&] { closing.emplace(channel.close()); });
      loop.poll();
      ASSERT_TRUE(call.done()) << mode.name << " after round " << rounds;
      const Status status = call.get();
      EXPECT_TRUE(status.ok() || status.code() == StatusCode::Unavailable) << mode.name << ": " << status.to_string();
      EXPECT_EQ(talker.running, 0) << mode.name << " after round " << rounds;
    }
  }
}

}  // namespace
}  // namespace sluice::rpc::testing
