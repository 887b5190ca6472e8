#include "examples/bookstore/errors.h"

#include "google/rpc/error_details.pb.h"
#include "rpc_core/call/status_details.h"

namespace bookstore {

using sluice::rpc::Status;
using sluice::rpc::StatusCode;

namespace {

Status with_resource(Status status, const std::string& name) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(name.find("/books/") == std::string::npos ? "bookstore/Shelf" : "bookstore/Book");
  info.set_resource_name(name);
  info.set_description(status.message());
  add_detail(status, info);
  return status;
}

}  // namespace

Status invalid(const std::vector<Violation>& violations) {
  google::rpc::BadRequest detail;
  std::string message;
  for (const auto& [field, description] : violations) {
    auto& violation = *detail.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
    message += (message.empty() ? "" : "; ") + field + ": " + description;
  }
  Status status(StatusCode::InvalidArgument, std::move(message));
  add_detail(status, detail);
  return status;
}

Status invalid(std::string field, std::string description) {
  return invalid(std::vector<Violation>{{std::move(field), std::move(description)}});
}

Status not_found(const std::string& name) {
  return with_resource(Status(StatusCode::NotFound, "there is no " + name), name);
}

Status already_exists(const std::string& name) {
  return with_resource(Status(StatusCode::AlreadyExists, "there is a " + name + " already"), name);
}

Status shelf_not_empty(const std::string& name, std::size_t books) {
  google::rpc::ErrorInfo info;
  info.set_reason("SHELF_NOT_EMPTY");
  info.set_domain("bookstore.example");
  (*info.mutable_metadata())["shelf"] = name;
  (*info.mutable_metadata())["books"] = std::to_string(books);
  Status status(StatusCode::FailedPrecondition,
                "expected an empty shelf or force=true, " + name + " has " + std::to_string(books) + " books");
  add_detail(status, info);
  return status;
}

}  // namespace bookstore
