// ForwardedHeaders: which of a client's headers reach the backend.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "rpc_core/call/call.h"

namespace sluice::gateway {

// Around the caller of a backend: lets through what matches one of the globs, and x-forwarded-*, which is the gateway's
// own word. Everything is borrowed for as long as the calls run.
class ForwardedHeaders final : public rpc::Caller {
 public:
  ForwardedHeaders(rpc::Caller& backend, std::span<const std::string> globs) : backend_(backend), globs_(globs) {}

  std::unique_ptr<rpc::Call> start(std::string_view path, const rpc::CallOptions& options) override;
  rpc::Loop& loop() override { return backend_.loop(); }

 private:
  bool allows(std::string_view name) const;

  rpc::Caller& backend_;
  std::span<const std::string> globs_;
};

}  // namespace sluice::gateway
