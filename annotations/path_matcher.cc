// The lookup: one walk down the trie that remembers where it came from.
#include "annotations/path_matcher.h"

#include <algorithm>
#include <array>

#include "annotations/percent.h"

namespace sluice::http_rule {
namespace {

// The methods that every matcher numbers alike.
constexpr std::uint32_t kGet = 0;
constexpr std::uint32_t kHead = 1;
constexpr std::uint32_t kOptions = 6;
constexpr std::uint32_t kAny = 7;
constexpr std::array<std::string_view, 8> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "*"};

constexpr bool has(MethodSet methods, std::uint32_t number) {
  return (methods >> number & 1) != 0;
}

}  // namespace

// The state of one lookup. Each function returns true when it found the route, after which nothing more is tried.
class PathMatcher::Walk {
 public:
  Walk(const PathMatcher& matcher, std::string_view method, std::string_view path, Match& match)
      : matcher_(matcher), path_(path), match_(match) {
    choose_methods(method);
  }

  Outcome run() {
    match_.allowed_ = 0;
    match_.steps_ = 0;
    match_.captures_.clear();
    const bool found = path_.starts_with('/') && (split_path(), split_last(), visit_root());
    if (!found) return match_.allowed_ != 0 || method_count_ == 0 ? Outcome::MethodNotAllowed : Outcome::NotFound;
    match_.route_ = hit_->route;
    const bool slash_is_extra = ignored_slash_ && !hit_->ends_multiple;
    if (slash_is_extra && matcher_.trailing_slash_ == TrailingSlash::Redirect) return Outcome::Redirect;
    capture();
    return Outcome::Hit;
  }

 private:
  // Fills methods_ with the numbers to look for at an endpoint, the best first.
  void choose_methods(std::string_view method) {
    if (method == "CONNECT" || method == "TRACE") return;
    const std::uint32_t number = matcher_.method_number(method);
    if (number < matcher_.methods_.size()) methods_[method_count_++] = number;
    if (number == kHead) methods_[method_count_++] = kGet;
    methods_[method_count_++] = kAny;
  }

  void split_path() {
    match_.segments_.clear();
    if (path_.size() == 1) return;
    std::string_view rest = path_.substr(1);
    ignored_slash_ = matcher_.trailing_slash_ != TrailingSlash::Strict && rest.ends_with('/');
    if (ignored_slash_) rest.remove_suffix(1);
    match_.canonical_.clear();
    if (rest.contains('%')) match_.canonical_.reserve(rest.size());  // so that views of it stay
    while (true) {
      const std::size_t size = std::min(rest.find('/'), rest.size());
      add_segment(rest.substr(0, size));
      if (size == rest.size()) return;
      rest.remove_prefix(size + 1);
    }
  }

  void add_segment(std::string_view raw) {
    std::string_view canonical = raw;
    if (raw.contains('%')) {
      const std::size_t begin = match_.canonical_.size();
      append_canonical(match_.canonical_, raw);
      canonical = std::string_view(match_.canonical_).substr(begin);
    }
    match_.segments_.push_back({raw, Label(canonical)});
  }

  // The ways to read the last segment, the longest verb first. Encoded colons separate nothing.
  void split_last() {
    match_.splits_.clear();
    const bool is_root = match_.segments_.empty();
    const std::string_view raw = is_root ? "" : match_.segments_.back().raw;
    const std::string_view text = is_root ? "" : match_.segments_.back().canonical.text;
    match_.splits_.push_back({Label(text), Label(""), 0});
    std::size_t raw_colon = raw.size();
    std::size_t colon = text.size();
    for (std::size_t parts = 0; parts < matcher_.most_verb_parts_ && colon > 0; ++parts) {
      raw_colon = raw.rfind(':', raw_colon - 1);
      colon = text.rfind(':', colon - 1);
      if (colon == std::string_view::npos) break;
      match_.splits_.push_back({Label(text.substr(0, colon)), Label(text.substr(colon + 1)), raw.size() - raw_colon});
    }
    std::ranges::reverse(match_.splits_);
  }

  std::size_t size() const { return match_.segments_.size(); }

  bool visit_root() { return size() == 0 ? finish(0, match_.splits_.back()) : visit(0, 0); }

  // Segments from `at` on are still to be matched, one at least.
  bool visit(NodeIndex from, std::size_t at) {
    ++match_.steps_;
    if (at + 1 == size()) return visit_last(from) || visit_multiple(from, at);
    const Label& label = match_.segments_[at].canonical;
    const NodeIndex literal = matcher_.literals_.find(from, label);
    if (literal != kNoNode && visit(literal, at + 1)) return true;
    const NodeIndex single = matcher_.nodes_[from].single;
    if (single != kNoNode && !label.text.empty() && visit(single, at + 1)) return true;
    return visit_multiple(from, at);
  }

