// Reflection: lets tools like grpcurl ask a server for its services and their descriptors.
#pragma once

#include <google/protobuf/descriptor.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "rpc_core/call/service.h"

namespace sluice::rpc {

// Two services, grpc.reflection.v1.ServerReflection and grpc.reflection.v1alpha.ServerReflection, which give the same
// answers: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
//
//   Reflection reflection;
//   reflection.list(greeter);
//   server.add(greeter);
//   for (Service* service : reflection.services()) server.add(*service);
//
// It is filled before the server starts and read-only from then on; it may then serve any number of loops, and outlives
// their servers. Both services are in the list themselves where the pool has their files.
class Reflection {
 public:
  // Answers from the generated code that is linked in, or from a pool that outlives this.
  Reflection() : Reflection(*google::protobuf::DescriptorPool::generated_pool()) {}
  explicit Reflection(const google::protobuf::DescriptorPool& pool);
  ~Reflection();
  Reflection(const Reflection&) = delete;
  Reflection& operator=(const Reflection&) = delete;

  void list(const Service& service);

  // v1, then v1alpha.
  std::array<Service*, 2> services() const;

 private:
  class Version;

  const google::protobuf::DescriptorPool& pool_;
  std::vector<std::string> listed_;  // sorted
  std::unique_ptr<Version> v1_;
  std::unique_ptr<Version> v1alpha_;
};

}  // namespace sluice::rpc
