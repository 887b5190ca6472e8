// Backends: one worker's channels to the gRPC servers behind the gateway.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "rpc_core/client/channel.h"

namespace sluice::gateway {

struct BackendOptions {
  std::string label;  // for people
  std::string target;
  rpc::ChannelOptions channel;
  rpc::Metadata headers;  // added to each call; they replace what the client sent under these names
};

// Belongs to one loop.
class Backends {
 public:
  // INVALID_ARGUMENT names the backend whose target cannot be parsed.
  static rpc::Result<std::unique_ptr<Backends>> open(rpc::Loop& loop, const std::vector<BackendOptions>& options);
  ~Backends();

  std::size_t size() const { return channels_.size(); }
  // What starts calls at a backend, by its place in the options; as long as this lives.
  std::vector<rpc::Caller*> callers() const;
  rpc::Channel& channel(std::size_t index) { return *channels_[index]; }

  // Await it before this goes away, when all calls are over.
  rpc::Task<void> shut_down();

 private:
  class WithHeaders;

  Backends() = default;

  std::vector<std::unique_ptr<rpc::Channel>> channels_;
  std::vector<std::unique_ptr<WithHeaders>> with_headers_;  // null: the channel itself
};

}  // namespace sluice::gateway
