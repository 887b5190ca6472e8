// BeastStream: a connection's Input and Output as the asynchronous stream that Beast builds on.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "gateway/http/input.h"
#include "gateway/http/output.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/task_group.h"

namespace sluice::gateway {

// Each operation is a task in a group, and completes by a post, never in line. One read and one write at a time.
class BeastStream {
 public:
  using executor_type = boost::asio::io_context::executor_type;
  using error_code = boost::beast::error_code;

  BeastStream(rpc::Loop& loop, Input& input, Output& output)
      : loop_(loop), input_(input), output_(output), operations_(loop) {}

  executor_type get_executor() { return loop_.context().get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const auto initiate = [this](auto handler, const Buffers& into) {
      const boost::asio::mutable_buffer first = *boost::asio::buffer_sequence_begin(into);
      const std::span<std::byte> space(static_cast<std::byte*>(first.data()), first.size());
      operations_.spawn(read(space, keep(std::move(handler))));
    };
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(initiate, token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const auto initiate = [this](auto handler, const Buffers& from) {
      std::vector<std::span<const std::byte>> pieces;
      for (auto at = boost::asio::buffer_sequence_begin(from); at != boost::asio::buffer_sequence_end(from); ++at) {
        const boost::asio::const_buffer piece = *at;
        if (piece.size() > 0) pieces.emplace_back(static_cast<const std::byte*>(piece.data()), piece.size());
      }
      operations_.spawn(write(std::move(pieces), keep(std::move(handler))));
    };
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(initiate, token, buffers);
  }

  // Reading ends: the pending read and all later ones.
  void abort();
  // Until no operation is left; reading was aborted, or has ended.
  rpc::Task<void> join() { return operations_.join(); }

 private:
  class Completion {
   public:
    virtual ~Completion() = default;
    virtual void complete(error_code error, std::size_t count) = 0;
  };
  template <class Handler>
  class CompletionOf final : public Completion {
   public:
    CompletionOf(executor_type executor, Handler handler) : executor_(executor), handler_(std::move(handler)) {}
    void complete(error_code error, std::size_t count) override {
      const auto executor = boost::asio::get_associated_executor(handler_, executor_);
      boost::asio::post(executor, boost::beast::bind_front_handler(std::move(handler_), error, count));
    }

   private:
    executor_type executor_;
    Handler handler_;
  };
  using Kept = std::unique_ptr<Completion>;

  template <class Handler>
  Kept keep(Handler handler) {
    return std::make_unique<CompletionOf<Handler>>(get_executor(), std::move(handler));
  }
  rpc::Task<void> read(std::span<std::byte> into, Kept done);
  rpc::Task<void> write(std::vector<std::span<const std::byte>> pieces, Kept done);

  rpc::Loop& loop_;
  Input& input_;
  Output& output_;
  rpc::TaskGroup operations_;
  bool aborted_ = false;
};

// What Beast does to a connection at the end of a WebSocket; here the session closes it.
template <class Handler>
void async_teardown(boost::beast::role_type, BeastStream& stream, Handler&& handler) {
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler), BeastStream::error_code()));
}
inline void beast_close_socket(BeastStream& stream) { stream.abort(); }
inline void teardown(boost::beast::role_type, BeastStream&, BeastStream::error_code& error) { error = {}; }

}  // namespace sluice::gateway
