// MethodConfig: what a channel does for the calls of some methods: gRPC's service config, as values.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/clock.h"
#include "rpc_core/base/result.h"
#include "rpc_core/call/call.h"
#include "rpc_core/wire/compression.h"

namespace sluice::rpc {

// What is not set stays as the call and the channel have it.
// https://github.com/grpc/grpc/blob/master/doc/service_config.md
struct MethodConfig {
  // The earlier of it and the call's own deadline counts.
  std::optional<Duration> timeout = {};
  // For calls that say neither.
  std::optional<bool> wait_for_ready = {};
  std::optional<Compression> compression = {};
  // In the place of the channel's limits. A call's own limit counts where it is smaller.
  std::optional<std::size_t> max_receive_bytes = {};
  std::optional<std::size_t> max_send_bytes = {};
};

// Names are "shop.Orders/Pay" for a method, "shop.Orders" for the others of its service, "" for all others. The most
// precise one counts, alone:
//
//   options.methods = {{"shop.Orders/Pay", {.timeout = 2s}}, {"shop.Orders", {.wait_for_ready = true}}};
using MethodConfigs = std::map<std::string, MethodConfig, std::less<>>;

// INVALID_ARGUMENT for a name of another form.
Result<void> check_method_configs(const MethodConfigs& configs);
// For "/package.Service/Method"; nullptr: none of them.
const MethodConfig* find_method_config(const MethodConfigs& configs, std::string_view path);
// The options that a call gets from its own and its method's.
CallOptions apply_method_config(const MethodConfig& config, const CallOptions& own);

}  // namespace sluice::rpc
