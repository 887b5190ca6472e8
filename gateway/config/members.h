// The kinds of settings: each function makes the SettingMember for the member of Config that its template arguments
// lead to, as in size_member<&Config::calls, &CallLimits::max_request_bytes>().
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "gateway/config/nearest.h"
#include "gateway/config/setting.h"
#include "gateway/config/values.h"

namespace sluice::gateway {

// "where: expected a size …, got "x"; did you mean …?"
inline std::string problem_line(const Given& given, const Unfit& unfit) {
  std::string line = given.where + ": expected " + unfit.expected + ", got \"" + given.text + "\"";
  return unfit.hint.empty() ? line : line + "; " + unfit.hint;
}

template <auto... Path>
auto& member_at(auto& config) {
  return (config.*....*Path);
}

// parse: text -> Parsed<the member's type>; print: the opposite.
template <auto... Path, class Parse, class Print>
SettingMember scalar_member(std::string value_name, Parse parse, Print print) {
  SettingMember member;
  member.value_name = std::move(value_name);
  member.set = [parse](Config& config, std::span<const Given> given) -> Problems {
    auto value = parse(given.front().text);
    if (!value) return {problem_line(given.front(), value.error())};
    member_at<Path...>(config) = *std::move(value);
    return {};
  };
  member.get = [print](const Config& config) { return std::vector<std::string>(1, print(member_at<Path...>(config))); };
  return member;
}

template <auto... Path, class Parse, class Print>
SettingMember list_member(std::string value_name, Parse parse, Print print) {
  SettingMember member;
  member.shape = SettingMember::Shape::List;
  member.value_name = std::move(value_name);
  member.set = [parse](Config& config, std::span<const Given> given) {
    Problems problems;
    std::remove_reference_t<decltype(member_at<Path...>(config))> values;
    for (const Given& one : given) {
      auto value = parse(one.text);
      if (value) {
        values.push_back(*std::move(value));
      } else {
        problems.push_back(problem_line(one, value.error()));
      }
    }
    if (problems.empty()) member_at<Path...>(config) = std::move(values);
    return problems;
  };
  member.get = [print](const Config& config) {
    std::vector<std::string> texts;
    for (const auto& value : member_at<Path...>(config)) texts.push_back(print(value));
    return texts;
  };
  return member;
}

// `parse` within bounds, both allowed.
template <class Parse, class Print, class T>
auto within(Parse parse, Print print, T least, T most) {
  return [=](std::string_view text) {
    auto value = parse(text);
    if (value && (*value < least || *value > most)) {
      value = unfit("a value from " + print(least) + " to " + print(most));
    }
    return value;
  };
}

template <auto... Path>
SettingMember size_member() {
  constexpr std::size_t kMost = std::size_t{2047} << 20;  // the most that protobuf parses, in whole MiB
  return scalar_member<Path...>("SIZE", within(parse_size, print_size, std::size_t{1}, kMost), print_size);
}

template <auto... Path>
SettingMember count_member(std::size_t most) {
  const auto print = [](auto number) { return std::to_string(number); };
  return scalar_member<Path...>("N", within(parse_count, print, std::size_t{1}, most), print);
}

// How long at most: everything that a wheel of timers can hold without overflow.
inline constexpr rpc::Duration kLongest = std::chrono::hours(24 * 365);

template <auto... Path>
SettingMember duration_member(rpc::Duration least = std::chrono::milliseconds(1)) {
  return scalar_member<Path...>("TIME", within(parse_duration, print_duration, least, kLongest), print_duration);
}

// A duration, or "none".
template <auto... Path>
SettingMember optional_duration_member() {
  const auto in_bounds = within(parse_duration, print_duration, rpc::Duration(std::chrono::milliseconds(1)), kLongest);
  const auto parse = [in_bounds](std::string_view text) -> Parsed<std::optional<rpc::Duration>> {
    if (text == "none") return std::nullopt;
    const Parsed<rpc::Duration> value = in_bounds(text);
    if (!value) return unfit(value.error().expected + ", or none");
    return *value;
  };
  return scalar_member<Path...>("TIME", parse,
                                [](const auto& value) { return value ? print_duration(*value) : "none"; });
}

template <auto... Path>
SettingMember switch_member() {
  SettingMember member = scalar_member<Path...>("BOOL", parse_bool, print_bool);
  member.shape = SettingMember::Shape::Switch;
  return member;
}

// The names of an enum's values, or of a bool's.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <auto... Path, class T>
SettingMember choice_member(std::string value_name, Choices<T> choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) names.push_back(name);
  const auto parse = [choices, names](std::string_view text) -> Parsed<T> {
    std::string expected = "one of";
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      expected += (&name == &choices.front().first ? " " : ", ") + name;
    }
    return unfit(expected, did_you_mean(text, names));
  };
  const auto print = [choices](T value) {
    return std::ranges::find(choices, value, [](const auto& choice) { return choice.second; })->first;
  };
  SettingMember member = scalar_member<Path...>(std::move(value_name), parse, print);
  member.choices = std::move(names);
  return member;
}

}  // namespace sluice::gateway
