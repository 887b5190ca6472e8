// PathMatcher::Builder: templates into trie nodes.
#include <algorithm>
#include <utility>

#include "annotations/path_matcher.h"

namespace sluice::http_rule {

using Kind = TemplateSegment::Kind;

rpc::Result<void> PathMatcher::Builder::add(std::string_view method, const PathTemplate& path, RouteIndex route) {
  const rpc::Result<std::uint32_t> number = intern_method(method);
  if (!number) return rpc::fail(number.error());
  const NodeIndex at = node_for(path);
  Node& node = matcher_.nodes_[at];
  const MethodSet bit = MethodSet{1} << *number;
  if ((node.methods & bit) != 0) {
    return rpc::fail(rpc::StatusCode::AlreadyExists,
                     "expected one route for " + std::string(method) + " " + path_shape(path) + ", got a second");
  }
  const auto multiple = std::ranges::find(path.segments, Kind::Multiple, &TemplateSegment::kind);
  const bool has_multiple = multiple != path.segments.end();
  matcher_.endpoints_.push_back(
      {.method = *number,
       .next = node.first_endpoint,
       .route = route,
       .first_variable = static_cast<std::uint32_t>(matcher_.variables_.size()),
       .variable_count = static_cast<std::uint32_t>(path.variables.size()),
       .multiple_at = has_multiple ? static_cast<std::uint32_t>(multiple - path.segments.begin()) : kNoNode,
       .ends_multiple = has_multiple && multiple + 1 == path.segments.end() && path.verb.empty()});
  node.first_endpoint = static_cast<std::uint32_t>(matcher_.endpoints_.size() - 1);
  node.methods |= bit;
  for (const TemplateVariable& variable : path.variables) {
    matcher_.variables_.push_back(
        {static_cast<std::uint32_t>(variable.begin), static_cast<std::uint32_t>(variable.end)});
  }
  return {};
}

PathMatcher PathMatcher::Builder::build(TrailingSlash trailing_slash) && {
  matcher_.trailing_slash_ = trailing_slash;
  return std::move(matcher_);
}

NodeIndex PathMatcher::Builder::node_for(const PathTemplate& path) {
  NodeIndex node = 0;
  NodeIndex behind_multiple = kNoNode;
  std::uint32_t tail = 0;
  for (const TemplateSegment& segment : path.segments) {
    node = follow(node, segment);
    ++tail;
    if (segment.kind == Kind::Multiple) {
      behind_multiple = node;
      tail = 0;
    }
  }
  if (behind_multiple != kNoNode) {
    std::uint32_t& longest = matcher_.nodes_[behind_multiple].longest_tail;
    longest = std::max(longest, tail);
  }
  if (path.verb.empty()) return node;
  const auto parts = static_cast<std::size_t>(std::ranges::count(path.verb, ':')) + 1;
  matcher_.most_verb_parts_ = std::max(matcher_.most_verb_parts_, parts);
  return follow(matcher_.verbs_, node, path.verb);
}

NodeIndex PathMatcher::Builder::follow(NodeIndex from, const TemplateSegment& segment) {
  if (segment.kind == Kind::Literal) return follow(matcher_.literals_, from, segment.literal);
  NodeIndex Node::*const edge = segment.kind == Kind::Single ? &Node::single : &Node::multiple;
  if (matcher_.nodes_[from].*edge == kNoNode) {
    const NodeIndex added = new_node();
    matcher_.nodes_[from].*edge = added;
  }
  return matcher_.nodes_[from].*edge;
}

NodeIndex PathMatcher::Builder::follow(EdgeTable& edges, NodeIndex from, std::string_view text) {
  const Label label(text);
  const NodeIndex known = edges.find(from, label);
  if (known != kNoNode) return known;
  const NodeIndex added = new_node();
  edges.insert(from, label, added);
  return added;
}

NodeIndex PathMatcher::Builder::new_node() {
  matcher_.nodes_.emplace_back();
  return static_cast<NodeIndex>(matcher_.nodes_.size() - 1);
}

rpc::Result<std::uint32_t> PathMatcher::Builder::intern_method(std::string_view method) {
  if (method == "CONNECT" || method == "TRACE") {
    return rpc::fail(rpc::StatusCode::InvalidArgument,
                     "expected a method that can have a route, got " + std::string(method));
  }
  const std::uint32_t known = matcher_.method_number(method);
  if (known < matcher_.methods_.size()) return known;
  if (matcher_.methods_.size() == 64) {
    return rpc::fail(rpc::StatusCode::ResourceExhausted,
                     "expected at most 64 HTTP methods, got also " + std::string(method));
  }
  matcher_.methods_.emplace_back(method);
  return known;
}

}  // namespace sluice::http_rule
