// Schema: the descriptors of the services that the gateway serves.
#pragma once

#include <google/protobuf/descriptor.h>

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::gateway {

// Owns its descriptors. Immutable: all threads may use it at once; it is shared so that whoever keeps a descriptor (a
// route table) keeps the schema.
class Schema {
 public:
  using Files = std::vector<const google::protobuf::FileDescriptor*>;

  // `pool` has no underlying database; `files` and `all_files` are of it.
  Schema(std::unique_ptr<const google::protobuf::DescriptorPool> pool, Files files, Files all_files)
      : pool_(std::move(pool)), files_(std::move(files)), all_files_(std::move(all_files)) {}
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const google::protobuf::DescriptorPool& pool() const { return *pool_; }
  // The files whose services are served: all of a descriptor set, the named ones of .proto files.
  std::span<const google::protobuf::FileDescriptor* const> files() const { return files_; }
  // Those, and all that they import: what google.protobuf.Any may name.
  std::span<const google::protobuf::FileDescriptor* const> all_files() const { return all_files_; }
  // The services of files(), file by file as declared.
  std::vector<const google::protobuf::ServiceDescriptor*> services() const;

 private:
  std::unique_ptr<const google::protobuf::DescriptorPool> pool_;
  Files files_;
  Files all_files_;
};

// A schema, or every problem found: a line each, "file[:line:column]: what was expected, what came".
using SchemaResult = std::expected<std::shared_ptr<const Schema>, std::vector<std::string>>;

}  // namespace sluice::gateway
