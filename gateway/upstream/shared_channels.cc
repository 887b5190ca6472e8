// The end of a channel, beside everything else.
#include "gateway/upstream/shared_channels.h"

#include <utility>

namespace sluice::gateway {

std::shared_ptr<rpc::Channel> SharedChannels::share(std::unique_ptr<rpc::Channel> channel) {
  const auto let_go = [this](rpc::Channel* last) { retiring_.spawn(retire(std::unique_ptr<rpc::Channel>(last))); };
  return std::shared_ptr<rpc::Channel>(channel.release(), let_go);
}

rpc::Task<void> SharedChannels::retire(std::unique_ptr<rpc::Channel> channel) { co_await channel->shut_down(); }

}  // namespace sluice::gateway
