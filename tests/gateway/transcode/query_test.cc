// Splitting and decoding of query strings.
#include "gateway/transcode/query.h"

#include <gmock/gmock.h>

#include <vector>

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> all(std::string_view query, rpc::Status* error = nullptr) {
  std::string scratch;
  QueryReader reader(query, scratch);
  std::vector<std::pair<std::string, std::string>> pairs;
  while (const auto parameter = reader.next()) pairs.emplace_back(parameter->name, parameter->value);
  if (error != nullptr) *error = reader.error();
  return pairs;
}

TEST(Query, SplitsBeforeItDecodes) {
  EXPECT_THAT(all("a=1&b=%26%3D&c"), ElementsAre(Pair("a", "1"), Pair("b", "&="), Pair("c", "")));
  EXPECT_THAT(all("a.b%5Bk%5D=x+y&=v&&d==e"), ElementsAre(Pair("a.b[k]", "x y"), Pair("", "v"), Pair("d", "=e")));
  EXPECT_THAT(all(""), ElementsAre());
}

TEST(Query, RefusesMalformedEscapes) {
  for (const auto& [query, name] : {std::pair{"a=%", "a"}, std::pair{"a=%4", "a"}, std::pair{"a=%G1", "a"},
                                    std::pair{"%61=%1G", "a"}, std::pair{"%=1", "%"}, std::pair{"b=1&a=%zz", "a"}}) {
    rpc::Status error;
    all(query, &error);
    EXPECT_EQ(error.code(), rpc::StatusCode::InvalidArgument) << query;
    EXPECT_TRUE(error.message().starts_with(std::string(name) + ": expected two hex")) << query << error.message();
  }
}

}  // namespace
}  // namespace sluice::gateway
