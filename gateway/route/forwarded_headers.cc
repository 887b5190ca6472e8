// A copy of the metadata without the rest.
#include "gateway/route/forwarded_headers.h"

#include <algorithm>

#include "annotations/glob.h"

namespace sluice::gateway {

std::unique_ptr<rpc::Call> ForwardedHeaders::start(std::string_view path, const rpc::CallOptions& options) {
  rpc::Metadata allowed;
  if (options.metadata != nullptr) {
    for (const auto& [name, value] : *options.metadata) {
      if (allows(name)) allowed.add(name, value);
    }
  }
  rpc::CallOptions filtered = options;
  filtered.metadata = &allowed;
  return backend_.start(path, filtered);
}

bool ForwardedHeaders::allows(std::string_view name) const {
  return name.starts_with("x-forwarded-") ||
         std::ranges::any_of(globs_, [&](const std::string& glob) { return http_rule::glob_matches(glob, name); });
}

}  // namespace sluice::gateway
