// From a request to its route, and the answers where there is none.
#include "gateway/route/router.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/protocol/fake_http.h"
#include "tests/gateway/proxy/scripted_call.h"
#include "tests/gateway/route/shop_table.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

class RouterTest : public rpc::testing::LoopFixture {
 protected:
  RouterTest() {
    shop::Item item;
    item.set_name("nail");
    script.messages = {item.SerializeAsString()};
  }

  // Status, the route, and what `header` says.
  std::string answer(const char* method, const char* target, const char* header = "none") {
    responder = FakeResponder();
    script.reads = 0;
    FakeRequest request(loop, method, target);
    run(router.handle(request, responder));
    return std::to_string(responder.status) + " " + std::string(request.context().route_template) + " " +
           responder.header(header);
  }

  Script script;
  ScriptedCaller backend{loop, script};
  std::shared_ptr<const RouteTable> table = shop_table();
  FakeResponder responder;
  CallSlots slots{2};
  Router router{table, {&backend}, slots};
};

TEST_F(RouterTest, ServesTheRouteOfARequest) {
  EXPECT_EQ(answer("GET", "/v1/items/a%20b?count=3"), "200 /v1/items/{name} ");
  EXPECT_EQ(script.path, "/sluice.shop.Shop/GetItem");
  shop::Item sent;
  ASSERT_TRUE(sent.ParseFromString(script.written.at(0)));
  EXPECT_EQ(sent.ShortDebugString(), R"(name: "a b" count: 3)");
  EXPECT_EQ(responder.body, R"({"name":"nail"})");
  EXPECT_EQ(answer("GET", "/v1/deep/a/b%2Fc"), "200 /v1/deep/{name=a/**} ");
  ASSERT_TRUE(sent.ParseFromString(script.written.at(1)));
  EXPECT_EQ(sent.name(), "a/b%2Fc");
  EXPECT_EQ(answer("GET", "/v1/items/x:watch"), "200 /v1/items/{name}:watch ");
  EXPECT_EQ(responder.body, R"([{"name":"nail"}])");
  EXPECT_EQ(answer("HEAD", "/v1/items/x"), "200 /v1/items/{name} ");
}

