// interop_client: runs one of gRPC's interop cases against a server. Exit status 0: passed.
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/interop/cases.h"

namespace sluice::rpc::interop {
namespace {

const Flags::Defaults kFlags = {
    {"server_host", "localhost"},
    {"server_port", "10000"},
    {"test_case", "large_unary"},
    {"soak_iterations", "10"},
    {"soak_max_failures", "0"},
    {"soak_per_iteration_max_acceptable_latency_ms", "1000"},
    {"soak_overall_timeout_seconds", "10"},
    {"soak_min_time_ms_between_rpcs", "0"},
    {"soak_request_size", std::to_string(kLargeRequest)},
    {"soak_response_size", std::to_string(kLargeResponse)},
    {"soak_num_threads", "1"},
};

void run(const Flags& flags) {
  const auto found = all_cases().find(flags.text("test_case"));
  if (found == all_cases().end()) throw std::invalid_argument("unknown test case " + flags.text("test_case"));
  Loop loop;
  const std::string target = flags.text("server_host") + ":" + flags.text("server_port");
  const Result<std::unique_ptr<Channel>> channel = Channel::create(loop, target);
  if (!channel) throw std::invalid_argument(channel.error().to_string());
  Peer peer{loop, **channel, target, flags};
  std::exception_ptr failure;
  try {
    loop.run(found->second(peer));
  } catch (...) {
    failure = std::current_exception();
  }
  loop.run((*channel)->shut_down());
  if (failure) std::rethrow_exception(failure);
}

}  // namespace
}  // namespace sluice::rpc::interop

int main(int argc, char** argv) {
  try {
    sluice::rpc::interop::run(sluice::rpc::interop::Flags(argc, argv, sluice::rpc::interop::kFlags));
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "interop_client: %s\n", failure.what());
    return 1;
  }
}
