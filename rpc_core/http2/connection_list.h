// ConnectionList: the connections of a channel or a server, for reports of them.
#pragma once

#include <vector>

#include "rpc_core/http2/counters.h"

namespace sluice::rpc::http2 {

class Connection;

// Remembers what connections that are removed have counted.
class ConnectionList {
 public:
  void add(const Connection& connection);
  void remove(const Connection& connection);
  // Adds what it knows.
  void add_to(ConnectionsReport& report) const;

 private:
  std::vector<const Connection*> open_;
  std::uint64_t made_ = 0;
  ConnectionCounters ended_;
};

}  // namespace sluice::rpc::http2
