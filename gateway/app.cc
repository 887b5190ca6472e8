#include "gateway/app.h"

#include <future>
#include <utility>

#include "gateway/filter/access_log.h"
#include "gateway/route/router.h"
#include "gateway/schema/descriptor_set.h"
#include "gateway/schema/proto_files.h"
#include "rpc_core/client/channel.h"

namespace sluice::gateway {
namespace {

SchemaResult load_schema(const SchemaConfig& config) {
  if (!config.descriptor_sets.empty()) return load_descriptor_sets(config.descriptor_sets);
  return compile_proto_files(config.proto_files, config.proto_paths);
}

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
  options.reference_transcoder = config.routing.transcoder == TranscoderKind::Reference;
  options.timeout = config.calls.timeout;
  options.max_request_bytes = config.calls.max_request_bytes;
  options.max_response_bytes = config.calls.max_response_bytes;
  return options;
}

rpc::ChannelOptions channel_options(const Config& config) {
  rpc::ChannelOptions options;
  options.max_receive_bytes = config.calls.max_response_bytes;
  options.authority = config.backend.authority;
  options.subchannel.connect_timeout = config.backend.connect_timeout;
  options.subchannel.backoff.max = config.backend.backoff_max;
  options.subchannel.backoff.initial = std::min<rpc::Duration>(std::chrono::milliseconds(100), config.backend.backoff_max);
  options.subchannel.http2.max_header_list_bytes = static_cast<std::uint32_t>(config.http.max_header_bytes);
  return options;
}

rpc::Result<std::unique_ptr<rpc::Channel>> open_channel(rpc::Loop& loop, const Config& config) {
  return rpc::Channel::create(loop, config.backend.target, channel_options(config));
}

// Ends a channel on the loop that it belongs to, and waits for that.
void shut_down(rpc::Loop& loop, rpc::Channel& channel) {
  std::promise<void> done;
  loop.run_soon([&] {
    rpc::spawn(channel.shut_down(), rpc::StopToken(), [&done](std::exception_ptr) { done.set_value(); });
  });
  done.get_future().wait();
}

}  // namespace

std::expected<std::shared_ptr<const RouteTable>, Problems> load_routes(const Config& config) {
  SchemaResult schema = load_schema(config.schema);
  if (!schema) return std::unexpected(std::move(schema.error()));
  return RouteTable::build(*std::move(schema), route_options(config));
}

// What one worker has of its own.
struct App::Seat {
  Seat(unsigned id, const Config& config, const std::shared_ptr<const RouteTable>& routes, Log& log)
      : worker(id),
        channel(*open_channel(worker.loop(), config)),
        router(routes, *channel, std::max<std::size_t>(1, config.calls.max_concurrent_calls / config.workers)),
        access_log(router, [&log](const AccessRecord& record) { log.access(record); }),
        handler(config.log.access_log ? static_cast<Handler*>(&access_log) : &router) {}

  Worker worker;
  std::unique_ptr<rpc::Channel> channel;
  Router router;
  AccessLog access_log;
  Handler* handler;
};

App::App(const Config& config, std::shared_ptr<const RouteTable> routes, Log& log)
    : config_(config), routes_(std::move(routes)), log_(log) {}

App::~App() = default;

rpc::Result<void> App::start() {
  if (const auto target = rpc::parse_target(config_.backend.target); !target) return rpc::fail(target.error());
  std::vector<Listener::Seat> seats;
  for (unsigned id = 0; id < config_.workers; ++id) {
    seats_.push_back(std::make_unique<Seat>(id, config_, routes_, log_));
    seats.push_back({&seats_.back()->worker, seats_.back()->handler});
  }
  Listener::Services services;
  services.errors = &routes_->errors();
  services.failure = [this](std::exception_ptr failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
      log_.error(std::string("a request failed: ") + exception.what());
    }
  };
  listener_ = std::make_unique<Listener>(std::move(seats), services, config_.http);
  std::vector<rpc::Endpoint> bound;
  for (const rpc::Endpoint& endpoint : config_.listen) {
    rpc::Result<rpc::Endpoint> opened = listener_->open(endpoint);
    if (!opened) return rpc::fail(opened.error());
    bound.push_back(*std::move(opened));
  }
  listener_->start();
  for (const auto& seat : seats_) seat->worker.start();
  for (const rpc::Endpoint& endpoint : bound) {
    const bool unix_socket = endpoint.kind == rpc::Endpoint::Kind::Unix;
    log_.info("listening on " + (unix_socket ? "" : std::string("http://")) + endpoint.to_string());
  }
  return {};
}

void App::stop() {
  std::promise<void> drained;
  listener_->drain(config_.drain.timeout, [&drained] { drained.set_value(); });
  drained.get_future().wait();
  for (const auto& seat : seats_) shut_down(seat->worker.loop(), *seat->channel);
  for (const auto& seat : seats_) seat->worker.stop();
  for (const auto& seat : seats_) seat->worker.join();
}

}  // namespace sluice::gateway
