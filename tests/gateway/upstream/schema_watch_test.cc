// What the watch tells: once, again after another answer, and why there is none.
#include "gateway/upstream/schema_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "rpc_core/server/server.h"
#include "rpc_core/services/reflection.h"
#include "rpc_core/transport/memory.h"
#include "tests/rpc_core/services/descriptors.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A service that is only listed.
class Named final : public rpc::Service {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  std::string_view service_name() const override { return name_; }
  std::span<const rpc::MethodInfo> methods() const override { return {}; }
  rpc::Task<void> handle(std::size_t, rpc::ServerCall&) override { co_return; }

 private:
  const std::string name_;
};

// One life of a backend: its server, and what its reflection says.
struct Backend {
  Backend(rpc::Loop& loop, const std::vector<std::string>& services, bool with_reflection = true)
      : server(loop, rpc::ServerOptions()) {
    const google::protobuf::FileDescriptorSet files = rpc::testing::diamond();
    for (const auto& file : files.file()) pool.BuildFile(file);
    for (const std::string& service : services) reflection.list(*listed.emplace_back(std::make_unique<Named>(service)));
    if (!with_reflection) return;
    for (rpc::Service* service : reflection.services()) server.add(*service);
  }

  google::protobuf::DescriptorPool pool;
  rpc::Reflection reflection{pool};
  std::vector<std::unique_ptr<Named>> listed;
  rpc::Server server;
};

class SchemaWatchTest : public rpc::testing::LoopFixture {
 protected:
  void SetUp() override {
    rpc::ChannelOptions options;
    options.connector = [this](rpc::Loop& on, rpc::Endpoint) { return connect(on); };
    options.subchannel.backoff.jitter = 0;
    channel = *rpc::Channel::create(loop, "127.0.0.1:1", std::move(options));
  }
  void TearDown() override {
    if (started) started->request_stop();
    loop.poll();
    started.reset();
    run(channel->shut_down());
    stop_backend();
    LoopFixture::TearDown();
  }

  rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> connect(rpc::Loop& on) {
    if (!backend) co_return rpc::fail(rpc::StatusCode::Unavailable, "nobody there");
    auto [ours, theirs] = rpc::memory_pair(on, rpc::MemoryStreamOptions());
    backend->server.serve(std::move(theirs));
    co_return std::move(ours);
  }

  void start(SchemaWatch::Scope scope = SchemaWatch::Scope::Schema) {
    SchemaWatch::Events events;
    events.schema = [this](const rpc::ReflectedSchema& schema) { schemas.push_back(schema); };
    events.failed = [this](const rpc::Status& status) { failures.push_back(status.message()); };
    events.undescribed = [this](const std::string& service) { undescribed.push_back(service); };
    watch = std::make_unique<SchemaWatch>(*channel, scope, std::move(events));
    started = std::make_unique<rpc::testing::Started<void>>(watch->run());
    loop.poll();
  }
  void stop_backend() {
    if (!backend) return;
    rpc::testing::Started<void> down(backend->server.shut_down(rpc::Duration::zero()));
    pass(2);
    EXPECT_TRUE(down.done());
    backend.reset();
    loop.poll();
  }
  void replace_backend(const std::vector<std::string>& services, bool with_reflection = true) {
    pass(5);
    stop_backend();
    backend = std::make_unique<Backend>(loop, services, with_reflection);
    pass(20);
  }
  // Second by second, since what one timer starts may set another.
  void pass(int seconds) {
    for (int i = 0; i < seconds; ++i) advance(std::chrono::seconds(1));
  }

  std::unique_ptr<Backend> backend;
  std::unique_ptr<rpc::Channel> channel;
  std::unique_ptr<SchemaWatch> watch;
  std::unique_ptr<rpc::testing::Started<void>> started;
  std::vector<rpc::ReflectedSchema> schemas;
  std::vector<std::string> failures;
  std::vector<std::string> undescribed;
};

TEST_F(SchemaWatchTest, TellsTheSchemaOnceAndAgainWhenTheBackendComesBackWithAnother) {
  backend = std::make_unique<Backend>(loop, std::vector<std::string>{"t.Top"});
  start();
  ASSERT_EQ(schemas.size(), 1u);
  EXPECT_THAT(schemas[0].services, ElementsAre("t.Top"));
  EXPECT_EQ(schemas[0].files.file_size(), 4);
  replace_backend({"t.Top"});
  EXPECT_EQ(schemas.size(), 1u) << "the same again is nothing new";
  replace_backend({"t.Side", "t.Top"});
  ASSERT_EQ(schemas.size(), 2u);
  EXPECT_THAT(schemas[1].services, ElementsAre("t.Side", "t.Top"));
}

TEST_F(SchemaWatchTest, WaitsForABackendThatIsNotThereYet) {
  start();
  pass(3);
  EXPECT_THAT(failures, testing::Contains("nobody there"));
  EXPECT_THAT(schemas, IsEmpty());
  backend = std::make_unique<Backend>(loop, std::vector<std::string>{"t.Top"});
  pass(20);
  EXPECT_EQ(schemas.size(), 1u);
}

TEST_F(SchemaWatchTest, AsksAServerWithoutReflectionAgainWhenItComesBack) {
  backend = std::make_unique<Backend>(loop, std::vector<std::string>{"t.Top"}, false);
  start();
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_THAT(failures[0], HasSubstr("list_services"));
  pass(60);
  EXPECT_EQ(failures.size(), 1u);
  replace_backend({"t.Top"});
  EXPECT_EQ(schemas.size(), 1u);
}

TEST_F(SchemaWatchTest, LeavesOutWhatTheServerCannotDescribe) {
  backend = std::make_unique<Backend>(loop, std::vector<std::string>{"t.Nobody", "t.Top", "t.Side"});
  start();
  ASSERT_EQ(schemas.size(), 1u);
  EXPECT_THAT(schemas[0].services, ElementsAre("t.Side", "t.Top"));
  EXPECT_EQ(schemas[0].files.file_size(), 4) << "each file once";
  EXPECT_THAT(undescribed, ElementsAre("t.Nobody"));
}

TEST_F(SchemaWatchTest, AsksForNamesOnce) {
  backend = std::make_unique<Backend>(loop, std::vector<std::string>{"t.Nobody", "t.Top"});
  start(SchemaWatch::Scope::ServiceNames);
  ASSERT_EQ(schemas.size(), 1u);
  EXPECT_THAT(schemas[0].services, ElementsAre("t.Nobody", "t.Top"));
  EXPECT_EQ(schemas[0].files.file_size(), 0);
  EXPECT_TRUE(started->done());
}

}  // namespace
}  // namespace sluice::gateway
