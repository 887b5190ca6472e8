// The well-known types come from libprotobuf, the others from the texts in annotations/.
#include "gateway/schema/builtin_files.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/api.pb.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/source_context.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "annotations/builtin_protos.h"

namespace sluice::gateway {

namespace pb = google::protobuf;

namespace {

class IgnoreErrors final : public pb::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

std::optional<pb::FileDescriptorProto> parsed(const std::string& name, std::string_view text) {
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  IgnoreErrors errors;
  pb::io::Tokenizer tokenizer(&input, &errors);
  pb::compiler::Parser parser;
  pb::FileDescriptorProto file;
  if (!parser.Parse(&tokenizer, &file)) return std::nullopt;
  file.set_name(name);
  return file;
}

// Each is named by one of its messages, so that it is there where libprotobuf is linked as an archive.
const pb::FileDescriptor* well_known_file(const std::string& name) {
  const std::array messages = {
      pb::Any::descriptor(),        pb::Api::descriptor(),           pb::Duration::descriptor(),
      pb::Empty::descriptor(),      pb::FieldMask::descriptor(),     pb::FileDescriptorProto::descriptor(),
      pb::Int32Value::descriptor(), pb::SourceContext::descriptor(), pb::Struct::descriptor(),
      pb::Timestamp::descriptor(),  pb::Type::descriptor()};
  const auto found = std::ranges::find(messages, name, [](const auto* message) { return message->file()->name(); });
  return found == messages.end() ? nullptr : (*found)->file();
}

}  // namespace

pb::FileDescriptorProto proto_of(const pb::FileDescriptor& file) {
  pb::FileDescriptorProto out;
  file.CopyTo(&out);
  file.CopyJsonNameTo(&out);
  return out;
}

std::optional<pb::FileDescriptorProto> builtin_file(const std::string& name) {
  if (const std::string_view text = http_rule::builtin_proto(name); !text.empty()) return parsed(name, text);
  if (!name.starts_with("google/protobuf/")) return std::nullopt;
  const pb::FileDescriptor* file = well_known_file(name);
  if (file == nullptr) return std::nullopt;
  return proto_of(*file);
}

bool BuiltinDatabase::FindFileByName(const std::string& name, pb::FileDescriptorProto* out) {
  std::optional<pb::FileDescriptorProto> file = builtin_file(name);
  if (!file) return false;
  *out = *std::move(file);
  return true;
}

}  // namespace sluice::gateway
