// The services of a schema.
#include "gateway/schema/schema.h"

namespace sluice::gateway {

std::vector<const google::protobuf::ServiceDescriptor*> Schema::services() const {
  std::vector<const google::protobuf::ServiceDescriptor*> out;
  for (const google::protobuf::FileDescriptor* file : files_) {
    for (int i = 0; i < file->service_count(); ++i) out.push_back(file->service(i));
  }
  return out;
}

}  // namespace sluice::gateway
