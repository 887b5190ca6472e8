// protoc-gen-sluice: protoc's plugin for typed services and clients.
//
//   protoc --cpp_out=DIR --plugin=protoc-gen-sluice --sluice_out=DIR FILE.proto
//
// For each file it writes NAME.sluice.h and NAME.sluice.cc beside protoc's own NAME.pb.h.
#include <google/protobuf/compiler/code_generator.h>
#include <google/protobuf/compiler/plugin.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <memory>
#include <string>

#include "rpc_core/codegen/model.h"
#include "rpc_core/codegen/writer.h"

namespace {

namespace compiler = google::protobuf::compiler;
namespace codegen = sluice::rpc::codegen;

void write_file(compiler::GeneratorContext& context, const std::string& name, const std::string& text) {
  const std::unique_ptr<google::protobuf::io::ZeroCopyOutputStream> stream(context.Open(name));
  google::protobuf::io::CodedOutputStream(stream.get()).WriteString(text);
}

class Generator final : public compiler::CodeGenerator {
 public:
  bool Generate(const google::protobuf::FileDescriptor* file, const std::string& parameter,
                compiler::GeneratorContext* context, std::string* error) const override {
    if (!parameter.empty()) {
      *error = "expected no parameter, got \"" + parameter + "\"";
      return false;
    }
    const codegen::FileModel model = codegen::model_of(*file);
    write_file(*context, model.stem + ".sluice.h", codegen::header_text(model));
    write_file(*context, model.stem + ".sluice.cc", codegen::source_text(model));
    return true;
  }

  std::uint64_t GetSupportedFeatures() const override { return FEATURE_PROTO3_OPTIONAL; }
};

}  // namespace

int main(int argc, char** argv) {
  const Generator generator;
  return compiler::PluginMain(argc, argv, &generator);
}
