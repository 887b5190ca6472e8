// A route table of the moment, and what is asked of it.
#include "gateway/app_commands.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "gateway/app_routes.h"
#include "gateway/explain/explain.h"
#include "gateway/explain/route_list.h"
#include "gateway/http/blocking_request.h"
#include "rpc_core/base/deadline_stop.h"

namespace sluice::gateway {
namespace {

constexpr int kExitNotServed = 1;
constexpr int kExitProblems = 2;
constexpr std::chrono::milliseconds kLongestHealth{2000};
constexpr rpc::Duration kLongestReflection = std::chrono::seconds(5);

rpc::Task<RouteTable::Result> ask_backends(rpc::Loop& loop, RouteKeeper& keeper) {
  rpc::DeadlineStop stop(loop, rpc::deadline_after(loop.now(), kLongestReflection), rpc::StopToken());
  RouteTable::Result routes = co_await keeper.first().with_stop(stop.token());
  co_await keeper.shut_down();
  if (!routes || *routes) co_return routes;
  co_return std::unexpected(RouteTable::Problems(
      1, "expected the backends' reflection within 5s, got none; --descriptor-set and --proto need no backend"));
}

// Without a backend where files tell the schema.
RouteTable::Result load_routes(Config config, Log& log) {
  if (config.backends.empty()) config.backends.resize(1);
  if (config.backends.front().label().empty()) config.backends.front().name = "none";
  std::vector<BackendSchema> schemas(config.backends.size());
  RouteTable::Problems problems = load_files(config, schemas);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  const bool all_known =
      std::ranges::all_of(schemas, [](const BackendSchema& schema) { return schema.files != nullptr; });
  if (all_known) return build_routes(config, schemas);
  rpc::Loop loop;
  RouteKeeper keeper(loop, config, log);
  return loop.run(ask_backends(loop, keeper));
}

int complain(const Problems& problems) {
  for (const std::string& problem : problems) std::fprintf(stderr, "sluice: %s\n", problem.c_str());
  return kExitProblems;
}

int check(const LoadedConfig& loaded, Log& log) {
  Problems problems = loaded.problems;
  const bool has_schema = loaded.config.schema.from_files() || !loaded.config.backends.empty();
  std::size_t routes = 0;
  if (has_schema) {
    const RouteTable::Result built = load_routes(loaded.config, log);
    if (built) {
      routes = (*built)->routes().size();
      for (const std::string& warning : (*built)->warnings())
        std::fprintf(stderr, "sluice: warning: %s\n", warning.c_str());
    } else {
      problems.insert(problems.end(), built.error().begin(), built.error().end());
    }
  }
  if (!problems.empty()) return complain(problems);
  std::printf("settings and schema are good: %zu routes\n", routes);
  return 0;
}

std::optional<std::string> body_of(const std::string& data) {
  if (!data.starts_with('@')) return data;
  std::ifstream file(data.substr(1), std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int tell(const RouteTable& table, const CommandConfig& command) {
  const std::optional<std::string> body = body_of(command.data);
  if (!body) return complain({"--data: expected a file that can be read, got \"" + command.data + "\""});
  ExplainedRequest request;
  request.method = command.operands[0];
  request.target = command.operands[1];
  request.body = *body;
  const Explanation explanation = explain(table, request);
  std::fputs(explanation.text.c_str(), stdout);
  return explanation.is_served ? 0 : kExitNotServed;
}

// Where a listener on every address of the machine is reached.
std::string reachable(const std::string& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

int health(const Config& config) {
  const rpc::Endpoint& admin = config.admin.front();
  if (admin.kind == rpc::Endpoint::Kind::Unix)
    return complain({"--admin: expected host:port, got " + admin.to_string()});
  const HttpUrl url = {reachable(admin.host), std::to_string(admin.port), "/readyz"};
  const rpc::Result<int> status = get(url, kLongestHealth);
  if (status && *status == 200) return 0;
  const std::string why = status ? "it is not ready" : status.error().message();
  std::fprintf(stderr, "sluice: %s\n", why.c_str());
  return kExitNotServed;
}

}  // namespace

int run_command(const LoadedConfig& loaded, Log& log) {
  const CommandConfig& command = loaded.config.command;
  if (command.command == Command::Health) return health(loaded.config);
  if (command.command == Command::Check) return check(loaded, log);
  const RouteTable::Result routes = load_routes(loaded.config, log);
  if (!routes) return complain(routes.error());
  if (command.command == Command::Explain) return tell(**routes, command);
  std::fputs((command.json ? routes_json(**routes) : routes_text(**routes)).c_str(), stdout);
  return 0;
}

}  // namespace sluice::gateway
