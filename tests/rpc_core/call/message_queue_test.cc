// Tests of the bounded queue between the two ends of an in-process call.
#include "rpc_core/call/message_queue.h"

#include "tests/support/loop_fixture.h"

namespace sluice::rpc::testing {
namespace {

class Queue : public LoopFixture {
 protected:
  Task<bool> push(const char* text) { return queue.push(Buffer::copy_of(text)); }
  Task<std::string> pop() {
    const std::optional<Buffer> message = co_await queue.pop();
    std::string text = "nothing";
    if (message) text = message->text();
    co_return text;
  }

  MessageQueue queue{loop, 2};
};

TEST_F(Queue, KeepsTheOrder) {
  EXPECT_TRUE(run(push("a")));
  EXPECT_TRUE(run(push("b")));
  EXPECT_EQ(run(pop()), "a");
  EXPECT_EQ(run(pop()), "b");
}

TEST_F(Queue, HoldsBackTheWriterUntilThereIsRoom) {
  EXPECT_TRUE(run(push("a")));
  EXPECT_TRUE(run(push("b")));
  Started<bool> third(push("c"));
  loop.poll();
  EXPECT_FALSE(third.done());
  EXPECT_EQ(run(pop()), "a");
  loop.poll();
  EXPECT_TRUE(third.get());
}

TEST_F(Queue, WakesTheReader) {
  Started<std::string> popped(pop());
  loop.poll();
  EXPECT_FALSE(popped.done());
  EXPECT_TRUE(run(push("a")));
  loop.poll();
  EXPECT_EQ(popped.get(), "a");
}

TEST_F(Queue, GivesWhatIsLeftAfterClose) {
  EXPECT_TRUE(run(push("a")));
  queue.close();
  EXPECT_FALSE(run(push("b")));
  EXPECT_EQ(run(pop()), "a");
  EXPECT_EQ(run(pop()), "nothing");
  EXPECT_TRUE(queue.closed());
}

TEST_F(Queue, DropsWhatIsLeftAndReleasesTheWriter) {
  EXPECT_TRUE(run(push("a")));
  EXPECT_TRUE(run(push("b")));
  Started<bool> third(push("c"));
  loop.poll();
  queue.close_and_drop();
  loop.poll();
  EXPECT_FALSE(third.get());
  EXPECT_EQ(run(pop()), "nothing");
}

TEST_F(Queue, ReleasesTheReaderAtClose) {
  Started<std::string> popped(pop());
  loop.poll();
  queue.close();
  loop.poll();
  EXPECT_EQ(popped.get(), "nothing");
}

TEST_F(Queue, EndsAWaitThatIsStopped) {
  Started<std::string> popped(pop());
  loop.poll();
  popped.request_stop();
  loop.poll();
  EXPECT_EQ(popped.get(), "nothing");
  EXPECT_FALSE(queue.closed());
}

TEST_F(Queue, GivesAMessageThatCameBeforeTheStop) {
  Started<std::string> popped(pop());
  loop.poll();
  Started<bool> pushed(push("a"));
  EXPECT_TRUE(pushed.get());
  popped.request_stop();
  loop.poll();
  EXPECT_EQ(popped.get(), "a");
}

}  // namespace
}  // namespace sluice::rpc::testing
