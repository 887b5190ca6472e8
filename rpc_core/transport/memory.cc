#include "rpc_core/transport/memory.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "rpc_core/base/buffer.h"

namespace sluice::rpc {
namespace {

std::unexpected<Status> lost(std::string message) {
  return fail(Status(StatusCode::Unavailable, std::move(message)).with_origin(Status::Origin::Transport));
}

// What both ends share: one of these a direction, owned by the two of them.
struct Direction {
  Buffer bytes;
  bool finished = false;  // the writer will send no more
  bool broken = false;    // one of the ends was closed

  // Head-room only ever grows by what is read: it is given up before it outgrows the bytes.
  void append(std::span<const std::byte> more) {
    if (bytes.tailroom() < more.size() && bytes.headroom() > bytes.size()) bytes = Buffer::copy_of(bytes.bytes());
    bytes.append(more);
  }
};

class MemoryStream final : public ByteStream {
 public:
  MemoryStream(Loop& loop, MemoryStreamOptions options, std::shared_ptr<Direction> in, std::shared_ptr<Direction> out)
      : loop_(loop), options_(options), in_(std::move(in)), out_(std::move(out)), reading_(*this), writing_(*this) {
    peer_.endpoint = {Endpoint::Kind::Unix, "memory", 0};
  }
  ~MemoryStream() override {
    close();
    if (other_ != nullptr) other_->other_ = nullptr;
  }

  void join(MemoryStream& other) { other_ = &other; }

  void shutdown_send() override {
    out_->finished = true;
    wake_both();
  }

  void close() override {
    closed_ = true;
    in_->broken = out_->broken = true;
    wake_both();
  }

  const PeerInfo& peer() const override { return peer_; }

  void start_read(std::span<std::byte> into, IoOperation& operation) override {
    count_operation();
    read_into_ = into;
    reading_.pending = &operation;
    loop_.post(reading_);
  }

  void start_write(Pieces pieces, IoOperation& operation) override {
    count_operation();
    pieces_ = pieces;
    written_ = 0;
    piece_offset_ = 0;
    writing_.pending = &operation;
    loop_.post(writing_);
  }

  void write_now(std::span<const std::byte> bytes) override {
    if (out_->broken || out_->finished || out_->bytes.size() >= options_.capacity) return;
    out_->append(bytes.first(std::min(bytes.size(), options_.capacity - out_->bytes.size())));
    if (other_ != nullptr) other_->wake();
  }

 private:
  struct Pending : Wakeup {
    explicit Pending(MemoryStream& owner) : stream(owner) {}
    MemoryStream& stream;
    IoOperation* pending = nullptr;
    void finish(Result<std::size_t> result) { std::exchange(pending, nullptr)->complete(std::move(result)); }
  };
  struct Reading final : Pending {
    using Pending::Pending;
    void on_wakeup() override { stream.try_read(); }
  };
  struct Writing final : Pending {
    using Pending::Pending;
    void on_wakeup() override { stream.try_write(); }
  };

  void count_operation() {
    if (options_.fail_at != 0 && ++operations_ == options_.fail_at) close();
  }

  void wake_both() {
    wake();
    if (other_ != nullptr) other_->wake();
  }

  void wake() {
    if (reading_.pending != nullptr) loop_.post(reading_);
    if (writing_.pending != nullptr) loop_.post(writing_);
  }

  void try_read() {
    if (closed_) return reading_.finish(lost("the stream was closed"));
    const std::size_t count = std::min({in_->bytes.size(), read_into_.size(), options_.largest_read});
    if (count != 0) {
      std::memcpy(read_into_.data(), in_->bytes.data(), count);
      in_->bytes.remove_prefix(count);
      if (in_->bytes.empty()) in_->bytes.reset(0);
      if (other_ != nullptr) other_->wake();
      return reading_.finish(count);
    }
    if (in_->finished) return reading_.finish(0);
    if (in_->broken) return reading_.finish(lost("the peer closed the connection"));
  }

  void try_write() {
    if (out_->broken || out_->finished) return writing_.finish(lost("the connection is closed"));
    const std::size_t written_before = written_;
    while (!pieces_.empty() && out_->bytes.size() < options_.capacity) {
      const auto rest = pieces_.front().subspan(piece_offset_);
      const auto now = rest.first(std::min(rest.size(), options_.capacity - out_->bytes.size()));
      out_->append(now);
      written_ += now.size();
      piece_offset_ += now.size();
      if (now.size() == rest.size()) {
        pieces_ = pieces_.subspan(1);
        piece_offset_ = 0;
      }
    }
    if (other_ != nullptr && written_ != written_before) other_->wake();
    if (pieces_.empty()) writing_.finish(written_);
  }

  Loop& loop_;
  const MemoryStreamOptions options_;
  std::shared_ptr<Direction> in_;
  std::shared_ptr<Direction> out_;
  MemoryStream* other_ = nullptr;
  PeerInfo peer_;
  Reading reading_;
  Writing writing_;
  std::span<std::byte> read_into_;
  Pieces pieces_;
  std::size_t piece_offset_ = 0;
  std::size_t written_ = 0;
  std::size_t operations_ = 0;
  bool closed_ = false;
};

}  // namespace

std::pair<std::unique_ptr<ByteStream>, std::unique_ptr<ByteStream>> memory_pair(Loop& loop,
                                                                                MemoryStreamOptions options) {
  auto there = std::make_shared<Direction>();
  auto back = std::make_shared<Direction>();
  auto first = std::make_unique<MemoryStream>(loop, options, back, there);
  options.fail_at = 0;
  auto second = std::make_unique<MemoryStream>(loop, options, there, back);
  first->join(*second);
  second->join(*first);
  return {std::move(first), std::move(second)};
}

}  // namespace sluice::rpc
