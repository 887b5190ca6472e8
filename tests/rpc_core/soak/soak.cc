// soak: many calls of every kind over TLS between a client and a server that lose their connections all the time. Each
// ends with exactly one status that fits what was done to it, and nothing is left behind: no stream, timer, task,
// descriptor, memory.
//   soak [--calls=N] [--seed=N] [--connections=N]
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/rpc_core/soak/resources.h"
#include "tests/rpc_core/soak/run.h"

namespace sluice::soak {
namespace {

constexpr std::uint64_t kWarmUpCalls = 500;
// Of the calls that only a lost connection can fail; with fewer the soak would prove little.
constexpr double kLeastOk = 0.5;

std::uint64_t number_of(std::string_view argument) {
  const std::string text(argument.substr(argument.find('=') + 1));
  const long long number = std::stoll(text);
  if (number < 1) throw std::invalid_argument("expected a number above 0, got \"" + text + "\"");
  return static_cast<std::uint64_t>(number);
}

RunOptions parse(int argc, char** argv) {
  RunOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument.starts_with("--calls=")) {
      options.calls = number_of(argument);
    } else if (argument.starts_with("--seed=")) {
      options.seed = number_of(argument);
    } else if (argument.starts_with("--connections=")) {
      options.connections = number_of(argument);
    } else {
      throw std::invalid_argument("expected --calls=N, --seed=N or --connections=N, got " + std::string(argument));
    }
  }
  return options;
}

bool soak(const RunOptions& options) {
  // What is made once, and kept, is made now.
  RunOptions warm_up = options;
  warm_up.calls = kWarmUpCalls;
  run(warm_up);
  const Resources before = resources_in_use();
  const auto begin = std::chrono::steady_clock::now();
  RunReport report = run(options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const Resources after = resources_in_use();

  if (const std::string left = difference(before, after); !left.empty()) report.wrong.push_back(left);
  if (static_cast<double>(report.whole_ok) < kLeastOk * static_cast<double>(report.whole)) {
    report.wrong.push_back("of " + std::to_string(report.whole) + " calls that might have been OK " +
                           std::to_string(report.whole_ok) + " were");
  }
  std::printf("%llu calls, seed %llu: %s; %.1f s\n", static_cast<unsigned long long>(options.calls),
              static_cast<unsigned long long>(options.seed), to_string(report).c_str(), took.count());
  std::printf("before: %s\nafter:  %s\n", to_string(before).c_str(), to_string(after).c_str());
  for (const std::string& each : report.wrong) std::printf("WRONG: %s\n", each.c_str());
  return report.wrong.empty();
}

}  // namespace
}  // namespace sluice::soak

int main(int argc, char** argv) {
  try {
    return sluice::soak::soak(sluice::soak::parse(argc, argv)) ? 0 : 1;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "soak: %s\n", failure.what());
    return 2;
  }
}
