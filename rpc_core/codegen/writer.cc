#include "rpc_core/codegen/writer.h"

#include <google/protobuf/io/printer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "rpc_core/codegen/method_text.h"

namespace sluice::rpc::codegen {
namespace {

using google::protobuf::io::Printer;
using Variables = std::map<std::string, std::string>;

Variables variables_of(const ServiceModel& service) {
  return {{"Service", service.service_class},
          {"Client", service.client_class},
          {"service", service.full_name},
          {"count", std::to_string(service.methods.size())}};
}

Variables variables_of(const ServiceModel& service, const MethodModel& method) {
  Variables variables = variables_of(service);
  variables["name"] = method.name;
  variables["proto"] = method.proto;
  variables["Request"] = method.request;
  variables["Response"] = method.response;
  variables["path"] = "/" + service.full_name + "/" + method.proto;
  return variables;
}

void print_comment(Printer& out, std::string_view comment) {
  while (!comment.empty()) {
    std::string_view line = comment.substr(0, comment.find('\n'));
    comment.remove_prefix(std::min(comment.size(), line.size() + 1));
    // A backslash at the end would make the next line part of the comment.
    while (line.ends_with('\\') || line.ends_with(' ')) line.remove_suffix(1);
    out.Print({{"line", std::string(line)}}, "//$line$\n");
  }
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

void declare_service(Printer& out, const ServiceModel& service) {
  print_comment(out, service.comment);
  out.Print(variables_of(service), "class $Service$ : public ::sluice::rpc::Service {\n public:\n");
  out.Indent();
  for (const MethodModel& method : service.methods) {
    const MethodText& text = text_of(method.mode);
    print_comment(out, method.comment);
    const std::string line = joined(
        {"virtual ::sluice::rpc::Task<", text.handler_result, "> $name$(\n    ", text.handler_parameters, ");\n"});
    out.Print(variables_of(service, method), line.c_str());
  }
  out.Print(
      "\n"
      "::std::string_view service_name() const final;\n"
      "::std::span<const ::sluice::rpc::MethodInfo> methods() const final;\n"
      "::sluice::rpc::Task<void> handle(::std::size_t method, ::sluice::rpc::ServerCall& call) final;\n");
  out.Outdent();
  out.Print("};\n\n");
}

void declare_client(Printer& out, const ServiceModel& service) {
  out.Print(variables_of(service),
            "// Calls $service$. The caller outlives the client and its calls.\n"
            "class $Client$ {\n"
            " public:\n"
            "  explicit $Client$(::sluice::rpc::Caller& caller) : caller_(&caller) {}\n\n");
  out.Indent();
  for (const MethodModel& method : service.methods) {
    const MethodText& text = text_of(method.mode);
    print_comment(out, method.comment);
    const std::string line = joined({text.client_result, " $name$(\n    ", text.client_defaults, ") const;\n"});
    out.Print(variables_of(service, method), line.c_str());
  }
  out.Outdent();
  // A service without methods leaves it unused.
  const char* attribute = service.methods.empty() ? "[[maybe_unused]] " : "";
  out.Print({{"attribute", attribute}}, "\n private:\n  $attribute$::sluice::rpc::Caller* caller_;\n};\n\n");
}

void define_handlers(Printer& out, const ServiceModel& service) {
  for (const MethodModel& method : service.methods) {
    const MethodText& text = text_of(method.mode);
    const std::string lines = joined({"::sluice::rpc::Task<", text.handler_result, "> $Service$::$name$(\n    ",
                                      text.default_parameters, ") {\n  co_return ", text.default_result, ";\n}\n\n"});
    out.Print(variables_of(service, method), lines.c_str());
  }
}

void define_service(Printer& out, const ServiceModel& service) {
  const Variables variables = variables_of(service);
  out.Print(variables,
            "::std::string_view $Service$::service_name() const { return \"$service$\"; }\n\n"
            "::std::span<const ::sluice::rpc::MethodInfo> $Service$::methods() const {\n"
            "  static constexpr ::std::array<::sluice::rpc::MethodInfo, $count$> kMethods = {{\n");
  for (const MethodModel& method : service.methods) {
    const std::string line =
        joined({"      {\"$proto$\", ::sluice::rpc::CallMode::", text_of(method.mode).mode, "},\n"});
    out.Print(variables_of(service, method), line.c_str());
  }
  out.Print(variables,
            "  }};\n"
            "  return kMethods;\n"
            "}\n\n"
            "::sluice::rpc::Task<void> $Service$::handle(::std::size_t method, ::sluice::rpc::ServerCall& call) {\n"
            "  switch (method) {\n");
  std::size_t index = 0;
  for (const MethodModel& method : service.methods) {
    const std::string lines =
        joined({"    case ", std::to_string(index++), ":\n      return ::sluice::rpc::", text_of(method.mode).adaptor,
                "(call, *this, &$Service$::$name$);\n"});
    out.Print(variables_of(service, method), lines.c_str());
  }
  out.Print(
      "    default:\n"
      "      return call.finish(::sluice::rpc::unimplemented(call.info().path));\n"
      "  }\n"
      "}\n\n");
}

void define_client(Printer& out, const ServiceModel& service) {
  for (const MethodModel& method : service.methods) {
    const MethodText& text = text_of(method.mode);
    const std::string lines = joined({text.client_result, " $Client$::$name$(\n    ", text.client_parameters,
                                      ") const {\n  return ", text.client_body, ";\n}\n\n"});
    out.Print(variables_of(service, method), lines.c_str());
  }
}

template <class Body>
std::string print_file(const FileModel& file, std::string_view includes, Body body) {
  std::string text;
  google::protobuf::io::StringOutputStream stream(&text);
  Printer out(&stream, '$');
  const Variables variables = {{"proto", file.proto}, {"stem", file.stem}, {"space", file.cpp_space}};
  out.Print(variables, "// Generated by protoc-gen-sluice from $proto$: changes made here are lost.\n");
  out.Print(variables, std::string(includes).c_str());
  if (!file.cpp_space.empty()) out.Print(variables, "namespace $space$ {\n\n");
  for (const ServiceModel& service : file.services) body(out, service);
  if (!file.cpp_space.empty()) out.Print(variables, "}  // namespace $space$\n");
  return text;
}

}  // namespace

std::string header_text(const FileModel& file) {
  constexpr std::string_view kIncludes =
      "#pragma once\n\n#include \"$stem$.pb.h\"\n#include \"rpc_core/call/typed.h\"\n\n";
  return print_file(file, kIncludes, [](Printer& out, const ServiceModel& service) {
    declare_service(out, service);
    declare_client(out, service);
  });
}

std::string source_text(const FileModel& file) {
  constexpr std::string_view kIncludes = "#include \"$stem$.sluice.h\"\n\n#include <array>\n\n";
  return print_file(file, kIncludes, [](Printer& out, const ServiceModel& service) {
    define_handlers(out, service);
    define_service(out, service);
    define_client(out, service);
  });
}

}  // namespace sluice::rpc::codegen
