// Setting: one row of the table of settings; Given: what a source says about one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/config.h"

namespace sluice::gateway {

// One line each: where (the flag, the variable, or file:line), what was expected, what came.
using Problems = std::vector<std::string>;

// One value as a source spells it.
struct Given {
  std::string text;
  std::string where;  // "--timeout", "SLUICE_TIMEOUT", "sluice.yaml:7: timeout"
};

enum class SettingShape : std::uint8_t {
  Scalar,  // exactly one value
  Switch,  // one value, "true" when the flag comes without it
  List,    // any number
};

// How a setting gets into an Owner, such as a Config, and out of it.
template <class Owner>
struct MemberOf {
  using Shape = SettingShape;

  Shape shape = Shape::Scalar;
  std::string value_name = {};            // in the help: "SIZE"
  std::vector<std::string> choices = {};  // when only these are allowed
  // Stores the values (one, unless it is a list); when one of them does not fit, nothing is stored.
  std::function<Problems(Owner&, std::span<const Given>)> set = {};
  // As set() would take them; none: it is not set.
  std::function<std::vector<std::string>(const Owner&)> get = {};
};
using SettingMember = MemberOf<Config>;

struct Setting {
  enum class Role : std::uint8_t {
    Value,       // has a member, a flag, a variable and a key
    ConfigFile,  // a flag and a variable
    Command,     // a member and a flag, of one command alone
    PrintConfig,
    Version,
    Help,  // a flag alone
  };

  std::string name;   // of the flag, without "--"
  std::string group;  // of the YAML key; empty: it stands at the top
  std::string help;
  SettingMember member;
  Role role = Role::Value;
  bool fixed = false;  // from the start of the process to its end: a reload does not change it

  std::string flag() const { return "--" + name; }
  std::string variable() const;  // SLUICE_MAX_REQUEST_BYTES
  std::string key() const;       // max_request_bytes
};

// What one source says about one setting.
struct GivenSetting {
  const Setting* setting = nullptr;
  std::vector<Given> values;
  std::string source;  // for people: "--timeout", "SLUICE_TIMEOUT", "sluice.yaml:7"
};

// All that one source says.
struct Layer {
  std::vector<GivenSetting> settings;
  Problems problems;
  std::vector<std::string> warnings;
  std::vector<std::string> operands;  // of a command line: the words that are no flags
};

// nullptr: there is none.
const Setting* find_setting(std::span<const Setting> table, std::string_view name);

}  // namespace sluice::gateway
