// Channels by their place, and the headers that are added on the way.
#include "gateway/upstream/backends.h"

#include <gtest/gtest.h>

#include <array>

#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

// Writes down the metadata of its calls.
class Recorder final : public rpc::Service {
 public:
  std::string_view service_name() const override { return "t.Recorder"; }
  std::span<const rpc::MethodInfo> methods() const override { return methods_; }
  rpc::Task<void> handle(std::size_t, rpc::ServerCall& call) override {
    seen = call.info().metadata;
    rpc::Status good;
    co_await call.finish(good);
  }

  rpc::Metadata seen;

 private:
  const std::array<rpc::MethodInfo, 1> methods_ = {rpc::MethodInfo{"Do", rpc::CallMode::Unary}};
};

class BackendsTest : public rpc::testing::LoopFixture {
 protected:
  BackendOptions option(const std::string& label, rpc::Metadata headers) {
    BackendOptions options;
    options.label = label;
    options.target = "127.0.0.1:1";
    options.headers = std::move(headers);
    options.channel.connector = [this](rpc::Loop& on, rpc::Endpoint) { return connect(on); };
    return options;
  }

  rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> connect(rpc::Loop& on) {
    auto [ours, theirs] = rpc::memory_pair(on, rpc::MemoryStreamOptions());
    server.serve(std::move(theirs));
    co_return std::move(ours);
  }

  rpc::Task<rpc::Status> call(rpc::Caller& caller) {
    const rpc::Metadata metadata = {{"authorization", "theirs"}, {"x-kept", "1"}, {"x-kept", "2"}};
    rpc::CallOptions options;
    options.metadata = &metadata;
    const std::unique_ptr<rpc::Call> call = caller.start("/t.Recorder/Do", options);
    co_await call->finish_writing();
    co_return co_await call->finish();
  }

  Recorder recorder;
  rpc::Server server{loop, rpc::ServerOptions()};
  SharedChannels channels{loop};
};

TEST_F(BackendsTest, AddHeadersInPlaceOfTheClients) {
  server.add(recorder);
  const std::vector<BackendOptions> options = {option("plain", {}), option("keyed", {{"authorization", "ours"}})};
  auto backends = *Backends::open(channels, options);
  ASSERT_EQ(backends->size(), 2u);
  const std::vector<rpc::Caller*> callers = backends->callers();
  EXPECT_TRUE(run(call(*callers[0])).ok());
  EXPECT_EQ(recorder.seen.get("authorization"), "theirs");
  EXPECT_TRUE(run(call(*callers[1])).ok());
  EXPECT_EQ(recorder.seen.get_all("authorization"), (std::vector<std::string_view>{"ours"}));
  EXPECT_EQ(recorder.seen.get_all("x-kept"), (std::vector<std::string_view>{"1", "2"}));
  backends = nullptr;
  run(channels.join());
  run(server.shut_down(rpc::Duration::zero()));
}

TEST_F(BackendsTest, NameTheOneThatCannotBeOpened) {
  BackendOptions wrong = option("users", {});
  wrong.target = "nonsense";
  const std::vector<BackendOptions> options = {option("plain", {}), wrong};
  const auto opened = Backends::open(channels, options);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message().starts_with("backend users: ")) << opened.error().message();
  run(channels.join());
}

TEST_F(BackendsTest, TakeOverChannelsThatStayTheSame) {
  server.add(recorder);
  const BackendOptions same = option("same", {});
  BackendOptions other = option("other", {});
  auto before = *Backends::open(channels, std::vector<BackendOptions>{same, other});
  EXPECT_TRUE(run(call(before->channel(0))).ok());
  BackendOptions with_header = option("same", {{"x-new", "1"}});
  other.channel.max_receive_bytes = 7;
  auto after = *Backends::open(channels, std::vector<BackendOptions>{other, with_header}, before.get());
  EXPECT_EQ(&after->channel(1), &before->channel(0));
  EXPECT_NE(&after->channel(0), &before->channel(1));
  before = nullptr;
  EXPECT_EQ(channels.totals()["same"].connects, 1u);
  EXPECT_EQ(channels.totals()["same"].open_connections, 1u);
  EXPECT_EQ(after->channel(1).state(), rpc::ConnectivityState::Ready);
  EXPECT_TRUE(run(call(*after->callers()[1])).ok());
  EXPECT_EQ(recorder.seen.get("x-new"), "1");
  after = nullptr;
  run(channels.join());
  EXPECT_EQ(channels.totals()["same"].streams, 2u);
  EXPECT_EQ(channels.totals()["same"].open_connections, 0u);
  run(server.shut_down(rpc::Duration::zero()));
}

TEST_F(BackendsTest, CountAttemptsToConnectThatFail) {
  BackendOptions option;
  option.label = "away";
  option.target = "127.0.0.1:1";
  option.channel.connector = [](rpc::Loop&, rpc::Endpoint) -> rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> {
    co_return rpc::fail(rpc::StatusCode::Unavailable, "refused");
  };
  auto backends = *Backends::open(channels, std::vector<BackendOptions>{option});
  EXPECT_EQ(run(call(backends->channel(0))).code(), rpc::StatusCode::Unavailable);
  EXPECT_EQ(channels.totals()["away"].failures, 1u);
  EXPECT_EQ(channels.totals()["away"].connects, 0u);
  backends = nullptr;
  run(channels.join());
}

TEST(Backends, HaveTheSameConnectionsUnlessARuleOfThemDiffers) {
  const BackendOptions one;
  const std::array<void (*)(BackendOptions&), 8> changes = {
      [](BackendOptions& options) { options.label = "x"; },
      [](BackendOptions& options) { options.target = "x:1"; },
      [](BackendOptions& options) { options.credentials = std::make_shared<rpc::TlsCredentials>(nullptr); },
      [](BackendOptions& options) { options.channel.authority = "x"; },
      [](BackendOptions& options) { options.channel.max_receive_bytes = 1; },
      [](BackendOptions& options) { options.channel.subchannel.connect_timeout = std::chrono::seconds(1); },
      [](BackendOptions& options) { options.channel.subchannel.backoff.max = std::chrono::seconds(1); },
      [](BackendOptions& options) { options.channel.subchannel.http2.max_header_list_bytes = 1; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BackendOptions other = one;
    changes[i](other);
    EXPECT_FALSE(same_connections(one, other)) << i;
  }
  BackendOptions other = one;
  other.headers.add("x", "y");
  EXPECT_TRUE(same_connections(one, other));
}

}  // namespace
}  // namespace sluice::gateway
