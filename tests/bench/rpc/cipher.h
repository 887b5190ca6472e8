// What the cipher of TLS costs by itself, on the records that a stream of large messages is sent in.
#pragma once

#include <string>

#include "tests/bench/rpc/tls_files.h"

namespace sluice::bench {

// The suite on which our server agrees with OpenSSL's client, by OpenSSL's name: "TLS_AES_256_GCM_SHA384".
std::string negotiated_suite(const TlsTexts& texts);

struct CipherCost {
  double seal = 0;  // microseconds of CPU a MB
  double open = 0;
};
CipherCost measure_cipher(const std::string& suite);

}  // namespace sluice::bench
