// Writing under a timeout.
#include "gateway/http/output.h"

#include <algorithm>
#include <span>

namespace sluice::gateway {
namespace {

constexpr std::size_t kSlice = 128 * 1024;

}  // namespace

rpc::Task<bool> Output::write(rpc::ByteStream::Pieces pieces) {
  while (busy_) co_await free_.wait_through_stop();
  if (lost_) co_return false;
  const bool is_one_slice = rpc::total_size(pieces) <= kSlice;
  if (is_one_slice && stream_.write_at_once(pieces)) co_return true;
  busy_ = true;
  if (is_one_slice) {
    loop_.schedule(*this, rpc::deadline_after(loop_.now(), timeout_));
    const rpc::Result<std::size_t> written = co_await stream_.write(pieces);
    lost_ = !written;
  } else {
    co_await write_slices(pieces);
  }
  cancel();
  busy_ = false;
  free_.notify();
  co_return !lost_;
}

rpc::Task<void> Output::write_slices(rpc::ByteStream::Pieces pieces) {
  for (std::span<const std::byte> rest : pieces) {
    while (!rest.empty() && !lost_) {
      const std::span<const std::byte> slice = rest.first(std::min(rest.size(), kSlice));
      loop_.schedule(*this, rpc::deadline_after(loop_.now(), timeout_));
      const rpc::Result<std::size_t> written = co_await stream_.write({&slice, 1});
      lost_ = !written;
      rest = rest.subspan(slice.size());
    }
  }
}

}  // namespace sluice::gateway
