// SchemaBuilder: file descriptors from any source, in any order, to a Schema.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/schema/schema.h"

namespace sluice::gateway {

class SchemaBuilder {
 public:
  // `served`: its services are served; otherwise it is there to be imported. `origin` is where it comes from, for
  // messages. The same file again is fine, comments and positions aside; a different one of the same name is a problem.
  void add(google::protobuf::FileDescriptorProto file, const std::string& origin, bool served);
  // What the source found wrong; build() reports it.
  void add_problem(std::string line) { problems_.push_back(std::move(line)); }

  // Supplies the built-in files that are imported and were not added.
  SchemaResult build() &&;

 private:
  enum class State : std::uint8_t { Waiting, Building, Built, Failed };
  struct Entry {
    google::protobuf::FileDescriptorProto file;
    std::string origin;
    bool served = false;
    State state = State::Waiting;
  };

  // The file and all that it imports are in the pool.
  bool build_file(Entry& entry);
  bool build_imports(const Entry& entry);
  Entry* find(const std::string& name);

  std::map<std::string, Entry> entries_;
  std::vector<std::string> order_;  // names as they were added
  std::vector<std::string> problems_;
  std::unique_ptr<google::protobuf::DescriptorPool> pool_ = std::make_unique<google::protobuf::DescriptorPool>();
  Schema::Files built_;
};

}  // namespace sluice::gateway
