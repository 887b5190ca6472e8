// Registry: which service serves a path.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rpc_core/call/service.h"

namespace sluice::rpc {

// Filled before a server starts; read-only from then on, by any thread. Services outlive it.
class Registry {
 public:
  struct Entry {
    Service* service = nullptr;
    std::size_t method = 0;  // index into service->methods()
  };

  // Throws std::invalid_argument when a service of that name is there already.
  void add(Service& service);

  // path is "/package.Service/Method", case-sensitive.
  std::optional<Entry> find(std::string_view path) const;
  const std::vector<Service*>& services() const { return services_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::vector<Service*> services_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

}  // namespace sluice::rpc
