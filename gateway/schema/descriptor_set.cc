// Files of bytes to file descriptors.
#include "gateway/schema/descriptor_set.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <expected>
#include <fstream>
#include <system_error>
#include <utility>

#include "gateway/schema/schema_builder.h"

namespace sluice::gateway {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

std::unexpected<std::string> refuse(const std::string& path, const std::string& got) {
  const std::string hint = path.ends_with(".proto") ? "; --proto compiles .proto files" : "";
  return std::unexpected(path + ": expected a FileDescriptorSet, got " + got + hint);
}

std::expected<std::string, std::string> read_bytes(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  try {
    file.exceptions(std::ios::badbit);  // of a directory
    std::array<char, 4096> block;
    while (file) {
      file.read(block.data(), block.size());
      bytes.append(block.data(), static_cast<std::size_t>(file.gcount()));
    }
  } catch (const std::ios::failure&) {
    file.close();
  }
  if (!file.is_open())
    return std::unexpected(path + ": expected a file that can be read: " + std::generic_category().message(errno));
  return bytes;
}

std::expected<FileDescriptorSet, std::string> read_set(const std::string& path) {
  const auto bytes = read_bytes(path);
  if (!bytes) return std::unexpected(bytes.error());
  FileDescriptorSet set;
  if (!set.ParseFromString(*bytes)) return refuse(path, std::to_string(bytes->size()) + " bytes of something else");
  if (set.file().empty()) return refuse(path, bytes->empty() ? "an empty file" : "no file descriptor in it");
  if (std::ranges::any_of(set.file(), [](const FileDescriptorProto& file) { return file.name().empty(); })) {
    return refuse(path, "a file descriptor without a name");
  }
  return set;
}

}  // namespace

SchemaResult load_descriptor_sets(const std::vector<std::string>& paths) {
  SchemaBuilder builder;
  for (const std::string& path : paths) {
    auto set = read_set(path);
    if (!set) {
      builder.add_problem(std::move(set).error());
      continue;
    }
    for (FileDescriptorProto& file : *set->mutable_file()) builder.add(std::move(file), path, true);
  }
  return std::move(builder).build();
}

}  // namespace sluice::gateway
