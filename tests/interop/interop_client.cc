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
    {"use_tls", "false"},
    {"ca_file", ""},
    {"server_host_override", ""},
    {"soak_iterations", "10"},
    {"soak_max_failures", "0"},
    {"soak_per_iteration_max_acceptable_latency_ms", "1000"},
    {"soak_overall_timeout_seconds", "10"},
    {"soak_min_time_ms_between_rpcs", "0"},
    {"soak_request_size", std::to_string(kLargeRequest)},
    {"soak_response_size", std::to_string(kLargeResponse)},
    {"soak_num_threads", "1"},
};

ChannelOptions channel_options(const Flags& flags) {
  ChannelOptions options;
  options.authority = flags.text("server_host_override");
  if (!flags.boolean("use_tls")) return options;
  TlsFiles files;
  files.authorities = flags.text("ca_file");
  const auto context = load_tls(TlsRole::Client, files, TlsOptions());
  if (!context) throw std::invalid_argument(context.error().to_string());
  options.tls = std::make_shared<const TlsCredentials>(*context);
  return options;
}

void run(const Flags& flags) {
  const auto found = all_cases().find(flags.text("test_case"));
  if (found == all_cases().end()) throw std::invalid_argument("unknown test case " + flags.text("test_case"));
  Loop loop;
  const std::string target = flags.text("server_host") + ":" + flags.text("server_port");
  const ChannelOptions options = channel_options(flags);
  const Result<std::unique_ptr<Channel>> channel = Channel::create(loop, target, options);
  if (!channel) throw std::invalid_argument(channel.error().to_string());
  Peer peer{loop, **channel, target, options, flags};
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
