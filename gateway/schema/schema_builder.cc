// Depth first along the imports, so that each file finds what it imports in the pool.
#include "gateway/schema/schema_builder.h"

#include <optional>
#include <utility>

#include "gateway/schema/builtin_files.h"

namespace sluice::gateway {

namespace pb = google::protobuf;

namespace {

std::string content_of(pb::FileDescriptorProto file) {
  file.clear_source_code_info();
  return file.SerializeAsString();
}

class Collector final : public pb::DescriptorPool::ErrorCollector {
 public:
  Collector(std::string origin, std::vector<std::string>& problems) : origin_(std::move(origin)), problems_(problems) {}

  void AddError(const std::string& file, const std::string& element, const pb::Message*, ErrorLocation,
                const std::string& message) override {
    problems_.push_back(origin_ + ": " + file + ": " + (element == file ? "" : element + ": ") + message);
  }

 private:
  const std::string origin_;
  std::vector<std::string>& problems_;
};

}  // namespace

void SchemaBuilder::add(pb::FileDescriptorProto file, const std::string& origin, bool served) {
  const std::string name = file.name();
  if (Entry* known = find(name)) {
    if (content_of(known->file) != content_of(std::move(file))) {
      add_problem(origin + ": " + name + ": expected the same content as in " + known->origin + ", got another");
    }
    known->served = known->served || served;
    return;
  }
  entries_.emplace(name, Entry{std::move(file), origin, served, State::Waiting});
  order_.push_back(name);
}

SchemaResult SchemaBuilder::build() && {
  for (const std::string& name : order_) build_file(*find(name));
  if (!problems_.empty()) return std::unexpected(std::move(problems_));
  Schema::Files served;
  for (const std::string& name : order_) {
    if (find(name)->served) served.push_back(pool_->FindFileByName(name));
  }
  return std::make_shared<const Schema>(std::move(pool_), std::move(served), std::move(built_));
}

bool SchemaBuilder::build_file(Entry& entry) {
  if (entry.state == State::Building) {
    add_problem(entry.origin + ": " + entry.file.name() + ": expected imports without a cycle, got back to this file");
    return false;
  }
  if (entry.state != State::Waiting) return entry.state == State::Built;
  entry.state = State::Building;
  const pb::FileDescriptor* built = nullptr;
  if (build_imports(entry)) {
    entry.file.clear_source_code_info();  // the pool would keep comments and positions, which outweigh the rest
    Collector collector(entry.origin, problems_);
    built = pool_->BuildFileCollectingErrors(entry.file, &collector);
  }
  entry.state = built != nullptr ? State::Built : State::Failed;
  if (built != nullptr) built_.push_back(built);
  return built != nullptr;
}

bool SchemaBuilder::build_imports(const Entry& entry) {
  bool complete = true;
  for (const std::string& import : entry.file.dependency()) {
    Entry* imported = find(import);
    if (imported == nullptr) {
      std::optional<pb::FileDescriptorProto> builtin = builtin_file(import);
      if (!builtin) {
        add_problem(entry.origin + ": " + entry.file.name() + ": expected its import \"" + import +
                    "\" to be there too (protoc --include_imports), got nothing of that name");
        complete = false;
        continue;
      }
      imported = &entries_.emplace(import, Entry{*std::move(builtin), "built in", false, State::Waiting}).first->second;
    }
    complete = build_file(*imported) && complete;
  }
  return complete;
}

SchemaBuilder::Entry* SchemaBuilder::find(const std::string& name) {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace sluice::gateway
