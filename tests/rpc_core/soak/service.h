// SoakService: does what the requests of the soak test say, and checks that they came whole.
#pragma once

#include <atomic>
#include <cstdint>

#include "tests/rpc_core/soak/soak.sluice.h"

namespace sluice::soak {

class Handlers final : public SoakService {
 public:
  // Of its methods, so far, on all threads; equal when none runs.
  std::uint64_t started() const { return started_; }
  std::uint64_t returned() const { return returned_; }

  rpc::Task<rpc::Result<Done>> ask(rpc::ServerContext& context, const Work& work) override;
  rpc::Task<rpc::Result<Done>> gather(rpc::ServerContext& context, rpc::Reader<Work>& reader) override;
  rpc::Task<rpc::Status> spread(rpc::ServerContext& context, const Work& work, rpc::Writer<Done>& writer) override;
  rpc::Task<rpc::Status> chat(rpc::ServerContext& context, rpc::Reader<Work>& reader,
                              rpc::Writer<Done>& writer) override;

 private:
  std::atomic<std::uint64_t> started_ = 0;
  std::atomic<std::uint64_t> returned_ = 0;
};

}  // namespace sluice::soak
