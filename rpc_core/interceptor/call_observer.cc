// The two calls that count.
#include "rpc_core/interceptor/call_observer.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "rpc_core/base/loop.h"
#include "rpc_core/interceptor/call_filter.h"

namespace sluice::rpc {

class CallObserver::ServerSide final : public ServerCallFilter {
 public:
  explicit ServerSide(ServerCall& next) : ServerCallFilter(next) {}

  Task<std::optional<Buffer>> read() override {
    std::optional<Buffer> message = co_await ServerCallFilter::read();
    if (message) ++record.messages_received;
    co_return message;
  }
  Task<bool> write(Buffer message, WriteOptions options) override {
    ++record.messages_sent;
    return ServerCallFilter::write(std::move(message), options);
  }
  Task<void> finish(Status status, const Metadata& trailers) override {
    record.status = status;
    return ServerCallFilter::finish(std::move(status), trailers);
  }

  CallRecord record;
};

Task<void> CallObserver::handle(ServerCall& call, CallHandler& next) {
  ServerSide observed(call);
  observed.record.path = call.info().path;
  observed.record.peer = call.info().peer;
  observed.record.status = Status(StatusCode::Unknown, "the handler did not finish its call");
  const TimePoint start = call.loop().now();
  const auto tell = [&] {
    observed.record.duration = call.loop().now() - start;
    sink_(observed.record);
  };
  try {
    co_await next.handle(observed);
  } catch (...) {
    tell();
    throw;
  }
  tell();
}

class CallObserver::ClientSide final : public CallFilter {
 public:
  ClientSide(std::unique_ptr<Call> next, const CallObserver& observer, std::string_view path, Loop& loop)
      : CallFilter(std::move(next)), observer_(observer), path_(path), loop_(loop), start_(loop.now()) {}
  ~ClientSide() override { tell(Status(StatusCode::Cancelled, "the call was dropped")); }

  Task<bool> write(Buffer message, WriteOptions options) override {
    ++record_.messages_sent;
    return CallFilter::write(std::move(message), options);
  }
  Task<std::optional<Buffer>> read() override {
    std::optional<Buffer> message = co_await CallFilter::read();
    if (message) ++record_.messages_received;
    co_return message;
  }
  Task<Status> finish() override {
    Status status = co_await CallFilter::finish();
    tell(status);
    co_return status;
  }

 private:
  void tell(const Status& status) {
    if (told_) return;
    told_ = true;
    record_.path = path_;
    record_.status = status;
    record_.duration = loop_.now() - start_;
    observer_.sink_(record_);
  }

  const CallObserver& observer_;
  const std::string path_;
  Loop& loop_;
  const TimePoint start_;
  CallRecord record_;
  bool told_ = false;
};

std::unique_ptr<Call> CallObserver::start(Caller& next, std::string_view path, const CallOptions& options) {
  return std::make_unique<ClientSide>(next.start(path, options), *this, path, next.loop());
}

std::string to_string(const CallRecord& record) {
  std::array<char, 32> duration{};
  std::snprintf(duration.data(), duration.size(), "%.3fms",
                std::chrono::duration<double, std::milli>(record.duration).count());
  std::string text = std::string(record.path) + " " + record.status.to_string() + " " + duration.data();
  text += " sent=" + std::to_string(record.messages_sent) + " received=" + std::to_string(record.messages_received);
  if (!record.peer.empty()) text.append(" peer=").append(record.peer);
  return text;
}

}  // namespace sluice::rpc
