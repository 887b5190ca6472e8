#include "rpc_core/transport/tls_engine.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

namespace sluice::rpc {
namespace {

// Answers to a peer's key updates that may wait for the next write.
constexpr std::size_t kMostUnaskedOutput = 16 * 1024;
constexpr std::size_t kKeptFirstBytes = 8;

bool is_ip_address(const std::string& name) {
  in6_addr address;
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 || ::inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

Status transport_error(std::string message) {
  return Status(StatusCode::Unavailable, std::move(message)).with_origin(Status::Origin::Transport);
}

// OpenSSL judges what it did by its queue of errors, where others may have left some. Clearing a queue that is empty
// costs a tenth of a small record, looking at it almost nothing.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : " or ") + name;
  return list;
}

// What was wrong with a certificate that OpenSSL did not accept.
std::string rejection(int error, X509* certificate, const std::string& server_name) {
  const std::string who = certificate != nullptr ? describe(identity_of(certificate)) : "nobody";
  if (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return "expected a certificate for " + quoted(server_name) + ", got one for " + who;
  }
  return "the peer's certificate, " + who + ", is not accepted: " + X509_verify_cert_error_string(error);
}

}  // namespace

struct TlsEngineCallbacks {
  static TlsEngine& engine(BIO* bio) { return *static_cast<TlsEngine*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* data, int size) {
    engine(bio).output_.append(data, static_cast<std::size_t>(size));
    return size;
  }

  static int read(BIO* bio, char* into, int size) {
    TlsEngine& self = engine(bio);
    BIO_clear_retry_flags(bio);
    if (self.input_.empty()) {
      if (!self.input_ended_) BIO_set_retry_read(bio);
      return self.input_ended_ ? 0 : -1;
    }
    const std::size_t count = std::min(static_cast<std::size_t>(size), self.input_.size());
    std::memcpy(into, self.input_.data(), count);
    self.input_.remove_prefix(count);
    return static_cast<int>(count);
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return engine(bio).input_ended_ && engine(bio).input_.empty() ? 1 : 0;
    return 0;
  }

  // Remembers the first thing that is wrong with the peer's certificate.
  static int verify(int good, X509_STORE_CTX* store) {
    if (good == 1) return 1;
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = *static_cast<TlsEngine*>(SSL_get_app_data(ssl));
    if (self.rejected_.empty()) {
      self.rejected_ =
          rejection(X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store), self.server_name_);
    }
    return 0;
  }
};

BioMethodPtr make_tls_bio_method() {
  BioMethodPtr method(BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "sluice TlsEngine"));
  if (!method) return method;
  BIO_meth_set_write(method.get(), TlsEngineCallbacks::write);
  BIO_meth_set_read(method.get(), TlsEngineCallbacks::read);
  BIO_meth_set_ctrl(method.get(), TlsEngineCallbacks::control);
  return method;
}

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context, const std::string& server_name)
    : context_(std::move(context)), server_name_(server_name), ssl_(SSL_new(context_->impl().ssl.get())) {
  BIO* bio = BIO_new(context_->impl().bio_method.get());
  if (!ssl_ || bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  if (context_->role() == TlsRole::Server) {
    int mode = SSL_VERIFY_NONE;
    if (context_->options().client_certificate != ClientCertificate::None) mode = SSL_VERIFY_PEER;
    if (context_->options().client_certificate == ClientCertificate::Required) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_set_verify(ssl_.get(), mode, TlsEngineCallbacks::verify);
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, TlsEngineCallbacks::verify);
  if (is_ip_address(server_name_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), server_name_.c_str());
  } else {
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(ssl_.get()), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl_.get()), server_name_.data(), server_name_.size());
    SSL_set_tlsext_host_name(ssl_.get(), server_name_.c_str());
  }
  SSL_set_connect_state(ssl_.get());
}

std::span<std::byte> TlsEngine::input_space(std::size_t size) {
  if (input_.capacity() < size || input_.capacity() >= 2 * size) input_ = Buffer(0, size);
  input_.reset(0);
  return {input_.reserve(size), size};
}

void TlsEngine::received(std::size_t count) {
  input_.commit(count);
  if (first_bytes_.size() < kKeptFirstBytes)
    first_bytes_ += input_.text().substr(0, kKeptFirstBytes - first_bytes_.size());
}

Result<bool> TlsEngine::shake_hands() {
  forget_errors();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    const Result<void> alpn = check_alpn();
    if (!alpn) return fail(alpn.error());
    return true;
  }
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return false;
  return fail(transport_error(handshake_failure(result)));
}

Result<void> TlsEngine::check_alpn() const {
  if (!context_->options().alpn_required || !alpn().empty()) return {};
  return fail(transport_error("expected the peer to agree on " + list_of(context_->options().alpn) +
                              " by ALPN, it named no protocol"));
}

std::string TlsEngine::handshake_failure(int result) const {
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  const bool at_end = SSL_get_error(ssl_.get(), result) == SSL_ERROR_SYSCALL;
  const std::string error = take_openssl_error();
  if (!rejected_.empty()) return rejected_;
  if (at_end || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return "expected a TLS handshake, the peer closed the connection";
  }
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG: {
      std::string shown;
      for (const char c : first_bytes_) shown += c >= ' ' && c <= '~' ? c : '.';
      return "expected a TLS handshake, the peer sent \"" + shown + "\"";
    }
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "expected TLS 1.2 or 1.3, the peer has no such version";
    case SSL_R_NO_SHARED_CIPHER:
      return "expected a cipher that HTTP/2 allows (RFC 9113 section 9.2.2), the peer has none";
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return "expected a client that knows " + list_of(context_->options().alpn) + " by ALPN, it named others";
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
      return "offered " + list_of(context_->options().alpn) + " by ALPN, the peer accepts neither";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "expected a client certificate, got none";
    default:
      return error;
  }
}

// OpenSSL does not read ahead: it holds no whole record that is not opened. Asking it in vain costs a buffer, made and
// freed.
bool TlsEngine::may_read() const {
  return !finished_ && !broken_ && (!input_.empty() || input_ended_ || SSL_pending(ssl_.get()) > 0);
}

Result<std::size_t> TlsEngine::read(std::span<std::byte> into) {
  std::size_t total = 0;
  forget_errors();
  while (total < into.size() && may_read()) {
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &count);
    total += count;
    if (result == 1) continue;
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) break;
    if (error == SSL_ERROR_ZERO_RETURN) {
      finished_ = true;
    } else {
      broken_ = true;
    }
  }
  if (output_.size() > kMostUnaskedOutput) broken_ = true;
  if (!broken_ || total != 0) return total;
  if (input_ended_) return fail(transport_error("read: the peer closed the connection without ending TLS"));
  const std::string error = take_openssl_error();
  return fail(transport_error("read: TLS: " + error));
}

Result<void> TlsEngine::write(std::span<const std::byte> plaintext) {
  if (plaintext.empty()) return {};
  forget_errors();
  if (SSL_write(ssl_.get(), plaintext.data(), static_cast<int>(plaintext.size())) > 0) return {};
  return fail(transport_error("write: TLS: " + take_openssl_error()));
}

void TlsEngine::finish() {
  if (broken_ || SSL_is_init_finished(ssl_.get()) == 0) return;
  forget_errors();
  SSL_shutdown(ssl_.get());
}

std::string TlsEngine::alpn() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

PeerIdentity TlsEngine::peer_identity() const {
  X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  return certificate != nullptr ? identity_of(certificate) : PeerIdentity();
}

}  // namespace sluice::rpc
