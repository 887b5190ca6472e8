// Cuts, drains, renewed certificates and restarts, each one so many calls apart.
#include "tests/rpc_core/soak/chaos.h"

namespace sluice::soak {
namespace {

constexpr std::size_t kCallsPerCut = 250;
constexpr std::size_t kCallsPerDrain = 200;
constexpr std::size_t kCallsPerRenewal = 500;
constexpr std::uint64_t kCallsPerRestart = 2'500;

}  // namespace

Certificates::Certificates() {
  generation_ = 1;
  server_ = std::make_shared<rpc::TlsCredentials>(context(rpc::TlsRole::Server));
  client_ = std::make_shared<rpc::TlsCredentials>(context(rpc::TlsRole::Client));
}

void Certificates::renew() {
  ++generation_;
  server_->replace(context(rpc::TlsRole::Server));
  client_->replace(context(rpc::TlsRole::Client));
}

std::shared_ptr<const rpc::TlsContext> Certificates::context(rpc::TlsRole role) {
  const std::string side = role == rpc::TlsRole::Server ? "server" : "client";
  const rpc::testing::SignedCertificate own =
      authority_.sign({.common_name = side + "-" + std::to_string(generation_), .names = {"DNS:" + side + ".test"}});
  rpc::TlsOptions options;
  options.certificates = own.certificate;
  options.private_key = own.private_key;
  options.authorities = authority_.certificate();
  options.client_certificate = rpc::ClientCertificate::Required;
  return rpc::TlsContext::create(role, options).value();
}

void Chaos::strike(std::vector<std::unique_ptr<rpc::Channel>>& channels) {
  if (below(kCallsPerCut) == 0 && cutter_.size() != 0) {
    const std::size_t index = below(cutter_.size());
    cutter_.cut(index, below(2) == 0);
    ++counts_.cuts;
  }
  if (below(kCallsPerDrain) == 0 && drain(*channels[below(channels.size())])) ++counts_.drains;
  if (below(kCallsPerRenewal) == 0) certificates_.renew();
  if (++calls_ % kCallsPerRestart == 0) backend_.restart();
}

bool drain(rpc::Channel& channel) {
  rpc::http2::Connection* connection = channel.subchannel().ready_connection();
  if (connection != nullptr) connection->shut_down("soak");
  return connection != nullptr;
}

}  // namespace sluice::soak
