// A typed service with a client, joined in process or over HTTP/2 in memory, on a clock that the test drives.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rpc_core/call/in_process.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "talk.sluice.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc::testing {

inline talk::Line line(std::string text, int number = 0) {
  talk::Line line;
  line.set_text(std::move(text));
  line.set_number(number);
  return line;
}

// Behaves as the text of the first line says: "fail", "throw", "wait" (for ever), "half" (ends after one message).
class Talker final : public talk::TalkService {
 public:
  Task<Result<talk::Line>> ask(ServerContext& context, const talk::Line& request) override {
    const Running running(*this);
    Status status = co_await behave(context, request.text());
    if (!status.ok()) co_return fail(std::move(status));
    co_return line("you said " + request.text(), request.number() + 1);
  }

  Task<Result<talk::Line>> collect(ServerContext& context, Reader<talk::Line>& reader) override {
    const Running running(*this);
    talk::Line sum;
    talk::Line next;
    while (co_await reader.read(next)) {
      Status status = co_await behave(context, next.text());
      if (!status.ok()) co_return fail(std::move(status));
      sum.set_text(sum.text() + next.text());
      sum.set_number(sum.number() + 1);
      if (next.text() == "half") break;
    }
    co_return sum;
  }

  Task<Status> count(ServerContext& context, const talk::Line& request, Writer<talk::Line>& writer) override {
    const Running running(*this);
    for (int i = 0; i < request.number(); ++i) {
      if (bool room = co_await writer.write(line(request.text(), i)); !room) break;
    }
    co_return co_await behave(context, request.text());
  }

  Task<Status> chat(ServerContext& context, Reader<talk::Line>& reader, Writer<talk::Line>& writer) override {
    const Running running(*this);
    while (std::optional<talk::Line> next = co_await reader.read()) {
      Status status = co_await behave(context, next->text());
      if (!status.ok()) co_return status;
      if (bool room = co_await writer.write(*next); !room) break;
      if (next->text() == "half") break;
    }
    co_return Status();
  }

  int running = 0;
  int cancelled = 0;

 private:
  // Counts the handlers that are inside.
  class Running {
   public:
    explicit Running(Talker& talker) : talker_(talker) { ++talker_.running; }
    ~Running() { --talker_.running; }

   private:
    Talker& talker_;
  };

  Task<Status> behave(ServerContext& context, const std::string& text) {
    if (text == "fail") co_return Status(StatusCode::NotFound, "no such line");
    if (text == "throw") throw std::runtime_error("a bug");
    if (text == "wait") {
      const bool elapsed = co_await sleep_for(context.loop(), std::chrono::hours(10000));
      if (!elapsed) ++cancelled;
    }
    co_return Status();
  }
};

enum class Path { InProcess, Http2 };

// The same tests over both.
class TalkFixture : public LoopFixture, public ::testing::WithParamInterface<Path> {
 protected:
  // What answers: a fixture may put another in its place.
  virtual Service& service() { return talker; }

  void SetUp() override {
    if (GetParam() == Path::InProcess) {
      in_process.add(service());
    } else {
      server.add(service());
    }
  }
  Caller& caller() { return GetParam() == Path::InProcess ? static_cast<Caller&>(in_process) : *channel; }

  void TearDown() override {
    run(close());
    EXPECT_EQ(talker.running, 0);
    LoopFixture::TearDown();
  }
  Task<void> close() {
    co_await in_process.close();
    co_await channel->shut_down();
    co_await server.shut_down(Duration::zero());
  }

  Talker talker;
  InProcessChannel in_process{loop};
  Server server{loop, {}};
  std::unique_ptr<Channel> channel = *Channel::create(loop, "127.0.0.1:1", options());
  talk::TalkClient client{caller()};

 private:
  ChannelOptions options() {
    ChannelOptions options;
    options.connector = [this](Loop& on, Endpoint) { return connect(on); };
    return options;
  }
  Task<Result<std::unique_ptr<ByteStream>>> connect(Loop& on) {
    auto [ours, theirs] = memory_pair(on, {});
    server.serve(std::move(theirs));
    co_return std::move(ours);
  }
};

inline std::string path_name(const ::testing::TestParamInfo<Path>& info) {
  return info.param == Path::InProcess ? "InProcess" : "Http2";
}

}  // namespace sluice::rpc::testing
