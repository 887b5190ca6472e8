// Tests of StopSource, StopToken, StopListener and StopCallback: who hears of a stop, when, and how often.
#include "rpc_core/base/stop.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sluice::rpc {
namespace {

class Listener final : public StopListener {
 public:
  explicit Listener(std::function<void()> heard) : heard_(std::move(heard)) {}

 private:
  void on_stop() override { heard_(); }
  std::function<void()> heard_;
};

TEST(Stop, EmptyTokenNeverStops) {
  const StopToken token;
  EXPECT_FALSE(token.stop_possible());
  EXPECT_FALSE(token.stop_requested());
  Listener listener([] { ADD_FAILURE() << "heard of a stop from no source"; });
  listener.listen(token);
}

TEST(Stop, TokensSeeTheRequest) {
  StopSource source;
  const StopToken token = source.token();
  EXPECT_TRUE(token.stop_possible());
  EXPECT_FALSE(token.stop_requested());
  source.request_stop();
  EXPECT_TRUE(token.stop_requested());
  EXPECT_TRUE(source.stop_requested());
}

TEST(Stop, ListenersHearOnceInOrder) {
  StopSource source;
  std::vector<int> heard;
  Listener first([&] { heard.push_back(1); });
  Listener second([&] { heard.push_back(2); });
  first.listen(source.token());
  second.listen(source.token());
  source.request_stop();
  source.request_stop();
  EXPECT_EQ(heard, (std::vector{1, 2}));
}

TEST(Stop, UnlistenAndDestructionEndTheListening) {
  StopSource source;
  int heard = 0;
  Listener unlistened([&] { ++heard; });
  unlistened.listen(source.token());
  unlistened.unlisten();
  unlistened.unlisten();
  {
    Listener destroyed([&] { ++heard; });
    destroyed.listen(source.token());
  }
  source.request_stop();
  EXPECT_EQ(heard, 0);
}

TEST(Stop, ListeningAgainMovesToTheNewSource) {
  StopSource old_source;
  StopSource new_source;
  int heard = 0;
  Listener listener([&] { ++heard; });
  listener.listen(old_source.token());
  listener.listen(new_source.token());
  old_source.request_stop();
  EXPECT_EQ(heard, 0);
  new_source.request_stop();
  EXPECT_EQ(heard, 1);
}

TEST(Stop, AListenerMayRemoveAnotherWhileHearing) {
  StopSource source;
  std::optional<Listener> victim;
  int heard = 0;
  Listener killer([&] {
    ++heard;
    victim.reset();
  });
  killer.listen(source.token());
  victim.emplace([&] { heard += 100; });
  victim->listen(source.token());
  source.request_stop();
  EXPECT_EQ(heard, 1);
}

TEST(Stop, AParentStopsItsChildrenButNotTheReverse) {
  StopSource parent;
  StopSource child(parent.token());
  StopSource grandchild(child.token());
  StopSource sibling(parent.token());
  child.request_stop();
  EXPECT_TRUE(grandchild.stop_requested());
  EXPECT_FALSE(parent.stop_requested());
  EXPECT_FALSE(sibling.stop_requested());
  parent.request_stop();
  EXPECT_TRUE(sibling.stop_requested());
}

TEST(Stop, FollowingAStoppedParentStopsAtOnce) {
  StopSource parent;
  parent.request_stop();
  const StopSource child(parent.token());
  EXPECT_TRUE(child.stop_requested());
}

TEST(Stop, AChildMayGoAwayBeforeItsParent) {
  StopSource parent;
  auto child = std::make_unique<StopSource>(parent.token());
  child.reset();
  parent.request_stop();
  EXPECT_TRUE(parent.stop_requested());
}

TEST(StopCallback, CallsOnRequestOrAtOnceWhenAlreadyStopped) {
  StopSource source;
  int calls = 0;
  {
    const StopCallback before(source.token(), [&] { ++calls; });
    EXPECT_EQ(calls, 0);
    source.request_stop();
    EXPECT_EQ(calls, 1);
    const StopCallback after(source.token(), [&] { ++calls; });
    EXPECT_EQ(calls, 2);
  }
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace sluice::rpc
