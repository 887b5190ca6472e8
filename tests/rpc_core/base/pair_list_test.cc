// Tests of PairList: growth, room, copies and moves, and removal.
#include "rpc_core/base/pair_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<PairList::Pair> pairs_of(const PairList& list) { return {list.begin(), list.end()}; }

PairList sample() { return PairList{{"a", "1"}, {"", ""}, {"a", "33"}}; }

TEST(PairList, HoldsEmptyKeysAndValues) {
  PairList list;
  list.add({}, {});
  list.add("key", {});
  EXPECT_THAT(pairs_of(list), ElementsAre(Pair("", ""), Pair("key", "")));
  EXPECT_EQ(list.bytes(), 3u);
}

// Whatever stands there before, and whatever room there was.
TEST(PairList, GrowsByPairsOfEverySize) {
  for (std::size_t size = 0; size < 300; ++size) {
    PairList list = sample();
    list.add(std::string(size, 'k'), std::string(size + 1, 'v'));
    list.add("last", "x");
    ASSERT_THAT(pairs_of(list),
                ElementsAre(Pair("a", "1"), Pair("", ""), Pair("a", "33"),
                            Pair(std::string(size, 'k'), std::string(size + 1, 'v')), Pair("last", "x")));
  }
}

TEST(PairList, StaysWhereItIsWithinItsRoom) {
  for (std::size_t bytes = 0; bytes < 20; ++bytes) {
    PairList list;
    list.reserve(2, 2 + bytes);
    list.add("a", "");
    const char* const place = list.at(0).first.data();
    list.add("b", std::string(bytes, 'v'));
    ASSERT_EQ(list.at(0).first.data(), place) << bytes;
    ASSERT_THAT(pairs_of(list), ElementsAre(Pair("a", ""), Pair("b", std::string(bytes, 'v'))));
  }
}

TEST(PairList, KeepsItsMemoryWhenItIsCleared) {
  PairList list = sample();
  const char* const place = list.at(0).first.data();
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.bytes(), 0u);
  list.add("b", "2");
  EXPECT_EQ(list.at(0).first.data(), place);
  EXPECT_THAT(pairs_of(list), ElementsAre(Pair("b", "2")));
}

TEST(PairList, CopiesAndMoves) {
  const PairList original = sample();
  PairList copy = original;
  copy.add("new", "x");
  EXPECT_EQ(pairs_of(original), pairs_of(sample()));
  PairList moved = std::move(copy);
  EXPECT_EQ(moved.size(), 4u);
  EXPECT_TRUE(copy.empty());
  moved = original;
  EXPECT_EQ(pairs_of(moved), pairs_of(original));
  moved = *&moved;
  EXPECT_EQ(pairs_of(moved), pairs_of(original));
  PairList other{{"b", "2"}};
  other = std::move(moved);
  EXPECT_EQ(pairs_of(other), pairs_of(original));
  EXPECT_TRUE(moved.empty());
  other = PairList();
  EXPECT_TRUE(other.empty());
}

TEST(PairList, RemovesWhatThePredicateSays) {
  PairList list = sample();
  EXPECT_EQ(list.remove_if([](std::string_view key, std::string_view) { return key == "a"; }), 2u);
  EXPECT_THAT(pairs_of(list), ElementsAre(Pair("", "")));
  list.add("c", "3");
  list.add_all(list);
  EXPECT_THAT(pairs_of(list), ElementsAre(Pair("", ""), Pair("c", "3"), Pair("", ""), Pair("c", "3")));
  EXPECT_EQ(list.remove_if([](std::string_view, std::string_view) { return true; }), 4u);
  EXPECT_EQ(PairList().remove_if([](std::string_view, std::string_view) { return true; }), 0u);
}

}  // namespace
}  // namespace sluice::rpc
