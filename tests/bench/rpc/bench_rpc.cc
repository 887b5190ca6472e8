// bench_rpc: CPU time per call on each side, rpc_core and gRPC C++ as client and as server of each other.
//   bench_rpc [ROUNDS [MILLISECONDS [PART_OF_A_SCENARIO'S_NAME]]]
// Client and server are processes of their own (this program again), with one connection between them. The pairs take
// turns, and the table shows medians, so that what else the machine does falls on all of them alike.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/rpc/peers.h"

namespace sluice::bench {
namespace {

// This program with other arguments, and what it prints.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("expected a pipe");
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      std::vector<char*> words{const_cast<char*>("bench_rpc")};
      for (std::string& each : arguments) words.push_back(each.data());
      words.push_back(nullptr);
      ::execv("/proc/self/exe", words.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    std::fclose(output_);
  }

  pid_t process() const { return process_; }
  double next_number() {
    double number = 0;
    if (std::fscanf(output_, "%lf", &number) != 1) throw std::runtime_error("a peer ended without a result");
    return number;
  }

 private:
  pid_t process_ = 0;
  std::FILE* output_ = nullptr;
};

struct Scenario {
  const char* name;
  Load load;
};
const std::array<Scenario, 5> kScenarios = {{
    {"unary 476 B, 1 stream", {.streams = 1}},
    {"unary 476 B, 32 streams", {.streams = 32}},
    {"unary 476 B, 128 streams", {.streams = 128}},
    {"server streaming 26 KB, 1 stream", {.mode = Mode::Streaming, .streams = 1, .message_bytes = 26 * 1024}},
    {"server streaming 26 KB, 8 streams", {.mode = Mode::Streaming, .streams = 8, .message_bytes = 26 * 1024}},
}};

struct Pair {
  std::string client;
  std::string server;
};

struct Cost {
  double client = 0;  // microseconds of CPU a call, or a MB
  double server = 0;
  double rate = 0;  // calls, or MB, a second
};

Cost measure(std::size_t scenario, const Pair& pair, const std::string& milliseconds) {
  Child server({"serve", pair.server});
  const std::string port = std::to_string(static_cast<int>(server.next_number()));
  Child client({"call", pair.client, std::to_string(scenario), milliseconds, port, std::to_string(server.process())});
  const double messages = client.next_number();
  const double seconds = client.next_number();
  const double client_cpu = client.next_number();
  const double server_cpu = client.next_number();
  const Load& load = kScenarios[scenario].load;
  const double megabytes = messages * static_cast<double>(load.message_bytes) / 1e6;
  const double units = load.mode == Mode::Unary ? messages : megabytes;
  return {client_cpu / units * 1e6, server_cpu / units * 1e6, units / seconds};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Cost median(const std::vector<Cost>& costs) {
  std::vector<double> client;
  std::vector<double> server;
  std::vector<double> rate;
  for (const Cost& each : costs) {
    client.push_back(each.client);
    server.push_back(each.server);
    rate.push_back(each.rate);
  }
  return {median(client), median(server), median(rate)};
}

// What gRPC C++ costs over what ours does, each with our peer on the other side.
void print_ratios(const std::vector<Cost>& by_pair) {
  std::printf("%-36s grpc++ / ours: client %.1f, server %.1f\n\n", "", by_pair[1].client / by_pair[0].client,
              by_pair[2].server / by_pair[0].server);
}

void run_all(int rounds, const std::string& milliseconds, const std::string& wanted) {
  std::vector<Pair> pairs = {{"sluice", "sluice"}};
  if (has_grpcpp()) pairs.insert(pairs.end(), {{"grpc++", "sluice"}, {"sluice", "grpc++"}, {"grpc++", "grpc++"}});
  std::printf("CPU in microseconds, a call or (streaming) a MB; medians of %d rounds of %s ms\n", rounds,
              milliseconds.c_str());
  if (!has_grpcpp()) std::printf("built without gRPC C++ (libgrpc++-dev): only rpc_core is measured\n");
  std::printf("%-36s %-8s %-8s %10s %10s %12s\n", "", "client", "server", "client", "server", "per second");
  for (std::size_t scenario = 0; scenario < kScenarios.size(); ++scenario) {
    if (!std::string_view(kScenarios[scenario].name).contains(wanted)) continue;
    std::vector<std::vector<Cost>> costs(pairs.size());
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        costs[pair].push_back(measure(scenario, pairs[pair], milliseconds));
      }
    }
    std::vector<Cost> medians;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
      const Cost& cost = medians.emplace_back(median(costs[pair]));
      std::printf("%-36s %-8s %-8s %10.2f %10.2f %12.0f\n", kScenarios[scenario].name, pairs[pair].client.c_str(),
                  pairs[pair].server.c_str(), cost.client, cost.server, cost.rate);
    }
    if (has_grpcpp()) print_ratios(medians);
    std::fflush(stdout);
  }
}

// call PEER SCENARIO MILLISECONDS PORT PROCESS
void call(const std::vector<std::string>& arguments) {
  Load load = kScenarios.at(std::stoul(arguments.at(2))).load;
  load.time = std::chrono::milliseconds(std::stol(arguments.at(3)));
  load.port = static_cast<std::uint16_t>(std::stoul(arguments.at(4)));
  load.server = std::stoi(arguments.at(5));
  const Measured measured = arguments[1] == "sluice" ? call_sluice(load) : call_grpcpp(load);
  std::printf("%f %f %f %f\n", static_cast<double>(measured.messages), measured.seconds, measured.client_cpu,
              measured.server_cpu);
}

void run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0] == "serve") {
    arguments.at(1) == "sluice" ? serve_sluice() : serve_grpcpp();
  } else if (!arguments.empty() && arguments[0] == "call") {
    call(arguments);
  } else {
    run_all(arguments.empty() ? 5 : std::stoi(arguments[0]), arguments.size() < 2 ? "400" : arguments[1],
            arguments.size() < 3 ? "" : arguments[2]);
  }
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  try {
    sluice::bench::run(std::vector<std::string>(argv + 1, argv + argc));
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_rpc: %s\n", failure.what());
    return 1;
  }
}
