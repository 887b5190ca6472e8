// From a Config to what the parts of the gateway are made of.
#pragma once

#include <vector>

#include "gateway/config/config.h"
#include "gateway/route/route_table.h"
#include "gateway/upstream/backends.h"

namespace sluice::gateway {

RouteOptions route_options(const Config& config);

// What HTTPS is served with; none: plain text. The error names a file.
rpc::Result<std::shared_ptr<const rpc::TlsContext>> front_tls(const FrontTlsConfig& config);

// In the order of Config::backends. The error names a file of certificates.
rpc::Result<std::vector<BackendOptions>> backend_options(const Config& config);

}  // namespace sluice::gateway
