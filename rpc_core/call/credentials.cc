#include "rpc_core/call/credentials.h"

#include <exception>
#include <utility>

namespace sluice::rpc {
namespace {

// Those codes speak of the application's own state.
bool is_of_applications(StatusCode code) {
  switch (code) {
    case StatusCode::Ok:
    case StatusCode::InvalidArgument:
    case StatusCode::NotFound:
    case StatusCode::AlreadyExists:
    case StatusCode::FailedPrecondition:
    case StatusCode::Aborted:
    case StatusCode::OutOfRange:
    case StatusCode::DataLoss:
      return true;
    default:
      return false;
  }
}

}  // namespace

Task<Result<Metadata>> ask_credentials(const CallCredentials& credentials, const CallTarget& target) {
  try {
    Result<Metadata> given = co_await credentials(target);
    if (given || !is_of_applications(given.error().code())) co_return std::move(given);
    const std::string reason = "the credentials of the call failed with " + given.error().to_string();
    co_return fail(StatusCode::Internal, reason);
  } catch (const std::exception& exception) {
    co_return fail(StatusCode::Unavailable, std::string("the credentials of the call threw: ") + exception.what());
  }
}

}  // namespace sluice::rpc
