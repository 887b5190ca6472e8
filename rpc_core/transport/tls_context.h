// TlsContext: certificates and rules for one side of TLS connections; checked when made, then immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "rpc_core/base/result.h"

namespace sluice::rpc {

enum class TlsRole : std::uint8_t { Client, Server };
// What a server asks of its clients. Optional: one without a certificate is served, one with a bad one is not.
enum class ClientCertificate : std::uint8_t { None, Optional, Required };

struct TlsOptions {
  // PEM: our certificate and behind it those up to the CA, and its key. A server has them, a client may.
  std::string certificates;
  std::string private_key;
  // PEM: the CAs that the peer's certificate has to come from. A client without any trusts those of the system.
  std::string authorities;
  ClientCertificate client_certificate = ClientCertificate::None;
  // The protocols to agree on, the preferred one first. When one is required, a peer without any of them is refused.
  std::vector<std::string> alpn = {"h2"};
  bool alpn_required = true;
};

// Shared by all connections and threads. TLS 1.2 with the ciphers that HTTP/2 allows (RFC 9113 section 9.2.2), and 1.3.
class TlsContext {
 public:
  // INVALID_ARGUMENT tells which part does not fit.
  static Result<std::shared_ptr<const TlsContext>> create(TlsRole role, TlsOptions options);

  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // Without the private key.
  const TlsOptions& options() const;
  TlsRole role() const;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

struct TlsFiles {
  std::string certificates;
  std::string private_key;
  std::string authorities;
};
// A context whose PEM texts are in files; a path may be empty. To be called again when the files have changed.
Result<std::shared_ptr<const TlsContext>> load_tls(TlsRole role, const TlsFiles& files, TlsOptions options);

// The context for new connections. It may be replaced at any time, by any thread: connections keep the one they began
// with.
//
//   auto credentials = std::make_shared<TlsCredentials>(*load_tls(TlsRole::Server, files, {}));
//   …
//   if (auto renewed = load_tls(TlsRole::Server, files, {})) credentials->replace(*renewed);
class TlsCredentials {
 public:
  explicit TlsCredentials(std::shared_ptr<const TlsContext> context) : context_(std::move(context)) {}

  std::shared_ptr<const TlsContext> context() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void replace(std::shared_ptr<const TlsContext> context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TlsContext> context_;
};

}  // namespace sluice::rpc
