#include "rpc_core/call/in_process.h"

#include <algorithm>
#include <exception>
#include <stdexcept>

#include "rpc_core/call/in_process_exchange.h"

namespace sluice::rpc {
namespace {

CallInfo info_of(std::string_view path, const CallOptions& options, TimePoint now) {
  CallInfo info;
  info.path = path;
  info.authority = "in-process";
  info.peer = "in-process";
  if (options.metadata != nullptr) info.metadata = *options.metadata;
  info.deadline = options.deadline;
  if (options.timeout) {
    info.deadline = std::min(deadline_after(now, *options.timeout), info.deadline.value_or(TimePoint::max()));
  }
  return info;
}

// Adds the metadata of the credentials, or ends the call.
Task<void> authorize(InProcessExchange& exchange, const CallCredentials& credentials) {
  const CallTarget target{std::string(exchange.info().authority), std::string(exchange.info().path)};
  const Result<Metadata> given = co_await ask_credentials(credentials, target).with_stop(exchange.cancelled());
  if (given) {
    exchange.add_metadata(*given);
  } else {
    exchange.abort(given.error());
  }
}

// What the handler failed with, if it left no status.
Task<Status> run_handler(Service& service, std::size_t method, ServerCall& call) {
  const std::string handler = "the handler of " + std::string(call.info().path);
  std::string reason = handler + " ended without a status";
  try {
    co_await service.handle(method, call).with_stop(call.cancelled());
  } catch (const std::exception& error) {
    reason = handler + " failed: " + error.what();
  } catch (...) {
    reason = handler + " failed";
  }
  co_return Status(StatusCode::Unknown, std::move(reason));
}

}  // namespace

void InProcessChannel::add(Service& service) {
  const std::string prefix = "/" + std::string(service.service_name()) + "/";
  for (std::size_t index = 0; index < service.methods().size(); ++index) {
    const std::string path = prefix + std::string(service.methods()[index].name);
    const bool added = methods_.emplace(path, Method{&service, index}).second;
    if (!added) throw std::invalid_argument("method " + path + " is there twice");
  }
}

std::unique_ptr<Call> InProcessChannel::start(std::string_view path, const CallOptions& options) {
  const std::size_t limit = options.max_receive_bytes != 0 ? options.max_receive_bytes : limits_.receive_bytes;
  auto exchange =
      std::make_shared<InProcessExchange>(loop_, info_of(path, options, loop_.now()), limits_.queued_messages, limit);
  const auto method = methods_.find(path);
  if (closed_) {
    exchange->abort(Status(StatusCode::Unavailable, "the in-process channel is closed"));
  } else if (method == methods_.end()) {
    exchange->finish(Status(StatusCode::Unimplemented, "no service here has " + std::string(path)), Metadata());
  } else {
    exchange->start_clock();
    handlers_.spawn(serve(exchange, method->second, options.credentials));
  }
  return InProcessExchange::client_end(std::move(exchange));
}

Task<void> InProcessChannel::close() {
  closed_ = true;
  handlers_.request_stop();
  co_await handlers_.join();
}

Task<void> InProcessChannel::serve(std::shared_ptr<InProcessExchange> exchange, Method method,
                                   const CallCredentials* credentials) {
  const StopToken closing = co_await current_stop();
  const StopCallback on_close(
      closing, [&] { exchange->abort(Status(StatusCode::Unavailable, "the in-process channel is closed")); });
  co_await Yield(loop_);
  if (credentials != nullptr && !exchange->ended()) co_await authorize(*exchange, *credentials);
  if (exchange->ended()) co_return;
  const std::unique_ptr<ServerCall> call = InProcessExchange::server_end(*exchange);
  Status failure = co_await run_handler(*method.service, method.index, *call);
  exchange->finish(std::move(failure), Metadata());
}

}  // namespace sluice::rpc
