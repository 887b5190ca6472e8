// Cutter: makes a channel's connections such that they can be cut from outside, below TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rpc_core/client/connect_first.h"

namespace sluice::soak {

class CutStream;

// Outlives the connections. On one loop.
class Cutter {
 public:
  Cutter() = default;
  Cutter(const Cutter&) = delete;
  Cutter& operator=(const Cutter&) = delete;

  rpc::Connector connector();
  std::size_t size() const { return streams_.size(); }
  // Cuts one of them in the middle of whatever it carries: here, or so that the peer sees the end first.
  void cut(std::size_t index, bool peer_first);

 private:
  friend class CutStream;
  rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> connect(rpc::Loop& loop, rpc::Endpoint endpoint);

  std::vector<CutStream*> streams_;
};

}  // namespace sluice::soak
