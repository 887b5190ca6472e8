// Connections that end without a word, as those through a broken network do.
#include "tests/rpc_core/soak/cut_stream.h"

#include <utility>

#include "rpc_core/transport/tcp.h"

namespace sluice::soak {

class CutStream final : public rpc::ByteStream {
 public:
  CutStream(Cutter& cutter, std::unique_ptr<rpc::ByteStream> below) : cutter_(cutter), below_(std::move(below)) {
    cutter_.streams_.push_back(this);
  }
  ~CutStream() override { std::erase(cutter_.streams_, this); }

  void start_read(std::span<std::byte> into, rpc::IoOperation& operation) override {
    below_->start_read(into, operation);
  }
  bool write_at_once(Pieces pieces) override { return below_->write_at_once(pieces); }
  void start_write(Pieces pieces, rpc::IoOperation& operation) override { below_->start_write(pieces, operation); }
  void write_now(std::span<const std::byte> bytes) override { below_->write_now(bytes); }
  void shutdown_send() override { below_->shutdown_send(); }
  void close() override { below_->close(); }
  const rpc::PeerInfo& peer() const override { return below_->peer(); }

 private:
  Cutter& cutter_;
  std::unique_ptr<rpc::ByteStream> below_;
};

rpc::Connector Cutter::connector() {
  return [this](rpc::Loop& loop, rpc::Endpoint endpoint) { return connect(loop, std::move(endpoint)); };
}

rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> Cutter::connect(rpc::Loop& loop, rpc::Endpoint endpoint) {
  rpc::Result<std::unique_ptr<rpc::ByteStream>> below = co_await rpc::connect_socket(loop, std::move(endpoint));
  if (!below) co_return std::move(below);
  co_return std::make_unique<CutStream>(*this, *std::move(below));
}

void Cutter::cut(std::size_t index, bool peer_first) {
  CutStream& stream = *streams_.at(index);
  if (peer_first) {
    stream.shutdown_send();
  } else {
    stream.close();
  }
}

}  // namespace sluice::soak