TEST_F(RouterTest, AnswersWhatNoRouteTakes) {
  EXPECT_EQ(answer("GET", "/v2/items?x=/v1/items/a"), "404  ");
  EXPECT_EQ(responder.body, R"({"code":5,"message":"no route for /v2/items","details":[]})");
  EXPECT_EQ(answer("POST", "/v1/carts"), "404  ");
  EXPECT_EQ(answer("DELETE", "/v1/items/a?b", "Allow"), "405  GET, HEAD, PUT, OPTIONS");
  EXPECT_TRUE(responder.body.starts_with(R"({"code":12,"message":"method DELETE is not allowed for /v1/items/a,)"))
      << responder.body;
  EXPECT_EQ(answer("TRACE", "/v1/items/a").substr(0, 3), "405");
  EXPECT_EQ(answer("CONNECT", "/nothing"), "405  ");
  EXPECT_EQ(responder.body, R"({"code":12,"message":"method CONNECT is not allowed for /nothing","details":[]})");
  EXPECT_EQ(script.started, 0);
}

TEST_F(RouterTest, AnswersOptionsFromTheTable) {
  EXPECT_EQ(answer("OPTIONS", "/v1/items/a", "Allow"), "204  GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(answer("OPTIONS", "/nothing"), "404  ");
  EXPECT_EQ(answer("OPTIONS", "*"), "204  ");
  EXPECT_EQ(responder.body, "");
  EXPECT_EQ(script.started, 0);
}

TEST_F(RouterTest, RefusesMalformedPathsAndBindings) {
  for (const char* path : {"/v1/items/%", "/v1/items/%zz", "/v1/items/%00", "/v1/items/..", "/nothing/%2e"}) {
    EXPECT_EQ(answer("GET", path), "400  ") << path;
    EXPECT_TRUE(responder.body.starts_with(R"({"code":3,)")) << responder.body;
  }
  EXPECT_EQ(answer("GET", "/v1/items/%ff"), "400 /v1/items/{name} ");
  EXPECT_EQ(answer("GET", "/v1/items/a?name=b"), "400 /v1/items/{name} ");
  EXPECT_EQ(script.started, 0);
}

TEST_F(RouterTest, RedirectsToThePathWithoutItsSlash) {
  RouteOptions options;
  options.trailing_slash = http_rule::TrailingSlash::Redirect;
  Router redirecting(shop_table(options), {&backend}, slots);
  FakeRequest request(loop, "GET", "/v1/items/a/?b=/");
  run(redirecting.handle(request, responder));
  EXPECT_EQ(responder.status, 308);
  EXPECT_EQ(responder.header("Location"), "/v1/items/a?b=/");
}

TEST_F(RouterTest, RedirectsToNoOtherHost) {
  RouteOptions options;
  options.trailing_slash = http_rule::TrailingSlash::Redirect;
  http_rule::ConfigRule rule;
  rule.rule.set_selector("sluice.shop.Shop.GetItem");
  rule.rule.set_get("/{name=**}/end");
  options.extract.config_rules = {rule};
  Router redirecting(shop_table(options), {&backend}, slots);
  FakeRequest request(loop, "GET", "//evil.example/end/");
  run(redirecting.handle(request, responder));
  EXPECT_EQ(responder.status, 308);
  EXPECT_EQ(responder.header("Location"), "/.//evil.example/end");
}

TEST_F(RouterTest, SendsEachCallToItsBackend) {
  Script other_script;
  other_script.messages = script.messages;
  ScriptedCaller other(loop, other_script);
  std::vector<RouteSource> sources(2, table->sources().front());
  sources[0].backend = "nobody";
  sources[0].services = {"none.*"};
  sources[1].services = {"sluice.*"};
  ASSERT_FALSE(RouteTable::build(sources, RouteOptions()));
  sources[0].services.clear();
  const auto two = RouteTable::build(sources, RouteOptions());
  ASSERT_TRUE(two);
  Router both(*two, {&backend, &other}, slots);
  FakeRequest request(loop, "GET", "/v1/items/a");
  run(both.handle(request, responder));
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(script.started, 0);
  EXPECT_EQ(other_script.started, 1);
}

TEST_F(RouterTest, KeepsTheTemplateThroughAnotherTable) {
  FakeRequest request(loop, "GET", "/v1/items/a");
  table.reset();
  run(router.handle(request, responder));
  router.use(shop_table());
  EXPECT_EQ(request.context().route_template, "/v1/items/{name}");
}

TEST_F(RouterTest, ForwardsTheHeadersThatTheRouteAllows) {
  RouteOptions options;
  RouteOverride over;
  over.settings.forward_headers = {"x-a*"};
  options.overrides = {over};
  router.use(shop_table(options));
  Headers headers;
  headers.add("X-Abc", "1");
  headers.add("X-Bcd", "2");
  headers.add("User-Agent", "me");
  FakeRequest request(loop, "GET", "/v1/items/a", headers);
  run(router.handle(request, responder));
  EXPECT_EQ(script.sent_metadata.get("x-abc"), "1");
  EXPECT_FALSE(script.sent_metadata.contains("x-bcd"));
  EXPECT_EQ(script.sent_metadata.get("x-forwarded-user-agent"), "me");
}

TEST_F(RouterTest, RefusesWhatItCannotProduceWhenAcceptIsStrict) {
  RouteOptions options;
  options.answers.strict_accept = true;
  router.use(shop_table(options));
  struct Case {
    const char* target;
    const char* accept;
    int status;
  };
  const Case cases[] = {{"/v1/items/a", "image/png", 406},
                        {"/v1/items/a", "text/event-stream", 406},
                        {"/v1/items/a", "image/png, */*;q=0.1", 200},
                        {"/v1/items/a:watch", "image/png", 406},
                        {"/v1/items/a:watch", "text/event-stream", 200}};
  for (const Case& one : cases) {
    script.reads = 0;
    responder = FakeResponder();
    FakeRequest request(loop, "GET", one.target, {{"Accept", one.accept}});
    run(router.handle(request, responder));
    EXPECT_EQ(responder.status, one.status) << one.target << " " << one.accept;
  }
  EXPECT_EQ(script.started, 2);
  responder = FakeResponder();
  FakeRequest request(loop, "GET", "/v1/items/a", {{"Accept", "image/png"}});
  run(router.handle(request, responder));
  EXPECT_EQ(responder.body, R"({"code":3,"message":"Accept: expected application/json, got image/png","details":[]})");
}

TEST_F(RouterTest, LimitsTheCallsThatRunAtOnce) {
  script.messages.clear();
  script.hangs = true;
  FakeRequest request(loop, "GET", "/v1/items/a");
  FakeResponder first_answer;
  FakeResponder second_answer;
  rpc::testing::Started<void> first(router.handle(request, first_answer));
  rpc::testing::Started<void> second(router.handle(request, second_answer));
  loop.poll();
  EXPECT_EQ(answer("GET", "/v1/items/a", "Retry-After"), "503 /v1/items/{name} 1");
  EXPECT_EQ(responder.body, R"({"code":14,"message":"too many concurrent calls","details":[]})");
  EXPECT_EQ(answer("GET", "/nothing"), "404  ");
  first.request_stop();
  loop.poll();
  EXPECT_TRUE(first.done());
  EXPECT_EQ(first_answer.status, 499);
  script.hangs = false;
  EXPECT_EQ(answer("GET", "/v1/items/a"), "499 /v1/items/{name} ");
  second.request_stop();
  loop.poll();
}

}  // namespace
}  // namespace sluice::gateway
