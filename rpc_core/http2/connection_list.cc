#include "rpc_core/http2/connection_list.h"

#include "rpc_core/http2/connection.h"

namespace sluice::rpc::http2 {

void ConnectionList::add(const Connection& connection) {
  open_.push_back(&connection);
  ++made_;
}

void ConnectionList::remove(const Connection& connection) {
  ended_ += connection.counters();
  std::erase(open_, &connection);
}

void ConnectionList::add_to(ConnectionsReport& report) const {
  report.made += made_;
  report.total += ended_;
  for (const Connection* each : open_) {
    report.total += each->counters();
    report.open.push_back({each->peer().endpoint.to_string(), each->open_streams(), each->counters()});
  }
}

}  // namespace sluice::rpc::http2
