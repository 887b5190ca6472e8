// Glob patterns on names.
#include "annotations/glob.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::http_rule {
namespace {

TEST(Glob, Matches) {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  const Case cases[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "a.b.C", true},
      {"a.b.C", "a.b.C", true},
      {"a.b.C", "a.b.CD", false},
      {"a.b.CD", "a.b.C", false},
      {"a.*", "a.b.C", true},
      {"a.*", "ab.C", false},
      {"*.C", "a.b.C", true},
      {"*.C", "a.C.D", false},
      {"a*C", "aCbC", true},
      {"a*b*c", "a1b2b3c", true},
      {"a*b*c", "a1c2b", false},
      {"?.b", "a.b", true},
      {"?", "", false},
      {"a?", "a", false},
      {"**", "abc", true},
      {"a**", "a", true},
      {"*a", "aaa", true},
      {"*ab", "aaab", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(glob_matches(c.pattern, c.text), c.matches) << c.pattern << " on " << c.text;
  }
}

// A pattern made of any prefix, a star and any suffix that do not overlap matches.
TEST(Glob, EveryCutWithAStarMatches) {
  const std::string text = "library.v1.Shelves";
  for (std::size_t begin = 0; begin <= text.size(); ++begin) {
    for (std::size_t end = begin; end <= text.size(); ++end) {
      const std::string pattern = text.substr(0, begin) + "*" + text.substr(end);
      EXPECT_TRUE(glob_matches(pattern, text)) << pattern;
      EXPECT_FALSE(glob_matches(pattern + "x", text)) << pattern;
    }
  }
}

TEST(Glob, ManyStarsStayQuick) {
  const std::string text(20000, 'a');
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "*a";
  EXPECT_TRUE(glob_matches(pattern, text));
  EXPECT_FALSE(glob_matches(pattern + "b", text));
}

}  // namespace
}  // namespace sluice::http_rule
