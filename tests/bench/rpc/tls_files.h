// Certificates of a run of bench_rpc, in a folder: both programs of a pair read them there.
#pragma once

#include <string>

namespace sluice::bench {

// Whom the server's certificate is for.
inline constexpr const char* kServerName = "server.test";

struct TlsTexts {
  std::string authority;  // all PEM
  std::string certificate;
  std::string private_key;
};
TlsTexts read_tls(const std::string& folder);

// Made anew, and removed at the end.
class TlsFolder {
 public:
  TlsFolder();
  ~TlsFolder();
  TlsFolder(const TlsFolder&) = delete;
  TlsFolder& operator=(const TlsFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sluice::bench
