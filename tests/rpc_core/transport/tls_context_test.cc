// Tests of TlsContext: options and files that do not fit are refused by name.
#include "rpc_core/transport/tls_context.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/print_status.h"
#include "tests/support/test_certificates.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;
using testing::SignedCertificate;
using ::testing::StartsWith;
using testing::TestAuthority;

TEST(TlsContext, RefusesWhatDoesNotFit) {
  TestAuthority ca;
  const SignedCertificate one = ca.sign({.common_name = "one", .names = {}});
  const SignedCertificate two = ca.sign({.common_name = "two", .names = {}});
  struct Row {
    TlsRole role;
    std::string certificates, private_key, authorities;
    ClientCertificate asked;
    std::vector<std::string> alpn;
    std::string error;
  };
  constexpr auto kNone = ClientCertificate::None;
  const std::string half = one.certificate.substr(0, one.certificate.size() / 2);
  const std::vector<Row> rows = {
      {TlsRole::Server, one.certificate, one.private_key, "", kNone, {"h2"}, ""},
      {TlsRole::Server, one.certificate + ca.certificate(), one.private_key, "", kNone, {"h2"}, ""},
      {TlsRole::Client, "", "", "", kNone, {"h2"}, ""},
      {TlsRole::Client, "", "", ca.certificate(), kNone, {"h2"}, ""},
      {TlsRole::Client, one.certificate, one.private_key, ca.certificate(), kNone, {"h2"}, ""},
      {TlsRole::Server, "", "", "", kNone, {"h2"}, "TLS certificates: expected -----BEGIN CERTIFICATE-----, got none"},
      {TlsRole::Server, "text", one.private_key, "", kNone, {"h2"}, "TLS certificates: expected -----BEGIN CERT"},
      {TlsRole::Server, half, one.private_key, "", kNone, {"h2"}, "TLS certificates: expected PEM"},
      {TlsRole::Server, one.certificate + half, one.private_key, "", kNone, {"h2"}, "TLS certificates: expected PEM"},
      {TlsRole::Server, one.certificate, "", "", kNone, {"h2"}, "TLS private key: expected PEM"},
      {TlsRole::Client, one.certificate, "", "", kNone, {"h2"}, "TLS private key: expected PEM"},
      {TlsRole::Client, "", one.private_key, "", kNone, {"h2"}, "TLS certificates: expected -----BEGIN CERT"},
      {TlsRole::Server,
       one.certificate,
       two.private_key,
       "",
       kNone,
       {"h2"},
       "TLS private key: it does not belong to the certificate of CN=one: "},
      {TlsRole::Client, "", "", "text", kNone, {"h2"}, "TLS authorities: expected -----BEGIN CERTIFICATE-----"},
      {TlsRole::Server,
       one.certificate,
       one.private_key,
       "",
       ClientCertificate::Required,
       {"h2"},
       "TLS authorities: needed to check the certificates of clients"},
      {TlsRole::Client, "", "", "", kNone, {}, "TLS ALPN: it is required, but no protocol is named"},
      {TlsRole::Client,
       "",
       "",
       "",
       kNone,
       {std::string(256, 'x')},
       "TLS ALPN: expected names of 1 to 255 bytes, got 1"},
      {TlsRole::Client, "", "", "", kNone, {""}, "TLS ALPN: expected names of 1 to 255 bytes, got one of 0"},
  };
  for (const Row& row : rows) {
    TlsOptions options;
    options.certificates = row.certificates;
    options.private_key = row.private_key;
    options.authorities = row.authorities;
    options.client_certificate = row.asked;
    options.alpn = row.alpn;
    const auto context = TlsContext::create(row.role, options);
    const std::string error = context ? "" : context.error().message();
    EXPECT_EQ(error.empty(), row.error.empty()) << error;
    EXPECT_THAT(error, StartsWith(row.error.substr(0, row.error.find(", got 1"))));
    EXPECT_EQ(context ? StatusCode::InvalidArgument : context.error().code(), StatusCode::InvalidArgument);
    EXPECT_EQ(context ? (*context)->options().private_key : "", "") << "the key is not kept as text";
  }
}

TEST(TlsContext, ReadsFilesAndNamesTheOneThatIsWrong) {
  TestAuthority ca;
  const SignedCertificate own = ca.sign({.common_name = "one", .names = {}});
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "tls_context_test";
  std::filesystem::create_directories(folder);
  const TlsFiles files = {.certificates = folder / "one.pem", .private_key = folder / "one.key", .authorities = ""};
  std::ofstream(files.certificates) << own.certificate;
  std::ofstream(files.private_key) << "no key";
  const auto bad = load_tls(TlsRole::Server, files, TlsOptions());
  ASSERT_FALSE(bad.has_value());
  EXPECT_THAT(bad.error().message(), StartsWith(files.private_key + ": TLS private key: expected PEM"));
  std::ofstream(files.private_key) << own.private_key;
  EXPECT_TRUE(load_tls(TlsRole::Server, files, TlsOptions()).has_value());
  std::filesystem::remove_all(folder);
  const auto gone = load_tls(TlsRole::Server, files, TlsOptions());
  ASSERT_FALSE(gone.has_value());
  EXPECT_THAT(gone.error().message(), HasSubstr("TLS certificates: cannot read the file \"" + files.certificates));
}

}  // namespace
}  // namespace sluice::rpc
