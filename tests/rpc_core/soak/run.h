// Run: a number of planned calls over some connections, with chaos among them, from the first connection to the last.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/rpc_core/soak/calls.h"
#include "tests/rpc_core/soak/chaos.h"

namespace sluice::soak {

struct RunOptions {
  std::uint64_t calls = 20'000;
  std::uint64_t seed = 1;
  std::uint64_t connections = 64;
};

struct RunReport {
  std::array<std::uint64_t, 17> ended{};  // by status code
  std::uint64_t abandoned = 0;
  std::uint64_t whole = 0;  // calls that nothing but a lost connection keeps from an OK
  std::uint64_t whole_ok = 0;
  ChaosCounts chaos;
  std::uint64_t renewals = 0;
  std::uint64_t restarts = 0;
  std::uint64_t connections_made = 0;
  // What is not as it has to be; the first few of them.
  std::vector<std::string> wrong;
};

RunReport run(const RunOptions& options);
std::string to_string(const RunReport& report);

}  // namespace sluice::soak
