// What a person is told of a request, and of all routes.
#include "gateway/explain/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/explain/route_list.h"
#include "tests/gateway/route/shop_table.h"

namespace sluice::gateway {
namespace {

using testing::HasSubstr;

Explanation told(const char* method, const char* target, const char* body = "") {
  static const std::shared_ptr<const RouteTable> table = shop_table();
  ExplainedRequest request;
  request.method = method;
  request.target = target;
  request.body = body;
  return explain(*table, request);
}

TEST(Explain, ShowsTheRouteTheFieldsAndTheMessage) {
  const Explanation got = told("GET", "/v1/deep/a/b%20c?count=3&colour=red");
  EXPECT_TRUE(got.is_served);
  EXPECT_EQ(got.text,
            "GET /v1/deep/a/b%20c?count=3&colour=red\n"
            "route    GET /v1/deep/{name=a/**} -> sluice.shop.Shop.GetItem\n"
            "origin   shop.proto: sluice.shop.Shop.GetItem: additional_bindings[0]\n"
            "backend  default\n"
            "fields\n"
            "  name    path \"a/b c\"\n"
            "  count   query \"3\"\n"
            "  colour  query \"red\"; ignored: message sluice.shop.Item has no field \"colour\"\n"
            "message  sluice.shop.Item\n"
            "{\n \"name\": \"a/b c\",\n \"count\": 3\n}\n");
}

TEST(Explain, ShowsWhatTheBodyBindsAndWhatStaysAtItsDefault) {
  const Explanation got = told("PUT", "/v1/items/x", R"({"count": 2})");
  EXPECT_TRUE(got.is_served);
  EXPECT_THAT(got.text, HasSubstr("(body: *)\n"));
  EXPECT_THAT(got.text, HasSubstr("fields\n  name   path \"x\"\n  count  body\n"));
  EXPECT_THAT(told("GET", "/v1/items/x").text, HasSubstr("  count  default\n"));
}

TEST(Explain, SaysWhyThereIsNoRoute) {
  const Explanation got = told("GET", "/v1/itms/x");
  EXPECT_FALSE(got.is_served);
  EXPECT_THAT(got.text, HasSubstr("404: no route for this path\nnearest routes:\n"
                                  "  GET /v1/items/{name} -> sluice.shop.Shop.GetItem\n"
                                  "    segment 2: expected \"items\", got \"itms\"\n"));
  EXPECT_THAT(told("GET", "/nothing").text, HasSubstr("no route is near it"));
}

TEST(Explain, NamesTheMethodsThatAreAllowed) {
  const Explanation got = told("DELETE", "/v1/items/x");
  EXPECT_FALSE(got.is_served);
  EXPECT_THAT(got.text,
              HasSubstr("405: the path has a route, but not for this method; allowed: GET, HEAD, PUT, OPTIONS\n"
                        "  GET /v1/items/{name} -> sluice.shop.Shop.GetItem\n"
                        "  PUT /v1/items/{name} -> sluice.shop.Shop.PutItem (body: *)\n"));
  EXPECT_THAT(told("OPTIONS", "/v1/items/x").text, HasSubstr("204: answered by the gateway itself"));
}

TEST(Explain, ShowsErrorsOfPathsAndBindings) {
  for (const auto& [target, problem] :
       {std::pair{"/v1/items/%zz", "400: "}, std::pair{"/v1/items/%ff", "400: name: column 1: expected UTF-8"},
        std::pair{"/v1/items/a?count=many", "400: count: "}, std::pair{"/v1/items/a?name=b", "400: name: "}}) {
    const Explanation got = told("GET", target);
    EXPECT_FALSE(got.is_served) << target;
    EXPECT_THAT(got.text, HasSubstr(problem)) << target;
  }
}

TEST(Explain, TellsWhatIsAskedOfTheAnswer) {
  RouteOptions options;
  options.answers.system_parameters = true;
  options.answers.partial_responses = true;
  options.parse.reject_unknown_query = true;
  const auto table = shop_table(options);
  ExplainedRequest request;
  request.method = "GET";
  request.target = "/v1/items/x?fields=name&count=3&$alt=json%3Benum-encoding=int";
  const Explanation got = explain(*table, request);
  EXPECT_TRUE(got.is_served);
  EXPECT_THAT(got.text, HasSubstr("backend  default\n"
                                  "answer   fields \"name\"\n"
                                  "answer   $alt \"json;enum-encoding=int\"\n"
                                  "fields\n"
                                  "  name   path \"x\"\n"
                                  "  count  query \"3\"\n"
                                  "message  sluice.shop.Item\n"));
  for (const auto& [query, problem] :
       {std::pair{"fields=colour", "400: fields: column 1: expected a field of sluice.shop.Item, got \"colour\"\n"},
        std::pair{"$alt=xml", "400: $alt: expected json, got \"xml\"\n"},
        std::pair{"$prettyPrint=true&colour=red", "400: colour: "}}) {
    const std::string target = std::string("/v1/items/x?") + query;
    request.target = target;
    const Explanation refused = explain(*table, request);
    EXPECT_FALSE(refused.is_served) << query;
    EXPECT_THAT(refused.text, HasSubstr(problem)) << query;
  }
}

TEST(Explain, LeavesParametersThatAreOffToTheMessage) {
  EXPECT_THAT(told("GET", "/v1/items/x?fields=name").text,
              HasSubstr("  fields  query \"name\"; ignored: message sluice.shop.Item has no field \"fields\"\n"));
}

TEST(Explain, TakesWholeUrlsAndRefusesWhatIsNoTarget) {
  EXPECT_TRUE(told("GET", "http://localhost:8080/v1/items/x?count=3").is_served);
  EXPECT_THAT(told("GET", "v1/items/x").text, HasSubstr("GET v1/items/x\n400: "));
  EXPECT_THAT(told("GET", "/v1/items/x#top").text, HasSubstr("400: "));
  EXPECT_THAT(told("OPTIONS", "*").text, HasSubstr("204: "));
}

TEST(Explain, BindsEveryMessageOfAStream) {
  const Explanation two = told("POST", "/v1/cart", R"([{"name":"a"},{"name":"b"}])");
  EXPECT_TRUE(two.is_served);
  EXPECT_THAT(two.text, HasSubstr("  name   body\n  count  default\nmessage  sluice.shop.Item, the first of 2\n"));
  EXPECT_THAT(two.text, HasSubstr(R"("name": "a")"));
  EXPECT_THAT(told("POST", "/v1/cart", "{}\n").text, HasSubstr("message  sluice.shop.Item\n{}\n"));
  EXPECT_THAT(told("POST", "/v1/cart", "[]").text, HasSubstr("default\nmessage  none: the stream ends without one\n"));
  EXPECT_THAT(told("POST", "/v1/cart", "{}\n{\"count\":\"x\"}").text,
              HasSubstr("400: count (line 2, column 10): expected int32"));
  EXPECT_THAT(told("POST", "/v1/cart", "[{}").text, HasSubstr("400: "));
}

TEST(Explain, SaysWhatThePathKeepsFromTheQuery) {
  RouteOptions options;
  options.parse.path_wins = true;
  ExplainedRequest request;
  request.method = "GET";
  request.target = "/v1/items/x?name=mallory";
  EXPECT_THAT(explain(*shop_table(options), request).text,
              HasSubstr("  name   path \"x\"\n  name   query \"mallory\"; ignored: the path binds it\n"));
}

TEST(Explain, TellsOfMethodsThatNoRouteTakes) {
  EXPECT_THAT(told("TRACE", "/nothing").text, HasSubstr("405: no route takes this method\n"));
}

TEST(Explain, TellsOfARedirect) {
  RouteOptions options;
  options.trailing_slash = http_rule::TrailingSlash::Redirect;
  ExplainedRequest request;
  request.method = "GET";
  request.target = "/v1/items/x/";
  EXPECT_THAT(explain(*shop_table(options), request).text, HasSubstr("308: "));
}

TEST(RouteList, SaysWhatIsSpecialOfARoute) {
  const auto table = shop_table();
  EXPECT_THAT(routes_text(*table),
              HasSubstr("GET /v1/items/{name}:watch -> sluice.shop.Shop.WatchItem (server streams)\n"));
  EXPECT_THAT(routes_text(*table), HasSubstr("POST /sluice.shop.Shop/Plain -> sluice.shop.Shop.Plain (body: *)\n"));
  EXPECT_THAT(routes_json(*table), testing::StartsWith("[\n  {\n    \"method\": \"GET\",\n    \"template\": "));
}

TEST(RouteList, NamesBackendsWhereThereAreSeveral) {
  std::vector<RouteSource> sources(2, shop_table()->sources().front());
  sources[0].backend = "other";
  sources[1].backend = "shop";
  sources[1].services = {"sluice.*"};
  const auto table = RouteTable::build(sources, RouteOptions());
  ASSERT_TRUE(table);
  EXPECT_EQ(route_line(**table, 0), "GET /v1/items/{name} -> sluice.shop.Shop.GetItem (backend: shop)");
}

}  // namespace
}  // namespace sluice::gateway
