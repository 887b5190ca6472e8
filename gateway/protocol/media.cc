// Media types with their parameters, and the weights of Accept.
#include "gateway/protocol/media.h"

#include <algorithm>
#include <charconv>

namespace sluice::gateway {
namespace {

constexpr double kNotNamed = -1;

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

}  // namespace

bool is_json(std::string_view content_type) {
  std::string_view parameters = content_type;
  const std::string_view type = take_element(parameters, ';');
  const bool json = equal_ignoring_case(type, "application/json") ||
                    (type.size() > 5 && equal_ignoring_case(type.substr(type.size() - 5), "+json"));
  const std::string_view charset = parameter(parameters, "charset=");
  return json && (charset.empty() || equal_ignoring_case(charset, "utf-8"));
}

bool prefers_lines(const Headers& headers) {
  double lines = kNotNamed;
  double json = kNotNamed;
  for (const auto& [name, value] : headers) {
    if (!equal_ignoring_case(name, "Accept")) continue;
    std::string_view list = value;
    while (!list.empty()) {
      std::string_view parameters = take_element(list, ',');
      const std::string_view type = take_element(parameters, ';');
      if (equal_ignoring_case(type, "application/json")) json = std::max(json, weight_of(parameters));
      if (equal_ignoring_case(type, "application/x-ndjson") || equal_ignoring_case(type, "application/jsonl")) {
        lines = std::max(lines, weight_of(parameters));
      }
    }
  }
  return lines > 0 && lines >= json;
}

}  // namespace sluice::gateway
