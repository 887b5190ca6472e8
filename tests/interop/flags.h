// Command-line flags as gRPC's interop programs take them: --name=value or --name value.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace sluice::rpc::interop {

class Flags {
 public:
  using Defaults = std::map<std::string, std::string, std::less<>>;

  // Throws std::invalid_argument for a flag that has no default here, or that has no value.
  Flags(int argc, char** argv, Defaults defaults);

  const std::string& text(std::string_view name) const { return values_.find(name)->second; }
  // Throws std::invalid_argument when it is no number.
  int number(std::string_view name) const;
  // Throws std::invalid_argument when it is neither true nor false. --name alone, at the end or before another flag, is
  // true.
  bool boolean(std::string_view name) const;

 private:
  Defaults values_;
};

}  // namespace sluice::rpc::interop
