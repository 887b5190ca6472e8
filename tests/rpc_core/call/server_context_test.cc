// Tests of what a handler sees and sends beside its messages.
#include "rpc_core/call/server_context.h"

#include <gmock/gmock.h>

#include "rpc_core/call/status_details.h"
#include "tests/rpc_core/call/talk_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;

// "/talk.Talk/Ask" and "/talk.Talk/Count" do what the test says.
class ScriptedTalk final : public talk::TalkService {
 public:
  Task<Result<talk::Line>> ask(ServerContext& context, const talk::Line& request) override {
    Status status = co_await script(context);
    if (!status.ok()) co_return fail(std::move(status));
    co_return request;
  }
  Task<Status> count(ServerContext& context, const talk::Line&, Writer<talk::Line>& writer) override {
    Status status = co_await script(context);
    if (status.ok()) co_await writer.write(line("first"));
    co_return status;
  }

  std::function<Task<Status>(ServerContext&)> script;
};

class Context : public TalkFixture {
 protected:
  Service& service() override { return scripted; }

  ScriptedTalk scripted;
};
INSTANTIATE_TEST_SUITE_P(Paths, Context, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(Context, ShowsTheCall) {
  std::string seen;
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    seen = std::string(context.path()) + " " + std::string(context.metadata().get("x-key").value_or("none"));
    EXPECT_FALSE(context.peer().empty());
    EXPECT_FALSE(context.authority().empty());
    EXPECT_EQ(context.peer_identity(), nullptr);
    EXPECT_FALSE(context.cancelled().stop_requested());
    co_return Status();
  };
  const Metadata metadata{{"x-key", "blue"}};
  EXPECT_TRUE(run(client.ask(line("x"), {.metadata = &metadata})));
  EXPECT_EQ(seen, "/talk.Talk/Ask blue");
}

TEST_P(Context, CountsDownToTheDeadline) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    EXPECT_EQ(context.remaining(), 2s);
    clock.advance(500ms);
    EXPECT_EQ(context.remaining(), 1500ms);
    clock.advance(5s);
    EXPECT_EQ(context.remaining(), 0s);
    co_return Status();
  };
  EXPECT_TRUE(run(client.ask(line("x"), {.timeout = 2s})));
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    EXPECT_EQ(context.remaining(), std::nullopt);
    EXPECT_EQ(context.deadline(), std::nullopt);
    co_return Status();
  };
  EXPECT_TRUE(run(client.ask(line("x"))));
}

TEST_P(Context, SendsInitialMetadataAheadOfTheFirstMessageAndTrailersAtTheEnd) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    context.initial_metadata().add("x-first", "1");
    context.trailers().add("x-last", "2");
    co_return Status();
  };
  ResponseMetadata received;
  EXPECT_TRUE(run(client.ask(line("x"), {}, &received)));
  EXPECT_EQ(received.headers, Metadata({{"x-first", "1"}}));
  EXPECT_EQ(received.trailers, Metadata({{"x-last", "2"}}));
}

TEST_P(Context, SendsInitialMetadataWithAnErrorToo) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    context.initial_metadata().add("x-first", "1");
    co_return Status(StatusCode::Aborted, "later");
  };
  ResponseMetadata received;
  EXPECT_EQ(run(client.ask(line("x"), {}, &received)).error().code(), StatusCode::Aborted);
  EXPECT_EQ(received.headers, Metadata({{"x-first", "1"}}));
}

TEST_P(Context, SendsHeadersNow) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    context.initial_metadata().add("x-first", "1");
    const bool first = co_await context.send_headers();
    co_await sleep_for(loop, 1h);
    const bool again = co_await context.send_headers();
    EXPECT_TRUE(first && again);
    co_return Status();
  };
  auto counts = client.count(line("x"));
  const Metadata* headers = run(counts.headers());
  ASSERT_NE(headers, nullptr);
  EXPECT_EQ(headers->get("x-first"), "1");
  advance(1h + 1ms);
  EXPECT_EQ(run(counts.read())->text(), "first");
  EXPECT_EQ(run(counts.finish()), Status());
}

TEST_P(Context, GivesAnErrorWithoutHeadersAsTrailersOnly) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    context.trailers().add("x-last", "2");
    co_return Status(StatusCode::Aborted, "later");
  };
  auto counts = client.count(line("x"));
  EXPECT_EQ(run(counts.headers()), nullptr);
  EXPECT_EQ(run(counts.finish()), Status(StatusCode::Aborted, "later"));
  EXPECT_EQ(counts.trailers(), Metadata({{"x-last", "2"}}));
}

TEST_P(Context, CarriesDetails) {
  scripted.script = [&](ServerContext&) -> Task<Status> {
    Status status(StatusCode::InvalidArgument, "no");
    add_detail(status, line("why", 7));
    co_return status;
  };
  const Result<talk::Line> reply = run(client.ask(line("x")));
  ASSERT_FALSE(reply);
  const std::optional<talk::Line> detail = find_detail<talk::Line>(reply.error());
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->number(), 7);
}

TEST_P(Context, HandsDeadlineAndTraceOnToNestedCalls) {
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    const CallOptions options = context.child_options();
    EXPECT_EQ(options.deadline, context.deadline());
    EXPECT_EQ(*options.metadata, Metadata({{"x-request-id", "17"}, {"traceparent", "00-ab-cd-01"}}));
    co_return Status();
  };
  const Metadata metadata{{"traceparent", "00-ab-cd-01"}, {"x-other", "stays"}, {"x-request-id", "17"}};
  EXPECT_TRUE(run(client.ask(line("x"), {.timeout = 1s, .metadata = &metadata})));
}

TEST_P(Context, CancelsNestedCallsWithItsOwn) {
  Status nested;
  scripted.script = [&](ServerContext& context) -> Task<Status> {
    if (context.remaining() == std::nullopt) {
      co_await sleep_for(loop, 1h);
      co_return Status();
    }
    Result<talk::Line> reply = co_await client.ask(line("inner"));
    nested = reply.error();
    co_return Status();
  };
  const Result<talk::Line> reply = [&] {
    Started<Result<talk::Line>> outer(client.ask(line("outer"), {.timeout = 1s}));
    advance(1s + 1ms);
    return outer.get();
  }();
  EXPECT_EQ(reply.error().code(), StatusCode::DeadlineExceeded);
  EXPECT_EQ(nested.code(), StatusCode::Cancelled);
}

}  // namespace
}  // namespace sluice::rpc::testing
