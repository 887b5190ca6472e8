// Connect, ask, wait for the connection's end; again.
#include "gateway/upstream/schema_watch.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace sluice::gateway {
namespace {

using rpc::ConnectivityState;

constexpr rpc::Duration kLongestAnswer = std::chrono::seconds(10);

rpc::BackoffOptions between_questions() {
  rpc::BackoffOptions options;
  options.initial = std::chrono::milliseconds(200);
  options.max = std::chrono::seconds(10);
  return options;
}

}  // namespace

SchemaWatch::SchemaWatch(rpc::Channel& channel, Scope scope, Events events)
    : channel_(channel),
      scope_(scope),
      events_(std::move(events)),
      backoff_(between_questions(), std::random_device()()) {}

rpc::Task<void> SchemaWatch::run() {
  const rpc::StopToken token = co_await rpc::current_stop();
  while (!token.stop_requested()) {
    const bool connection = co_await connected();
    if (!connection) co_return;
    const bool answered = co_await ask();
    if (token.stop_requested()) co_return;
    if (answered) {
      backoff_.reset();
      if (scope_ == Scope::ServiceNames) co_return;
      co_await lost();
    } else {
      co_await rpc::sleep_for(channel_.loop(), backoff_.next());
    }
  }
}

rpc::Task<bool> SchemaWatch::connected() {
  rpc::Subchannel& subchannel = channel_.subchannel();
  while (subchannel.state() != ConnectivityState::Ready) {
    if (subchannel.state() == ConnectivityState::Idle) {
      subchannel.connect();
      continue;
    }
    if (subchannel.state() == ConnectivityState::TransientFailure) events_.failed(subchannel.last_failure());
    if (bool notified = co_await subchannel.state_changed().wait(); !notified) co_return false;
  }
  co_return true;
}

rpc::Task<bool> SchemaWatch::ask() {
  const rpc::StopToken token = co_await rpc::current_stop();
  rpc::CallOptions options;
  options.deadline = rpc::deadline_after(channel_.loop().now(), kLongestAnswer);
  rpc::Result<rpc::ReflectedSchema> schema = co_await read(options);
  if (token.stop_requested()) co_return false;
  if (schema) {
    tell(*std::move(schema));
    co_return true;
  }
  events_.failed(schema.error());
  co_return schema.error().code() == rpc::StatusCode::Unimplemented;
}

rpc::Task<rpc::Result<rpc::ReflectedSchema>> SchemaWatch::read(rpc::CallOptions options) {
  rpc::ReflectionClient client(channel_);
  rpc::Result<std::vector<std::string>> names = co_await client.list_services(options);
  if (!names) co_return rpc::fail(std::move(names.error()));
  std::erase_if(*names, [](const std::string& name) { return name.starts_with("grpc.reflection."); });
  rpc::ReflectedSchema schema;
  schema.services = *names;
  if (scope_ == Scope::ServiceNames || names->empty()) co_return schema;
  rpc::Result<rpc::ReflectedSchema> all = co_await client.fetch(*names, options);
  if (all || all.error().code() != rpc::StatusCode::NotFound) co_return all;
  co_return co_await read_one_by_one(*std::move(names), options);
}

// Servers may list what they cannot describe; that hides nothing else.
rpc::Task<rpc::Result<rpc::ReflectedSchema>> SchemaWatch::read_one_by_one(std::vector<std::string> services,
                                                                          rpc::CallOptions options) {
  rpc::ReflectionClient client(channel_);
  rpc::ReflectedSchema schema;
  std::set<std::string> files;
  for (const std::string& service : services) {
    std::vector<std::string> name(1, service);
    rpc::Result<rpc::ReflectedSchema> one = co_await client.fetch(std::move(name), options);
    if (!one && one.error().code() != rpc::StatusCode::NotFound) co_return rpc::fail(std::move(one.error()));
    if (!one) {
      events_.undescribed(service);
      continue;
    }
    schema.services.push_back(service);
    for (auto& file : *one->files.mutable_file()) {
      if (files.insert(file.name()).second) *schema.files.add_file() = std::move(file);
    }
  }
  co_return schema;
}

void SchemaWatch::tell(rpc::ReflectedSchema schema) {
  std::ranges::sort(schema.services);
  std::string encoded = schema.files.SerializeAsString();
  for (const std::string& service : schema.services) encoded += "\n" + service;
  if (std::exchange(last_, encoded) != encoded) events_.schema(std::move(schema));
}

rpc::Task<void> SchemaWatch::lost() {
  rpc::Subchannel& subchannel = channel_.subchannel();
  while (subchannel.state() == ConnectivityState::Ready) {
    if (bool notified = co_await subchannel.state_changed().wait(); !notified) co_return;
  }
}

}  // namespace sluice::gateway
