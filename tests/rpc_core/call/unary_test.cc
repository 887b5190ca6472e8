// Tests of the rule "exactly one message": clients against servers that break it, and the other way round.
#include "rpc_core/call/unary.h"

#include <gtest/gtest.h>

#include "rpc_core/call/codec.h"
#include "tests/rpc_core/call/talk_fixture.h"

namespace sluice::rpc::testing {
namespace {

// Every method of "talk.Talk" sends so many copies of some bytes, then the status.
class Sender final : public Service {
 public:
  std::string_view service_name() const override { return names_.service_name(); }
  std::span<const MethodInfo> methods() const override { return names_.methods(); }
  Task<void> handle(std::size_t, ServerCall& call) override {
    for (int i = 0; i < count; ++i) co_await call.write(Buffer::copy_of(bytes, kMessagePrefixBytes));
    co_await call.finish(status);
  }

  std::string bytes = line("x").SerializeAsString();
  int count = 1;
  Status status;

 private:
  talk::TalkService names_;
};

class ServerCardinality : public TalkFixture {
 protected:
  // Sends so many requests, raw, and gives the status.
  Task<Status> send(std::string_view path, int count, std::string bytes) {
    const std::unique_ptr<Call> call = caller().start(path, {});
    for (int i = 0; i < count; ++i) co_await call->write(Buffer::copy_of(bytes, kMessagePrefixBytes));
    co_await call->finish_writing();
    co_return co_await call->finish();
  }
};
INSTANTIATE_TEST_SUITE_P(Paths, ServerCardinality, ::testing::Values(Path::InProcess, Path::Http2), path_name);

class ClientCardinality : public TalkFixture {
 protected:
  Service& service() override { return sender; }
  Task<Result<talk::Line>> collect() {
    auto stream = client.collect();
    co_return co_await stream.finish();
  }
  static Status status_of(const Result<talk::Line>& result) { return result ? Status() : result.error(); }

  Sender sender;
};
INSTANTIATE_TEST_SUITE_P(Paths, ClientCardinality, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(ServerCardinality, WantsOneRequest) {
  const std::string bytes = line("x").SerializeAsString();
  const struct {
    const char* path;
    int count;
    Status expected;
  } cases[] = {
      {"/talk.Talk/Ask", 0, Status(StatusCode::Unimplemented, "expected one request message, got none")},
      {"/talk.Talk/Ask", 1, Status()},
      {"/talk.Talk/Ask", 2, Status(StatusCode::Unimplemented, "expected one request message, got more")},
      {"/talk.Talk/Count", 0, Status(StatusCode::Unimplemented, "expected one request message, got none")},
      {"/talk.Talk/Count", 1, Status()},
      {"/talk.Talk/Count", 3, Status(StatusCode::Unimplemented, "expected one request message, got more")},
      {"/talk.Talk/Collect", 0, Status()},
      {"/talk.Talk/Collect", 3, Status()},
      {"/talk.Talk/Chat", 0, Status()},
      {"/talk.Talk/Chat", 3, Status()},
  };
  for (const auto& c : cases) EXPECT_EQ(run(send(c.path, c.count, bytes)), c.expected) << c.path << " " << c.count;
}

TEST_P(ServerCardinality, RefusesARequestThatCannotBeParsed) {
  const Status expected(StatusCode::Internal, "expected an encoded talk.Line, got 3 bytes that are none");
  for (const char* path : {"/talk.Talk/Ask", "/talk.Talk/Count", "/talk.Talk/Collect", "/talk.Talk/Chat"}) {
    EXPECT_EQ(run(send(path, 1, "bad")), expected) << path;
  }
}

TEST_P(ClientCardinality, WantsOneResponse) {
  const Status none(StatusCode::Unimplemented, "expected one response message, got none");
  const Status more(StatusCode::Unimplemented, "expected one response message, got more");
  const Status bad(StatusCode::Aborted, "bad");
  const struct {
    int count;
    Status sent;
    Status expected;
  } cases[] = {{0, Status(), none}, {1, Status(), Status()}, {2, Status(), more},
               {0, bad, bad},       {1, bad, bad},           {100, Status(), more}};
  for (const auto& c : cases) {
    sender.count = c.count;
    sender.status = c.sent;
    EXPECT_EQ(status_of(run(client.ask(line("x")))), c.expected) << c.count;
    EXPECT_EQ(status_of(run(collect())), c.expected) << c.count;
  }
}

TEST_P(ClientCardinality, RefusesAResponseThatCannotBeParsed) {
  sender.bytes = "bad";
  const Status expected(StatusCode::Internal, "expected an encoded talk.Line, got 3 bytes that are none");
  EXPECT_EQ(run(client.ask(line("x"))).error(), expected);
  EXPECT_EQ(run(collect()).error(), expected);
  auto counts = client.count(line("x"));
  EXPECT_EQ(run(counts.read()), std::nullopt);
  EXPECT_EQ(run(counts.finish()), expected);
  auto chat = client.chat();
  talk::Line answer;
  EXPECT_FALSE(run(chat.read(answer)));
  EXPECT_EQ(run(chat.finish()), expected);
}

TEST_P(ClientCardinality, AnErrorInPlaceOfTheRequestStartsNothing) {
  const Status failure(StatusCode::Internal, "not encoded");
  EXPECT_EQ(run(call_unary(caller(), "/talk.Talk/Ask", fail(failure), {}, nullptr)).error(), failure);
  ServerStream<talk::Line> stream(caller(), "/talk.Talk/Count", fail(failure), {});
  EXPECT_EQ(run(stream.read()), std::nullopt);
  EXPECT_EQ(run(stream.headers()), nullptr);
  EXPECT_EQ(run(stream.finish()), failure);
  EXPECT_TRUE(stream.trailers().empty());
}

}  // namespace
}  // namespace sluice::rpc::testing
