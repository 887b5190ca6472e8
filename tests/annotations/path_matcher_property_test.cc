// PathMatcher against a reference that tries every template on its own and takes the best by the written order.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "annotations/path_matcher.h"
#include "annotations/percent.h"

namespace sluice::http_rule {
namespace {

using Kind = TemplateSegment::Kind;

struct Route {
  std::string method;
  PathTemplate path;
};

struct Found {
  std::vector<int> rank;  // less is better
  std::vector<std::string> captures;
};

std::string canonical(std::string_view raw) {
  std::string text;
  append_canonical(text, raw);
  return text;
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  if (path == "/") return parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/', 1);
    parts.emplace_back(path.substr(1, slash - 1));
    path.remove_prefix(std::min(slash, path.size()));
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += (i == begin ? "" : "/") + parts[i];
  return text;
}

int method_rank(const std::string& route, const std::string& asked) {
  if (route == asked) return 0;
  if (route == "GET" && asked == "HEAD") return 1;
  return route == "*" ? 2 : -1;
}

// The template on the path, whatever the method. Ranks: literal 0, "*" 1, "**" 2, the end before all; behind the last
// segment the verb, behind "**" the tail, longer ones first.
std::optional<Found> try_template(const PathTemplate& path, std::vector<std::string> parts) {
  if (!path.verb.empty()) {
    if (parts.empty()) return std::nullopt;
    std::string& last = parts.back();
    if (!last.ends_with(":" + path.verb)) return std::nullopt;
    last.resize(last.size() - path.verb.size() - 1);
  }
  const int verb_rank = -static_cast<int>(path.verb.size());
  const auto multiple = std::ranges::find(path.segments, Kind::Multiple, &TemplateSegment::kind);
  const auto multiple_at = static_cast<std::size_t>(multiple - path.segments.begin());
  const bool has_multiple = multiple != path.segments.end();
  const std::size_t fixed = path.segments.size() - (has_multiple ? 1 : 0);
  if (parts.size() < fixed || (!has_multiple && parts.size() > fixed)) return std::nullopt;
  const std::size_t taken = parts.size() - fixed;

  Found found;
  std::vector<std::size_t> places = {0};  // of each segment of the template in the path
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    const TemplateSegment& segment = path.segments[i];
    const std::size_t at = places.back();
    found.rank.push_back(static_cast<int>(segment.kind));
    if (segment.kind == Kind::Multiple) {
      found.rank.push_back(-static_cast<int>(fixed - multiple_at));
      places.push_back(at + taken);
      if (taken > 0 && at + taken == parts.size()) found.rank.push_back(verb_rank);
      continue;
    }
    if (segment.kind == Kind::Literal && canonical(parts[at]) != segment.literal) return std::nullopt;
    if (segment.kind == Kind::Single && parts[at].empty()) return std::nullopt;
    places.push_back(at + 1);
    if (at + 1 == parts.size()) found.rank.push_back(verb_rank);
  }
  found.rank.push_back(-1);
  for (const TemplateVariable& variable : path.variables) {
    found.captures.push_back(join(parts, places[variable.begin], places[variable.end]));
  }
  return found;
}

struct Expected {
  Outcome outcome = Outcome::NotFound;
  RouteIndex route = 0;
  Found found;
};

Expected reference(const std::vector<Route>& routes, const std::string& method, const std::string& path) {
  Expected best;
  for (RouteIndex i = 0; i < routes.size(); ++i) {
    std::optional<Found> found = try_template(routes[i].path, split(path));
    if (!found) continue;
    const int rank = method_rank(routes[i].method, method);
    if (rank < 0) {
      if (best.outcome == Outcome::NotFound) best.outcome = Outcome::MethodNotAllowed;
      continue;
    }
    found->rank.push_back(rank);
    if (best.outcome != Outcome::Hit || found->rank < best.found.rank) best = {Outcome::Hit, i, *found};
  }
  return best;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  template <std::size_t Size>
  std::string pick(const std::string_view (&choices)[Size]) {
    return std::string(choices[below(Size)]);
  }

 private:
  std::mt19937 engine_;
};

std::string random_template(Random& random) {
  constexpr std::string_view kSegments[] = {"a", "b", "a", "*", "*", "{v}", "{w=a/*}", "{x=*/b}", "%61"};
  constexpr std::string_view kVerbs[] = {"", "", ":x", ":y:x", ":a"};
  const std::size_t size = random.below(4) + 1;
  const std::size_t multiple_at = random.below(8);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    if (i == multiple_at) text += random.below(2) == 0 ? "/**" : "/{m=**}";
    text += "/" + random.pick(kSegments);
  }
  if (size == multiple_at) text += "/{m=a/**}";
  return text + random.pick(kVerbs);
}

std::string random_path(Random& random) {
  constexpr std::string_view kSegments[] = {"a", "b", "c", "a", "b", "%61", "", "a%2Fb", "a:x"};
  constexpr std::string_view kEnds[] = {"", "", ":x", ":y:x", ":a", ":", "%3Ax"};
  std::string text;
  for (std::size_t i = random.below(6) + 1; i > 0; --i) text += "/" + random.pick(kSegments);
  return text + random.pick(kEnds);
}

TEST(PathMatcherProperty, AgreesWithTheReference) {
  constexpr std::string_view kRouteMethods[] = {"GET", "POST", "*", "GET"};
  constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "HEAD"};
  std::size_t hits = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<Route> routes;
    PathMatcher::Builder builder;
    for (int i = 0; i < 12; ++i) {
      Route route{random.pick(kRouteMethods), *parse_path_template(random_template(random))};
      if (builder.add(route.method, route.path, static_cast<RouteIndex>(routes.size()))) routes.push_back(route);
    }
    const PathMatcher matcher = std::move(builder).build(TrailingSlash::Strict);
    Match match;
    for (int i = 0; i < 100; ++i) {
      const std::string method = random.pick(kMethods);
      const std::string path = random_path(random);
      const Expected expected = reference(routes, method, path);
      ASSERT_EQ(matcher.lookup(method, path, match), expected.outcome) << seed << " " << method << " " << path;
      if (expected.outcome != Outcome::Hit) continue;
      ++hits;
      ASSERT_EQ(match.route(), expected.route)
          << seed << " " << method << " " << path << ": " << path_shape(routes[match.route()].path) << " for "
          << path_shape(routes[expected.route].path);
      const std::vector<std::string> captures(match.captures().begin(), match.captures().end());
      ASSERT_EQ(captures, expected.found.captures) << seed << " " << path;
    }
  }
  EXPECT_GT(hits, 3000u);
}

}  // namespace
}  // namespace sluice::http_rule
