// Support for the tests of PathMatcher: a matcher from lines like "GET /v1/{id}", and its answers as text.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "annotations/path_matcher.h"

namespace sluice::http_rule {

class RoutesUnderTest {
 public:
  explicit RoutesUnderTest(std::vector<std::string> routes, TrailingSlash policy = TrailingSlash::Ignore)
      : routes_(std::move(routes)) {
    PathMatcher::Builder builder;
    for (RouteIndex i = 0; i < routes_.size(); ++i) {
      const std::size_t space = routes_[i].find(' ');
      const rpc::Result<PathTemplate> path = parse_path_template(std::string_view(routes_[i]).substr(space + 1));
      EXPECT_TRUE(path) << routes_[i] << ": " << path.error().to_string();
      const rpc::Result<void> added = builder.add(routes_[i].substr(0, space), *path, i);
      EXPECT_TRUE(added) << routes_[i] << ": " << added.error().to_string();
    }
    matcher_ = std::move(builder).build(policy);
  }

  // "GET /v1/{id} [7]", "redirect GET /v1/{id}", "405 GET, HEAD, OPTIONS" or "404".
  std::string answer(std::string_view method, std::string_view path) {
    switch (matcher_.lookup(method, path, match_)) {
      case Outcome::NotFound:
        return "404";
      case Outcome::MethodNotAllowed:
        return "405 " + matcher_.allow(match_.allowed());
      case Outcome::Redirect:
        return "redirect " + routes_[match_.route()];
      case Outcome::Hit:
        break;
    }
    std::string text = routes_[match_.route()];
    for (const std::string_view capture : match_.captures()) text += " [" + std::string(capture) + "]";
    return text;
  }

  const PathMatcher& matcher() const { return matcher_; }
  const Match& match() const { return match_; }

 private:
  std::vector<std::string> routes_;
  PathMatcher matcher_;
  Match match_;
};

}  // namespace sluice::http_rule
