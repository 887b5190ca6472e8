// Backends: one worker's channels to the gRPC servers behind the gateway.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gateway/upstream/shared_channels.h"
#include "rpc_core/client/channel.h"

namespace sluice::gateway {

struct BackendOptions {
  std::string label;  // for people
  std::string target;
  rpc::ChannelOptions channel;
  rpc::Metadata headers;  // added to each call; they replace what the client sent under these names
  // Of channel.tls, to be replaced when its files change; null: plain text.
  std::shared_ptr<rpc::TlsCredentials> credentials;
};

// Whether the connections that were made for one are right for the other: all but the headers is the same.
bool same_connections(const BackendOptions& one, const BackendOptions& other);

// Belongs to one loop.
class Backends {
 public:
  // INVALID_ARGUMENT names the backend whose target cannot be parsed. Channels that are right are taken over from
  // `before`, and shared with it.
  static rpc::Result<std::unique_ptr<Backends>> open(SharedChannels& channels,
                                                     const std::vector<BackendOptions>& options,
                                                     const Backends* before = nullptr);
  // When all calls are over.
  ~Backends();

  std::size_t size() const { return channels_.size(); }
  // What starts calls at a backend, by its place in the options; as long as this lives.
  std::vector<rpc::Caller*> callers() const;
  rpc::Channel& channel(std::size_t index) const { return *channels_[index]; }
  const std::string& label(std::size_t index) const { return options_[index].label; }

 private:
  class WithHeaders;

  explicit Backends(const std::vector<BackendOptions>& options);
  std::shared_ptr<rpc::Channel> find(const BackendOptions& wanted) const;
  void add(std::shared_ptr<rpc::Channel> channel, const rpc::Metadata& headers);

  const std::vector<BackendOptions> options_;
  std::vector<std::shared_ptr<rpc::Channel>> channels_;
  std::vector<std::unique_ptr<WithHeaders>> with_headers_;  // null: the channel itself
};

}  // namespace sluice::gateway
