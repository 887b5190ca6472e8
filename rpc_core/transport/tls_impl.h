// What a TlsContext is made of, for the sources of TLS only: these include OpenSSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "rpc_core/base/peer_identity.h"
#include "rpc_core/transport/tls_context.h"

namespace sluice::rpc {

template <auto function>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};
using SslContextPtr = std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpenSslFree<SSL_free>>;
using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free>>;
using BioMethodPtr = std::unique_ptr<BIO_METHOD, OpenSslFree<BIO_meth_free>>;
using CertificatePtr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;

struct TlsContext::Impl {
  TlsRole role;
  TlsOptions options;
  std::string alpn_list;  // as the extension has it: each name behind its length
  SslContextPtr ssl;
  BioMethodPtr bio_method;
};

// How OpenSSL gets at the bytes of a TlsEngine.
BioMethodPtr make_tls_bio_method();

PeerIdentity identity_of(X509* certificate);
// "CN=a (DNS:a.example, DNS:b.example)"
std::string describe(const PeerIdentity& identity);
// The newest entry of OpenSSL's queue of errors, which is empty then.
std::string take_openssl_error();

}  // namespace sluice::rpc
