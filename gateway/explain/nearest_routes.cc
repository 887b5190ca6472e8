// Segment by segment from the front; behind a "**" from the back.
#include "gateway/explain/nearest_routes.h"

#include <algorithm>
#include <optional>

#include "annotations/percent.h"
#include "gateway/config/nearest.h"

namespace sluice::gateway {
namespace {

using http_rule::TemplateSegment;
using Kind = TemplateSegment::Kind;

constexpr int kSameSegment = 4;
constexpr int kSimilarSegment = 2;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view raw = path.substr(0, path.find('/'));
    http_rule::append_canonical(segments.emplace_back(), raw);
    path.remove_prefix(raw.size());
  }
  if (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

std::string text_of(const TemplateSegment& segment) {
  if (segment.kind == Kind::Literal) return "\"" + segment.literal + "\"";
  return segment.kind == Kind::Single ? "any segment" : "any segments";
}

class Comparison {
 public:
  Comparison(const http_rule::PathTemplate& path_template, std::string_view path)
      : template_(path_template), segments_(segments_of(path)) {}

  NearMiss run() && {
    if (!template_.verb.empty()) take_verb();
    const auto is_multiple = [](const TemplateSegment& segment) { return segment.kind == Kind::Multiple; };
    const auto& wanted = template_.segments;
    const auto multiple = static_cast<std::size_t>(std::ranges::find_if(wanted, is_multiple) - wanted.begin());
    for (std::size_t i = 0; i < multiple; ++i) compare(i, i);
    if (multiple == wanted.size()) {
      if (segments_.size() > wanted.size()) {
        miss("segment " + std::to_string(wanted.size() + 1) + ": expected the end of the path, got \"" +
             segments_[wanted.size()] + "\"");
        out_.score -= static_cast<int>(segments_.size() - wanted.size());
      }
    } else {
      const std::size_t tail = wanted.size() - multiple - 1;
      const std::size_t rest = segments_.size() > multiple ? segments_.size() - multiple : 0;
      for (std::size_t i = 0; i < tail; ++i) {
        const std::size_t at = rest >= tail ? segments_.size() - tail + i : multiple + i;
        compare(multiple + 1 + i, at);
      }
    }
    if (reason_) out_.reason = *reason_;
    return out_;
  }

 private:
  void miss(const std::string& reason) {
    if (!reason_) reason_ = reason;
  }

  void take_verb() {
    const std::string suffix = ":" + template_.verb;
    if (!segments_.empty() && segments_.back().ends_with(suffix)) {
      segments_.back().resize(segments_.back().size() - suffix.size());
      out_.score += kSameSegment;
      return;
    }
    --out_.score;
    verb_reason_ = "expected \"" + suffix + "\" at the end of the path, got none";
  }

  void compare(std::size_t wanted_at, std::size_t at) {
    const TemplateSegment& wanted = template_.segments[wanted_at];
    const std::string place = "segment " + std::to_string(at + 1) + ": expected " + text_of(wanted) + ", got ";
    if (at >= segments_.size()) {
      --out_.score;
      return miss(place + "the end of the path");
    }
    const std::string& got = segments_[at];
    const bool fits = wanted.kind == Kind::Single ? !got.empty() : got == wanted.literal;
    if (fits) {
      if (!reason_) out_.score += kSameSegment;
      if (wanted_at + 1 == template_.segments.size() && !verb_reason_.empty()) miss(verb_reason_);
      return;
    }
    const std::vector<std::string> names(1, wanted.literal);
    if (!nearest_name(got, names).empty()) out_.score += kSimilarSegment;
    miss(place + (got.empty() ? "an empty one" : "\"" + got + "\""));
  }

  const http_rule::PathTemplate& template_;
  std::vector<std::string> segments_;
  std::optional<std::string> reason_;
  std::string verb_reason_;
  NearMiss out_;
};

}  // namespace

NearMiss compare_path(const http_rule::PathTemplate& path_template, std::string_view path) {
  return Comparison(path_template, path).run();
}

std::vector<NearMiss> nearest_routes(const RouteTable& table, std::string_view path, std::size_t most) {
  std::vector<NearMiss> misses;
  for (std::size_t i = 0; i < table.routes().size(); ++i) {
    NearMiss miss = compare_path(table.info(i).binding.path, path);
    miss.route = i;
    if (miss.score > 0 && !miss.reason.empty()) misses.push_back(std::move(miss));
  }
  std::ranges::sort(misses, [](const NearMiss& a, const NearMiss& b) {
    return a.score != b.score ? a.score > b.score : a.route < b.route;
  });
  if (misses.size() > most) misses.resize(most);
  return misses;
}

}  // namespace sluice::gateway
