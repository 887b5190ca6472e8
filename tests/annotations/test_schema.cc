// The in-memory source tree behind TestSchema.
#include "tests/annotations/test_schema.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "annotations/builtin_protos.h"

namespace sluice::http_rule {

namespace pb = google::protobuf;

class TestSchema::Texts final : public pb::compiler::SourceTree {
 public:
  explicit Texts(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  pb::io::ZeroCopyInputStream* Open(const std::string& name) override {
    const auto found = files_.find(name);
    const std::string_view text = found != files_.end() ? std::string_view(found->second) : builtin_proto(name);
    if (text.empty()) return nullptr;
    return new pb::io::ArrayInputStream(text.data(), static_cast<int>(text.size()));
  }

 private:
  std::map<std::string, std::string> files_;
};

namespace {

class FailTest final : public pb::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int, const std::string& message) override {
    ADD_FAILURE() << file << ":" << line + 1 << ": " << message;
  }
};

}  // namespace

TestSchema::TestSchema(std::map<std::string, std::string> files)
    : texts_(std::make_unique<Texts>(files)),
      well_known_(*pb::DescriptorPool::generated_pool()),
      database_(texts_.get(), &well_known_),
      pool_(&database_) {
  FailTest errors;
  database_.RecordErrorsTo(&errors);
  for (const auto& [name, text] : files) {
    const pb::FileDescriptor* file = pool_.FindFileByName(name);
    if (file == nullptr) throw std::runtime_error("does not compile: " + name);
    files_.push_back(file);
  }
  database_.RecordErrorsTo(nullptr);
}

const pb::Descriptor& TestSchema::message(const std::string& full_name) const {
  const pb::Descriptor* found = pool_.FindMessageTypeByName(full_name);
  if (found == nullptr) throw std::runtime_error("no message " + full_name);
  return *found;
}

const pb::MethodDescriptor& TestSchema::method(const std::string& full_name) const {
  const pb::MethodDescriptor* found = pool_.FindMethodByName(full_name);
  if (found == nullptr) throw std::runtime_error("no method " + full_name);
  return *found;
}

}  // namespace sluice::http_rule
