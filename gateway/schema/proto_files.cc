// libprotobuf's compiler over the include paths, with the built-in files behind them.
#include "gateway/schema/proto_files.h"

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>

#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "gateway/schema/builtin_files.h"
#include "gateway/schema/schema_builder.h"

namespace sluice::gateway {

namespace pb = google::protobuf;

namespace {

class Collector final : public pb::compiler::MultiFileErrorCollector {
 public:
  explicit Collector(pb::compiler::DiskSourceTree& tree) : tree_(tree) {}

  // `line` and `column` count from 0; a line of -1 is the file as a whole.
  void AddError(const std::string& file, int line, int column, const std::string& message) override {
    std::string path;
    if (!tree_.VirtualFileToDiskFile(file, &path)) path = file;
    if (line >= 0) path += ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1);
    lines_.push_back(path + ": " + message);
  }

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  pb::compiler::DiskSourceTree& tree_;
  std::vector<std::string> lines_;
};

class Compilation {
 public:
  explicit Compilation(const std::vector<std::string>& include_paths)
      : paths_(include_paths.empty() ? std::vector<std::string>(1, ".") : include_paths) {
    database_.RecordErrorsTo(&errors_);
    for (const std::string& path : paths_) {
      std::error_code ignored;
      if (std::filesystem::is_directory(path, ignored)) {
        tree_.MapPath("", path);
      } else {
        builder_.add_problem(path + ": expected a directory for imports, got none of that name");
      }
    }
  }

  void compile(const std::string& file) {
    const std::optional<std::string> name = import_name(file);
    if (!name) {
      std::string line = file + ": expected a .proto file below";
      for (const std::string& path : paths_) line += (&path == paths_.data() ? " \"" : " or \"") + path + "\"";
      builder_.add_problem(line + " (--proto-path), got none");
      return;
    }
    if (const pb::FileDescriptor* compiled = pool_.FindFileByName(*name)) add(*compiled, true);
  }

  SchemaResult result() && {
    for (const std::string& line : errors_.lines()) builder_.add_problem(line);
    return std::move(builder_).build();
  }

 private:
  // Also takes the path of the file itself.
  std::optional<std::string> import_name(const std::string& file) {
    std::string disk;
    if (tree_.VirtualFileToDiskFile(file, &disk)) return is_file(disk) ? std::optional(file) : std::nullopt;
    std::string name, shadowing;
    const auto mapped = tree_.DiskFileToVirtualFile(file, &name, &shadowing);
    if (mapped != pb::compiler::DiskSourceTree::SUCCESS || !is_file(file)) return std::nullopt;
    return name;
  }

  static bool is_file(const std::string& path) {
    std::error_code ignored;
    return !std::filesystem::is_directory(path, ignored);
  }

  void add(const pb::FileDescriptor& file, bool served) {
    if (!served && !imports_.insert(&file).second) return;
    builder_.add(proto_of(file), file.name(), served);
    for (int i = 0; i < file.dependency_count(); ++i) add(*file.dependency(i), false);
  }

  const std::vector<std::string> paths_;
  pb::compiler::DiskSourceTree tree_;
  Collector errors_{tree_};
  BuiltinDatabase builtin_;
  pb::compiler::SourceTreeDescriptorDatabase database_{&tree_, &builtin_};
  pb::DescriptorPool pool_{&database_, database_.GetValidationErrorCollector()};
  std::set<const pb::FileDescriptor*> imports_;
  SchemaBuilder builder_;
};

}  // namespace

SchemaResult compile_proto_files(const std::vector<std::string>& files, const std::vector<std::string>& include_paths) {
  Compilation compilation(include_paths);
  for (const std::string& file : files) compilation.compile(file);
  return std::move(compilation).result();
}

}  // namespace sluice::gateway
