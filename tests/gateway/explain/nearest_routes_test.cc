// Where a path leaves a template.
#include "gateway/explain/nearest_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/gateway/route/shop_table.h"

namespace sluice::gateway {
namespace {

TEST(NearestRoutes, NameTheSegmentThatDiffers) {
  struct Case {
    const char* path_template;
    const char* path;
    const char* reason;
  };
  const std::array cases = {
      Case{"/v1/shelves/{id}", "/v1/shelfs/1", "segment 2: expected \"shelves\", got \"shelfs\""},
      Case{"/v1/shelves/{id}", "/v1/shelves", "segment 3: expected any segment, got the end of the path"},
      Case{"/v1/shelves/{id}", "/v1/shelves//x", "segment 3: expected any segment, got an empty one"},
      Case{"/v1/shelves", "/v1/shelves/1", "segment 3: expected the end of the path, got \"1\""},
      Case{"/v1/{id}:open", "/v1/1", "expected \":open\" at the end of the path, got none"},
      Case{"/v1/{id}:open", "/v2/1:open", "segment 1: expected \"v1\", got \"v2\""},
      Case{"/v1/{name=a/**}/end", "/v1/a/b/c/ende", "segment 5: expected \"end\", got \"ende\""},
      Case{"/v1/{name=a/**}/end", "/v1/a", "segment 3: expected \"end\", got the end of the path"},
      Case{"/v1/{name=a/**}", "/v1/b/c", "segment 2: expected \"a\", got \"b\""},
      Case{"/", "/v1", "segment 1: expected the end of the path, got \"v1\""},
      Case{"/v1/book%73", "/v1/book%73", ""},
  };
  for (const Case& c : cases) {
    const auto parsed = http_rule::parse_path_template(c.path_template);
    ASSERT_TRUE(parsed) << c.path_template;
    EXPECT_EQ(compare_path(*parsed, c.path).reason, c.reason) << c.path_template << " " << c.path;
  }
}

TEST(NearestRoutes, PutTheNearestFirst) {
  const auto table = shop_table();
  const auto nearest = nearest_routes(*table, "/v1/item/x:watch", 2);
  ASSERT_EQ(nearest.size(), 2u);
  EXPECT_EQ(table->routes()[nearest[0].route].path_template, "/v1/items/{name}:watch");
  EXPECT_EQ(nearest[0].reason, "segment 2: expected \"items\", got \"item\"");
  EXPECT_TRUE(nearest_routes(*table, "/elsewhere", 3).empty());
}

TEST(NearestRoutes, TakeAnyPath) {
  const auto table = shop_table();
  const std::string path = "/v1//items/%2/**/:watch:/";
  for (std::size_t size = 0; size <= path.size(); ++size) {
    EXPECT_LE(nearest_routes(*table, path.substr(0, size), 3).size(), 3u);
  }
}

}  // namespace
}  // namespace sluice::gateway
