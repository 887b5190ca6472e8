// Descriptors from /proc, memory from whoever implements malloc.
#include "tests/rpc_core/soak/resources.h"

#include <filesystem>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLUICE_SANITIZED 1
#endif
#endif

#ifdef SLUICE_SANITIZED
// Of the sanitizers' runtimes; not every compiler comes with the header for it.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#else
#include <malloc.h>
#endif

namespace sluice::soak {
namespace {

#ifdef SLUICE_SANITIZED
constexpr std::size_t kCaches = 256 * 1024;
std::size_t heap_bytes() { return __sanitizer_get_current_allocated_bytes(); }
#else
// A thread's pool keeps up to 1 MiB.
constexpr std::size_t kCaches = 1536 * 1024;
std::size_t heap_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}
#endif

}  // namespace

Resources resources_in_use() {
  Resources resources;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator("/proc/self/fd"))
    ++resources.descriptors;
  resources.heap_bytes = heap_bytes();
  return resources;
}

std::string to_string(const Resources& resources) {
  return std::to_string(resources.descriptors) + " descriptors, " + std::to_string(resources.heap_bytes) +
         " bytes of heap";
}

std::string difference(const Resources& before, const Resources& after) {
  if (after.descriptors != before.descriptors) return "descriptors were not closed";
  if (after.heap_bytes > before.heap_bytes + kCaches) return "memory was not freed";
  return "";
}

}  // namespace sluice::soak
