// SharedChannels: channels that old and new settings use together, until nobody does.
#pragma once

#include <memory>

#include "rpc_core/base/task_group.h"
#include "rpc_core/client/channel.h"

namespace sluice::gateway {

// Belongs to one loop, and outlives every owner of its channels.
class SharedChannels {
 public:
  explicit SharedChannels(rpc::Loop& loop) : loop_(loop), retiring_(loop) {}

  rpc::Loop& loop() { return loop_; }
  // When its last owner has let it go, with all calls over, the channel is shut down and destroyed.
  std::shared_ptr<rpc::Channel> share(std::unique_ptr<rpc::Channel> channel);
  // Until every channel that was let go is gone. Await it before this goes away.
  rpc::Task<void> join() { return retiring_.join(); }

 private:
  static rpc::Task<void> retire(std::unique_ptr<rpc::Channel> channel);

  rpc::Loop& loop_;
  rpc::TaskGroup retiring_;
};

}  // namespace sluice::gateway
