#include "rpc_core/services/reflection_answers.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice::rpc {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

namespace {

// The file as protoc writes it, with JSON names.
std::string encoded(const FileDescriptor& file) {
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  file.CopyJsonNameTo(&proto);
  return proto.SerializeAsString();
}

Status unknown(const std::string& what) { return Status(StatusCode::NotFound, "this server does not know " + what); }

}  // namespace

ReflectionAnswers::Response ReflectionAnswers::answer(const Request& request) {
  Response response;
  const Status status = answer_into(request, response);
  if (!status.ok()) {
    auto& error = *response.mutable_error_response();
    error.set_error_code(static_cast<int>(status.code()));
    error.set_error_message(status.message());
  }
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  return response;
}

Status ReflectionAnswers::answer_into(const Request& request, Response& response) {
  switch (request.message_request_case()) {
    case Request::kFileByFilename: {
      const std::string& name = request.file_by_filename();
      return send_file(pool_.FindFileByName(name), "the file \"" + name + "\"", response);
    }
    case Request::kFileContainingSymbol: {
      const std::string& name = request.file_containing_symbol();
      return send_file(pool_.FindFileContainingSymbol(name), "the symbol \"" + name + "\"", response);
    }
    case Request::kFileContainingExtension:
      return file_containing_extension(request.file_containing_extension(), response);
    case Request::kAllExtensionNumbersOfType:
      return all_extension_numbers(request.all_extension_numbers_of_type(), response);
    case Request::kListServices:
      list_services(response);
      return Status();
    case Request::MESSAGE_REQUEST_NOT_SET:
      break;
  }
  return Status(StatusCode::InvalidArgument, "expected one of the questions of message_request, got none");
}

Status ReflectionAnswers::file_containing_extension(const ::grpc::reflection::v1::ExtensionRequest& request,
                                                    Response& response) {
  const Descriptor* type = pool_.FindMessageTypeByName(request.containing_type());
  if (type == nullptr) return unknown("the message \"" + request.containing_type() + "\"");
  const FieldDescriptor* extension = pool_.FindExtensionByNumber(type, request.extension_number());
  return send_file(extension == nullptr ? nullptr : extension->file(),
                   "an extension " + std::to_string(request.extension_number()) + " of \"" + type->full_name() + "\"",
                   response);
}

Status ReflectionAnswers::all_extension_numbers(const std::string& name, Response& response) {
  const Descriptor* type = pool_.FindMessageTypeByName(name);
  if (type == nullptr) return unknown("the message \"" + name + "\"");
  std::vector<const FieldDescriptor*> extensions;
  pool_.FindAllExtensions(type, &extensions);
  auto& numbers = *response.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type->full_name());
  for (const FieldDescriptor* extension : extensions) numbers.add_extension_number(extension->number());
  std::ranges::sort(*numbers.mutable_extension_number());
  return Status();
}

void ReflectionAnswers::list_services(Response& response) const {
  auto& list = *response.mutable_list_services_response();
  for (const std::string& name : services_) list.add_service()->set_name(name);
}

Status ReflectionAnswers::send_file(const FileDescriptor* file, const std::string& what, Response& response) {
  if (file == nullptr) return unknown(what);
  auto& files = *response.mutable_file_descriptor_response();
  sent_.insert(file);
  std::vector<const FileDescriptor*> sending = {file};
  for (std::size_t next = 0; next < sending.size(); ++next) {
    const FileDescriptor* each = sending[next];
    files.add_file_descriptor_proto(encoded(*each));
    for (int i = 0; i < each->dependency_count(); ++i) {
      if (sent_.insert(each->dependency(i)).second) sending.push_back(each->dependency(i));
    }
  }
  return Status();
}

}  // namespace sluice::rpc
