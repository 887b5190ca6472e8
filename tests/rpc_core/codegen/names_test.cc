// Tests of the C++ names that generated code gives.
#include "rpc_core/codegen/names.h"

#include <gtest/gtest.h>

namespace sluice::rpc::codegen {
namespace {

TEST(SnakeCase, PutsAnUnderscoreWhereAWordStarts) {
  struct Case {
    const char* name;
    const char* expected;
  };
  const Case cases[] = {
      {"SayHello", "say_hello"},
      {"sayHello", "say_hello"},
      {"Get", "get"},
      {"GetHTTPInfo", "get_http_info"},
      {"GetHTTP", "get_http"},
      {"HTTPGet", "http_get"},
      {"get_foo", "get_foo"},
      {"Get_Foo", "get_foo"},
      {"GetV2Item", "get_v2_item"},
      {"A", "a"},
      {"ABC", "abc"},
      {"ListABooks", "list_a_books"},
      {"Trailing_", "trailing_"},
      {"Utf8Text", "utf8_text"},
  };
  for (const Case& c : cases) EXPECT_EQ(snake_case(c.name), c.expected) << c.name;
}

TEST(NamespaceOf, FollowsThePackage) {
  EXPECT_EQ(namespace_of(""), "");
  EXPECT_EQ(namespace_of("helloworld"), "helloworld");
  EXPECT_EQ(namespace_of("a.b.v1"), "a::b::v1");
}

TEST(ClaimName, MakesEachNameDistinct) {
  std::set<std::string> taken = {"handle"};
  EXPECT_EQ(claim_name("get", taken), "get");
  EXPECT_EQ(claim_name("get", taken), "get_");
  EXPECT_EQ(claim_name("get_", taken), "get__");
  EXPECT_EQ(claim_name("handle", taken), "handle_");
  EXPECT_EQ(claim_name("delete", taken), "delete_");
  EXPECT_EQ(claim_name("errno", taken), "errno_");
}

}  // namespace
}  // namespace sluice::rpc::codegen
