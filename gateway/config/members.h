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
auto& member_at(auto& owner) {
  return (owner.*....*Path);
}

namespace detail {

template <class Pointer>
struct OwnerOf;
template <class Class, class Member>
struct OwnerOf<Member Class::*> {
  using Type = Class;
};
template <auto First, auto... Rest>
struct OwnerOfPath {
  using Type = OwnerOf<decltype(First)>::Type;
};

}  // namespace detail

// What the first step of the path is a member of.
template <auto... Path>
using Owner = detail::OwnerOfPath<Path...>::Type;

// parse: text -> Parsed<the member's type>; print: the opposite.
template <auto... Path, class Parse, class Print>
MemberOf<Owner<Path...>> scalar_member(std::string value_name, Parse parse, Print print) {
  MemberOf<Owner<Path...>> member;
  member.value_name = std::move(value_name);
  member.set = [parse](Owner<Path...>& owner, std::span<const Given> given) -> Problems {
    auto value = parse(given.front().text);
    if (!value) return {problem_line(given.front(), value.error())};
    member_at<Path...>(owner) = *std::move(value);
    return {};
  };
  member.get = [print](const Owner<Path...>& owner) {
    return std::vector<std::string>(1, print(member_at<Path...>(owner)));
  };
  return member;
}

template <auto... Path, class Parse, class Print>
MemberOf<Owner<Path...>> list_member(std::string value_name, Parse parse, Print print) {
  MemberOf<Owner<Path...>> member;
  member.shape = SettingShape::List;
  member.value_name = std::move(value_name);
  member.set = [parse](Owner<Path...>& owner, std::span<const Given> given) {
    Problems problems;
    std::remove_reference_t<decltype(member_at<Path...>(owner))> values;
    for (const Given& one : given) {
      auto value = parse(one.text);
      if (value) {
        values.push_back(*std::move(value));
      } else {
        problems.push_back(problem_line(one, value.error()));
      }
    }
    if (problems.empty()) member_at<Path...>(owner) = std::move(values);
    return problems;
  };
  member.get = [print](const Owner<Path...>& owner) {
    std::vector<std::string> texts;
    for (const auto& value : member_at<Path...>(owner)) texts.push_back(print(value));
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

// A kind of values: what they are called, their texts and back.
template <class Parse, class Print>
struct ValueKind {
  std::string value_name;
  Parse parse;
  Print print;
  SettingShape shape = SettingShape::Scalar;
  std::vector<std::string> choices = {};
};

inline auto size_kind() {
  constexpr std::size_t kMost = std::size_t{2047} << 20;  // the most that protobuf parses, in whole MiB
  return ValueKind{"SIZE", within(parse_size, print_size, std::size_t{1}, kMost), print_size};
}

inline auto count_kind(std::size_t most) {
  const auto print = [](auto number) { return std::to_string(number); };
  return ValueKind{"N", within(parse_count, print, std::size_t{1}, most), print};
}

// How long at most: everything that a wheel of timers can hold without overflow.
inline constexpr rpc::Duration kLongest = std::chrono::hours(24 * 365);

inline auto duration_kind(rpc::Duration least = std::chrono::milliseconds(1)) {
  return ValueKind{"TIME", within(parse_duration, print_duration, least, kLongest), print_duration};
}

// A duration, or "none".
inline auto optional_duration_kind() {
  const auto in_bounds = duration_kind().parse;
  const auto parse = [in_bounds](std::string_view text) -> Parsed<std::optional<rpc::Duration>> {
    if (text == "none") return std::nullopt;
    const Parsed<rpc::Duration> value = in_bounds(text);
    if (!value) return unfit(value.error().expected + ", or none");
    return *value;
  };
  return ValueKind{"TIME", parse, [](const std::optional<rpc::Duration>& value) {
                     return value ? print_duration(*value) : std::string("none");
                   }};
}

inline auto switch_kind() { return ValueKind{"BOOL", parse_bool, print_bool, SettingShape::Switch}; }

// The names of an enum's values, or of a bool's.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <class T>
auto choice_kind(std::string value_name, Choices<T> choices) {
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
  return ValueKind{std::move(value_name), parse, print, SettingShape::Scalar, std::move(names)};
}

template <auto... Path, class Parse, class Print>
MemberOf<Owner<Path...>> member_of(const ValueKind<Parse, Print>& kind) {
  auto member = scalar_member<Path...>(kind.value_name, kind.parse, kind.print);
  member.shape = kind.shape;
  member.choices = kind.choices;
  return member;
}

// Of a std::optional, which is empty when it is not set.
template <auto... Path, class Parse, class Print>
MemberOf<Owner<Path...>> override_member(const ValueKind<Parse, Print>& kind) {
  const auto print = [print = kind.print](const auto& value) { return value ? print(*value) : std::string(); };
  auto member = scalar_member<Path...>(kind.value_name, kind.parse, print);
  member.choices = kind.choices;
  member.get = [print](const Owner<Path...>& owner) {
    const auto& value = member_at<Path...>(owner);
    return value ? std::vector<std::string>(1, print(value)) : std::vector<std::string>();
  };
  return member;
}

template <auto... Path, class Parse, class Print>
MemberOf<Owner<Path...>> override_list_member(std::string value_name, Parse parse, Print print) {
  MemberOf<Owner<Path...>> member;
  member.shape = SettingShape::List;
  member.value_name = std::move(value_name);
  member.set = [parse](Owner<Path...>& owner, std::span<const Given> given) {
    Problems problems;
    auto& values = member_at<Path...>(owner).emplace();
    for (const Given& one : given) {
      auto value = parse(one.text);
      if (!value) problems.push_back(problem_line(one, value.error()));
      if (value) values.push_back(*std::move(value));
    }
    return problems;
  };
  member.get = [print](const Owner<Path...>& owner) {
    std::vector<std::string> texts;
    if (!member_at<Path...>(owner)) return texts;
    for (const auto& value : *member_at<Path...>(owner)) texts.push_back(print(value));
    return texts;
  };
  return member;
}

template <auto... Path>
SettingMember size_member() {
  return member_of<Path...>(size_kind());
}

template <auto... Path>
SettingMember count_member(std::size_t most) {
  return member_of<Path...>(count_kind(most));
}

template <auto... Path>
SettingMember duration_member(rpc::Duration least = std::chrono::milliseconds(1)) {
  return member_of<Path...>(duration_kind(least));
}

template <auto... Path>
SettingMember optional_duration_member() {
  return member_of<Path...>(optional_duration_kind());
}

template <auto... Path>
SettingMember switch_member() {
  return member_of<Path...>(switch_kind());
}

template <auto... Path, class T>
SettingMember choice_member(std::string value_name, Choices<T> choices) {
  return member_of<Path...>(choice_kind(std::move(value_name), std::move(choices)));
}

}  // namespace sluice::gateway
