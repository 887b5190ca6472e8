// Makes the certificates, and reads them.
#include "tests/bench/rpc/tls_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "tests/support/test_certificates.h"

namespace sluice::bench {
namespace {

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("expected a file " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TlsFolder::TlsFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "bench_rpc.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("expected to make the folder " + name);
  path_ = name;
  rpc::testing::TestAuthority authority;
  const rpc::testing::SignedCertificate server =
      authority.sign({.common_name = "server", .names = {std::string("DNS:") + kServerName}});
  write(path_ + "/ca.pem", authority.certificate());
  write(path_ + "/server.pem", server.certificate);
  write(path_ + "/server.key", server.private_key);
}

TlsFolder::~TlsFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TlsTexts read_tls(const std::string& folder) {
  return {read(folder + "/ca.pem"), read(folder + "/server.pem"), read(folder + "/server.key")};
}

}  // namespace sluice::bench
