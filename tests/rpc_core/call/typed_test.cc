// Tests of typed clients against typed services: the four modes and their ends, in process and over HTTP/2.
#include "rpc_core/call/typed.h"

#include <gmock/gmock.h>

#include "tests/rpc_core/call/talk_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Typed : public TalkFixture {
 protected:
  // Sends the texts, half-closes, and gives what came back and the status's text.
  Task<std::vector<std::string>> chat_with(std::vector<std::string> texts) {
    auto chat = client.chat();
    for (const std::string& text : texts) {
      if (bool room = co_await chat.write(line(text)); !room) break;
    }
    co_await chat.finish_writing();
    std::vector<std::string> seen;
    while (std::optional<talk::Line> answer = co_await chat.read()) seen.push_back(answer->text());
    const Status status = co_await chat.finish();
    seen.push_back(status.to_string());
    co_return seen;
  }
  Task<std::vector<std::string>> count_to(std::string text, int number) {
    auto counts = client.count(line(text, number));
    std::vector<std::string> seen;
    talk::Line next;
    while (co_await counts.read(next)) seen.push_back(next.text() + std::to_string(next.number()));
    const Status status = co_await counts.finish();
    seen.push_back(status.to_string());
    co_return seen;
  }
  Task<Result<talk::Line>> collect_from(std::vector<std::string> texts) {
    auto stream = client.collect();
    for (const std::string& text : texts) {
      if (bool room = co_await stream.write(line(text)); !room) break;
    }
    co_return co_await stream.finish();
  }
};
INSTANTIATE_TEST_SUITE_P(Paths, Typed, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(Typed, UnaryGivesTheResponse) {
  const Result<talk::Line> reply = run(client.ask(line("hello", 1)));
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->text(), "you said hello");
  EXPECT_EQ(reply->number(), 2);
}

TEST_P(Typed, UnaryCarriesAnEmptyMessage) {
  const Result<talk::Line> reply = run(client.ask(talk::Line()));
  ASSERT_TRUE(reply) << reply.error().to_string();
  EXPECT_EQ(reply->text(), "you said ");
}

TEST_P(Typed, UnaryGivesTheError) {
  const Result<talk::Line> reply = run(client.ask(line("fail")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), Status(StatusCode::NotFound, "no such line"));
  EXPECT_EQ(reply.error().origin(), Status::Origin::Peer);
}

TEST_P(Typed, AHandlerThatThrowsIsUnknown) {
  const Result<talk::Line> reply = run(client.ask(line("throw")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), StatusCode::Unknown);
  EXPECT_THAT(reply.error().message(), HasSubstr("a bug"));
}

TEST_P(Typed, UnaryEncodesItsRequestAtOnce) {
  Task<Result<talk::Line>> task = client.ask(line("a temporary"));
  EXPECT_EQ(run(std::move(task))->text(), "you said a temporary");
}

TEST_P(Typed, UnaryEndsAtItsDeadline) {
  Started<Result<talk::Line>> reply(client.ask(line("wait"), {.timeout = 200ms}));
  advance(199ms);
  EXPECT_FALSE(reply.done());
  EXPECT_EQ(talker.running, 1);
  advance(3ms);
  EXPECT_EQ(talker.running, 0);
  EXPECT_EQ(talker.cancelled, 1);
  EXPECT_EQ(reply.get().error().code(), StatusCode::DeadlineExceeded);
}

TEST_P(Typed, ServerStreamGivesAllResponses) {
  EXPECT_THAT(run(count_to("n", 3)), ElementsAre("n0", "n1", "n2", "OK"));
  EXPECT_THAT(run(count_to("n", 0)), ElementsAre("OK"));
  EXPECT_THAT(run(count_to("fail", 1)), ElementsAre("fail0", "NOT_FOUND: no such line"));
}

TEST_P(Typed, ClientStreamGivesOneResponse) {
  EXPECT_EQ(run(collect_from({"a", "b", "c"}))->text(), "abc");
  EXPECT_EQ(run(collect_from({}))->number(), 0);
  EXPECT_EQ(run(collect_from({"a", "fail", "c"})).error().code(), StatusCode::NotFound);
}

TEST_P(Typed, ClientStreamEndsEarlyWhereTheServerDoes) {
  EXPECT_EQ(run(collect_from({"a", "half", "c", "d", "e", "f", "g", "h", "i"}))->text(), "ahalf");
}

TEST_P(Typed, BidiStreamEchoes) {
  EXPECT_THAT(run(chat_with({"a", "b"})), ElementsAre("a", "b", "OK"));
  EXPECT_THAT(run(chat_with({})), ElementsAre("OK"));
  EXPECT_THAT(run(chat_with({"a", "fail"})), ElementsAre("a", "NOT_FOUND: no such line"));
  EXPECT_THAT(run(chat_with({"half", "b", "c"})), ElementsAre("half", "OK"));
}

TEST_P(Typed, BidiStreamGoesBackAndForth) {
  const auto talk = [this]() -> Task<std::string> {
    std::string seen;
    auto chat = client.chat();
    for (const char* text : {"one", "two", "three"}) {
      co_await chat.write(line(text));
      const std::optional<talk::Line> answer = co_await chat.read();
      seen += answer ? answer->text() + " " : "nothing ";
    }
    co_await chat.finish_writing();
    const Status status = co_await chat.finish();
    co_return seen + status.to_string();
  };
  EXPECT_EQ(run(talk()), "one two three OK");
}

TEST_P(Typed, AStreamMayBeMovedBetweenItsOperations) {
  const auto talk = [this]() -> Task<std::string> {
    std::vector<BidiStream<talk::Line, talk::Line>> chats;
    chats.push_back(client.chat());
    co_await chats.front().write(line("x"), {.last = true});
    auto moved = std::move(chats.front());
    chats.clear();
    const std::optional<talk::Line> answer = co_await moved.read();
    co_return answer ? answer->text() : "nothing";
  };
  EXPECT_EQ(run(talk()), "x");
}

TEST_P(Typed, CancelEndsWhatIsPending) {
  auto chat = client.chat();
  Started<std::optional<talk::Line>> read(chat.read());
  loop.poll();
  EXPECT_EQ(talker.running, 1);
  chat.cancel();
  loop.poll();
  EXPECT_EQ(read.get(), std::nullopt);
  EXPECT_EQ(talker.running, 0);
  EXPECT_FALSE(run(chat.write(line("late"))));
  EXPECT_EQ(run(chat.headers()), nullptr);
  EXPECT_EQ(run(chat.finish()), Status(StatusCode::Cancelled, "cancelled by the caller"));
  EXPECT_TRUE(chat.trailers().empty());
}

TEST_P(Typed, CancelAfterTheEndChangesNothing) {
  auto counts = client.count(line("n", 0));
  EXPECT_EQ(run(counts.finish()), Status());
  counts.cancel();
  EXPECT_EQ(run(counts.finish()), Status());
}

TEST_P(Typed, DestroyingAStreamTellsTheHandler) {
  {
    auto counts = client.count(line("wait", 1));
    EXPECT_EQ(run(counts.read())->text(), "wait");
    EXPECT_EQ(talker.running, 1);
  }
  loop.poll();
  EXPECT_EQ(talker.running, 0);
  EXPECT_EQ(talker.cancelled, 1);
}

}  // namespace
}  // namespace sluice::rpc::testing
