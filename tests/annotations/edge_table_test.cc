// EdgeTable: edges found again, whatever their number.
#include "annotations/edge_table.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::http_rule {
namespace {

TEST(EdgeTable, EmptyTableFindsNothing) {
  const EdgeTable table;
  EXPECT_EQ(table.find(0, Label("a")), kNoNode);
  EXPECT_EQ(table.size(), 0u);
}

TEST(EdgeTable, KeepsEveryEdgeWhileItGrows) {
  constexpr NodeIndex kEdges = 5000;
  EdgeTable table;
  for (NodeIndex i = 0; i < kEdges; ++i) {
    const std::string text = "label" + std::to_string(i / 7);
    table.insert(i % 7, Label(text), i);
    ASSERT_EQ(table.find(i % 7, Label(text)), i);
  }
  EXPECT_EQ(table.size(), kEdges);
  for (NodeIndex i = 0; i < kEdges; ++i) {
    const std::string text = "label" + std::to_string(i / 7);
    ASSERT_EQ(table.find(i % 7, Label(text)), i);
    ASSERT_EQ(table.find(7, Label(text)), kNoNode);
  }
}

TEST(EdgeTable, TellsLabelsOfOneHashApart) {
  EdgeTable table;
  Label one("one");
  Label two("two");
  two.hash = one.hash;
  table.insert(1, one, 10);
  EXPECT_EQ(table.find(1, two), kNoNode);
  table.insert(1, two, 20);
  EXPECT_EQ(table.find(1, one), 10u);
  EXPECT_EQ(table.find(1, two), 20u);
}

TEST(EdgeTable, CopiesItsLabels) {
  EdgeTable table;
  {
    const std::string text = "short-lived label that is not stored in place";
    table.insert(3, Label(text), 4);
  }
  EXPECT_EQ(table.find(3, Label("short-lived label that is not stored in place")), 4u);
}

}  // namespace
}  // namespace sluice::http_rule
