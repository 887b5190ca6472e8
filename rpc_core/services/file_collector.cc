#include "rpc_core/services/file_collector.h"

#include <cstddef>
#include <limits>
#include <utility>

namespace sluice::rpc {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

namespace {

std::string without_positions(FileDescriptorProto file) {
  file.clear_source_code_info();
  return file.SerializeAsString();
}

std::string full_name(const FileDescriptorProto& file, const std::string& name) {
  return file.package().empty() ? name : file.package() + "." + name;
}

// Gathers what BuildFile() finds wrong.
class Errors final : public DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element, const google::protobuf::Message*, ErrorLocation,
                const std::string& message) override {
    text += (text.empty() ? "" : "\n") + file + ": " + element + ": " + message;
  }
  std::string text;
};

}  // namespace

Status FileCollector::add(std::string_view encoded) {
  FileDescriptorProto file;
  const bool fits = encoded.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max());
  if (!fits || !file.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()))) {
    return Status(StatusCode::Internal, "expected an encoded FileDescriptorProto, got " +
                                            std::to_string(encoded.size()) + " bytes that are none");
  }
  if (file.name().empty()) return Status(StatusCode::Internal, "expected a FileDescriptorProto with a name, got none");
  const auto [entry, added] = files_.try_emplace(file.name(), file);
  if (!added) {
    if (without_positions(entry->second) == without_positions(std::move(file))) return Status();
    return Status(StatusCode::Internal, "expected one file \"" + entry->first + "\", got two that differ");
  }
  for (const auto& service : file.service()) services_.insert(full_name(file, service.name()));
  return Status();
}

std::vector<std::string> FileCollector::missing() const {
  std::set<std::string> names;
  for (const auto& [name, file] : files_) {
    for (const std::string& import : file.dependency()) {
      if (!has_file(import)) names.insert(import);
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

// Topological order by counting: however long a chain of imports is, nothing recurses.
Result<FileDescriptorSet> FileCollector::ordered() const {
  std::map<std::string, std::vector<const FileDescriptorProto*>> importers;
  std::map<std::string, int> waits_for;
  std::vector<const FileDescriptorProto*> ready;
  for (const auto& [name, file] : files_) {
    for (const std::string& import : file.dependency()) importers[import].push_back(&file);
    if (file.dependency_size() == 0) ready.push_back(&file);
    waits_for[name] = file.dependency_size();
  }
  FileDescriptorSet files;
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const FileDescriptorProto* file = ready[next];
    *files.add_file() = *file;
    waits_for.erase(file->name());
    for (const FileDescriptorProto* importer : importers[file->name()]) {
      if (--waits_for[importer->name()] == 0) ready.push_back(importer);
    }
  }
  if (waits_for.empty()) return files;
  return fail(StatusCode::Internal,
              "expected imports that lead to an end, got a circle or a gap at \"" + waits_for.begin()->first + "\"");
}

Result<std::unique_ptr<DescriptorPool>> build_pool(const FileDescriptorSet& files) {
  auto pool = std::make_unique<DescriptorPool>();
  Errors errors;
  for (const FileDescriptorProto& file : files.file()) pool->BuildFileCollectingErrors(file, &errors);
  if (!errors.text.empty()) return fail(StatusCode::Internal, std::move(errors.text));
  return pool;
}

}  // namespace sluice::rpc
