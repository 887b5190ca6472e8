// PathMatcher: HTTP method and path -> the route to take with its captures, the methods that would do, or nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotations/edge_table.h"
#include "annotations/path_template.h"
#include "rpc_core/base/result.h"

namespace sluice::http_rule {

// What the caller calls its routes: an index into a table of its own.
using RouteIndex = std::uint32_t;

// "/v1/books/" where only "/v1/books" has a route. Ignore: the same. Strict: another path. Redirect: Outcome::Redirect.
// Behind a "**" the slash belongs to what "**" matched, whatever the policy.
enum class TrailingSlash : std::uint8_t { Ignore, Strict, Redirect };

enum class Outcome : std::uint8_t { Hit, Redirect, MethodNotAllowed, NotFound };

// A set of the matcher's HTTP methods; PathMatcher::allow turns it into text.
using MethodSet = std::uint64_t;

// The answer to a lookup, and its working memory. Use one again and again: then a lookup allocates nothing.
class Match {
 public:
  Outcome outcome() const { return outcome_; }
  // Of a Hit; of a Redirect the route that the path without its trailing slash has.
  RouteIndex route() const { return route_; }
  // Of a Hit: what each variable matched, in the order of PathTemplate::variables, not decoded: views of the path.
  std::span<const std::string_view> captures() const { return captures_; }
  // Of MethodNotAllowed: the methods of all templates that match the path.
  MethodSet allowed() const { return allowed_; }
  // How many trie nodes the lookup looked at: what its time depends on.
  std::size_t steps() const { return steps_; }

 private:
  friend class PathMatcher;
  struct Segment {
    std::string_view raw;
    Label canonical;
  };
  // One way to read the last segment.
  struct Split {
    Label rest;
    Label verb;           // empty: none
    std::size_t cut = 0;  // bytes of the verb with its ":" in the raw path
  };

  Outcome outcome_ = Outcome::NotFound;
  RouteIndex route_ = 0;
  MethodSet allowed_ = 0;
  std::size_t steps_ = 0;
  std::vector<std::string_view> captures_;
  std::vector<Segment> segments_;
  std::vector<Split> splits_;
  std::string canonical_;
};

// An immutable trie, safe to share between threads. At each segment a literal goes before "*", "*" before "**" and,
// behind a "**", a longer tail before a shorter; at the last one a verb goes before none and a longer verb before a
// shorter. Lookup backtracks fully and knows the method, so a template of another method hides nothing.
//
// The time of a lookup depends on the path's size and on how many templates share its beginning, not on how many there
// are: each node is visited at most once for every length of a tail, so no path makes it exponential.
//
//   PathMatcher::Builder builder;
//   builder.add("GET", *parse_path_template("/v1/{name=shelves/*}"), 0);
//   const PathMatcher matcher = std::move(builder).build();
//   Match match;
//   matcher.lookup("GET", "/v1/shelves/7", match);   // Hit; match.captures()[0] == "shelves/7"
class PathMatcher {
 public:
  class Builder;

  PathMatcher();

  // `path` is the raw path (no query) and outlives the captures. Errors that every route shares (percent.h, check_path)
  // are the caller's to find. A method of the route table goes first, then GET for HEAD, then the kind "*"; CONNECT and
  // TRACE never hit: on any path they are MethodNotAllowed.
  Outcome lookup(std::string_view method, std::string_view path, Match& match) const;

  // The value of an Allow header: "GET, HEAD, OPTIONS". With GET there is HEAD, with any method OPTIONS.
  std::string allow(MethodSet methods) const;

 private:
  class Walk;

  struct Node {
    NodeIndex single = kNoNode;    // the edge "*"
    NodeIndex multiple = kNoNode;  // the edge "**"
    std::uint32_t first_endpoint = kNoNode;
    std::uint32_t longest_tail = 0;  // of a node behind "**": the most segments that may follow
    MethodSet methods = 0;           // of its endpoints
  };
  // A route that ends at a node; those of one node are a list.
  struct Endpoint {
    std::uint32_t method = 0;
    std::uint32_t next = kNoNode;
    RouteIndex route = 0;
    std::uint32_t first_variable = 0;
    std::uint32_t variable_count = 0;
    std::uint32_t multiple_at = kNoNode;  // which segment of the template is "**"
    bool ends_multiple = false;           // it is the last one
  };
  struct Variable {
    std::uint32_t begin = 0;  // segments of the template
    std::uint32_t end = 0;
  };

  std::uint32_t method_number(std::string_view method) const;

  std::vector<Node> nodes_;
  EdgeTable literals_;
  EdgeTable verbs_;  // from the last node of a path to the node with the endpoints of the verb
  std::vector<Endpoint> endpoints_;
  std::vector<Variable> variables_;
  std::vector<std::string> methods_;
  std::size_t most_verb_parts_ = 0;
  TrailingSlash trailing_slash_ = TrailingSlash::Ignore;
};

// Collects routes; the time of a build is linear in their size.
class PathMatcher::Builder {
 public:
  // `method` is "*" for any. Errors: AlreadyExists when a route has this method and shape; InvalidArgument for CONNECT
  // and TRACE; ResourceExhausted for the 57th method that is not one of the usual.
  rpc::Result<void> add(std::string_view method, const PathTemplate& path, RouteIndex route);
  PathMatcher build(TrailingSlash trailing_slash = TrailingSlash::Ignore) &&;

 private:
  NodeIndex node_for(const PathTemplate& path);
  NodeIndex follow(NodeIndex from, const TemplateSegment& segment);
  NodeIndex follow(EdgeTable& edges, NodeIndex from, std::string_view text);
  NodeIndex new_node();
  rpc::Result<std::uint32_t> intern_method(std::string_view method);

  PathMatcher matcher_;
};

}  // namespace sluice::http_rule
