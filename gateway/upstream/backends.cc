// Channels, and the headers that are added on the way to them.
#include "gateway/upstream/backends.h"

#include <utility>

namespace sluice::gateway {

class Backends::WithHeaders final : public rpc::Caller {
 public:
  WithHeaders(rpc::Caller& backend, rpc::Metadata headers) : backend_(backend), headers_(std::move(headers)) {}

  std::unique_ptr<rpc::Call> start(std::string_view path, const rpc::CallOptions& options) override {
    rpc::Metadata metadata;
    if (options.metadata != nullptr) {
      for (const auto& [key, value] : *options.metadata) {
        if (!headers_.contains(key)) metadata.add(key, value);
      }
    }
    metadata.add_all(headers_);
    rpc::CallOptions with_headers = options;
    with_headers.metadata = &metadata;
    return backend_.start(path, with_headers);
  }
  rpc::Loop& loop() override { return backend_.loop(); }

 private:
  rpc::Caller& backend_;
  const rpc::Metadata headers_;
};

rpc::Result<std::unique_ptr<Backends>> Backends::open(rpc::Loop& loop, const std::vector<BackendOptions>& options) {
  std::unique_ptr<Backends> backends(new Backends());
  for (const BackendOptions& option : options) {
    auto channel = rpc::Channel::create(loop, option.target, option.channel);
    if (!channel) {
      return rpc::fail(channel.error().code(), "backend " + option.label + ": " + channel.error().message());
    }
    backends->channels_.push_back(*std::move(channel));
    std::unique_ptr<WithHeaders> with_headers;
    if (!option.headers.empty()) {
      with_headers = std::make_unique<WithHeaders>(*backends->channels_.back(), option.headers);
    }
    backends->with_headers_.push_back(std::move(with_headers));
  }
  return backends;
}

Backends::~Backends() = default;

std::vector<rpc::Caller*> Backends::callers() const {
  std::vector<rpc::Caller*> callers;
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (with_headers_[i]) {
      callers.push_back(with_headers_[i].get());
    } else {
      callers.push_back(channels_[i].get());
    }
  }
  return callers;
}

rpc::Task<void> Backends::shut_down() {
  for (const auto& channel : channels_) co_await channel->shut_down();
}

}  // namespace sluice::gateway
