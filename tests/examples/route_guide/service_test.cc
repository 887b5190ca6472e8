// Tests of the route guide as its clients see it, in process.
#include "examples/route_guide/service.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "examples/route_guide/geography.h"
#include "rpc_core/call/in_process.h"
#include "tests/support/loop_fixture.h"

namespace route_guide {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RouteGuideTest : public rpc::testing::LoopFixture {
 protected:
  RouteGuideTest() { channel.add(handlers); }
  void TearDown() override {
    run(channel.close());
    LoopFixture::TearDown();
  }

  static routeguide::Point at(const char* name) {
    for (const auto& place : known_places()) {
      if (place.name() == name) return place.location();
    }
    ADD_FAILURE() << name;
    return {};
  }
  rpc::Task<std::vector<std::string>> places_in(routeguide::Rectangle rectangle) {
    std::vector<std::string> names;
    auto features = client.list_features(rectangle);
    while (std::optional<routeguide::Feature> feature = co_await features.read()) names.push_back(feature->name());
    co_return names;
  }
  // What comes back for one note.
  rpc::Task<std::vector<std::string>> leave(std::string message, int latitude) {
    routeguide::RouteNote note;
    note.set_message(std::move(message));
    note.mutable_location()->set_latitude(latitude);
    auto chat = client.route_chat();
    co_await chat.write(note, {.last = true});
    std::vector<std::string> answers;
    while (std::optional<routeguide::RouteNote> answer = co_await chat.read()) answers.push_back(answer->message());
    co_return answers;
  }

  RouteGuideHandlers handlers;
  rpc::InProcessChannel channel{loop};
  routeguide::RouteGuideClient client{channel};
};

TEST_F(RouteGuideTest, KnowsThePlaceAtAPoint) {
  EXPECT_EQ(run(client.get_feature(at("Colosseum, Rome")))->name(), "Colosseum, Rome");
  routeguide::Point nowhere;
  nowhere.set_latitude(7);
  const auto feature = run(client.get_feature(nowhere));
  EXPECT_EQ(feature->name(), "");
  EXPECT_EQ(feature->location().latitude(), 7);
}

TEST_F(RouteGuideTest, ListsThePlacesInARectangle) {
  routeguide::Rectangle rectangle;
  *rectangle.mutable_lo() = at("Tower Bridge, London");
  *rectangle.mutable_hi() = at("Eiffel Tower, Paris");
  EXPECT_THAT(run(places_in(rectangle)), ElementsAre("Eiffel Tower, Paris", "Tower Bridge, London"));
  EXPECT_THAT(run(places_in({})), IsEmpty());
}

TEST_F(RouteGuideTest, SumsUpARoute) {
  auto route = client.record_route();
  EXPECT_TRUE(run(route.write(at("Tower Bridge, London"))));
  loop.poll();
  clock.advance(3500ms);
  EXPECT_TRUE(run(route.write(routeguide::Point())));
  EXPECT_TRUE(run(route.write(at("Eiffel Tower, Paris"))));
  const auto summary = run(route.finish());
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->point_count(), 3);
  EXPECT_EQ(summary->feature_count(), 2);
  EXPECT_EQ(summary->elapsed_time(), 3);
  EXPECT_NEAR(summary->distance(),
              distance_m(at("Tower Bridge, London"), {}) + distance_m({}, at("Eiffel Tower, Paris")), 1);
}

TEST_F(RouteGuideTest, SumsUpAnEmptyRoute) {
  auto route = client.record_route();
  EXPECT_EQ(run(route.finish())->SerializeAsString(), "");
}

TEST_F(RouteGuideTest, AnswersANoteWithThoseBefore) {
  EXPECT_THAT(run(leave("first", 1)), IsEmpty());
  EXPECT_THAT(run(leave("elsewhere", 2)), IsEmpty());
  EXPECT_THAT(run(leave("second", 1)), ElementsAre("first"));
  EXPECT_THAT(run(leave("third", 1)), ElementsAre("first", "second"));
}

}  // namespace
}  // namespace route_guide
