// The files that every schema may import without having them: google/protobuf, google/api and google/rpc.
#pragma once

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>

#include <optional>
#include <string>

namespace sluice::gateway {

// The file that an import of this name means; nothing when it is not built in.
std::optional<google::protobuf::FileDescriptorProto> builtin_file(const std::string& name);

// They as a database, to stand behind another one. It finds by file name alone.
class BuiltinDatabase final : public google::protobuf::DescriptorDatabase {
 public:
  bool FindFileByName(const std::string& name, google::protobuf::FileDescriptorProto* out) override;
  bool FindFileContainingSymbol(const std::string&, google::protobuf::FileDescriptorProto*) override { return false; }
  bool FindFileContainingExtension(const std::string&, int, google::protobuf::FileDescriptorProto*) override {
    return false;
  }
};

// The file as protoc would write it, with the JSON names that are declared in it.
google::protobuf::FileDescriptorProto proto_of(const google::protobuf::FileDescriptor& file);

}  // namespace sluice::gateway
