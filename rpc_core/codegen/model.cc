#include "rpc_core/codegen/model.h"

#include <google/protobuf/compiler/cpp/names.h>

#include <set>

#include "rpc_core/codegen/names.h"

namespace sluice::rpc::codegen {
namespace {

namespace pb = google::protobuf;

CallMode mode_of(const pb::MethodDescriptor& method) {
  if (method.client_streaming()) return method.server_streaming() ? CallMode::BidiStreaming : CallMode::ClientStreaming;
  return method.server_streaming() ? CallMode::ServerStreaming : CallMode::Unary;
}

template <class Descriptor>
std::string comment_of(const Descriptor& descriptor) {
  pb::SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return "";
  std::string text = location.leading_comments;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// The package's symbols that are C++ names too, asked for by name: they may stand in any file.
class PackageSymbols {
 public:
  explicit PackageSymbols(const pb::FileDescriptor& file) : pool_(*file.pool()), package_(file.package()) {}

  bool contains(const std::string& name) const {
    const std::string full = package_.empty() ? name : package_ + "." + name;
    return pool_.FindMessageTypeByName(full) != nullptr || pool_.FindEnumTypeByName(full) != nullptr ||
           pool_.FindEnumValueByName(full) != nullptr || pool_.FindExtensionByName(full) != nullptr;
  }

 private:
  const pb::DescriptorPool& pool_;
  const std::string package_;
};

std::string claim_class(std::string name, const PackageSymbols& symbols, std::set<std::string>& taken) {
  while (symbols.contains(name)) name += '_';
  return claim_name(std::move(name), taken);
}

MethodModel model_of(const pb::MethodDescriptor& method, std::set<std::string>& taken) {
  return {.name = claim_name(snake_case(method.name()), taken),
          .proto = method.name(),
          .request = pb::compiler::cpp::QualifiedClassName(method.input_type()),
          .response = pb::compiler::cpp::QualifiedClassName(method.output_type()),
          .comment = comment_of(method),
          .mode = mode_of(method)};
}

std::vector<MethodModel> methods_of(const pb::ServiceDescriptor& service, std::set<std::string> taken) {
  std::vector<MethodModel> methods;
  for (int i = 0; i < service.method_count(); ++i) methods.push_back(model_of(*service.method(i), taken));
  return methods;
}

}  // namespace

FileModel model_of(const pb::FileDescriptor& file) {
  FileModel model{.proto = file.name(),
                  .stem = pb::compiler::cpp::StripProto(file.name()),
                  .cpp_space = namespace_of(file.package()),
                  .services = {}};
  const PackageSymbols symbols(file);
  std::set<std::string> classes;
  for (int i = 0; i < file.service_count(); ++i) {
    const pb::ServiceDescriptor& service = *file.service(i);
    ServiceModel added{.full_name = service.full_name(),
                       .service_class = claim_class(service.name() + "Service", symbols, classes),
                       .client_class = claim_class(service.name() + "Client", symbols, classes),
                       .comment = comment_of(service),
                       .methods = {}};
    // What the two classes have besides the methods.
    added.methods =
        methods_of(service, {"service_name", "methods", "handle", "caller_", added.service_class, added.client_class});
    model.services.push_back(std::move(added));
  }
  return model;
}

}  // namespace sluice::rpc::codegen
