// One pass over the arguments.
#include "gateway/config/command_line.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "gateway/config/nearest.h"

namespace sluice::gateway {
namespace {

using Shape = SettingMember::Shape;

class CommandLine {
 public:
  CommandLine(std::span<const std::string> arguments, std::span<const Setting> table)
      : rest_(arguments), table_(table) {}

  Layer read() && {
    while (!rest_.empty()) {
      const std::string& argument = take();
      if (argument.starts_with("-")) {
        read_flag(argument);
      } else {
        layer_.operands.push_back(argument);
      }
    }
    refuse_repetitions();
    return std::move(layer_);
  }

 private:
  const std::string& take() {
    const std::string& argument = rest_.front();
    rest_ = rest_.subspan(1);
    return argument;
  }

  void read_flag(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = argument.substr(equals + 1);
    const Setting* setting = flag.starts_with("--") ? find_setting(table_, std::string_view(flag).substr(2)) : nullptr;
    if (setting == nullptr) return unknown(flag);
    using Role = Setting::Role;
    if (setting->role != Role::Value && setting->role != Role::ConfigFile && setting->role != Role::Command) {
      return action(*setting, value);
    }
    if (!value) value = next_value(setting->member.shape);
    if (!value) {
      layer_.problems.push_back(flag + ": expected a value (" + setting->member.value_name + "), got none");
      return;
    }
    add(*setting, {.text = *std::move(value), .where = flag});
  }

  // The word behind the flag. A switch takes it only when it is a value for one.
  std::optional<std::string> next_value(Shape shape) {
    const bool is_word = !rest_.empty() && !rest_.front().starts_with("--");
    if (shape == Shape::Switch) {
      if (is_word && (rest_.front() == "true" || rest_.front() == "false")) return take();
      return "true";
    }
    if (!is_word) return std::nullopt;
    return take();
  }

  void action(const Setting& setting, const std::optional<std::string>& value) {
    if (value) {
      layer_.problems.push_back(setting.flag() + ": expected no value, got \"" + *value + "\"");
    } else {
      add(setting, {.text = "", .where = setting.flag()});
    }
  }

  void unknown(const std::string& flag) {
    std::vector<std::string> flags;
    for (const Setting& setting : table_) flags.push_back(setting.flag());
    const std::string hint = did_you_mean(flag, flags);
    layer_.problems.push_back("command line: unknown flag \"" + flag + "\"; " +
                              (hint.empty() ? "--help lists all of them" : hint));
    // Its value, most likely: one problem is enough for both.
    if (!rest_.empty() && !rest_.front().starts_with("-")) take();
  }

  void add(const Setting& setting, Given given) {
    auto found = std::ranges::find(layer_.settings, &setting, &GivenSetting::setting);
    if (found == layer_.settings.end()) {
      layer_.settings.push_back({.setting = &setting, .values = {}, .source = setting.flag()});
      found = layer_.settings.end() - 1;
    }
    found->values.push_back(std::move(given));
  }

  void refuse_repetitions() {
    for (GivenSetting& given : layer_.settings) {
      const bool repeats = given.values.size() > 1 && given.setting->role != Setting::Role::Help;
      if (!repeats || given.setting->member.shape == Shape::List) continue;
      std::string line = given.source + ": expected exactly one, got " + std::to_string(given.values.size());
      for (const Given& value : given.values)
        line += (&value == given.values.data() ? ": \"" : ", \"") + value.text + "\"";
      layer_.problems.push_back(std::move(line));
    }
  }

  std::span<const std::string> rest_;
  std::span<const Setting> table_;
  Layer layer_;
};

}  // namespace

Layer read_command_line(std::span<const std::string> arguments, std::span<const Setting> table) {
  return CommandLine(arguments, table).read();
}

}  // namespace sluice::gateway
