// bench_rpc: CPU time per call on each side, rpc_core and gRPC C++ as client and as server of each other, in plain text
// and over TLS.
//   bench_rpc [ROUNDS [MILLISECONDS [PART_OF_A_SCENARIO'S_NAME]]]
// Client and server are processes of their own (this program again), with one connection between them. The pairs take
// turns, and the table shows medians, so that what else the machine does falls on all of them alike.
#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/rpc/child.h"
#include "tests/bench/rpc/cipher.h"
#include "tests/bench/rpc/peers.h"
#include "tests/bench/rpc/tls_files.h"

namespace sluice::bench {
namespace {

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
using Costs = std::vector<Cost>;

Cost measure(std::size_t scenario, const Pair& pair, const std::string& milliseconds, const std::string& tls_folder) {
  Child server({"serve", pair.server, tls_folder});
  const std::string port = std::to_string(static_cast<int>(server.next_number()));
  Child client({"call", pair.client, std::to_string(scenario), milliseconds, port, std::to_string(server.process()),
                tls_folder});
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

Cost median(const Costs& costs) {
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

// What is measured in turns: each pair in plain text, and each over TLS.
struct Variants {
  std::vector<Pair> pairs;
  std::vector<std::string> folders;  // of certificates; empty: plain text
};

// What gRPC C++ costs over what ours does, each with our peer on the other side.
void print_ratios(const Cost* by_pair, const char* carrier) {
  std::printf("%-36s %-5s grpc++ / ours: client %.1f, server %.1f\n", "", carrier,
              by_pair[1].client / by_pair[0].client, by_pair[2].server / by_pair[0].server);
}

// The difference of each round, so that the processor's clock is the same in what is compared.
void print_cost_of_tls(const Costs& plain, const Costs& tls, const std::vector<CipherCost>& cipher) {
  std::vector<double> added;
  std::vector<double> alone;
  std::vector<double> shares;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    added.push_back(tls[i].client + tls[i].server - plain[i].client - plain[i].server);
    alone.push_back(cipher[i].seal + cipher[i].open);
    shares.push_back(added.back() / alone.back());
  }
  std::printf("%-36s %-5s adds %.0f a MB to both sides of ours; the cipher alone, sealing and opening: %.0f; %.2f\n",
              "", "TLS", median(added), median(alone), median(shares));
}

void run_scenario(std::size_t scenario, const Variants& variants, int rounds, const std::string& milliseconds,
                  const std::string& suite) {
  const std::size_t pairs = variants.pairs.size();
  std::vector<Costs> costs(pairs * variants.folders.size());
  std::vector<CipherCost> cipher;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < costs.size(); ++i) {
      costs[i].push_back(measure(scenario, variants.pairs[i % pairs], milliseconds, variants.folders[i / pairs]));
    }
    cipher.push_back(measure_cipher(suite));
  }
  Costs medians;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const Cost& cost = medians.emplace_back(median(costs[i]));
    std::printf("%-36s %-5s %-8s %-8s %10.2f %10.2f %12.0f\n", kScenarios[scenario].name, i < pairs ? "plain" : "TLS",
                variants.pairs[i % pairs].client.c_str(), variants.pairs[i % pairs].server.c_str(), cost.client,
                cost.server, cost.rate);
  }
  if (has_grpcpp()) print_ratios(&medians[0], "plain");
  if (has_grpcpp()) print_ratios(&medians[pairs], "TLS");
  if (kScenarios[scenario].load.mode == Mode::Streaming) print_cost_of_tls(costs[0], costs[pairs], cipher);
  std::printf("\n");
  std::fflush(stdout);
}

void run_all(int rounds, const std::string& milliseconds, const std::string& wanted) {
  const TlsFolder folder;
  const std::string suite = negotiated_suite(read_tls(folder.path()));
  Variants variants{{{"sluice", "sluice"}}, {"", folder.path()}};
  if (has_grpcpp()) {
    variants.pairs.insert(variants.pairs.end(), {{"grpc++", "sluice"}, {"sluice", "grpc++"}, {"grpc++", "grpc++"}});
  }
  std::printf("CPU in microseconds, a call or (streaming) a MB; medians of %d rounds of %s ms; %s\n", rounds,
              milliseconds.c_str(), suite.c_str());
  if (!has_grpcpp()) std::printf("built without gRPC C++ (libgrpc++-dev): only rpc_core is measured\n");
  std::printf("%-36s %-5s %-8s %-8s %10s %10s %12s\n", "", "", "client", "server", "client", "server", "per second");
  for (std::size_t scenario = 0; scenario < kScenarios.size(); ++scenario) {
    if (!std::string_view(kScenarios[scenario].name).contains(wanted)) continue;
    run_scenario(scenario, variants, rounds, milliseconds, suite);
  }
}

// call PEER SCENARIO MILLISECONDS PORT PROCESS TLS_FOLDER
void call(const std::vector<std::string>& arguments) {
  Load load = kScenarios.at(std::stoul(arguments.at(2))).load;
  load.time = std::chrono::milliseconds(std::stol(arguments.at(3)));
  load.port = static_cast<std::uint16_t>(std::stoul(arguments.at(4)));
  load.server = std::stoi(arguments.at(5));
  load.tls_folder = arguments.at(6);
  const Measured measured = arguments[1] == "sluice" ? call_sluice(load) : call_grpcpp(load);
  std::printf("%f %f %f %f\n", static_cast<double>(measured.messages), measured.seconds, measured.client_cpu,
              measured.server_cpu);
}

void run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0] == "serve") {
    arguments.at(1) == "sluice" ? serve_sluice(arguments.at(2)) : serve_grpcpp(arguments.at(2));
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
