// Tests of connecting to several addresses: the order, the delays, and what becomes of the others.
#include "rpc_core/client/connect_first.h"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "rpc_core/transport/memory.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

Endpoint at(const std::string& host) { return Endpoint(Endpoint::Kind::Tcp, host, 80); }

std::vector<Endpoint> all(const std::vector<std::string>& hosts) {
  std::vector<Endpoint> endpoints;
  for (const std::string& host : hosts) endpoints.push_back(at(host));
  return endpoints;
}

TEST(InterleaveFamilies, TakesThemInTurn) {
  struct Row {
    std::vector<std::string> given, mixed;
  };
  for (const Row& row :
       {Row{{}, {}}, Row{{"1.1.1.1"}, {"1.1.1.1"}}, Row{{"::1", "::2", "1.1.1.1"}, {"::1", "1.1.1.1", "::2"}},
        Row{{"1.1.1.1", "2.2.2.2", "3.3.3.3", "::1"}, {"1.1.1.1", "::1", "2.2.2.2", "3.3.3.3"}},
        Row{{"::1", "1.1.1.1", "::2", "2.2.2.2"}, {"::1", "1.1.1.1", "::2", "2.2.2.2"}}}) {
    EXPECT_EQ(interleave_families(all(row.given)), all(row.mixed));
  }
}

class ConnectFirstTest : public LoopFixture {
 protected:
  struct Behaviour {
    Duration after;
    bool good;
  };

  Task<Result<std::unique_ptr<ByteStream>>> connect(Endpoint endpoint) {
    tried.push_back(endpoint.host);
    const Behaviour behaviour = hosts.at(endpoint.host);
    if (bool slept = co_await sleep_for(loop, behaviour.after); !slept) {
      given_up.push_back(endpoint.host);
      co_return fail(StatusCode::Cancelled, "stopped");
    }
    if (!behaviour.good) co_return fail(StatusCode::Unavailable, endpoint.host + " refused");
    co_return std::move(memory_pair(loop).first);
  }

  Task<Result<FirstConnected>> race(std::vector<std::string> names) {
    return connect_first(loop, connector, all(names), 250ms);
  }

  const Connector connector = [this](Loop&, Endpoint endpoint) { return connect(std::move(endpoint)); };
  std::map<std::string, Behaviour> hosts = {
      {"::1", {10s, true}}, {"1.1.1.1", {100ms, true}}, {"2.2.2.2", {10ms, false}}, {"3.3.3.3", {10ms, true}}};
  std::vector<std::string> tried;
  std::vector<std::string> given_up;
};

TEST_F(ConnectFirstTest, TriesTheNextBesideOneThatDoesNotAnswer) {
  Started<Result<FirstConnected>> racing(race({"::1", "1.1.1.1", "3.3.3.3"}));
  advance(240ms);
  EXPECT_THAT(tried, ElementsAre("::1"));
  advance(20ms);
  EXPECT_THAT(tried, ElementsAre("::1", "1.1.1.1"));
  advance(110ms);
  ASSERT_TRUE(racing.done());
  const Result<FirstConnected> first = racing.get();
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  EXPECT_EQ(first->index, 1u);
  EXPECT_THAT(tried, ElementsAre("::1", "1.1.1.1"));
  EXPECT_THAT(given_up, ElementsAre("::1"));
}

TEST_F(ConnectFirstTest, TriesTheNextAtOnceWhenOneFails) {
  Started<Result<FirstConnected>> racing(race({"2.2.2.2", "3.3.3.3"}));
  advance(15ms);
  EXPECT_THAT(tried, ElementsAre("2.2.2.2", "3.3.3.3"));
  advance(15ms);
  ASSERT_TRUE(racing.done());
  EXPECT_EQ(racing.get()->index, 1u);
}

TEST_F(ConnectFirstTest, WaitsForTheSlowOneWhenItIsTheLastHope) {
  Started<Result<FirstConnected>> racing(race({"::1", "2.2.2.2"}));
  advance(9s);
  EXPECT_FALSE(racing.done());
  advance(2s);
  ASSERT_TRUE(racing.done());
  EXPECT_EQ(racing.get()->index, 0u);
}

TEST_F(ConnectFirstTest, TellsWhatEachOfThemSaid) {
  hosts["3.3.3.3"].good = false;
  Started<Result<FirstConnected>> racing(race({"2.2.2.2", "3.3.3.3"}));
  advance(15ms);
  advance(15ms);
  ASSERT_TRUE(racing.done());
  EXPECT_EQ(racing.get().error(), Status(StatusCode::Unavailable, "2.2.2.2 refused; 3.3.3.3 refused"));
}

TEST_F(ConnectFirstTest, AStopEndsAllAttempts) {
  Started<Result<FirstConnected>> racing(race({"::1", "1.1.1.1"}));
  advance(251ms);
  racing.request_stop();
  loop.poll();
  ASSERT_TRUE(racing.done());
  EXPECT_EQ(racing.get().error().code(), StatusCode::Cancelled);
  EXPECT_EQ(given_up.size(), 2u);
}

}  // namespace
}  // namespace sluice::rpc::testing
