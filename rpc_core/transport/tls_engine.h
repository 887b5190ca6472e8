// TlsEngine: one TLS connection without its I/O, on OpenSSL. Ciphertext in and out, plaintext in and out.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/peer_identity.h"
#include "rpc_core/base/result.h"
#include "rpc_core/transport/tls_impl.h"

namespace sluice::rpc {

class TlsEngine {
 public:
  // A client names the server that it wants: a host name or an IP address; a server names nobody.
  TlsEngine(std::shared_ptr<const TlsContext> context, const std::string& server_name);
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  // Bytes from the peer are written into the space, of at least that size; then received() says how many came. There is
  // none left of the bytes before. ended(): no more will come.
  std::span<std::byte> input_space(std::size_t size);
  void received(std::size_t count);
  void ended() { input_ended_ = true; }
  // Ciphertext for the peer, from any of the calls below; taken to be written.
  const Buffer& output() const { return output_; }
  Buffer take_output() { return std::move(output_); }
  void reserve_output(std::size_t size) { output_.reserve(size); }

  // True: done. False: it needs input, when output() has been sent. An error tells what was expected and what came;
  // output() may have an alert for the peer.
  Result<bool> shake_hands();
  // As much as there is and fits. 0: it needs input, unless finished().
  Result<std::size_t> read(std::span<std::byte> into);
  // The peer said that it has finished sending.
  bool finished() const { return finished_; }
  Result<void> write(std::span<const std::byte> plaintext);
  // Says that we have finished sending.
  void finish();

  // After the handshake: what ALPN agreed on, or nothing; whose certificate was verified.
  std::string alpn() const;
  PeerIdentity peer_identity() const;

 private:
  friend struct TlsEngineCallbacks;

  bool may_read() const;
  Result<void> check_alpn() const;
  std::string handshake_failure(int result) const;

  std::shared_ptr<const TlsContext> context_;
  const std::string server_name_;
  SslPtr ssl_;
  Buffer input_;
  Buffer output_;
  bool input_ended_ = false;
  bool finished_ = false;
  bool broken_ = false;
  std::string first_bytes_;  // of the peer, to tell what it speaks when that is not TLS
  std::string rejected_;     // what was wrong with the peer's certificate
};

}  // namespace sluice::rpc
