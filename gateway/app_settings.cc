// Member by member.
#include "gateway/app_settings.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace sluice::gateway {
namespace {

// A certificate goes with its own key.
rpc::Result<std::shared_ptr<const rpc::TlsContext>> tls_context(const BackendTlsConfig& own,
                                                                const BackendTlsConfig& common) {
  const BackendTlsConfig& identity = own.certificate.empty() ? common : own;
  rpc::TlsFiles files;
  files.certificates = identity.certificate;
  files.private_key = identity.key;
  files.authorities = own.ca.empty() ? common.ca : own.ca;
  rpc::TlsOptions options;
  return rpc::load_tls(rpc::TlsRole::Client, files, std::move(options));
}

RouteSettings header_settings(const HeaderLists& lists) {
  RouteSettings settings;
  if (!lists.forwarded.empty()) settings.forward_headers = lists.forwarded;
  if (!lists.returned.empty()) settings.return_headers = lists.returned;
  if (!lists.withheld.empty()) settings.withhold_headers = lists.withheld;
  return settings;
}

}  // namespace

RouteOptions route_options(const Config& config) {
  RouteOptions options;
  options.extract.services = config.routing.services;
  options.extract.auto_map = config.routing.auto_map;
  options.extract.on_duplicate = config.routing.on_duplicate;
  options.trailing_slash = config.routing.trailing_slash;
  options.unescape = config.routing.unescape;
  options.parse = config.parse;
  options.print = config.print;
  options.errors = config.errors;
  options.error_answers = config.error_answers;
  options.reference_transcoder = config.routing.transcoder == TranscoderKind::Reference;
  options.timeout = config.calls.timeout;
  options.stream_timeout = config.calls.stream_timeout;
  options.streams = config.streams;
  options.answers = config.answers;
  options.max_request_bytes = config.calls.max_request_bytes;
  options.max_response_bytes = config.calls.max_response_bytes;
  options.extract.config_rules = config.routing.rules;
  options.overrides.push_back(RouteOverride{"*", std::nullopt, header_settings(config.headers)});
  for (std::size_t i = 0; i < config.backends.size(); ++i) {
    options.overrides.push_back(RouteOverride{"*", i, config.backends[i].settings});
  }
  for (const RouteConfig& route : config.routes) {
    options.overrides.push_back(RouteOverride{route.methods, std::nullopt, route.settings});
  }
  return options;
}

rpc::Result<std::shared_ptr<const rpc::TlsContext>> front_tls(const FrontTlsConfig& config) {
  if (config.certificate.empty()) return nullptr;
  rpc::TlsOptions options;
  options.alpn = {"http/1.1"};
  options.alpn_required = false;
  if (!config.client_ca.empty()) options.client_certificate = rpc::ClientCertificate::Required;
  rpc::TlsFiles files;
  files.certificates = config.certificate;
  files.private_key = config.key;
  files.authorities = config.client_ca;
  return rpc::load_tls(rpc::TlsRole::Server, files, std::move(options));
}

rpc::Result<std::vector<BackendOptions>> backend_options(const Config& config) {
  const UpstreamConfig& upstream = config.upstream;
  std::vector<BackendOptions> all;
  for (const BackendConfig& backend : config.backends) {
    BackendOptions options;
    options.label = backend.label();
    options.target = backend.target;
    options.channel.max_receive_bytes = config.calls.max_response_bytes;
    options.channel.authority = backend.authority.empty() ? upstream.authority : backend.authority;
    for (const HeaderConfig& header : backend.headers) options.headers.add(header.name, header.value);
    if (backend.tls.value_or(upstream.tls)) {
      auto context = tls_context(backend.tls_files, upstream.tls_files);
      if (!context) {
        return rpc::fail(context.error().code(), "backend " + backend.label() + ": " + context.error().message());
      }
      options.credentials = std::make_shared<rpc::TlsCredentials>(*std::move(context));
      options.channel.tls = options.credentials;
    }
    options.channel.subchannel.connect_timeout = upstream.connect_timeout;
    options.channel.subchannel.backoff.max = upstream.backoff_max;
    options.channel.subchannel.backoff.initial =
        std::min<rpc::Duration>(std::chrono::milliseconds(100), upstream.backoff_max);
    options.channel.subchannel.http2.max_header_list_bytes = static_cast<std::uint32_t>(config.http.max_header_bytes);
    // With what is queued towards a client that does not read, a stream stays below 1 MiB.
    options.channel.subchannel.http2.stream_window_bytes = 512 * 1024;
    all.push_back(std::move(options));
  }
  return all;
}

}  // namespace sluice::gateway
