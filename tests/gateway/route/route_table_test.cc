// Routes out of a schema.
#include "gateway/route/route_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/route/shop_table.h"

namespace sluice::gateway {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

http_rule::ConfigRule rule(const std::string& selector, const std::string& get, const std::string& body = "") {
  http_rule::ConfigRule out;
  out.rule.set_selector(selector);
  out.rule.set_get(get);
  out.rule.set_body(body);
  out.file = "rules.yaml";
  return out;
}

TEST(RouteTable, HasARouteForEachBinding) {
  RouteOptions options;
  options.timeout = std::chrono::seconds(7);
  options.stream_timeout = std::chrono::seconds(9);
  options.max_request_bytes = 10;
  options.max_response_bytes = 20;
  const auto table = shop_table(options);
  std::vector<std::string> routes;
  for (const RestRoute& route : table->routes()) {
    routes.push_back(route.path_template + " " + route.call_path + (route.client_streams ? " in" : "") +
                     (route.server_streams ? " out" : ""));
    const bool streams = route.client_streams || route.server_streams;
    EXPECT_EQ(route.timeout.time, streams ? options.stream_timeout : options.timeout);
    EXPECT_EQ(route.max_request_bytes, 10u);
    EXPECT_EQ(route.max_response_bytes, 20u);
    EXPECT_NE(route.transcoder, nullptr);
  }
  EXPECT_THAT(routes, ElementsAre("/v1/items/{name} /sluice.shop.Shop/GetItem",
                                  "/v1/deep/{name=a/**} /sluice.shop.Shop/GetItem",
                                  "/v1/items/{name} /sluice.shop.Shop/PutItem",
                                  "/v1/items/{name}:watch /sluice.shop.Shop/WatchItem out",
                                  "/v1/cart /sluice.shop.Shop/FillCart in", "/v1/basket /sluice.shop.Shop/FillCart in",
                                  "/sluice.shop.Shop/Haggle /sluice.shop.Shop/Haggle in out",
                                  "/sluice.shop.Shop/Plain /sluice.shop.Shop/Plain"));
}

TEST(RouteTable, IndexesItsRoutesAsTheMatcherDoes) {
  const auto table = shop_table();
  http_rule::Match match;
  ASSERT_EQ(table->matcher().lookup("PUT", "/v1/items/x", match), http_rule::Outcome::Hit);
  EXPECT_EQ(table->routes()[match.route()].call_path, "/sluice.shop.Shop/PutItem");
}

TEST(RouteTable, DecodesSegmentsWhollyAndPathsAsConfigured) {
  RouteOptions options;
  options.unescape = http_rule::Unescape::ExceptReserved;
  const auto table = shop_table(options);
  EXPECT_THAT(table->routes()[0].unescape, ElementsAre(http_rule::Unescape::All));
  EXPECT_THAT(table->routes()[1].unescape, ElementsAre(http_rule::Unescape::ExceptReserved));
}

TEST(RouteTable, CollectsEveryProblem) {
  RouteOptions options;
  options.extract.config_rules = {rule("sluice.shop.Shop.Plain", "/v1/{"), rule("sluice.shop.Shop.Nobody", "/v1/x"),
                                  rule("sluice.shop.Shop.PutItem", "/v1/{colour}")};
  const auto table = build_shop(options);
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error(),
              testing::UnorderedElementsAre(AllOf(HasSubstr("rules.yaml"), HasSubstr("sluice.shop.Shop.Plain")),
                                            AllOf(HasSubstr("rules.yaml"), HasSubstr("sluice.shop.Shop.Nobody")),
                                            AllOf(HasSubstr("rules.yaml"), HasSubstr("colour"))));
}

