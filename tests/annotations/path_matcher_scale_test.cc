// PathMatcher: the work of a lookup, with many routes and on hostile paths.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "annotations/path_matcher.h"
#include "tests/annotations/matcher_fixture.h"

namespace sluice::http_rule {
namespace {

std::vector<std::string> services(int count) {
  std::vector<std::string> routes;
  for (int i = 0; i < count; ++i) {
    const std::string service = "/v1/service" + std::to_string(i);
    routes.push_back("GET " + service + "/{name=items/*}");
    routes.push_back("POST " + service + "/{name=items/*}:run");
    routes.push_back("GET " + service + "/{path=files/**}/versions");
  }
  return routes;
}

TEST(PathMatcherScale, StepsDoNotDependOnTheNumberOfRoutes) {
  RoutesUnderTest few(services(2));
  RoutesUnderTest many(services(5000));
  for (const std::string_view path : {"/v1/service1/items/7", "/v1/service1/items/7:run", "/v1/service1/nothing/7",
                                      "/v1/service1/files/a/b/c/versions", "/v1/elsewhere"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(few.answer("GET", path), many.answer("GET", path));
    EXPECT_EQ(few.match().steps(), many.match().steps());
    EXPECT_LE(many.match().steps(), 12u);
  }
  EXPECT_EQ(many.answer("POST", "/v1/service4999/items/7:run"), "POST /v1/service4999/{name=items/*}:run [items/7]");
}

// Without bounds each of these paths would try 2^n ways, or one for each segment.
TEST(PathMatcherScale, HostilePathsCostNoMoreThanTheTemplates) {
  std::vector<std::string> table = {"GET /**/z", "GET /a/**/z/y", "GET /*/**/*/*/z", "GET /a/*/**/z:v"};
  std::size_t segments = 0;
  for (int size = 1; size <= 12; ++size) {
    for (const std::string_view segment : {"/a", "/*"}) {
      std::string route = "GET ";
      for (int i = 0; i < size; ++i) route += i % 2 == 0 ? segment : "/a";
      if (segment == "/a") route += "/b";
      table.push_back(route + "/end");
      segments += static_cast<std::size_t>(size) + 2;
    }
  }
  RoutesUnderTest routes(table);
  std::string path;
  for (int i = 0; i < 4000; ++i) path += "/a";
  EXPECT_EQ(routes.answer("GET", path), "404");
  EXPECT_LE(routes.match().steps(), 4 * segments);
  for (int i = 0; i < 4000; ++i) path += ":v";
  EXPECT_EQ(routes.answer("GET", path), "404");
  EXPECT_LE(routes.match().steps(), 8 * segments);
  EXPECT_EQ(routes.answer("GET", path + "/z"), "GET /*/**/*/*/z");
}

}  // namespace
}  // namespace sluice::http_rule
