// FileCollector: descriptor files as they come from a server, in any order, to a complete set and a pool.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/result.h"

namespace sluice::rpc {

class FileCollector {
 public:
  // An encoded FileDescriptorProto. The same file again is fine, comments and positions aside. INTERNAL: it is no such
  // message, has no name, or differs from what came under its name before.
  Status add(std::string_view encoded);

  bool has_file(const std::string& name) const { return files_.contains(name); }
  // Whether a file declares the service of this full name.
  bool has_service(const std::string& name) const { return services_.contains(name); }
  // Imported by a file that is here, and not here.
  std::vector<std::string> missing() const;

  // Every file behind its imports. INTERNAL: an import is missing, or files import each other in a circle.
  Result<google::protobuf::FileDescriptorSet> ordered() const;

 private:
  std::map<std::string, google::protobuf::FileDescriptorProto> files_;
  std::set<std::string> services_;
};

// The pool that the files make, each behind its imports. INTERNAL: all that does not fit together, a line each.
Result<std::unique_ptr<google::protobuf::DescriptorPool>> build_pool(const google::protobuf::FileDescriptorSet& files);

}  // namespace sluice::rpc