TEST(RouteTable, GivesRoutesTheirOwnSettings) {
  RouteOptions options;
  options.timeout = std::chrono::seconds(60);
  RouteOverride every;
  every.settings.max_request_bytes = 10;
  every.settings.json_pretty = true;
  RouteOverride another_backends;
  another_backends.backend = 1;
  another_backends.settings.max_request_bytes = 99;
  RouteOverride some;
  some.methods = "sluice.shop.Shop.Get*";
  some.settings.timeout.emplace(std::nullopt);
  some.settings.max_request_bytes = 20;
  some.settings.error_format = ErrorFormat::Google;
  some.settings.forward_headers = {"X-*"};
  options.overrides = {every, another_backends, some};
  const auto table = shop_table(options);
  EXPECT_EQ(table->routes()[0].timeout.time, std::nullopt);
  EXPECT_TRUE(table->routes()[0].timeout.is_limit);
  EXPECT_EQ(table->routes()[0].max_request_bytes, 20u);
  EXPECT_TRUE(table->info(0).print.pretty);
  EXPECT_EQ(table->info(0).errors->options().format, ErrorFormat::Google);
  EXPECT_THAT(*table->info(0).forward_headers, ElementsAre("x-*"));
  EXPECT_EQ(table->info(1).errors, table->info(0).errors);
  EXPECT_EQ(table->routes()[2].timeout.time, options.timeout);
  EXPECT_FALSE(table->routes()[2].timeout.is_limit);
  EXPECT_EQ(table->routes()[2].max_request_bytes, 10u);
  EXPECT_EQ(table->info(2).errors->options().format, ErrorFormat::Status);
  EXPECT_TRUE(table->info(2).errors->options().pretty);
  EXPECT_EQ(table->info(2).forward_headers, std::nullopt);
  EXPECT_FALSE(table->errors().options().pretty);
}

TEST(RouteTable, LimitsTheTimeOfCallsAndOfStreams) {
  RouteOptions options;
  options.timeout = std::chrono::seconds(60);
  RouteOverride every;
  every.settings.timeout.emplace(std::chrono::seconds(5));
  options.overrides = {every};
  constexpr std::size_t kUnary = 0;
  constexpr std::size_t kStream = 3;
  auto table = shop_table(options);
  EXPECT_EQ(table->routes()[kUnary].timeout.time, rpc::Duration(std::chrono::seconds(5)));
  EXPECT_EQ(table->routes()[kStream].timeout.time, rpc::Duration(std::chrono::seconds(5)));
  options.overrides.front().settings.stream_timeout.emplace(std::chrono::seconds(9));
  table = shop_table(options);
  EXPECT_EQ(table->routes()[kUnary].timeout.time, rpc::Duration(std::chrono::seconds(5)));
  EXPECT_EQ(table->routes()[kStream].timeout.time, rpc::Duration(std::chrono::seconds(9)));
  EXPECT_TRUE(table->routes()[kStream].timeout.is_limit);
}

TEST(RouteTable, WarnsOfSettingsThatNoRouteHas) {
  RouteOptions options;
  for (const char* methods : {"*", "sluice.shop.Shop.Get*", "sluice.shop.Shp.*"}) {
    RouteOverride one;
    one.methods = methods;
    options.overrides.push_back(one);
  }
  EXPECT_THAT(shop_table(options)->warnings(),
              ElementsAre("settings of routes: expected a method that matches \"sluice.shop.Shp.*\", got none"));
}

TEST(RouteTable, KeepsWhatClientsMayReadOfMetadata) {
  RouteOptions options;
  RouteOverride some;
  some.methods = "sluice.shop.Shop.Get*";
  some.settings.return_headers = {"X-*"};
  some.settings.withhold_headers = {"X-Secret"};
  options.overrides = {some};
  const auto table = shop_table(options);
  EXPECT_TRUE(table->routes()[0].returned.allows("x-a"));
  EXPECT_FALSE(table->routes()[0].returned.allows("x-secret"));
  EXPECT_FALSE(table->routes()[0].returned.allows("server"));
  EXPECT_TRUE(table->routes()[2].returned.allows("x-secret"));
}

TEST(RouteTable, TakesTheLastRuleOfAServiceConfigInPlaceOfAnnotations) {
  RouteOptions options;
  options.extract.config_rules = {rule("sluice.shop.Shop.GetItem", "/v1/first/{name}"),
                                  rule("sluice.shop.Shop.GetItem", "/v1/last/{name}")};
  const auto table = shop_table(options);
  EXPECT_EQ(table->routes()[0].path_template, "/v1/last/{name}");
  http_rule::Match match;
  EXPECT_EQ(table->matcher().lookup("GET", "/v1/first/x", match), http_rule::Outcome::NotFound);
  EXPECT_EQ(table->matcher().lookup("GET", "/v1/deep/a/x", match), http_rule::Outcome::NotFound);
}

TEST(RouteTable, ServesByEitherEngine) {
  for (const bool reference : {false, true}) {
    RouteOptions options;
    options.reference_transcoder = reference;
    const auto table = shop_table(options);
    shop::Item item;
    item.set_count(3);
    rpc::Buffer json;
    ASSERT_TRUE(table->routes()[0].transcoder->response(item.SerializeAsString(), table->settings(0).print, json));
    EXPECT_EQ(json.text(), R"({"count":3})");
  }
}

}  // namespace
}  // namespace sluice::gateway
