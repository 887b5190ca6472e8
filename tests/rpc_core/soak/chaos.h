// Chaos: what happens to the connections of the soak test while calls run, in an order that the seed decides.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rpc_core/client/channel.h"
#include "tests/rpc_core/soak/backend.h"
#include "tests/rpc_core/soak/cut_stream.h"
#include "tests/support/test_certificates.h"

namespace sluice::soak {

// Certificates of both sides, which are renewed together.
class Certificates {
 public:
  Certificates();
  void renew();
  // How often; and the subject of the client's newest certificate.
  std::uint64_t renewals() const { return generation_ - 1; }
  std::string newest_client() const { return "CN=client-" + std::to_string(generation_); }

  const std::shared_ptr<rpc::TlsCredentials>& server() const { return server_; }
  const std::shared_ptr<rpc::TlsCredentials>& client() const { return client_; }

 private:
  std::shared_ptr<const rpc::TlsContext> context(rpc::TlsRole role);

  rpc::testing::TestAuthority authority_;
  std::uint64_t generation_ = 0;
  std::shared_ptr<rpc::TlsCredentials> server_;
  std::shared_ptr<rpc::TlsCredentials> client_;
};

struct ChaosCounts {
  std::uint64_t cuts = 0;
  std::uint64_t drains = 0;  // by the client
};

class Chaos {
 public:
  Chaos(std::uint64_t seed, Certificates& certificates, Cutter& cutter, Backend& backend)
      : random_(seed), certificates_(certificates), cutter_(cutter), backend_(backend) {}

  // After each call: often nothing.
  void strike(std::vector<std::unique_ptr<rpc::Channel>>& channels);
  const ChaosCounts& counts() const { return counts_; }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }

  std::minstd_rand random_;
  Certificates& certificates_;
  Cutter& cutter_;
  Backend& backend_;
  std::uint64_t calls_ = 0;
  ChaosCounts counts_;
};

// The connection says GOAWAY, and its calls go on; false: there is none.
bool drain(rpc::Channel& channel);

}  // namespace sluice::soak
