// Resources: what this process holds of the machine.
#pragma once

#include <cstddef>
#include <string>

namespace sluice::soak {

struct Resources {
  std::size_t descriptors = 0;
  std::size_t heap_bytes = 0;
};

Resources resources_in_use();
std::string to_string(const Resources& resources);
// Empty: nothing is held that was not before, but for caches of a fixed size.
std::string difference(const Resources& before, const Resources& after);

}  // namespace sluice::soak
