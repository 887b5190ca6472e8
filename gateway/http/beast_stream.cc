// Reading and writing for Beast.
#include "gateway/http/beast_stream.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstring>

namespace sluice::gateway {

void BeastStream::abort() {
  aborted_ = true;
  input_.interrupt();
}

rpc::Task<void> BeastStream::read(std::span<std::byte> into, Kept done) {
  input_.expect(into.size());
  Input::Event event = Input::Event::Grown;
  while (input_.unread().empty() && event == Input::Event::Grown && !aborted_) {
    event = co_await input_.wait(rpc::TimePoint::max());
  }
  const std::string_view unread = aborted_ ? std::string_view() : input_.unread();
  const std::size_t count = std::min(into.size(), unread.size());
  if (count > 0) std::memcpy(into.data(), unread.data(), count);
  input_.consume(count);
  done->complete(count == 0 ? boost::asio::error::eof : error_code(), count);
}

rpc::Task<void> BeastStream::write(std::vector<std::span<const std::byte>> pieces, Kept done) {
  std::size_t total = 0;
  for (const auto& piece : pieces) total += piece.size();
  const bool written = co_await output_.write(pieces);
  done->complete(written ? error_code() : boost::asio::error::broken_pipe, written ? total : 0);
}

}  // namespace sluice::gateway
