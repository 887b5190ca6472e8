// The header first, then the stream below.
#include "gateway/http/proxied_stream.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "gateway/http/proxy_protocol.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/stop.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kLeastRead = 512;

using Accepted = rpc::Result<std::unique_ptr<rpc::ByteStream>>;

// Gives what was read behind the header, then what follows.
class ProxiedStream final : public rpc::ByteStream, private rpc::Wakeup {
 public:
  ProxiedStream(rpc::Loop& loop, std::unique_ptr<rpc::ByteStream> stream, rpc::PeerInfo peer, rpc::Buffer rest)
      : loop_(loop), stream_(std::move(stream)), peer_(std::move(peer)), rest_(std::move(rest)) {}

  void start_read(std::span<std::byte> into, rpc::IoOperation& operation) override {
    if (rest_.empty() || into.empty()) return stream_->start_read(into, operation);
    count_ = std::min(into.size(), rest_.size());
    std::memcpy(into.data(), rest_.bytes().data(), count_);
    rest_.remove_prefix(count_);
    reading_ = &operation;
    loop_.post(*this);
  }
  bool write_at_once(Pieces pieces) override { return stream_->write_at_once(pieces); }
  void start_write(Pieces pieces, rpc::IoOperation& operation) override { stream_->start_write(pieces, operation); }
  void write_now(std::span<const std::byte> bytes) override { stream_->write_now(bytes); }
  void shutdown_send() override { stream_->shutdown_send(); }
  void close() override { stream_->close(); }
  const rpc::PeerInfo& peer() const override { return peer_; }

 private:
  void on_wakeup() override { std::exchange(reading_, nullptr)->complete(count_); }

  rpc::Loop& loop_;
  const std::unique_ptr<rpc::ByteStream> stream_;
  const rpc::PeerInfo peer_;
  rpc::Buffer rest_;
  rpc::IoOperation* reading_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace

rpc::Task<Accepted> accept_proxied(rpc::Loop& loop, std::unique_ptr<rpc::ByteStream> stream) {
  const rpc::StopToken token = co_await rpc::current_stop();
  rpc::ByteStream& bytes = *stream;
  const rpc::StopCallback on_stop(token, [&bytes] { bytes.close(); });
  rpc::Buffer received;
  while (true) {
    std::byte* const space = received.reserve(kLeastRead);
    const std::span<std::byte> into(space, received.tailroom());
    const rpc::Result<std::size_t> count = co_await bytes.read_some(into);
    const bool ended = !count || *count == 0;
    if (ended && (received.empty() || token.stop_requested())) co_return nullptr;
    if (ended) co_return rpc::fail(rpc::StatusCode::InvalidArgument, "PROXY protocol: the header ends too early");
    received.commit(*count);
    rpc::Result<std::optional<ProxyHeader>> header = parse_proxy_header(received.bytes());
    if (!header) co_return rpc::fail(std::move(header.error()));
    if (!*header) continue;
    rpc::PeerInfo peer = bytes.peer();
    if ((*header)->client) peer.endpoint = *(*header)->client;
    received.remove_prefix((*header)->size);
    co_return std::make_unique<ProxiedStream>(loop, std::move(stream), std::move(peer), std::move(received));
  }
}

}  // namespace sluice::gateway
