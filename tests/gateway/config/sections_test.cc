// Backends, routes and HTTP rules of a file, and how they come out again.
#include "gateway/config/sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kFile =
    "backends:\n"
    "  users: users:9090\n"
    "  orders:\n"
    "    target: dns:///orders:9090\n"
    "    services: [orders.v1.*, carts.v1.Carts]\n"
    "    headers: {x-tenant: blue, authorization: Bearer secret}\n"
    "    authority: orders.internal\n"
    "    schema: reflection\n"
    "    timeout: 5s\n"
    "    stream_timeout: none\n"
    "routes:\n"
    "  - methods: orders.v1.Orders.*\n"
    "    timeout: none\n"
    "    max_response_bytes: 8MiB\n"
    "    json_pretty: true\n"
    "    error_format: google\n"
    "    forward_headers: [authorization, x-*]\n"
    "    return_headers: [x-*]\n"
    "    withhold_headers: [x-internal]\n"
    "  - methods: '*'\n"
    "    max_request_bytes: 1MiB\n"
    "http:\n"
    "  rules:\n"
    "    - selector: orders.v1.Orders.Find\n"
    "      get: /v1/orders:find\n"
    "      additional_bindings:\n"
    "        - custom: {kind: REPORT, path: '/v1/orders'}\n"
    "          response_body: orders\n"
    "    - {selector: orders.v1.Orders.Put, put: '/v1/{id=orders/*}', body: '*'}\n";

TEST(Sections, ReadBackends) {
  const Sections sections = read_sections("s.yaml", kFile);
  EXPECT_THAT(sections.problems, IsEmpty());
  ASSERT_EQ(sections.backends.size(), 2u);
  EXPECT_EQ(sections.backends[0].name, "users");
  EXPECT_EQ(sections.backends[0].target, "users:9090");
  EXPECT_EQ(sections.backends[0].where, "s.yaml:2");
  const BackendConfig& orders = sections.backends[1];
  EXPECT_EQ(orders.target, "dns:///orders:9090");
  EXPECT_THAT(orders.services, ElementsAre("orders.v1.*", "carts.v1.Carts"));
  ASSERT_EQ(orders.headers.size(), 2u);
  EXPECT_EQ(orders.headers[1].name, "authorization");
  EXPECT_EQ(orders.headers[1].value, "Bearer secret");
  EXPECT_EQ(orders.authority, "orders.internal");
  EXPECT_EQ(orders.schema, SchemaOrigin::Reflection);
  EXPECT_EQ(orders.settings.timeout, std::optional<rpc::Duration>(std::chrono::seconds(5)));
  ASSERT_TRUE(orders.settings.stream_timeout);
  EXPECT_EQ(*orders.settings.stream_timeout, std::nullopt);
}

TEST(Sections, ReadRoutes) {
  const Sections sections = read_sections("s.yaml", kFile);
  ASSERT_EQ(sections.routes.size(), 2u);
  EXPECT_EQ(sections.routes[0].methods, "orders.v1.Orders.*");
  const RouteSettings& settings = sections.routes[0].settings;
  ASSERT_TRUE(settings.timeout);
  EXPECT_EQ(*settings.timeout, std::nullopt);
  EXPECT_EQ(settings.max_response_bytes, 8u << 20);
  EXPECT_EQ(settings.json_pretty, true);
  EXPECT_EQ(settings.json_proto_names, std::nullopt);
  EXPECT_EQ(settings.error_format, ErrorFormat::Google);
  EXPECT_THAT(*settings.forward_headers, ElementsAre("authorization", "x-*"));
  EXPECT_THAT(*settings.return_headers, ElementsAre("x-*"));
  EXPECT_THAT(*settings.withhold_headers, ElementsAre("x-internal"));
  EXPECT_EQ(sections.routes[1].settings.max_request_bytes, 1u << 20);
  EXPECT_EQ(sections.routes[1].where, "s.yaml:20");
}

