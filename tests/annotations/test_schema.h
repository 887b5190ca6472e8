// TestSchema: .proto texts compiled in memory into a pool of their own, as the gateway compiles a user's files.
#pragma once

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sluice::http_rule {

// Imports of google/api and google/rpc come from builtin_protos, those of google/protobuf from the generated pool.
// What does not compile fails the test.
class TestSchema {
 public:
  explicit TestSchema(std::map<std::string, std::string> files);
  TestSchema(const std::string& name, const std::string& text)
      : TestSchema(std::map<std::string, std::string>{{name, text}}) {}

  // The files by name, without what they import.
  std::vector<const google::protobuf::FileDescriptor*> files() const { return files_; }
  const google::protobuf::Descriptor& message(const std::string& full_name) const;
  const google::protobuf::MethodDescriptor& method(const std::string& full_name) const;

 private:
  class Texts;
  std::unique_ptr<google::protobuf::compiler::SourceTree> texts_;
  google::protobuf::DescriptorPoolDatabase well_known_;
  google::protobuf::compiler::SourceTreeDescriptorDatabase database_;
  google::protobuf::DescriptorPool pool_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
};

}  // namespace sluice::http_rule
