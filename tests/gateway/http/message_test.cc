// Header fields: order, case, removal, lists.
#include "gateway/http/message.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/http/handler.h"

namespace sluice::gateway {
namespace {

TEST(Headers, KeepsOrderAndCaseAndFindsByAnyCase) {
  Headers headers{{"Accept", "a"}, {"X-Id", "1"}, {"accept", "b"}};
  EXPECT_EQ(headers.get("ACCEPT"), "a");
  EXPECT_EQ(headers.get("x-id"), "1");
  EXPECT_EQ(headers.get("x-i"), std::nullopt);
  std::string all;
  for (const auto& [name, value] : headers) all.append(name).append("=").append(value).append(";");
  EXPECT_EQ(all, "Accept=a;X-Id=1;accept=b;");
}

TEST(Headers, SetReplacesAndRemoveCounts) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  EXPECT_EQ(headers.remove("c"), 0u);
  headers.set("a", "4");
  EXPECT_EQ(headers, (Headers{{"B", "2"}, {"a", "4"}}));
  EXPECT_EQ(headers.remove("B"), 1u);
  EXPECT_EQ(headers.size(), 1u);
  headers.clear();
  EXPECT_TRUE(headers.empty());
}

TEST(Headers, FindsTokensInLists) {
  const Headers headers{{"Connection", "keep-alive , Upgrade"}, {"connection", "TE"}};
  for (const char* present : {"keep-alive", "upgrade", "te"}) EXPECT_TRUE(headers.has_token("Connection", present));
  for (const char* absent : {"keep", "alive", "close", "", "keep-alive , Upgrade"}) {
    EXPECT_FALSE(headers.has_token("Connection", absent)) << absent;
  }
  EXPECT_TRUE(list_contains(",,close,", "CLOSE"));
  EXPECT_FALSE(list_contains("", "close"));
}

TEST(Headers, JoinsTheFieldsOfOneName) {
  const Headers headers{{"Accept", "a"}, {"B", "x"}, {"accept", ""}, {"ACCEPT", "b, c"}};
  EXPECT_EQ(headers.joined("Accept"), "a, b, c");
  EXPECT_EQ(headers.joined("C"), "");
}

TEST(Headers, CopiesAreEqualAndIndependent) {
  Headers first{{"A", std::string(100, 'x')}};
  Headers second = first;
  EXPECT_EQ(first, second);
  second.add("B", "");
  EXPECT_NE(first, second);
  EXPECT_EQ(second.get("b"), "");
}

TEST(Response, KnowsItsPhrases) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(499), "Client Closed Request");
  EXPECT_EQ(reason_phrase(599), "Unknown");
}

TEST(Handler, MapsErrorsOfTheBodyToStatuses) {
  using rpc::StatusCode;
  const std::vector<std::pair<StatusCode, int>> table = {{StatusCode::ResourceExhausted, 413},
                                                         {StatusCode::DeadlineExceeded, 408},
                                                         {StatusCode::Cancelled, 499},
                                                         {StatusCode::InvalidArgument, 400}};
  for (const auto& [code, status] : table) EXPECT_EQ(http_status_of_body_error(rpc::Status(code, "")), status);
}

}  // namespace
}  // namespace sluice::gateway
