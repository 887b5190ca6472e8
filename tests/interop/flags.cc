#include "tests/interop/flags.h"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace sluice::rpc::interop {

Flags::Flags(int argc, char** argv, Defaults defaults) : values_(std::move(defaults)) {
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    argument.remove_prefix(std::min(argument.find_first_not_of('-'), argument.size()));
    const std::size_t equals = argument.find('=');
    const auto known = values_.find(argument.substr(0, equals));
    if (known == values_.end()) throw std::invalid_argument("unknown flag " + std::string(argv[i]));
    if (equals != std::string_view::npos) {
      known->second = argument.substr(equals + 1);
    } else if (known->second == "false" && (i + 1 == argc || argv[i + 1][0] == '-')) {
      known->second = "true";
    } else if (++i < argc) {
      known->second = argv[i];
    } else {
      throw std::invalid_argument("expected a value behind " + std::string(argv[i - 1]));
    }
  }
}

int Flags::number(std::string_view name) const {
  const std::string& value = text(name);
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    throw std::invalid_argument("--" + std::string(name) + ": expected a number, got \"" + value + "\"");
  }
  return number;
}

bool Flags::boolean(std::string_view name) const {
  const std::string& value = text(name);
  if (value != "true" && value != "false") {
    throw std::invalid_argument("--" + std::string(name) + ": expected true or false, got \"" + value + "\"");
  }
  return value == "true";
}

}  // namespace sluice::rpc::interop
