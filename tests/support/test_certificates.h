// Certificates for tests, made when they are needed: a CA, and what it signs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace sluice::rpc::testing {

struct CertificateOptions {
  std::string common_name;
  // "DNS:a.example", "URI:spiffe://a/b", "IP:127.0.0.1".
  std::vector<std::string> names;
  // Of validity, from now; a negative number of days ended in the past.
  int days = 1;
};

struct SignedCertificate {
  std::string certificate;  // both PEM
  std::string private_key;
};

class TestAuthority {
 public:
  explicit TestAuthority(const std::string& common_name = "Test CA");
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  const std::string& certificate() const { return pem_; }
  SignedCertificate sign(const CertificateOptions& options);

 private:
  evp_pkey_st* key_;
  x509_st* certificate_;
  std::string pem_;
  long next_serial_ = 2;
};

}  // namespace sluice::rpc::testing
