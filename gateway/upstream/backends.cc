// Channels, and the headers that are added on the way to them.
#include "gateway/upstream/backends.h"

#include <tuple>
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

bool same_connections(const BackendOptions& one, const BackendOptions& other) {
  const auto rules = [](const BackendOptions& options) {
    const rpc::SubchannelOptions& subchannel = options.channel.subchannel;
    return std::tie(options.label, options.target, options.credentials, options.channel.authority,
                    options.channel.max_receive_bytes, subchannel.connect_timeout, subchannel.backoff.initial,
                    subchannel.backoff.max, subchannel.http2.max_header_list_bytes,
                    subchannel.http2.stream_window_bytes);
  };
  return rules(one) == rules(other);
}

rpc::Result<std::unique_ptr<Backends>> Backends::open(SharedChannels& channels,
                                                      const std::vector<BackendOptions>& options,
                                                      const Backends* before) {
  std::unique_ptr<Backends> backends(new Backends(options));
  for (const BackendOptions& option : options) {
    if (std::shared_ptr<rpc::Channel> same = before == nullptr ? nullptr : before->find(option)) {
      backends->add(std::move(same), option.headers);
      continue;
    }
    auto channel = rpc::Channel::create(channels.loop(), option.target, option.channel);
    if (!channel) {
      return rpc::fail(channel.error().code(), "backend " + option.label + ": " + channel.error().message());
    }
    backends->add(channels.share(option.label, *std::move(channel)), option.headers);
  }
  return backends;
}

Backends::Backends(const std::vector<BackendOptions>& options) : options_(options) {}

Backends::~Backends() = default;

std::shared_ptr<rpc::Channel> Backends::find(const BackendOptions& wanted) const {
  for (std::size_t i = 0; i < options_.size(); ++i) {
    if (same_connections(options_[i], wanted)) return channels_[i];
  }
  return nullptr;
}

void Backends::add(std::shared_ptr<rpc::Channel> channel, const rpc::Metadata& headers) {
  with_headers_.push_back(headers.empty() ? nullptr : std::make_unique<WithHeaders>(*channel, headers));
  channels_.push_back(std::move(channel));
}

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

}  // namespace sluice::gateway
