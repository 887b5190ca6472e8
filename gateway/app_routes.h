// RouteKeeper: the route table of a running gateway, from files or from what the backends say of themselves.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app_schema.h"
#include "gateway/config/config.h"
#include "gateway/route/route_table.h"
#include "gateway/telemetry/log.h"
#include "gateway/upstream/backends.h"
#include "gateway/upstream/schema_watch.h"
#include "rpc_core/base/task_group.h"

namespace sluice::gateway {

// Belongs to the loop that controls the gateway, not to a worker's: building a table may take a second.
class RouteKeeper {
 public:
  using Publish = std::function<void(std::shared_ptr<const RouteTable>)>;

  // Everything is borrowed and outlives this.
  RouteKeeper(rpc::Loop& loop, const Config& config, Log& log);

  // The first table. It waits for backends that are asked for their schema; stopped while it waits, it gives nullptr.
  // Called once.
  rpc::Task<RouteTable::Result> first();
  // Before first(): what backends have said to another keeper is known to this one, too, until they are asked again.
  void recall(const RouteKeeper& before);
  // The last table; nullptr before the first.
  const std::shared_ptr<const RouteTable>& current() const { return current_; }
  // The labels of the backends whose schema is not known.
  std::vector<std::string> unknown() const;
  // From now on: each table that replaces the one before. A schema that does not build is refused, with the reason in
  // the log.
  void on_change(Publish publish);
  // Await it before this goes away, also when first() gave an error.
  rpc::Task<void> shut_down();

 private:
  // The watch over one backend, and what it said last.
  struct Backend {
    std::string last_failure;
    rpc::TimePoint told;  // when it was logged
    std::unique_ptr<SchemaWatch> watch;
  };

  rpc::Result<void> open_backends();
  void watch(std::size_t index, SchemaWatch::Scope scope);
  void reflected(std::size_t index, rpc::ReflectedSchema schema);
  void listed(std::size_t index, const std::vector<std::string>& services);
  void failed(std::size_t index, const rpc::Status& status);

  RouteTable::Result accept(RouteTable::Result built);
  const std::string& label(std::size_t index) const { return config_.backends[index].label(); }
  static bool is_known(const BackendSchema& schema) { return schema.files || schema.reflected; }

  rpc::Loop& loop_;
  const Config& config_;
  Log& log_;
  Publish publish_;
  std::shared_ptr<const RouteTable> current_;
  SharedChannels owned_;
  std::unique_ptr<Backends> channels_;  // for reflection alone
  std::vector<BackendSchema> schemas_;  // by backend, as is what follows
  std::vector<Backend> backends_;
  std::optional<std::string> fatal_;  // why the first table cannot come
  rpc::Waiter changed_;
  rpc::TaskGroup watches_;
};

}  // namespace sluice::gateway
