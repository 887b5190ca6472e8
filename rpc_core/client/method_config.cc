#include "rpc_core/client/method_config.h"

#include <algorithm>

namespace sluice::rpc {
namespace {

bool is_name(std::string_view name) {
  if (name.empty()) return true;
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return true;
  return slash != 0 && slash + 1 != name.size() && name.find('/', slash + 1) == std::string_view::npos;
}

// 0: the call has none of its own.
std::size_t limit_of(std::size_t own, std::optional<std::size_t> configured) {
  if (!configured) return own;
  return own == 0 ? *configured : std::min(own, *configured);
}

}  // namespace

Result<void> check_method_configs(const MethodConfigs& configs) {
  for (const auto& [name, config] : configs) {
    if (is_name(name)) continue;
    return fail(StatusCode::InvalidArgument,
                "methods: expected \"package.Service/Method\", \"package.Service\" or \"\", got \"" + name + "\"");
  }
  return {};
}

const MethodConfig* find_method_config(const MethodConfigs& configs, std::string_view path) {
  if (configs.empty()) return nullptr;
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view service = path.substr(0, path.find('/'));
  for (const std::string_view name : {path, service, std::string_view()}) {
    if (const auto found = configs.find(name); found != configs.end()) return &found->second;
  }
  return nullptr;
}

CallOptions apply_method_config(const MethodConfig& config, const CallOptions& own) {
  CallOptions options = own;
  if (config.timeout) options.timeout = std::min(own.timeout.value_or(*config.timeout), *config.timeout);
  if (!own.wait_for_ready) options.wait_for_ready = config.wait_for_ready;
  if (config.compression && own.compression.empty()) options.compression = compression_name(*config.compression);
  options.max_receive_bytes = limit_of(own.max_receive_bytes, config.max_receive_bytes);
  options.max_send_bytes = limit_of(own.max_send_bytes, config.max_send_bytes);
  return options;
}

}  // namespace sluice::rpc
