// PathMatcher: HTTP methods, trailing slashes, and what the builder refuses.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "annotations/path_matcher.h"
#include "tests/annotations/matcher_fixture.h"

namespace sluice::http_rule {
namespace {

TEST(PathMatcherMethods, AnotherMethodHidesNothing) {
  RoutesUnderTest routes({"POST /v1/books", "GET /v1/{id}", "DELETE /v1/**", "POST /v1/{id}:go", "PUT /w/a:go"});
  EXPECT_EQ(routes.answer("POST", "/v1/books"), "POST /v1/books");
  EXPECT_EQ(routes.answer("GET", "/v1/books"), "GET /v1/{id} [books]");
  EXPECT_EQ(routes.answer("DELETE", "/v1/books"), "DELETE /v1/**");
  EXPECT_EQ(routes.answer("POST", "/v1/a:go"), "POST /v1/{id}:go [a]");
  EXPECT_EQ(routes.answer("GET", "/v1/a:go"), "GET /v1/{id} [a:go]");
}

TEST(PathMatcherMethods, AllowedAreThoseOfEveryTemplateThatMatches) {
  RoutesUnderTest routes({"POST /v1/books", "GET /v1/{id}", "DELETE /v1/**", "PUT /v1/{id}:go", "PURGE /v2"});
  EXPECT_EQ(routes.answer("PATCH", "/v1/books"), "405 GET, HEAD, POST, DELETE, OPTIONS");
  EXPECT_EQ(routes.answer("PATCH", "/v1/a:go"), "405 GET, HEAD, PUT, DELETE, OPTIONS");
  EXPECT_EQ(routes.answer("PATCH", "/v1/a/b"), "405 DELETE, OPTIONS");
  EXPECT_EQ(routes.answer("OPTIONS", "/v1/a"), "405 GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(routes.answer("get", "/v2"), "405 PURGE, OPTIONS");
  EXPECT_EQ(routes.answer("PURGE", "/v2"), "PURGE /v2");
  EXPECT_EQ(routes.answer("PATCH", "/v3"), "404");
}

TEST(PathMatcherMethods, HeadTakesItsOwnRouteThenThatOfGet) {
  RoutesUnderTest routes({"HEAD /a", "GET /a", "GET /b", "* /b", "* /c", "POST /d"});
  EXPECT_EQ(routes.answer("HEAD", "/a"), "HEAD /a");
  EXPECT_EQ(routes.answer("HEAD", "/b"), "GET /b");
  EXPECT_EQ(routes.answer("HEAD", "/c"), "* /c");
  EXPECT_EQ(routes.answer("HEAD", "/d"), "405 POST, OPTIONS");
}

TEST(PathMatcherMethods, AnyTakesWhatNoExactRouteOfItsShapeTakes) {
  RoutesUnderTest routes({"* /a", "POST /a", "GET /{id}", "* /b/**"});
  EXPECT_EQ(routes.answer("POST", "/a"), "POST /a");
  EXPECT_EQ(routes.answer("GET", "/a"), "* /a");
  EXPECT_EQ(routes.answer("BREW", "/a"), "* /a");
  EXPECT_EQ(routes.answer("OPTIONS", "/b/c"), "* /b/**");
}

TEST(PathMatcherMethods, ConnectAndTraceNeverHit) {
  RoutesUnderTest routes({"* /a", "GET /b"});
  EXPECT_EQ(routes.answer("TRACE", "/a"), "405 GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(routes.answer("CONNECT", "/b"), "405 GET, HEAD, OPTIONS");
  EXPECT_EQ(routes.answer("TRACE", "/nowhere"), "405 ");
  EXPECT_EQ(routes.answer("CONNECT", "host:443"), "405 ");
}

TEST(PathMatcherSlash, PolicyDecides) {
  struct Case {
    std::string_view path, ignore, strict, redirect;
  };
  const std::vector<std::string> table = {"GET /",       "GET /books", "GET /books/{id}:go", "GET /f/{path=**}",
                                          "GET /m/**/x", "POST /post", "GET /n/{a=b/*}/**"};
  const Case cases[] = {
      {"/", "GET /", "GET /", "GET /"},
      {"/books", "GET /books", "GET /books", "GET /books"},
      {"/books/", "GET /books", "404", "redirect GET /books"},
      {"/books/7:go/", "GET /books/{id}:go [7]", "404", "redirect GET /books/{id}:go"},
      {"/books//", "404", "404", "404"},
      {"//", "404", "404", "404"},
      {"/f/", "GET /f/{path=**} []", "GET /f/{path=**} []", "GET /f/{path=**} []"},
      {"/f/dir/", "GET /f/{path=**} [dir/]", "GET /f/{path=**} [dir/]", "GET /f/{path=**} [dir/]"},
      {"/f/dir//", "GET /f/{path=**} [dir//]", "GET /f/{path=**} [dir//]", "GET /f/{path=**} [dir//]"},
      {"/m/a/x/", "GET /m/**/x", "404", "redirect GET /m/**/x"},
      {"/n/b/c/", "GET /n/{a=b/*}/** [b/c]", "GET /n/{a=b/*}/** [b/c]", "GET /n/{a=b/*}/** [b/c]"},
      {"/post/", "405 POST, OPTIONS", "404", "405 POST, OPTIONS"},
  };
  RoutesUnderTest ignore(table, TrailingSlash::Ignore);
  RoutesUnderTest strict(table, TrailingSlash::Strict);
  RoutesUnderTest redirect(table, TrailingSlash::Redirect);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    EXPECT_EQ(ignore.answer("GET", c.path), c.ignore);
    EXPECT_EQ(strict.answer("GET", c.path), c.strict);
    EXPECT_EQ(redirect.answer("GET", c.path), c.redirect);
  }
}

TEST(PathMatcherSlash, StrictLeavesTheSlashToMultiple) {
  RoutesUnderTest routes({"GET /books", "GET /{all=**}"}, TrailingSlash::Strict);
  EXPECT_EQ(routes.answer("GET", "/books"), "GET /books");
  EXPECT_EQ(routes.answer("GET", "/books/"), "GET /{all=**} [books/]");
}

TEST(PathMatcherBuilder, RefusesTheSameMethodAndShapeTwice) {
  PathMatcher::Builder builder;
  ASSERT_TRUE(builder.add("GET", *parse_path_template("/v1/{name=shelves/*}"), 0));
  ASSERT_TRUE(builder.add("POST", *parse_path_template("/v1/shelves/{id}"), 1));
  const rpc::Result<void> again = builder.add("GET", *parse_path_template("/v1/shelves/{id}"), 2);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().to_string(), "ALREADY_EXISTS: expected one route for GET /v1/shelves/*, got a second");
}

TEST(PathMatcherBuilder, RefusesMethodsWithoutRoutes) {
  PathMatcher::Builder builder;
  for (const std::string_view method : {"CONNECT", "TRACE"}) {
    const rpc::Result<void> added = builder.add(method, *parse_path_template("/"), 0);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().message(), "expected a method that can have a route, got " + std::string(method));
  }
}

TEST(PathMatcherBuilder, RefusesMoreMethodsThanASetHolds) {
  PathMatcher::Builder builder;
  for (int i = 0; i < 56; ++i) {
    ASSERT_TRUE(builder.add("M" + std::to_string(i), *parse_path_template("/a"), 0));
  }
  EXPECT_EQ(builder.add("ONE-MORE", *parse_path_template("/a"), 0).error().code(), rpc::StatusCode::ResourceExhausted);
  const PathMatcher matcher = std::move(builder).build();
  Match match;
  EXPECT_EQ(matcher.lookup("M55", "/a", match), Outcome::Hit);
  EXPECT_EQ(matcher.lookup("ONE-MORE", "/a", match), Outcome::MethodNotAllowed);
}

}  // namespace
}  // namespace sluice::http_rule
