// ReturnedHeaders: which metadata of a backend reaches clients as header fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gateway {

// Globs on lower-case names of metadata, initial and trailing.
struct ReturnedHeaders {
  std::optional<std::vector<std::string>> allowed;  // nothing: all but the withheld ones
  std::vector<std::string> withheld;                // goes before what is allowed

  bool allows(std::string_view name) const;
};

}  // namespace sluice::gateway