TEST(Sections, ReadHttpRules) {
  const Sections sections = read_sections("s.yaml", kFile);
  ASSERT_EQ(sections.rules.size(), 2u);
  EXPECT_EQ(sections.rules[0].file, "s.yaml:24");
  EXPECT_EQ(sections.rules[0].rule.ShortDebugString(),
            R"(selector: "orders.v1.Orders.Find" get: "/v1/orders:find" additional_bindings { )"
            R"(custom { kind: "REPORT" path: "/v1/orders" } response_body: "orders" })");
  EXPECT_EQ(sections.rules[1].rule.ShortDebugString(),
            R"(selector: "orders.v1.Orders.Put" put: "/v1/{id=orders/*}" body: "*")");
}

TEST(Sections, SayWhatIsWrongAndWhere) {
  struct Case {
    const char* text;
    const char* problem;
  };
  const std::array cases = {
      Case{"backends: [a:1]", "s.yaml:1: backends: expected a map of names, got a list"},
      Case{"backends:\n  a b: x:1",
           "s.yaml:2: backends: expected a name of letters, digits, \"-\", \"_\" and \".\", got \"a b\""},
      Case{"backends:\n  a: x:1\n  a: y:1", "s.yaml:3: backends: expected each name once, got \"a\" again"},
      Case{"backends:\n  a: nonsense",
           "s.yaml:2: backends.a.target: expected host:port, dns:///host:port or unix:/path, got \"nonsense\""},
      Case{"backends:\n  a:\n    targt: x:1",
           "s.yaml:3: unknown key \"targt\" below \"backends.a\"; did you mean \"target\"?"},
      Case{"backends:\n  a: {target: x:1, services: {b: [1]}}",
           "s.yaml:2: backends.a.services: expected a list, got a map of something else"},
      Case{"backends:\n  a: {target: x:1, headers: {grpc-timeout: 1S}}",
           "s.yaml:2: backends.a.headers: expected a header that is none of gRPC's own, such as x-tenant: blue, with a "
           "lower-case name, got \"grpc-timeout: 1S\""},
      Case{"backends:\n  a: {target: x:1, schema: reflect}",
           "s.yaml:2: backends.a.schema: expected one of auto, reflection, shared, got \"reflect\"; did you mean "
           "\"reflection\"?"},
      Case{"routes: {a: b}", "s.yaml:1: routes: expected a list, got a map"},
      Case{"routes:\n  - timeout: 3s", "s.yaml:2: routes: expected the key \"methods\", got none"},
      Case{"routes:\n  - {methods: a, timeout: soon}",
           "s.yaml:2: routes.timeout: expected a duration such as 250ms, 3s or 5m, or none, got \"soon\""},
      Case{"routes:\n  - {methods: a, timeout: 1s, timeout: 2s}",
           "s.yaml:2: expected each key once, got \"timeout\" again"},
      Case{"http:\n  rule: []", "s.yaml:2: unknown key below \"http\"; expected \"rules\""},
      Case{"http:\n  rules: {}", "s.yaml:2: http.rules: expected a list, got a map"},
      Case{"http:\n  rules:\n    - get: /v1",
           "s.yaml:3: http.rules: expected a selector, the full name of a method, got none"},
      Case{"http:\n  rules:\n    - {selector: a.B.C, gett: /v1}",
           "s.yaml:3: unknown key \"gett\" in a rule; did you mean \"get\"?"},
      Case{"http:\n  rules:\n    - {selector: a.B.C, get: /v1, put: /v1}",
           "s.yaml:3: http.rules: expected one of get, put, post, delete, patch and custom, got several"},
      Case{"http:\n  rules:\n    - {selector: a.B.C, custom: GET}",
           "s.yaml:3: custom: expected {kind: METHOD, path: TEMPLATE}, got a value"},
      Case{"http:\n  rules:\n    - {selector: a.B.C, get: [1]}", "s.yaml:3: get: expected one value, got a list"},
      Case{"http:\n  rules:\n    - {selector: a.B.C, get: /v1, additional_bindings: {get: /v2}}",
           "s.yaml:3: additional_bindings: expected a list, got a map"},
  };
  for (const Case& c : cases) EXPECT_THAT(read_sections("s.yaml", c.text).problems, ElementsAre(c.problem)) << c.text;
}

TEST(Sections, TakeNothingForNothing) {
  for (const char* text : {"", "workers: 1", "backends:\nroutes:\nhttp:\n", "[1, 2]", "listen: [1\n"}) {
    const Sections sections = read_sections("s.yaml", text);
    EXPECT_THAT(sections.problems, IsEmpty()) << text;
    EXPECT_THAT(sections.backends, IsEmpty());
  }
}

TEST(Sections, SurviveEveryTruncation) {
  const std::string whole = kFile;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Sections sections = read_sections("s.yaml", whole.substr(0, size));
    EXPECT_LE(sections.backends.size(), 2u);
  }
}

TEST(Sections, ComeOutAsTheyWentInWithoutSecrets) {
  Sections sections = read_sections("s.yaml", kFile);
  Config config;
  config.backends = sections.backends;
  config.routes = sections.routes;
  config.routing.rules = sections.rules;
  const std::string text = sections_text(config);
  EXPECT_THAT(text, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(text, testing::Not(HasSubstr("blue")));
  EXPECT_THAT(text, HasSubstr("  orders:  # s.yaml:3\n    target: dns:///orders:9090\n"));
  EXPECT_THAT(text, HasSubstr("[\"x-tenant: (hidden)\", \"authorization: (hidden)\"]"));
  EXPECT_THAT(text, HasSubstr("  # s.yaml:12\n  - methods: orders.v1.Orders.*\n    timeout: none\n"));
  const Sections again = read_sections("again.yaml", text);
  EXPECT_THAT(again.problems, IsEmpty()) << text;
  ASSERT_EQ(again.backends.size(), 2u);
  EXPECT_EQ(again.backends[1].services, sections.backends[1].services);
  ASSERT_EQ(again.routes.size(), 2u);
  EXPECT_EQ(again.routes[0].settings.forward_headers, sections.routes[0].settings.forward_headers);
  ASSERT_EQ(again.rules.size(), 2u);
  EXPECT_EQ(again.rules[0].rule.ShortDebugString(), sections.rules[0].rule.ShortDebugString());
}

}  // namespace
}  // namespace sluice::gateway
