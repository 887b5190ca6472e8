// Seals and opens records of TLS 1.3 (RFC 8446 section 5.2) with OpenSSL's EVP, and nothing else.
#include "tests/bench/rpc/cipher.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <array>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <vector>

#include "rpc_core/transport/tls_impl.h"

namespace sluice::bench {
namespace {

constexpr int kPlainBytes = 16 * 1024;
constexpr int kInnerBytes = kPlainBytes + 1;  // and the content's type
constexpr int kHeaderBytes = 5;
constexpr int kTagBytes = 16;
constexpr int kNonceBytes = 12;
// As many as a connection has in its buffers, so that they are as far from the processor.
constexpr std::size_t kRecords = 16;
constexpr int kRounds = 100;

using Record = std::array<unsigned char, kInnerBytes + kTagBytes>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, rpc::OpenSslFree<EVP_CIPHER_CTX_free>>;

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void expect(bool done) {
  if (!done) throw std::runtime_error("OpenSSL failed to seal or open a record");
}

class Cipher {
 public:
  Cipher(const EVP_CIPHER* cipher, bool seal) : context_(EVP_CIPHER_CTX_new()), seal_(seal) {
    const std::array<unsigned char, 64> key{};
    expect(EVP_CipherInit_ex(context_.get(), cipher, nullptr, key.data(), nullptr, seal ? 1 : 0) == 1);
  }

  void run(const Record& from, Record& to, std::uint64_t number) {
    std::array<unsigned char, kNonceBytes> nonce{};
    for (int i = 0; i < 8; ++i) nonce[kNonceBytes - 1 - i] = static_cast<unsigned char>(number >> (8 * i));
    const std::array<unsigned char, kHeaderBytes> header{};
    int size = 0;
    EVP_CIPHER_CTX* context = context_.get();
    expect(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), -1) == 1);
    expect(EVP_CipherUpdate(context, nullptr, &size, header.data(), kHeaderBytes) == 1);
    expect(EVP_CipherUpdate(context, to.data(), &size, from.data(), kInnerBytes) == 1);
    auto* tag = const_cast<unsigned char*>(seal_ ? to.data() : from.data()) + kInnerBytes;
    if (!seal_) expect(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag) == 1);
    expect(EVP_CipherFinal_ex(context, to.data() + size, &size) == 1);
    if (seal_) expect(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
  }

 private:
  CipherContext context_;
  const bool seal_;
};

double time_rounds(Cipher& cipher, const std::vector<Record>& from, std::vector<Record>& to) {
  const double begin = cpu_seconds();
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kRecords; ++i) cipher.run(from[i], to[i], i);
  }
  const double megabytes = static_cast<double>(kRounds * kRecords) * kPlainBytes / 1e6;
  return (cpu_seconds() - begin) * 1e6 / megabytes;
}

}  // namespace

std::string negotiated_suite(const TlsTexts& texts) {
  rpc::TlsOptions options;
  options.certificates = texts.certificate;
  options.private_key = texts.private_key;
  const auto ours = rpc::TlsContext::create(rpc::TlsRole::Server, options).value();
  const rpc::SslContextPtr theirs(SSL_CTX_new(TLS_client_method()));
  const rpc::SslPtr server(SSL_new(ours->impl().ssl.get()));
  const rpc::SslPtr client(SSL_new(theirs.get()));
  constexpr std::array<unsigned char, 3> kAlpn = {2, 'h', '2'};
  SSL_set_alpn_protos(client.get(), kAlpn.data(), kAlpn.size());
  BIO* server_end = nullptr;
  BIO* client_end = nullptr;
  if (BIO_new_bio_pair(&server_end, 0, &client_end, 0) != 1) throw std::runtime_error("expected a pair of BIOs");
  SSL_set_bio(server.get(), server_end, server_end);
  SSL_set_bio(client.get(), client_end, client_end);
  for (int turn = 0; turn < 10 && SSL_connect(client.get()) != 1; ++turn) SSL_accept(server.get());
  if (SSL_is_init_finished(client.get()) == 0) throw std::runtime_error("OpenSSL's client does not reach our server");
  return SSL_get_cipher_name(client.get());
}

CipherCost measure_cipher(const std::string& suite) {
  const EVP_CIPHER* cipher = suite.contains("CHACHA20")  ? EVP_chacha20_poly1305()
                             : suite.contains("AES_256") ? EVP_aes_256_gcm()
                                                         : EVP_aes_128_gcm();
  std::vector<Record> plain(kRecords);
  std::vector<Record> sealed(kRecords);
  Cipher seal(cipher, true);
  Cipher open(cipher, false);
  CipherCost cost;
  cost.seal = time_rounds(seal, plain, sealed);
  cost.open = time_rounds(open, sealed, plain);
  return cost;
}

}  // namespace sluice::bench
