// What a lookup allocates.
#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "annotations/path_matcher.h"
#include "tests/annotations/matcher_fixture.h"
#include "tests/support/count_malloc.h"

namespace sluice::http_rule {
namespace {

using rpc::testing::malloc_count;
using rpc::testing::mallocs_are_counted;

TEST(PathMatcherMalloc, LookupAllocatesNothingOnceWarm) {
  if (!mallocs_are_counted()) GTEST_SKIP() << "malloc is not counted in this build";
  const RoutesUnderTest routes({"GET /v1/service7/{name=items/*}", "POST /v1/service7/{name=items/*}:run",
                                "GET /v1/service7/{path=files/**}/versions", "PUT /v1/{a}/{b}/{c=d/**}"});
  const std::string_view paths[] = {"/v1/service7/items/%37:run",
                                    "/v1/service7/files/a/b/c/versions",
                                    "/v1/x/y/d/e/f/g/h/",
                                    "/v1/service7/%69tems/7",
                                    "/nowhere/%41",
                                    "/v1//"};
  const std::string_view methods[] = {"GET", "POST", "PUT", "HEAD", "BREW"};
  Match match;
  const auto look_up_all = [&] {
    std::size_t hits = 0;
    for (const std::string_view method : methods) {
      for (const std::string_view path : paths) {
        hits += routes.matcher().lookup(method, path, match) == Outcome::Hit ? 1 : 0;
      }
    }
    return hits;
  };
  const std::size_t cold = look_up_all();
  const std::uint64_t before = malloc_count().allocations;
  const std::size_t warm = look_up_all();
  EXPECT_EQ(malloc_count().allocations, before);
  EXPECT_EQ(warm, cold);
  EXPECT_GT(cold, 0u);
}

}  // namespace
}  // namespace sluice::http_rule
