// ReflectionClient: asks a server for its services and the descriptors of all that they use.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <string>
#include <vector>

#include "rpc_core/call/call.h"
#include "rpc_core/services/file_collector.h"

namespace sluice::rpc {

struct ReflectedSchema {
  std::vector<std::string> services;          // full names
  google::protobuf::FileDescriptorSet files;  // each behind its imports, none missing
};

// Speaks grpc.reflection.v1, and v1alpha with servers that answer UNIMPLEMENTED. One call fetches everything; servers
// may send imports along with a file or one by one.
//
//   ReflectionClient reflection(channel);
//   Result<ReflectedSchema> schema = co_await reflection.fetch_all({.timeout = 5s});
//   Result<std::unique_ptr<DescriptorPool>> pool = build_pool(schema->files);
//
// An error names the question that it answers. INTERNAL: the server's answers make no sense together. The options'
// deadline is that of all attempts together; without one kDefaultTimeout counts. Each method may run several times at
// once.
class ReflectionClient {
 public:
  static constexpr Duration kDefaultTimeout = std::chrono::seconds(20);

  // The caller outlives the client's tasks, and so does what the options point to.
  explicit ReflectionClient(Caller& caller) : caller_(caller) {}

  Task<Result<std::vector<std::string>>> list_services(CallOptions options = {});
  // The named services, which the server need not list (none named: all that it lists), and their files.
  Task<Result<ReflectedSchema>> fetch(std::vector<std::string> services, CallOptions options = {});
  Task<Result<ReflectedSchema>> fetch_all(CallOptions options = {}) { return fetch({}, options); }

 private:
  Task<Result<ReflectedSchema>> ask(std::vector<std::string> services, bool with_files, CallOptions options);

  Caller& caller_;
};

}  // namespace sluice::rpc
