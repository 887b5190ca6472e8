// Tests of the health service: what Check answers, what Watch sends and when, and that an ended watch leaves nothing.
#include "rpc_core/services/health.h"

#include "tests/rpc_core/services/services_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using Wire = HealthService::Response;
using WatchStream = ServerStream<HealthService::Response>;

HealthService::Request named(const std::string& service) {
  HealthService::Request request;
  request.set_service(service);
  return request;
}

class Health : public ServicesFixture {
 protected:
  void SetUp() override {
    ServicesFixture::SetUp();
    add(health);
    client.emplace(caller());
  }
  void TearDown() override {
    ServicesFixture::TearDown();
    EXPECT_EQ(health.watchers(), 0u);
  }

  HealthService health;
  std::optional<::grpc::health::v1::HealthClient> client;
};
INSTANTIATE_TEST_SUITE_P(Paths, Health, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(Health, CheckGivesTheStatus) {
  const struct {
    const char* service;
    ServingStatus status;
    Wire::ServingStatus expected;
  } cases[] = {
      {"", ServingStatus::NotServing, Wire::NOT_SERVING},
      {"", ServingStatus::Serving, Wire::SERVING},
      {"library.Books", ServingStatus::Unknown, Wire::UNKNOWN},
      {"library.Books", ServingStatus::Serving, Wire::SERVING},
  };
  for (const auto& c : cases) {
    health.set(c.service, c.status);
    const Result<Wire> response = run(client->check(named(c.service)));
    ASSERT_TRUE(response) << response.error().to_string();
    EXPECT_EQ(response->status(), c.expected) << c.service;
  }
}

TEST_P(Health, TheServerItselfServesFromTheStart) { EXPECT_EQ(run(client->check(named("")))->status(), Wire::SERVING); }

TEST_P(Health, CheckOfAnUnknownServiceIsNotFound) {
  EXPECT_EQ(run(client->check(named("library.Other"))).error(),
            Status(StatusCode::NotFound, "expected a service of this server, got \"library.Other\""));
}

TEST_P(Health, ShutDownIsForGood) {
  health.set("library.Books", ServingStatus::Serving);
  health.shut_down();
  health.set("library.Books", ServingStatus::Serving);
  health.set("library.New", ServingStatus::Serving);
  EXPECT_EQ(run(client->check(named("")))->status(), Wire::NOT_SERVING);
  EXPECT_EQ(run(client->check(named("library.Books")))->status(), Wire::NOT_SERVING);
  EXPECT_EQ(run(client->check(named("library.New"))).error().code(), StatusCode::NotFound);
}

TEST_P(Health, WatchSendsTheStatusAtOnceAndEachChange) {
  WatchStream watch = client->watch(named("library.Books"));
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVICE_UNKNOWN);
  EXPECT_EQ(health.watchers(), 1u);
  health.set("library.Books", ServingStatus::Serving);
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
  health.set("library.Books", ServingStatus::NotServing);
  EXPECT_EQ(run(watch.read())->status(), Wire::NOT_SERVING);
  health.set("library.Books", ServingStatus::Serving);
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
  health.shut_down();
  EXPECT_EQ(run(watch.read())->status(), Wire::NOT_SERVING);
}

TEST_P(Health, WatchSendsNothingForWhatIsNoChange) {
  WatchStream watch = client->watch(named(""));
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
  Started<std::optional<Wire>> next(watch.read());
  health.set("", ServingStatus::Serving);
  health.set("library.Other", ServingStatus::NotServing);
  health.set("", ServingStatus::NotServing);
  health.set("", ServingStatus::Serving);
  advance(1h);
  EXPECT_FALSE(next.done());
  health.set("", ServingStatus::NotServing);
  loop.poll();
  EXPECT_EQ(next.get()->status(), Wire::NOT_SERVING);
}

TEST_P(Health, AllWatchersHearOfAChange) {
  WatchStream first = client->watch(named(""));
  WatchStream second = client->watch(named(""));
  EXPECT_EQ(run(first.read())->status(), Wire::SERVING);
  EXPECT_EQ(run(second.read())->status(), Wire::SERVING);
  EXPECT_EQ(health.watchers(), 2u);
  health.set("", ServingStatus::NotServing);
  EXPECT_EQ(run(first.read())->status(), Wire::NOT_SERVING);
  EXPECT_EQ(run(second.read())->status(), Wire::NOT_SERVING);
}

TEST_P(Health, AWatchThatIsDestroyedLeavesNothing) {
  {
    WatchStream watch = client->watch(named(""));
    EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
    EXPECT_EQ(health.watchers(), 1u);
  }
  loop.poll();
  EXPECT_EQ(health.watchers(), 0u);
  health.set("", ServingStatus::NotServing);
}

TEST_P(Health, AWatchEndsInTheTurnOfAChange) {
  WatchStream watch = client->watch(named(""));
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
  health.set("", ServingStatus::NotServing);
  watch.cancel();
  loop.poll();
  EXPECT_EQ(health.watchers(), 0u);
  EXPECT_EQ(run(watch.finish()).code(), StatusCode::Cancelled);
}

TEST_P(Health, AWatchEndsAtItsDeadline) {
  WatchStream watch = client->watch(named(""), {.timeout = 1s});
  EXPECT_EQ(run(watch.read())->status(), Wire::SERVING);
  Started<Status> status(watch.finish());
  advance(999ms);
  EXPECT_FALSE(status.done());
  advance(3ms);
  EXPECT_EQ(status.get().code(), StatusCode::DeadlineExceeded);
  EXPECT_EQ(health.watchers(), 0u);
}

}  // namespace
}  // namespace sluice::rpc::testing
