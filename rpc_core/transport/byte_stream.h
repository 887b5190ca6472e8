// ByteStream: a connection as bytes, whatever carries them: TCP, TLS, a unix socket, or memory in a test.
#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "rpc_core/base/endpoint.h"
#include "rpc_core/base/peer_identity.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/task.h"

namespace sluice::rpc {

// Who is on the other end.
struct PeerInfo {
  Endpoint endpoint;
  bool secure = false;    // over TLS
  std::string alpn;       // the protocol that TLS agreed on; empty without TLS
  PeerIdentity identity;  // of the verified certificate; empty without one
};

// One pending read or write; lives in the frame that awaits it. Implementations call complete() from the loop, never
// inside start_read() or start_write(), and as the last thing they do.
class IoOperation {
 public:
  IoOperation() = default;
  IoOperation(const IoOperation&) = delete;
  IoOperation& operator=(const IoOperation&) = delete;

  void complete(Result<std::size_t> result) {
    result_ = std::move(result);
    on_complete();
  }

 protected:
  ~IoOperation() = default;
  Result<std::size_t> take_result() { return std::move(result_); }
  void set_result(Result<std::size_t> result) { result_ = std::move(result); }

 private:
  virtual void on_complete() = 0;
  Result<std::size_t> result_ = 0;
};

inline std::size_t total_size(std::span<const std::span<const std::byte>> pieces) {
  std::size_t total = 0;
  for (const auto& piece : pieces) total += piece.size();
  return total;
}

// One read and one write may be pending at a time, and overlap. Errors are UNAVAILABLE with the system's text (origin
// Transport). Both ignore the stop token: close() is what ends them. A stream is destroyed with nothing pending.
class ByteStream {
 public:
  using Pieces = std::span<const std::span<const std::byte>>;

  virtual ~ByteStream() = default;

  // Reads at least one byte and at most as many as fit. 0: the peer has finished sending.
  auto read_some(std::span<std::byte> into) { return Read(*this, into); }
  // Writes all of the pieces, which stay valid until then, and gives their total size.
  auto write(Pieces pieces) { return Write(*this, pieces); }

  // What write() tries first: whether the system took all of the pieces without a wait. False: perhaps a part of them,
  // and a write of the same span, which has to follow, goes on behind that.
  virtual bool write_at_once(Pieces) { return false; }

  // For streams on top of this one: what read_some() and write() do. The operation lives until it is complete.
  virtual void start_read(std::span<std::byte> into, IoOperation& operation) = 0;
  virtual void start_write(Pieces pieces, IoOperation& operation) = 0;
  // A few last words, while no write is pending: what the system does not take at once is lost.
  virtual void write_now(std::span<const std::byte> bytes) = 0;

  // Nothing more will be sent: the peer reads what was written, and then the end.
  virtual void shutdown_send() = 0;
  // Ends pending operations with an error, soon; later ones fail at once. Idempotent.
  virtual void close() = 0;
  virtual const PeerInfo& peer() const = 0;

 private:
  class Read final : public IoOperation {
   public:
    Read(ByteStream& stream, std::span<std::byte> into) : stream_(stream), into_(into) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
      waiter_ = waiter;
      stream_.start_read(into_, *this);
    }
    Result<std::size_t> await_resume() { return take_result(); }

   private:
    void on_complete() override { waiter_.resume(); }
    std::coroutine_handle<> waiter_;
    ByteStream& stream_;
    std::span<std::byte> into_;
  };
  class Write final : public IoOperation {
   public:
    Write(ByteStream& stream, Pieces pieces) : stream_(stream), pieces_(pieces) {}
    bool await_ready() {
      const bool done = stream_.write_at_once(pieces_);
      if (done) set_result(total_size(pieces_));
      return done;
    }
    void await_suspend(std::coroutine_handle<> waiter) {
      waiter_ = waiter;
      stream_.start_write(pieces_, *this);
    }
    Result<std::size_t> await_resume() { return take_result(); }

   private:
    void on_complete() override { waiter_.resume(); }
    std::coroutine_handle<> waiter_;
    ByteStream& stream_;
    Pieces pieces_;
  };
};

}  // namespace sluice::rpc
