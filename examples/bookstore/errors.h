// The errors that the bookstore answers with, each with google.rpc details that programs can read.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rpc_core/base/status.h"

namespace bookstore {

// A field of the request, and what is wrong with it.
using Violation = std::pair<std::string, std::string>;

// INVALID_ARGUMENT with a BadRequest.
sluice::rpc::Status invalid(const std::vector<Violation>& violations);
sluice::rpc::Status invalid(std::string field, std::string description);

// NOT_FOUND and ALREADY_EXISTS with a ResourceInfo, for "shelves/…" or "shelves/…/books/…".
sluice::rpc::Status not_found(const std::string& name);
sluice::rpc::Status already_exists(const std::string& name);

// FAILED_PRECONDITION with an ErrorInfo.
sluice::rpc::Status shelf_not_empty(const std::string& name, std::size_t books);

}  // namespace bookstore
