// The tables.
#include "gateway/transcode/http_status.h"

#include <cstdint>

namespace sluice::gateway {

using rpc::Status;
using rpc::StatusCode;

namespace {

// RFC 9113 section 7.
constexpr std::uint32_t kRefusedStream = 7;
constexpr std::uint32_t kEnhanceYourCalm = 11;

int of_broken_transport(const Status& status) {
  if (status.code() == StatusCode::DeadlineExceeded) return 504;
  if (status.reset_code() == kRefusedStream) return 503;
  if (status.reset_code() == kEnhanceYourCalm) return 429;
  if (!status.reset_code() && status.code() == StatusCode::Unavailable) return 503;
  return 502;
}

}  // namespace

HttpStatusTable::HttpStatusTable()
    : http_{200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401} {}

void HttpStatusTable::set(StatusCode code, int http_status) {
  const auto index = static_cast<std::size_t>(code);
  if (index < http_.size()) http_[index] = http_status;
}

int HttpStatusTable::of(StatusCode code) const {
  const auto index = static_cast<std::size_t>(code);
  return index < http_.size() ? http_[index] : 500;
}

int HttpStatusTable::of(const Status& status) const {
  switch (status.origin()) {
    case Status::Origin::Peer:
      return of(status.code());
    case Status::Origin::Transport:
      return of_broken_transport(status);
    case Status::Origin::Local:
      break;
  }
  return status.code() == StatusCode::ResourceExhausted ? 502 : of(status.code());
}

StatusCode code_of_http_status(int http_status) {
  switch (http_status) {
    case 200:
      return StatusCode::Ok;
    case 400:
    case 406:
    case 415:
    case 417:
      return StatusCode::InvalidArgument;
    case 401:
      return StatusCode::Unauthenticated;
    case 403:
      return StatusCode::PermissionDenied;
    case 404:
      return StatusCode::NotFound;
    case 405:
    case 426:
    case 501:
      return StatusCode::Unimplemented;
    case 408:
    case 504:
      return StatusCode::DeadlineExceeded;
    case 409:
      return StatusCode::Aborted;
    case 413:
    case 414:
    case 429:
    case 431:
      return StatusCode::ResourceExhausted;
    case 499:
      return StatusCode::Cancelled;
    case 500:
    case 502:
      return StatusCode::Internal;
    case 503:
      return StatusCode::Unavailable;
    default:
      return StatusCode::Unknown;
  }
}

}  // namespace sluice::gateway
