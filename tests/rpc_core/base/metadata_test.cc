// Tests of Metadata: order, several values of a key, removal, and comparison.
#include "rpc_core/base/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<Metadata::Pair> pairs_of(const Metadata& metadata) {
  return {metadata.begin(), metadata.end()};
}

Metadata sample() {
  return Metadata{{"a", "1"}, {"b", "2"}, {"a", "3"}, {"empty", ""}};
}

TEST(Metadata, KeepsTheOrderOfItsPairs) {
  const Metadata metadata = sample();
  EXPECT_THAT(pairs_of(metadata), ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("a", "3"), Pair("empty", "")));
  EXPECT_EQ(metadata.size(), 4u);
  EXPECT_TRUE(Metadata().empty());
}

TEST(Metadata, FindsTheFirstValueOrAll) {
  const Metadata metadata = sample();
  EXPECT_EQ(metadata.get("a"), "1");
  EXPECT_EQ(metadata.get("empty"), "");
  EXPECT_EQ(metadata.get("A"), std::nullopt);
  EXPECT_THAT(metadata.get_all("a"), ElementsAre("1", "3"));
  EXPECT_THAT(metadata.get_all("none"), ElementsAre());
  EXPECT_TRUE(metadata.contains("b"));
  EXPECT_FALSE(metadata.contains("none"));
}

TEST(Metadata, RemovesEveryPairOfAKey) {
  Metadata metadata = sample();
  EXPECT_EQ(metadata.remove("a"), 2u);
  EXPECT_EQ(metadata.remove("a"), 0u);
  EXPECT_THAT(pairs_of(metadata), ElementsAre(Pair("b", "2"), Pair("empty", "")));
}

TEST(Metadata, HoldsRawBytes) {
  const std::string bytes("\0\xff,\n", 4);
  Metadata metadata;
  metadata.add("trace-bin", bytes);
  EXPECT_EQ(metadata.get("trace-bin"), bytes);
  EXPECT_TRUE(is_binary_key("trace-bin"));
  EXPECT_FALSE(is_binary_key("bin"));
}

TEST(Metadata, ComparesPairsInOrder) {
  EXPECT_EQ(sample(), sample());
  EXPECT_FALSE((Metadata{{"a", "1"}, {"b", "2"}}) == (Metadata{{"b", "2"}, {"a", "1"}}));
  EXPECT_FALSE((Metadata{{"ab", "c"}}) == (Metadata{{"a", "bc"}}));
  EXPECT_FALSE((Metadata{{"a", "1"}}) == Metadata());
}

TEST(Metadata, AddsAllOfAnother) {
  Metadata metadata{{"first", "0"}};
  metadata.add_all(Metadata{{"x", "1"}, {"y", "2"}});
  EXPECT_THAT(pairs_of(metadata), ElementsAre(Pair("first", "0"), Pair("x", "1"), Pair("y", "2")));
  metadata.add_all(metadata);
  EXPECT_EQ(metadata.size(), 6u);
  EXPECT_EQ(metadata.at(5), Metadata::Pair("y", "2"));
  metadata.clear();
  EXPECT_EQ(metadata, Metadata());
}

TEST(Metadata, AddsPairsOfItsOwn) {
  Metadata metadata{{"x", "a value long enough to be worth a copy"}};
  for (int i = 0; i < 6; ++i) metadata.add(metadata.at(i).first, *metadata.get("x"));
  for (const auto& [key, value] : metadata) {
    EXPECT_EQ(key, "x");
    EXPECT_EQ(value, "a value long enough to be worth a copy");
  }
}

TEST(Metadata, CopiesAreIndependent) {
  const Metadata original = sample();
  Metadata copy = original;
  copy.add("new", "x");
  EXPECT_EQ(original, sample());
  Metadata moved = std::move(copy);
  EXPECT_EQ(moved.size(), 5u);
}

TEST(Metadata, HoldsManyPairs) {
  Metadata metadata;
  for (int i = 0; i < 1000; ++i) metadata.add("key-" + std::to_string(i), std::string(i, 'v'));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(metadata.get("key-" + std::to_string(i)), std::string(i, 'v'));
  }
}

}  // namespace
}  // namespace sluice::rpc
