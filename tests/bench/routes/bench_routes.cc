// How long do route tables take to load, and routes to be found? CPU time; a lookup is compared with that of the whole
// path in a hash map. Exit status 1: a bar is missed.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/route/route_table.h"
#include "gateway/schema/descriptor_set.h"
#include "tests/bench/routes/synthetic_api.h"

namespace sluice::bench {
namespace {

constexpr int kSizes[] = {150, 1500, 15000};
constexpr int kLoads = 3;
constexpr int kRounds = 41;
constexpr std::size_t kLookups = 20000;

constexpr double kMostOverHash = 10;  // a lookup, in lookups of a hash map
constexpr double kMostOverSmall = 2;  // a lookup in 15,000 bindings, in lookups in 150
constexpr double kMostLoadSeconds = 2;
constexpr double kMostLoadGrowth = 2;  // time a binding at 15,000, in those at 1,500

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// A table of one size, and what is measured of it.
struct Measured {
  int bindings = 0;
  int methods = 0;
  double load_seconds = 0;
  std::shared_ptr<const gateway::RouteTable> table;
  std::unordered_map<std::string, std::uint32_t> by_path;
  std::vector<Request> requests;  // drawn at random
  std::vector<double> route_ns;   // of each round
  std::vector<double> hash_ns;
};

std::shared_ptr<const gateway::RouteTable> load(const std::string& descriptor_set) {
  auto schema = gateway::load_descriptor_sets({descriptor_set});
  if (!schema) {
    std::fprintf(stderr, "%s\n", schema.error().front().c_str());
    std::exit(2);
  }
  auto table = gateway::RouteTable::build(*schema, {});
  if (!table) {
    std::fprintf(stderr, "%s\n", table.error().front().c_str());
    std::exit(2);
  }
  return *table;
}

Measured measure_load(int bindings) {
  Measured measured;
  const SyntheticApi api = synthetic_api(bindings);
  measured.bindings = static_cast<int>(api.requests.size());
  measured.methods = api.methods;
  const std::string file = std::filesystem::temp_directory_path() / ("bench_routes." + std::to_string(getpid()));
  std::ofstream(file, std::ios::binary) << api.files.SerializeAsString();
  std::vector<double> seconds;
  for (int i = 0; i < kLoads; ++i) {
    measured.table = nullptr;
    const double begin = cpu_seconds();
    measured.table = load(file);
    seconds.push_back(cpu_seconds() - begin);
  }
  std::filesystem::remove(file);
  measured.load_seconds = median(seconds);
  std::mt19937 random(20240607);
  std::uniform_int_distribution<std::size_t> any(0, api.requests.size() - 1);
  for (std::size_t i = 0; i < kLookups; ++i) measured.requests.push_back(api.requests[any(random)]);
  for (std::uint32_t i = 0; i < api.requests.size(); ++i) measured.by_path[api.requests[i].path] = i;
  return measured;
}

void measure_lookups(Measured& measured) {
  http_rule::Match match;
  std::size_t hits = 0;
  double begin = cpu_seconds();
  for (const Request& request : measured.requests) {
    hits += measured.table->matcher().lookup(request.method, request.path, match) == http_rule::Outcome::Hit ? 1 : 0;
  }
  measured.route_ns.push_back((cpu_seconds() - begin) * 1e9 / kLookups);
  begin = cpu_seconds();
  for (const Request& request : measured.requests) hits += measured.by_path.contains(request.path) ? 1 : 0;
  measured.hash_ns.push_back((cpu_seconds() - begin) * 1e9 / kLookups);
  if (hits != 2 * kLookups) {
    std::fprintf(stderr, "expected %zu hits, got %zu\n", 2 * kLookups, hits);
    std::exit(2);
  }
}

bool bar(const char* what, double value, double most) {
  std::printf("%-64s %6.2f  (at most %.1f) %s\n", what, value, most, value <= most ? "ok" : "MISSED");
  return value <= most;
}

}  // namespace
}  // namespace sluice::bench

int main() {
  using namespace sluice::bench;
  std::vector<Measured> sizes;
  for (const int bindings : kSizes) sizes.push_back(measure_load(bindings));
  for (int round = 0; round < kRounds; ++round) {
    for (Measured& each : sizes) measure_lookups(each);
  }
  std::printf("%9s %8s %10s %12s %12s %12s\n", "bindings", "methods", "load ms", "us/binding", "lookup ns", "hash ns");
  for (const Measured& each : sizes) {
    std::printf("%9d %8d %10.1f %12.2f %12.1f %12.1f\n", each.bindings, each.methods, each.load_seconds * 1e3,
                each.load_seconds * 1e6 / each.bindings, median(each.route_ns), median(each.hash_ns));
  }
  const Measured& small = sizes[0];
  const Measured& middle = sizes[1];
  const Measured& large = sizes[2];
  const double growth = large.load_seconds / large.bindings / (middle.load_seconds / middle.bindings);
  bool good = bar("a lookup in 15,000 bindings, in lookups of a hash map",
                  median(large.route_ns) / median(large.hash_ns), kMostOverHash);
  good &= bar("a lookup in 15,000 bindings, in lookups in 150", median(large.route_ns) / median(small.route_ns),
              kMostOverSmall);
  good &= bar("seconds to load 15,000 bindings", large.load_seconds, kMostLoadSeconds);
  good &= bar("load time a binding at 15,000, in those at 1,500", growth, kMostLoadGrowth);
  return good ? 0 : 1;
}
