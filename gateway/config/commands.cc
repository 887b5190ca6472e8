// Words to commands.
#include "gateway/config/commands.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/config/nearest.h"

namespace sluice::gateway {
namespace {

const std::array<std::string, 4> kNames = {"check", "routes", "explain", "health"};
constexpr std::array kCommands = {Command::Check, Command::Routes, Command::Explain, Command::Health};

constexpr std::string_view kCheck =
    "sluice check [settings]: reads the settings and the schema as serving would, and prints every problem\n"
    "\n"
    "  sluice check --config sluice.yaml\n"
    "  sluice check --proto library.proto --proto-path protos\n"
    "\n"
    "Exit code 0: there is none; 2: there are some, a line each on stderr.\n"
    "Without --descriptor-set or --proto the backends are asked by reflection. \"sluice --help\" lists all settings.\n";

constexpr std::string_view kRoutes =
    "sluice routes [settings] [--format text|json]: prints what would be served, a route a line\n"
    "\n"
    "  sluice routes --descriptor-set api.pb\n"
    "  sluice routes --backend localhost:9090 --format json\n"
    "\n"
    "  GET /v1/{parent=shelves/*}/books -> library.v1.Library.ListBooks\n"
    "  POST /v1/{parent=shelves/*}/books -> library.v1.Library.CreateBook (body: book)\n"
    "\n"
    "Without --descriptor-set or --proto the backends are asked by reflection. \"sluice --help\" lists all settings.\n";

constexpr std::string_view kExplain =
    "sluice explain [settings] [--data TEXT|@FILE] METHOD TARGET: what would become of a request\n"
    "\n"
    "  sluice explain --descriptor-set api.pb GET '/v1/shelves/1/books?page_size=2'\n"
    "  sluice explain --config sluice.yaml --data '{\"title\": \"Dune\"}' POST /v1/shelves/1/books\n"
    "\n"
    "Prints the route, what each field of the request message is bound from, and the message as JSON; or why there is\n"
    "no answer but an error: the nearest routes, the methods that are allowed, what does not bind.\n"
    "Exit code 0: the request reaches a backend; 1: it does not.\n"
    "Without --descriptor-set or --proto the backends are asked by reflection. \"sluice --help\" lists all settings.\n";

constexpr std::string_view kHealth =
    "sluice health [--admin ADDR]: asks the running gateway whether it is ready, for a container's health check\n"
    "\n"
    "  sluice health --admin 127.0.0.1:9901\n"
    "\n"
    "The address is that of the gateway's own --admin, from the same settings; of several the first.\n"
    "Exit code 0: it is ready; 1: it is not, or nobody answers within 2s.\n";

}  // namespace

Problems read_operands(const std::vector<std::string>& words, CommandConfig& command) {
  if (words.empty()) return {};
  const auto found = std::ranges::find(kNames, words.front());
  if (found == kNames.end()) {
    const std::string hint = did_you_mean(words.front(), kNames);
    return {"command line: expected a flag or one of check, routes, explain, health, got \"" + words.front() + "\"" +
            (hint.empty() ? hint : "; " + hint)};
  }
  command.command = kCommands[static_cast<std::size_t>(found - kNames.begin())];
  command.operands.assign(words.begin() + 1, words.end());
  const std::size_t wanted = command.command == Command::Explain ? 2 : 0;
  if (command.operands.size() == wanted) return {};
  std::string line =
      "sluice " + *found + ": expected " + (wanted == 0 ? "settings alone" : "METHOD and TARGET") + ", got";
  for (const std::string& operand : command.operands) line += " \"" + operand + "\"";
  return {line + (command.operands.empty() ? " neither" : "")};
}

std::string command_help(Command command) {
  switch (command) {
    case Command::Check:
      return std::string(kCheck);
    case Command::Routes:
      return std::string(kRoutes);
    case Command::Health:
      return std::string(kHealth);
    default:
      return std::string(kExplain);
  }
}

}  // namespace sluice::gateway
