// Tests of cancelling a call at any time.
#include "rpc_core/call/cancellable_call.h"

#include "rpc_core/call/in_process.h"
#include "tests/support/raw_service.h"

namespace sluice::rpc::testing {
namespace {

class Cancellable : public LoopFixture {
 protected:
  void TearDown() override {
    run(channel.close());
    LoopFixture::TearDown();
  }

  std::unique_ptr<Call> start() {
    service.handler = echo;
    channel.add(service);
    return channel.start(kRawPath, {});
  }

  Task<int> write_until_over() {
    int written = 0;
    bool room = true;
    while (room) {
      room = co_await call.write(message("x"));
      if (room) ++written;
    }
    co_return written;
  }

  RawService service;
  InProcessChannel channel{loop};
  CancellableCall call{start()};
  const Status why{StatusCode::Internal, "because"};
};

TEST_F(Cancellable, PassesOperationsOn) {
  EXPECT_TRUE(run(call.write(message("a"))));
  EXPECT_EQ(run(call.read())->text(), "a");
  EXPECT_NE(run(call.headers()), nullptr);
  run(call.finish_writing());
  EXPECT_EQ(run(call.finish()), Status());
}

TEST_F(Cancellable, ReleasesTheCallAtOnceWithNothingPending) {
  loop.poll();
  EXPECT_EQ(service.started, 1);
  call.cancel(why);
  loop.poll();
  EXPECT_EQ(service.returned, 1);
  EXPECT_EQ(run(call.finish()), why);
  EXPECT_FALSE(run(call.write(message("a"))));
  EXPECT_EQ(run(call.read()), std::nullopt);
  EXPECT_EQ(run(call.headers()), nullptr);
  run(call.finish_writing());
}

TEST_F(Cancellable, EndsAReaderAndAWriterTogether) {
  service.handler = [this](ServerCall& server) -> Task<void> {
    co_await sleep_for(loop, std::chrono::hours(1));
    co_await server.finish(Status());
  };
  Started<Status> finish(call.finish());
  Started<int> write(write_until_over());
  loop.poll();
  EXPECT_FALSE(write.done());
  call.cancel(why);
  loop.poll();
  EXPECT_EQ(write.get(), 4);
  EXPECT_EQ(finish.get(), why);
  EXPECT_EQ(service.returned, 1);
}

TEST_F(Cancellable, TheFirstReasonCounts) {
  call.cancel(why);
  call.cancel(Status(StatusCode::Aborted, "later"));
  EXPECT_EQ(run(call.finish()), why);
}

TEST_F(Cancellable, AStopOfOneOperationEndsTheCall) {
  Started<std::optional<Buffer>> read(call.read());
  loop.poll();
  read.request_stop();
  loop.poll();
  EXPECT_EQ(read.get(), std::nullopt);
  EXPECT_EQ(run(call.finish()).code(), StatusCode::Cancelled);
  EXPECT_EQ(service.returned, 1);
}

TEST_F(Cancellable, MayHaveFailedBeforeItsStart) {
  CancellableCall failed(why);
  EXPECT_FALSE(run(failed.write(message("a"))));
  EXPECT_EQ(run(failed.finish()), why);
  EXPECT_TRUE(failed.trailers().empty());
}

}  // namespace
}  // namespace sluice::rpc::testing
