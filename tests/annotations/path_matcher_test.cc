// PathMatcher: which template a path takes, and what its variables capture.
#include "annotations/path_matcher.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "tests/annotations/matcher_fixture.h"

namespace sluice::http_rule {
namespace {

struct Case {
  std::string_view path;
  std::string_view answer;
};

void expect_answers(RoutesUnderTest& routes, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    EXPECT_EQ(routes.answer("GET", c.path), c.answer);
  }
}

TEST(PathMatcher, LiteralsGoBeforeSingleBeforeMultiple) {
  RoutesUnderTest routes({"GET /v1/**", "GET /v1/{id}", "GET /v1/books", "GET /v1/books/{id}", "GET /"});
  expect_answers(routes, {
                             {"/", "GET /"},
                             {"/v1/books", "GET /v1/books"},
                             {"/v1/shelves", "GET /v1/{id} [shelves]"},
                             {"/v1/books/7", "GET /v1/books/{id} [7]"},
                             {"/v1/books/7/pages", "GET /v1/**"},
                             {"/v1", "GET /v1/**"},
                             {"/v2", "404"},
                             {"", "404"},
                             {"v1", "404"},
                             {"*", "404"},
                         });
}

TEST(PathMatcher, BacktracksToLessSpecificTemplates) {
  RoutesUnderTest routes({"GET /a/b/c/d", "GET /a/*/c/e", "GET /*/b/c/f", "GET /a/**/g", "GET /**"});
  expect_answers(routes, {
                             {"/a/b/c/d", "GET /a/b/c/d"},
                             {"/a/b/c/e", "GET /a/*/c/e"},
                             {"/a/b/c/f", "GET /*/b/c/f"},
                             {"/a/b/c/g", "GET /a/**/g"},
                             {"/a/b/c/h", "GET /**"},
                         });
}

TEST(PathMatcher, MultipleMatchesZeroOrMoreSegmentsAnywhere) {
  RoutesUnderTest routes({"GET /v1/{name=a/**}/versions", "GET /v1/{parent=d/*/**}/{id}", "GET /{all=**}/bots/{bot}",
                          "GET /v2/{path=**}"});
  expect_answers(routes, {
                             {"/v1/a/versions", "GET /v1/{name=a/**}/versions [a]"},
                             {"/v1/a/b/versions", "GET /v1/{name=a/**}/versions [a/b]"},
                             {"/v1/a/b/c/versions", "GET /v1/{name=a/**}/versions [a/b/c]"},
                             {"/v1/a/versions/versions", "GET /v1/{name=a/**}/versions [a/versions]"},
                             {"/v1/a", "404"},
                             {"/v1/d/x/y", "GET /v1/{parent=d/*/**}/{id} [d/x] [y]"},
                             {"/v1/d/x/y/z", "GET /v1/{parent=d/*/**}/{id} [d/x/y] [z]"},
                             {"/v1/d/x", "404"},
                             {"/bots/7", "GET /{all=**}/bots/{bot} [] [7]"},
                             {"/x/y/bots/7", "GET /{all=**}/bots/{bot} [x/y] [7]"},
                             {"/v2", "GET /v2/{path=**} []"},
                             {"/v2/a/b", "GET /v2/{path=**} [a/b]"},
                         });
}

TEST(PathMatcher, LongerTailsGoFirst) {
  RoutesUnderTest routes({"GET /v1/**", "GET /v1/**/c", "GET /v1/**/b/c", "GET /v1/**/*/*/c"});
  expect_answers(routes, {
                             {"/v1/a/b/c", "GET /v1/**/*/*/c"},
                             {"/v1/b/c", "GET /v1/**/b/c"},
                             {"/v1/c", "GET /v1/**/c"},
                             {"/v1/a", "GET /v1/**"},
                         });
}

TEST(PathMatcher, VerbsAreTriedLongestFirstThenNone) {
  RoutesUnderTest routes({"GET /v/{id}", "GET /v/{id}:cancel", "GET /v/{id}:force:cancel", "GET /v:list",
                          "GET /w/{path=**}:read", "GET /w/{path=**}", "GET /x/{id}"});
  expect_answers(routes, {
                             {"/v/a", "GET /v/{id} [a]"},
                             {"/v/a:cancel", "GET /v/{id}:cancel [a]"},
                             {"/v/a:force:cancel", "GET /v/{id}:force:cancel [a]"},
                             {"/v/a:b:cancel", "GET /v/{id}:cancel [a:b]"},
                             {"/v/a:b:force:cancel", "GET /v/{id}:force:cancel [a:b]"},
                             {"/v/a:force", "GET /v/{id} [a:force]"},
                             {"/v/a:", "GET /v/{id} [a:]"},
                             {"/v/:cancel", "GET /v/{id} [:cancel]"},
                             {"/v/a%3Acancel", "GET /v/{id} [a%3Acancel]"},
                             {"/v/a:%63ancel", "GET /v/{id}:cancel [a]"},
                             {"/v/%3A:cancel", "GET /v/{id}:cancel [%3A]"},
                             {"/v:list", "GET /v:list"},
                             {"/v/:list", "GET /v/{id} [:list]"},
                             {"/v", "404"},
                             {"/w/a/b:read", "GET /w/{path=**}:read [a/b]"},
                             {"/w:read", "GET /w/{path=**}:read []"},
                             {"/w/a:read/b", "GET /w/{path=**} [a:read/b]"},
                             {"/x/a:cancel", "GET /x/{id} [a:cancel]"},
                         });
}

TEST(PathMatcher, ComparesDecodedUnreservedOctetsOnly) {
  RoutesUnderTest routes({"GET /books", "GET /a%2Fb", "GET /c/d", "GET /e/{id}"});
  expect_answers(routes, {
                             {"/book%73", "GET /books"},
                             {"/%62%6F%6f%6bs", "GET /books"},
                             {"/Books", "404"},
                             {"/a%2fb", "GET /a%2Fb"},
                             {"/a%2Fb", "GET /a%2Fb"},
                             {"/a/b", "404"},
                             {"/c%2Fd", "404"},
                             {"/e/x%2Fy", "GET /e/{id} [x%2Fy]"},
                             {"/%65/%7E", "GET /e/{id} [%7E]"},
                             {"/book%7", "404"},
                         });
}

TEST(PathMatcher, EmptySegmentsMatchInsideMultipleOnly) {
  RoutesUnderTest routes({"GET /a/{id}/b", "GET /m/{path=**}/end"});
  expect_answers(routes, {
                             {"/a//b", "404"},
                             {"//a/x/b", "404"},
                             {"/a/x//b", "404"},
                             {"/m/x//y/end", "GET /m/{path=**}/end [x//y]"},
                             {"/m//end", "GET /m/{path=**}/end []"},
                             {"//", "404"},
                         });
}

TEST(PathMatcher, CapturesAreViewsOfThePath) {
  RoutesUnderTest routes({"GET /v1/{a}/x/{b=c/*}:go"});
  const std::string path = "/v1/one/x/c/two:go";
  ASSERT_EQ(routes.answer("GET", path), "GET /v1/{a}/x/{b=c/*}:go [one] [c/two]");
  for (const std::string_view capture : routes.match().captures()) {
    EXPECT_GE(capture.data(), path.data());
    EXPECT_LE(capture.data() + capture.size(), path.data() + path.size());
  }
}

TEST(PathMatcher, EmptyMatcherFindsNothing) {
  const PathMatcher matcher;
  Match match;
  EXPECT_EQ(matcher.lookup("GET", "/", match), Outcome::NotFound);
  EXPECT_EQ(matcher.lookup("GET", "/a:b", match), Outcome::NotFound);
}

// Each prefix of a path is a path of its own; none reads past its end (the sanitizers look on).
TEST(PathMatcher, EveryPrefixOfAPathHasAnAnswer) {
  RoutesUnderTest routes({"GET /v1/{name=a/**}/versions:go", "GET /v1/*", "GET /v1/a/**"});
  const std::string_view path = "/v1/%61/b%2F/versions:%67o/";
  const auto expected = [&](std::size_t size) -> std::string_view {
    if (size <= path.find('%')) return "404";
    if (size < path.find("/b")) return "GET /v1/*";
    return size <= path.find(":%67o") + 4 ? "GET /v1/a/**" : "GET /v1/{name=a/**}/versions:go [%61/b%2F]";
  };
  for (std::size_t size = 0; size <= path.size(); ++size) {
    const std::string copy(path.substr(0, size));
    SCOPED_TRACE(copy);
    EXPECT_EQ(routes.answer("GET", copy), expected(size));
  }
}

}  // namespace
}  // namespace sluice::http_rule
