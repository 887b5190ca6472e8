#include "rpc_core/transport/tls_context.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <fstream>
#include <sstream>

#include "rpc_core/transport/tls_impl.h"

namespace sluice::rpc {
namespace {

// TLS 1.2: forward secrecy and AEAD only, as RFC 9113 appendix A demands. TLS 1.3 has no others.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unexpected<Status> unfit(const std::string& what, const std::string& why) {
  return fail(StatusCode::InvalidArgument, "TLS " + what + ": " + why);
}

BioPtr reader_of(const std::string& pem) { return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// No program asks on its terminal for a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

Result<std::vector<CertificatePtr>> parse_certificates(const std::string& what, const std::string& pem) {
  const BioPtr reader = reader_of(pem);
  std::vector<CertificatePtr> certificates;
  while (X509* next = PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr)) certificates.emplace_back(next);
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string error = take_openssl_error();
  if (!at_end) return unfit(what, "expected PEM, got what OpenSSL calls: " + error);
  if (certificates.empty()) return unfit(what, "expected -----BEGIN CERTIFICATE-----, got none");
  return certificates;
}

Result<void> use_own_certificate(SSL_CTX* ssl, const TlsOptions& options) {
  auto chain = parse_certificates("certificates", options.certificates);
  if (!chain) return fail(chain.error());
  const BioPtr reader = reader_of(options.private_key);
  const KeyPtr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, nullptr));
  if (!key) return unfit("private key", "expected PEM without a passphrase, got: " + take_openssl_error());
  if (SSL_CTX_use_certificate(ssl, chain->front().get()) != 1) return unfit("certificate", take_openssl_error());
  for (std::size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(ssl, (*chain)[i].get()) != 1) return unfit("certificates", take_openssl_error());
  }
  if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1) {
    return unfit("private key", "it does not belong to the certificate of " +
                                    describe(identity_of(chain->front().get())) + ": " + take_openssl_error());
  }
  return {};
}

Result<void> use_authorities(SSL_CTX* ssl, const TlsOptions& options, TlsRole role) {
  const auto authorities = parse_certificates("authorities", options.authorities);
  if (!authorities) return fail(authorities.error());
  for (const CertificatePtr& each : *authorities) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ssl), each.get());
    if (role == TlsRole::Server) SSL_CTX_add_client_CA(ssl, each.get());
  }
  return {};
}

Result<std::string> alpn_list(const TlsOptions& options) {
  std::string list;
  for (const std::string& name : options.alpn) {
    if (name.empty() || name.size() > 255) {
      return unfit("ALPN", "expected names of 1 to 255 bytes, got one of " + std::to_string(name.size()));
    }
    list.push_back(static_cast<char>(name.size()));
    list += name;
  }
  if (list.empty() && options.alpn_required) return unfit("ALPN", "it is required, but no protocol is named");
  return list;
}

// A server's choice: the first of its own protocols that the client knows.
int choose_alpn(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                unsigned int offered_size, void* self) {
  const auto& impl = *static_cast<const TlsContext::Impl*>(self);
  unsigned char* selected = nullptr;
  const int found =
      SSL_select_next_proto(&selected, size, reinterpret_cast<const unsigned char*>(impl.alpn_list.data()),
                            static_cast<unsigned int>(impl.alpn_list.size()), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) {
    return impl.options.alpn_required ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

void set_rules(SSL_CTX* ssl) {
  SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(ssl, kCiphers);
  SSL_CTX_set_options(ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_PRIORITIZE_CHACHA);
  // Idle connections hold no record buffers.
  SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
}

Result<void> set_up_server(TlsContext::Impl& impl) {
  constexpr unsigned char kSessionContext[] = "sluice";
  SSL_CTX* ssl = impl.ssl.get();
  SSL_CTX_set_session_id_context(ssl, kSessionContext, sizeof(kSessionContext) - 1);
  if (!impl.alpn_list.empty()) SSL_CTX_set_alpn_select_cb(ssl, choose_alpn, &impl);
  if (impl.options.client_certificate == ClientCertificate::None) return {};
  if (impl.options.authorities.empty()) return unfit("authorities", "needed to check the certificates of clients");
  return {};
}

Result<void> set_up_client(TlsContext::Impl& impl) {
  SSL_CTX* ssl = impl.ssl.get();
  if (impl.options.authorities.empty() && SSL_CTX_set_default_verify_paths(ssl) != 1) {
    return unfit("authorities", "cannot load those of the system: " + take_openssl_error());
  }
  SSL_CTX_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(impl.alpn_list.data()),
                          static_cast<unsigned int>(impl.alpn_list.size()));
  return {};
}

Result<std::string> read_file(const std::string& what, const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) return unfit(what, "cannot read the file \"" + path + "\"");
  return std::move(text).str();
}

// An error about one of the texts also names its file.
Status in_file(const Status& status, const TlsFiles& files) {
  for (const auto& [what, path] :
       {std::pair("TLS certificates:", &files.certificates), std::pair("TLS private key:", &files.private_key),
        std::pair("TLS authorities:", &files.authorities)}) {
    if (status.message().starts_with(what)) return Status(status.code(), *path + ": " + status.message());
  }
  return status;
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

const TlsOptions& TlsContext::options() const { return impl_->options; }
TlsRole TlsContext::role() const { return impl_->role; }

Result<std::shared_ptr<const TlsContext>> TlsContext::create(TlsRole role, TlsOptions options) {
  ERR_clear_error();
  auto impl = std::make_unique<Impl>();
  impl->role = role;
  impl->options = std::move(options);
  const TlsOptions& given = impl->options;
  Result<std::string> alpn = alpn_list(given);
  if (!alpn) return fail(alpn.error());
  impl->alpn_list = *std::move(alpn);
  impl->ssl.reset(SSL_CTX_new(role == TlsRole::Client ? TLS_client_method() : TLS_server_method()));
  impl->bio_method = make_tls_bio_method();
  if (!impl->ssl || !impl->bio_method) throw std::bad_alloc();
  set_rules(impl->ssl.get());
  const bool has_own = !given.certificates.empty() || !given.private_key.empty();
  Result<void> done;
  if (has_own || role == TlsRole::Server) done = use_own_certificate(impl->ssl.get(), given);
  if (done && !given.authorities.empty()) done = use_authorities(impl->ssl.get(), given, role);
  if (done) done = role == TlsRole::Server ? set_up_server(*impl) : set_up_client(*impl);
  OPENSSL_cleanse(impl->options.private_key.data(), impl->options.private_key.size());
  impl->options.private_key.clear();
  if (!done) return fail(done.error());
  return std::make_shared<const TlsContext>(std::move(impl));
}

Result<std::shared_ptr<const TlsContext>> load_tls(TlsRole role, const TlsFiles& files, TlsOptions options) {
  for (const auto& [what, path, text] : {std::tuple("certificates", &files.certificates, &options.certificates),
                                         std::tuple("private key", &files.private_key, &options.private_key),
                                         std::tuple("authorities", &files.authorities, &options.authorities)}) {
    if (path->empty()) continue;
    Result<std::string> read = read_file(what, *path);
    if (!read) return fail(read.error());
    *text = *std::move(read);
  }
  Result<std::shared_ptr<const TlsContext>> context = TlsContext::create(role, std::move(options));
  if (!context) return fail(in_file(context.error(), files));
  return context;
}

}  // namespace sluice::rpc