  bool visit_last(NodeIndex from) {
    for (const Match::Split& split : match_.splits_) {
      const NodeIndex literal = matcher_.literals_.find(from, split.rest);
      if (literal != kNoNode && finish(literal, split)) return true;
    }
    const NodeIndex single = matcher_.nodes_[from].single;
    if (single == kNoNode) return false;
    return std::ranges::any_of(
        match_.splits_, [&](const Match::Split& split) { return !split.rest.text.empty() && finish(single, split); });
  }

  // "**" takes what the tail leaves. Tails have a fixed length, so only as many are tried as there are lengths.
  bool visit_multiple(NodeIndex from, std::size_t at) {
    const NodeIndex behind = matcher_.nodes_[from].multiple;
    if (behind == kNoNode) return false;
    const std::size_t left = size() - at;
    for (std::size_t tail = std::min<std::size_t>(left, matcher_.nodes_[behind].longest_tail); tail > 0; --tail) {
      taken_ = left - tail;
      if (visit(behind, size() - tail)) return true;
    }
    taken_ = left;
    return std::ranges::any_of(match_.splits_, [&](const Match::Split& split) { return accept(behind, split); });
  }

  // All segments are taken; a "**" may still match none.
  bool finish(NodeIndex at, const Match::Split& split) {
    if (accept(at, split)) return true;
    const NodeIndex behind = matcher_.nodes_[at].multiple;
    if (behind == kNoNode) return false;
    taken_ = 0;
    return accept(behind, split);
  }

  bool accept(NodeIndex at, const Match::Split& split) {
    ++match_.steps_;
    if (!split.verb.text.empty() || split.cut != 0) at = matcher_.verbs_.find(at, split.verb);
    if (at == kNoNode) return false;
    const Node& node = matcher_.nodes_[at];
    for (std::size_t i = 0; i < method_count_; ++i) {
      if (!has(node.methods, methods_[i])) continue;
      hit_ = &endpoint(node, methods_[i]);
      cut_ = split.cut;
      return true;
    }
    match_.allowed_ |= node.methods;
    return false;
  }

  const Endpoint& endpoint(const Node& node, std::uint32_t method) const {
    std::uint32_t at = node.first_endpoint;
    while (matcher_.endpoints_[at].method != method) at = matcher_.endpoints_[at].next;
    return matcher_.endpoints_[at];
  }

  void capture() {
    for (std::uint32_t i = 0; i < hit_->variable_count; ++i) {
      const Variable& variable = matcher_.variables_[hit_->first_variable + i];
      const bool takes_slash = ignored_slash_ && hit_->ends_multiple && variable.end > hit_->multiple_at;
      match_.captures_.push_back(text_of(path_index(variable.begin), path_index(variable.end), takes_slash));
    }
  }

  // Where the segment of the template stands in the path.
  std::size_t path_index(std::uint32_t in_template) const {
    return in_template <= hit_->multiple_at ? in_template : in_template + taken_ - 1;
  }

  std::string_view text_of(std::size_t first, std::size_t last, bool takes_slash) const {
    if (first == last) return path_.substr(path_.size());
    const std::string_view end = match_.segments_[last - 1].raw;
    const std::size_t from = static_cast<std::size_t>(match_.segments_[first].raw.data() - path_.data());
    std::size_t to = static_cast<std::size_t>(end.data() - path_.data()) + end.size();
    if (last == size()) to = to - cut_ + (takes_slash ? 1 : 0);
    return path_.substr(from, to - from);
  }

  const PathMatcher& matcher_;
  std::string_view path_;
  Match& match_;
  std::array<std::uint32_t, 3> methods_{};
  std::size_t method_count_ = 0;
  bool ignored_slash_ = false;
  const Endpoint* hit_ = nullptr;
  std::size_t taken_ = 0;  // segments that "**" matched
  std::size_t cut_ = 0;    // bytes of the verb at the end
};

PathMatcher::PathMatcher() : nodes_(1), methods_(kMethods.begin(), kMethods.end()) {}

Outcome PathMatcher::lookup(std::string_view method, std::string_view path, Match& match) const {
  match.outcome_ = Walk(*this, method, path, match).run();
  return match.outcome_;
}

std::string PathMatcher::allow(MethodSet methods) const {
  if (methods == 0) return {};
  if (has(methods, kAny)) methods |= (MethodSet{1} << kOptions) - 1;
  if (has(methods, kGet)) methods |= MethodSet{1} << kHead;
  std::string text;
  for (std::uint32_t number = 0; number < methods_.size(); ++number) {
    if (has(methods, number) && number != kOptions && number != kAny) text += methods_[number] + ", ";
  }
  return text + "OPTIONS";
}

std::uint32_t PathMatcher::method_number(std::string_view method) const {
  return static_cast<std::uint32_t>(std::ranges::find(methods_, method) - methods_.begin());
}

}  // namespace sluice::http_rule
