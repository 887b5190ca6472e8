// Media types with their parameters, and the weights of Accept.
#include "gateway/protocol/media.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::gateway {
namespace {

constexpr std::array<StreamMedia, 4> kStreamMedia = {{{StreamFormat::Events, "text/event-stream"},
                                                      {StreamFormat::Lines, "application/x-ndjson"},
                                                      {StreamFormat::Lines, "application/jsonl"},
                                                      {StreamFormat::Array, "application/json"}}};

// Cuts the first element off a list, without the white space around it.
std::string_view take_element(std::string_view& list, char separator) {
  const std::size_t end = std::min(list.find(separator), list.size());
  std::string_view element = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  while (element.starts_with(' ') || element.starts_with('\t')) element.remove_prefix(1);
  while (element.ends_with(' ') || element.ends_with('\t')) element.remove_suffix(1);
  return element;
}

// The value of the first parameter of that name ("charset="); empty: there is none.
std::string_view parameter(std::string_view parameters, std::string_view name) {
  while (!parameters.empty()) {
    std::string_view one = take_element(parameters, ';');
    if (!equal_ignoring_case(one.substr(0, name.size()), name)) continue;
    one.remove_prefix(name.size());
    if (one.size() >= 2 && one.starts_with('"') && one.ends_with('"')) one = one.substr(1, one.size() - 2);
    return one;
  }
  return {};
}

// A weight that is no number counts as 1.
double weight_of(std::string_view parameters) {
  const std::string_view text = parameter(parameters, "q=");
  double weight = 1;
  std::from_chars(text.data(), text.data() + text.size(), weight, std::chars_format::fixed);
  return weight;
}

constexpr int kNamed = 3;

// How well a media range fits a type: 0 not at all, 1 "*/*", 2 "text/*", kNamed the type itself.
int fit(std::string_view range, std::string_view type) {
  if (range == "*/*") return 1;
  if (equal_ignoring_case(range, type)) return kNamed;
  const std::size_t slash = type.find('/') + 1;
  return range.size() == slash + 1 && range.ends_with('*') &&
                 equal_ignoring_case(range.substr(0, slash), type.substr(0, slash))
             ? 2
             : 0;
}

// What the range that fits best says of the type.
struct Verdict {
  int fit = 0;
  double weight = 0;
};

Verdict judge(std::string_view type, const Headers& headers) {
  Verdict best;
  for (const auto& [name, value] : headers) {
    if (!equal_ignoring_case(name, "Accept")) continue;
    std::string_view list = value;
    while (!list.empty()) {
      std::string_view parameters = take_element(list, ',');
      const int fits = fit(take_element(parameters, ';'), type);
      if (fits == 0 || fits < best.fit) continue;
      const double weight = weight_of(parameters);
      best = {fits, fits == best.fit ? std::max(best.weight, weight) : weight};
    }
  }
  return best;
}

bool in_utf8(std::string_view parameters) {
  const std::string_view charset = parameter(parameters, "charset=");
  return charset.empty() || equal_ignoring_case(charset, "utf-8");
}

}  // namespace

bool is_json(std::string_view content_type) {
  std::string_view parameters = content_type;
  const std::string_view type = take_element(parameters, ';');
  const bool json = equal_ignoring_case(type, "application/json") ||
                    (type.size() > 5 && equal_ignoring_case(type.substr(type.size() - 5), "+json"));
  return json && in_utf8(parameters);
}

bool is_json_lines(std::string_view content_type) {
  std::string_view parameters = content_type;
  const std::string_view type = take_element(parameters, ';');
  const bool lines =
      equal_ignoring_case(type, "application/x-ndjson") || equal_ignoring_case(type, "application/jsonl");
  return lines && in_utf8(parameters);
}

bool accepts_json(const Headers& headers) {
  const bool asks = std::ranges::any_of(
      headers, [](const auto& field) { return equal_ignoring_case(field.first, "Accept") && !field.second.empty(); });
  return !asks || judge("application/json", headers).weight > 0;
}

std::optional<StreamMedia> accepted_stream_media(const Headers& headers) {
  std::optional<StreamMedia> chosen;
  double heaviest = 0;
  for (const int least_fit : {kNamed, 1}) {
    for (const StreamMedia& media : kStreamMedia) {
      const Verdict verdict = judge(media.content_type, headers);
      const bool meant = verdict.fit >= least_fit || media.format == StreamFormat::Array;
      if (!meant || verdict.weight <= heaviest) continue;
      chosen = media;
      heaviest = verdict.weight;
    }
    if (chosen) return chosen;
  }
  if (accepts_json(headers)) chosen = kStreamMedia.back();
  return chosen;
}

StreamMedia stream_media(StreamFormat format) { return *std::ranges::find(kStreamMedia, format, &StreamMedia::format); }

StreamMedia stream_media(const Headers& headers) {
  return accepted_stream_media(headers).value_or(kStreamMedia.back());
}

}  // namespace sluice::gateway
