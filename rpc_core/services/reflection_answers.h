// ReflectionAnswers: the answers that one reflection stream gives to its questions.
#pragma once

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <unordered_set>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc_core/base/result.h"

namespace sluice::rpc {

// Remembers which files the stream has sent: an answer has the file that was asked for, always, and those of its direct
// and indirect imports that no earlier answer had. Services and pool outlive it.
class ReflectionAnswers {
 public:
  using Request = ::grpc::reflection::v1::ServerReflectionRequest;
  using Response = ::grpc::reflection::v1::ServerReflectionResponse;

  ReflectionAnswers(std::span<const std::string> services, const google::protobuf::DescriptorPool& pool)
      : services_(services), pool_(pool) {}

  // What cannot be answered becomes an ErrorResponse: NOT_FOUND, or INVALID_ARGUMENT for a request without a question.
  Response answer(const Request& request);

 private:
  Status answer_into(const Request& request, Response& response);
  Status file_containing_extension(const ::grpc::reflection::v1::ExtensionRequest& request, Response& response);
  Status all_extension_numbers(const std::string& type, Response& response);
  void list_services(Response& response) const;
  // NOT_FOUND where there is no file; `what` was asked for.
  Status send_file(const google::protobuf::FileDescriptor* file, const std::string& what, Response& response);

  std::span<const std::string> services_;
  const google::protobuf::DescriptorPool& pool_;
  std::unordered_set<const google::protobuf::FileDescriptor*> sent_;
};

}  // namespace sluice::rpc
