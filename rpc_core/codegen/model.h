// What generated code says, as plain values: a .proto file's services with all names decided.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "rpc_core/call/service.h"

namespace sluice::rpc::codegen {

struct MethodModel {
  std::string name;     // "say_hello"
  std::string proto;    // "SayHello"
  std::string request;  // "::helloworld::HelloRequest"
  std::string response;
  std::string comment;  // the comment above it, without a line break at the end
  CallMode mode;
};

struct ServiceModel {
  std::string full_name;      // "helloworld.Greeter"
  std::string service_class;  // "GreeterService"
  std::string client_class;   // "GreeterClient"
  std::string comment;
  std::vector<MethodModel> methods;
};

struct FileModel {
  std::string proto;      // "helloworld/greeter.proto"
  std::string stem;       // "helloworld/greeter"
  std::string cpp_space;  // "helloworld"; empty without a package
  std::vector<ServiceModel> services;
};

FileModel model_of(const google::protobuf::FileDescriptor& file);

}  // namespace sluice::rpc::codegen
