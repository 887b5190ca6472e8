#include "rpc_core/server/registry.h"

#include <stdexcept>

namespace sluice::rpc {

void Registry::add(Service& service) {
  const std::string name(service.service_name());
  for (const Service* each : services_) {
    if (each->service_name() == name) throw std::invalid_argument("service " + name + " is registered twice");
  }
  services_.push_back(&service);
  for (std::size_t method = 0; method < service.methods().size(); ++method) {
    const std::string path = "/" + name + "/" + std::string(service.methods()[method].name);
    entries_.emplace(path, Entry{&service, method});
  }
}

std::optional<Registry::Entry> Registry::find(std::string_view path) const {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

}  // namespace sluice::rpc
