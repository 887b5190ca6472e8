#include "rpc_core/transport/tls.h"

#include <algorithm>
#include <array>
#include <optional>

#include "rpc_core/transport/tls_engine.h"

namespace sluice::rpc {
namespace {

// The most plaintext in a record (RFC 8446 section 5.1); and in one write, whose buffer stays below the 128 KiB from
// which malloc asks the system each time.
constexpr std::size_t kRecordBytes = 16 * 1024;
constexpr std::size_t kLargestWrite = 7 * kRecordBytes;
constexpr std::size_t kRecordOverhead = 64;
// The read buffer is small while little comes, and grows for a peer that fills it.
constexpr std::size_t kSmallestRead = 2 * 1024;
constexpr std::size_t kLargestRead = 64 * 1024;
constexpr std::size_t kHandshakeRead = 8 * 1024;

Result<std::size_t> closed() {
  return fail(Status(StatusCode::Unavailable, "the stream was closed").with_origin(Status::Origin::Transport));
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(Loop& loop, std::unique_ptr<ByteStream> stream, std::unique_ptr<TlsEngine> engine)
      : loop_(loop), stream_(std::move(stream)), engine_(std::move(engine)), peer_(stream_->peer()) {
    peer_.secure = true;
    peer_.alpn = engine_->alpn();
    peer_.identity = engine_->peer_identity();
  }
  ~TlsStream() override { close(); }

  void shutdown_send() override {
    say_goodbye();
    stream_->shutdown_send();
  }
  void close() override {
    say_goodbye();
    closed_ = true;
    stream_->close();
  }
  const PeerInfo& peer() const override { return peer_; }

  void start_read(std::span<std::byte> into, IoOperation& operation) override {
    into_ = into;
    reading_.awaiting = &operation;
    reading_.result = closed_ ? closed() : engine_->read(into_);
    if (read_done()) return loop_.post(reading_);
    read_more();
  }
  bool write_at_once(Pieces pieces) override {
    if (pieces.data() == begun_) return false;
    begin(pieces);
    if (total_size(pieces) > kRecordBytes || !encrypt_next()) return false;
    take_ciphertext();
    if (!stream_->write_at_once({&ciphertext_piece_, 1})) {
      begun_ = pieces.data();
      return false;
    }
    ciphertext_ = Buffer();
    return true;
  }
  void start_write(Pieces pieces, IoOperation& operation) override {
    writing_.awaiting = &operation;
    if (std::exchange(begun_, nullptr) == pieces.data()) return stream_->start_write({&ciphertext_piece_, 1}, writing_);
    begin(pieces);
    write_more();
  }
  void write_now(std::span<const std::byte> bytes) override {
    if (writing_.awaiting != nullptr || closed_ || !engine_->write(bytes)) return;
    stream_->write_now(engine_->take_output().bytes());
  }

 private:
  // An operation of ours: on the stream below, or decided already and about to be told.
  struct Pending : IoOperation, Wakeup {
    explicit Pending(TlsStream& owner) : stream(owner) {}
    void finish() { std::exchange(awaiting, nullptr)->complete(std::move(result)); }
    void on_wakeup() override { finish(); }

    TlsStream& stream;
    IoOperation* awaiting = nullptr;
    Result<std::size_t> result = 0;
  };
  struct Reading final : Pending {
    using Pending::Pending;
    void on_complete() override { stream.received(take_result()); }
  };
  struct Writing final : Pending {
    using Pending::Pending;
    void on_complete() override { stream.sent(take_result()); }
  };

  bool read_done() {
    const bool done = !reading_.result || *reading_.result != 0 || engine_->finished() || into_.empty();
    if (!reading_.result) send_alert();
    return done;
  }

  void read_more() { stream_->start_read(engine_->input_space(read_size_), reading_); }

  void received(Result<std::size_t> count) {
    if (!count) {
      reading_.result = std::move(count);
      return reading_.finish();
    }
    if (*count == 0) engine_->ended();
    engine_->received(*count);
    if (*count == read_size_) {
      read_size_ = std::min(read_size_ * 4, kLargestRead);
    } else if (*count < read_size_ / 8) {
      read_size_ = std::max(read_size_ / 4, kSmallestRead);
    }
    reading_.result = engine_->read(into_);
    if (read_done()) return reading_.finish();
    read_more();
  }

  void begin(Pieces pieces) {
    pieces_ = pieces;
    offset_ = written_ = 0;
  }

  void take_ciphertext() {
    ciphertext_ = engine_->take_output();
    ciphertext_piece_ = ciphertext_.bytes();
  }

  // Encrypts the next pieces and writes them; what is written below is left alone until then.
  void write_more() {
    const Result<void> encrypted = encrypt_next();
    if (!encrypted) {
      writing_.result = fail(encrypted.error());
      return loop_.post(writing_);
    }
    take_ciphertext();
    if (ciphertext_.empty()) {
      writing_.result = written_;
      return loop_.post(writing_);
    }
    stream_->start_write({&ciphertext_piece_, 1}, writing_);
  }

  Result<void> encrypt_next() {
    engine_->reserve_output(std::min(total_size(pieces_), kLargestWrite) + 4 * kRecordOverhead);
    std::size_t encrypted = 0;
    while (encrypted < kLargestWrite && !pieces_.empty()) {
      const std::span<const std::byte> record = next_record();
      const Result<void> written = engine_->write(record);
      if (!written) return written;
      encrypted += record.size();
    }
    staging_ = Buffer();
    written_ += encrypted;
    return {};
  }

  // A record's worth of plaintext: in place where a piece has that much, else gathered from several.
  std::span<const std::byte> next_record() {
    const std::span<const std::byte> first = pieces_.front().subspan(offset_);
    if (first.size() >= kRecordBytes || pieces_.size() == 1)
      return advance(first.first(std::min(first.size(), kRecordBytes)));
    staging_.reset(0, kRecordBytes);
    while (staging_.size() < kRecordBytes && !pieces_.empty()) {
      const auto rest = pieces_.front().subspan(offset_);
      staging_.append(advance(rest.first(std::min(rest.size(), kRecordBytes - staging_.size()))));
    }
    return staging_.bytes();
  }

  std::span<const std::byte> advance(std::span<const std::byte> taken) {
    offset_ += taken.size();
    if (offset_ == pieces_.front().size()) {
      pieces_ = pieces_.subspan(1);
      offset_ = 0;
    }
    return taken;
  }

  void sent(Result<std::size_t> count) {
    ciphertext_ = Buffer();
    if (count && !pieces_.empty()) return write_more();
    writing_.result = std::move(count);
    if (writing_.result) writing_.result = written_;
    writing_.finish();
  }

  // While a write is going on there is no room for either: the peer then learns from the closed connection.
  void send_alert() {
    if (writing_.awaiting == nullptr) stream_->write_now(engine_->take_output().bytes());
  }
  void say_goodbye() {
    if (closed_ || goodbye_said_ || writing_.awaiting != nullptr) return;
    goodbye_said_ = true;
    engine_->finish();
    stream_->write_now(engine_->take_output().bytes());
  }

  Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<TlsEngine> engine_;
  PeerInfo peer_;
  Reading reading_{*this};
  Writing writing_{*this};
  std::span<std::byte> into_;
  std::size_t read_size_ = kSmallestRead;
  const void* begun_ = nullptr;  // the write whose ciphertext waits for start_write(), by where its pieces are
  Pieces pieces_;
  std::size_t offset_ = 0;   // how much of the first piece is encrypted
  std::size_t written_ = 0;  // plaintext bytes encrypted so far
  Buffer staging_;
  Buffer ciphertext_;
  std::span<const std::byte> ciphertext_piece_;
  bool closed_ = false;
  bool goodbye_said_ = false;
};

Task<Result<void>> send_output(ByteStream& stream, TlsEngine& engine) {
  const Buffer output = engine.take_output();
  if (output.empty()) co_return Result<void>();
  const std::span<const std::byte> piece = output.bytes();
  const Result<std::size_t> written = co_await stream.write({&piece, 1});
  if (!written) co_return fail(written.error());
  co_return Result<void>();
}

Task<Result<void>> exchange(ByteStream& stream, TlsEngine& engine) {
  while (true) {
    const Result<bool> done = engine.shake_hands();
    const Result<void> sent = co_await send_output(stream, engine);
    if (!done) co_return fail(done.error());
    if (!sent) co_return fail(sent.error());
    if (*done) co_return Result<void>();
    const Result<std::size_t> count = co_await stream.read_some(engine.input_space(kHandshakeRead));
    if (!count) co_return fail(count.error());
    if (*count == 0) engine.ended();
    engine.received(*count);
  }
}

Task<Result<std::unique_ptr<ByteStream>>> shake_hands(Loop& loop, std::unique_ptr<ByteStream> stream,
                                                      std::unique_ptr<TlsEngine> engine) {
  const StopToken token = co_await current_stop();
  Result<void> done;
  {
    ByteStream& bytes = *stream;
    const StopCallback on_stop(token, [&bytes] { bytes.close(); });
    done = co_await exchange(bytes, *engine);
  }
  if (token.stop_requested()) co_return fail(StatusCode::Cancelled, "the TLS handshake was stopped");
  if (!done) {
    Status status(done.error().code(),
                  "TLS with " + stream->peer().endpoint.to_string() + ": " + done.error().message());
    co_return fail(std::move(status).with_origin(Status::Origin::Transport));
  }
  co_return std::make_unique<TlsStream>(loop, std::move(stream), std::move(engine));
}

}  // namespace

Task<Result<std::unique_ptr<ByteStream>>> tls_connect(Loop& loop, std::unique_ptr<ByteStream> stream,
                                                      std::shared_ptr<const TlsContext> context,
                                                      std::string server_name) {
  auto engine = std::make_unique<TlsEngine>(std::move(context), server_name);
  return shake_hands(loop, std::move(stream), std::move(engine));
}

Task<Result<std::unique_ptr<ByteStream>>> tls_accept(Loop& loop, std::unique_ptr<ByteStream> stream,
                                                     std::shared_ptr<const TlsContext> context) {
  auto engine = std::make_unique<TlsEngine>(std::move(context), "");
  return shake_hands(loop, std::move(stream), std::move(engine));
}

}  // namespace sluice::rpc
