// SharedChannels: channels that old and new settings use together, until nobody does; and what they have done so far.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "gateway/upstream/channel_totals.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/client/channel.h"

namespace sluice::gateway {

// Belongs to one loop, and outlives every owner of its channels.
class SharedChannels {
 public:
  explicit SharedChannels(rpc::Loop& loop) : loop_(loop), retiring_(loop) {}

  rpc::Loop& loop() { return loop_; }
  // When its last owner has let it go, with all calls over, the channel is shut down and destroyed.
  std::shared_ptr<rpc::Channel> share(const std::string& label, std::unique_ptr<rpc::Channel> channel);
  // Until every channel that was let go is gone. Await it before this goes away.
  rpc::Task<void> join() { return retiring_.join(); }

  // By label; those that are gone count, too.
  std::map<std::string, ChannelTotals> totals() const;

 private:
  // A channel, and the task that counts what its report does not have.
  struct Watched {
    Watched(rpc::Loop& loop, std::string name, std::unique_ptr<rpc::Channel> owned);
    rpc::Task<void> watch();
    ChannelTotals totals() const;

    const std::string label;
    const std::unique_ptr<rpc::Channel> channel;
    std::uint64_t failures = 0;
    bool let_go = false;
    rpc::TaskGroup watching;
  };

  rpc::Task<void> retire(std::shared_ptr<Watched> watched);

  rpc::Loop& loop_;
  std::list<std::shared_ptr<Watched>> channels_;
  std::map<std::string, ChannelTotals> gone_;
  rpc::TaskGroup retiring_;
};

}  // namespace sluice::gateway
