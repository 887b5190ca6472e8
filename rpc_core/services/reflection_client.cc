#include "rpc_core/services/reflection_client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/call/client_stream.h"

namespace sluice::rpc {
namespace {

// Both versions have the same messages by number, so that the classes of v1 speak v1alpha too.
using Request = ::grpc::reflection::v1::ServerReflectionRequest;
using Response = ::grpc::reflection::v1::ServerReflectionResponse;

constexpr std::string_view kV1Path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
constexpr std::string_view kV1AlphaPath = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

Status about(const std::string& question, const Status& status) {
  return Status(status.code(), "reflection, " + question + ": " + status.message()).with_origin(status.origin());
}

Status peer_error(const ::grpc::reflection::v1::ErrorResponse& error) {
  const StatusCode code = error.error_code() > 0 ? static_cast<StatusCode>(error.error_code()) : StatusCode::Unknown;
  return Status(code, error.error_message()).with_origin(Status::Origin::Peer);
}

CallOptions with_one_deadline(CallOptions options, TimePoint now) {
  const bool unlimited = !options.timeout && !options.deadline;
  if (unlimited) options.timeout = ReflectionClient::kDefaultTimeout;
  if (options.timeout) {
    const TimePoint end = deadline_after(now, *options.timeout);
    options.deadline = std::min(options.deadline.value_or(end), end);
    options.timeout.reset();
  }
  return options;
}

// One reflection stream: a question at a time, each with its answer. Destroying it ends the call.
class Session {
 public:
  Session(Caller& caller, std::string_view path, const CallOptions& options) : stream_(caller, path, options) {}

  // The services, or all that the server lists; and, if wanted, their files with all imports.
  Task<Result<ReflectedSchema>> fetch(std::vector<std::string> services, bool with_files);

 private:
  Task<Result<std::vector<std::string>>> list_services();
  Task<Result<google::protobuf::FileDescriptorSet>> files_of(const std::vector<std::string>& services);
  Task<Status> collect_service(const std::string& name);
  Task<Status> collect_file(const std::string& name);
  Task<Status> collect(const Request& request, const std::string& question);
  Task<Result<Response>> ask(const Request& request, Response::MessageResponseCase expected);

  BidiStream<Request, Response> stream_;
  FileCollector collector_;
};

Task<Result<ReflectedSchema>> Session::fetch(std::vector<std::string> services, bool with_files) {
  ReflectedSchema schema;
  schema.services = std::move(services);
  if (schema.services.empty()) {
    Result<std::vector<std::string>> listed = co_await list_services();
    if (!listed) co_return fail(std::move(listed.error()));
    schema.services = std::move(*listed);
  }
  if (with_files) {
    Result<google::protobuf::FileDescriptorSet> files = co_await files_of(schema.services);
    if (!files) co_return fail(std::move(files.error()));
    schema.files = std::move(*files);
  }
  co_return schema;
}

Task<Result<Response>> Session::ask(const Request& request, Response::MessageResponseCase expected) {
  std::optional<Response> response;
  const bool sent = co_await stream_.write(request);
  if (sent) response = co_await stream_.read();
  if (!response) {
    Status status = co_await stream_.finish();
    if (status.ok()) status = Status(StatusCode::Internal, "expected an answer, got the end of the call");
    co_return fail(std::move(status));
  }
  if (response->has_error_response()) co_return fail(peer_error(response->error_response()));
  if (response->message_response_case() != expected) {
    co_return fail(StatusCode::Internal, "expected an answer with field " + std::to_string(expected) + ", got " +
                                             std::to_string(response->message_response_case()));
  }
  co_return std::move(*response);
}

Task<Result<std::vector<std::string>>> Session::list_services() {
  Request request;
  request.set_list_services("*");
  const Result<Response> response = co_await ask(request, Response::kListServicesResponse);
  if (!response) co_return fail(about("list_services", response.error()));
  std::vector<std::string> names;
  for (const auto& service : response->list_services_response().service()) names.push_back(service.name());
  co_return names;
}

Task<Result<google::protobuf::FileDescriptorSet>> Session::files_of(const std::vector<std::string>& services) {
  for (const std::string& service : services) {
    const Status status = co_await collect_service(service);
    if (!status.ok()) co_return fail(status);
  }
  for (auto missing = collector_.missing(); !missing.empty(); missing = collector_.missing()) {
    for (const std::string& file : missing) {
      const Status status = co_await collect_file(file);
      if (!status.ok()) co_return fail(status);
    }
  }
  Result<google::protobuf::FileDescriptorSet> files = collector_.ordered();
  if (!files) co_return fail(about("all files", files.error()));
  co_return files;
}

Task<Status> Session::collect_service(const std::string& name) {
  if (collector_.has_service(name)) co_return Status();
  Request request;
  request.set_file_containing_symbol(name);
  const std::string question = "file_containing_symbol \"" + name + "\"";
  Status status = co_await collect(request, question);
  if (!status.ok() || collector_.has_service(name)) co_return status;
  co_return about(question, Status(StatusCode::Internal, "expected a file with that service, got others"));
}

Task<Status> Session::collect_file(const std::string& name) {
  if (collector_.has_file(name)) co_return Status();
  Request request;
  request.set_file_by_filename(name);
  const std::string question = "file_by_filename \"" + name + "\"";
  Status status = co_await collect(request, question);
  if (!status.ok() || collector_.has_file(name)) co_return status;
  co_return about(question, Status(StatusCode::Internal, "expected that file, got others"));
}

Task<Status> Session::collect(const Request& request, const std::string& question) {
  const Result<Response> response = co_await ask(request, Response::kFileDescriptorResponse);
  if (!response) co_return about(question, response.error());
  for (const std::string& encoded : response->file_descriptor_response().file_descriptor_proto()) {
    const Status status = collector_.add(encoded);
    if (!status.ok()) co_return about(question, status);
  }
  co_return Status();
}

}  // namespace

Task<Result<std::vector<std::string>>> ReflectionClient::list_services(CallOptions options) {
  std::vector<std::string> none;
  Result<ReflectedSchema> schema = co_await ask(std::move(none), false, options);
  if (!schema) co_return fail(std::move(schema.error()));
  co_return std::move(schema->services);
}

Task<Result<ReflectedSchema>> ReflectionClient::fetch(std::vector<std::string> services, CallOptions options) {
  return ask(std::move(services), true, options);
}

Task<Result<ReflectedSchema>> ReflectionClient::ask(std::vector<std::string> services, bool with_files,
                                                    CallOptions options) {
  options = with_one_deadline(options, caller_.loop().now());
  Result<ReflectedSchema> schema;
  for (const std::string_view path : {kV1Path, kV1AlphaPath}) {
    Session session(caller_, path, options);
    schema = co_await session.fetch(services, with_files);
    if (schema || schema.error().code() != StatusCode::Unimplemented) break;
  }
  co_return schema;
}

}  // namespace sluice::rpc
