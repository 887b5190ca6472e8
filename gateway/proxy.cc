// The pumps between an exchange and a call.
#include "gateway/proxy.h"

#include <memory>
#include <optional>
#include <utility>

#include "rpc_core/base/task_group.h"

namespace sluice::gateway {
namespace {

using rpc::Buffer;
using rpc::Metadata;
using rpc::Status;

const Metadata kNoMetadata;

const Metadata& or_none(const Metadata* metadata) { return metadata != nullptr ? *metadata : kNoMetadata; }

Status broken(const char* message) {
  return Status(rpc::StatusCode::Internal, message).with_origin(Status::Origin::Transport);
}

std::unique_ptr<rpc::Call> start(rpc::Caller& backend, const CallPlan& plan) {
  rpc::CallOptions options;
  options.timeout = plan.timeout;
  options.metadata = &plan.metadata;
  options.max_receive_bytes = plan.max_response_bytes;
  return backend.start(plan.path, options);
}

// What an exchange counts of its call; without a place for it, nowhere.
class Counter {
 public:
  explicit Counter(const CallPlan& plan) : counts_(plan.counts != nullptr ? *plan.counts : nowhere_) {}

  void started() { counts_.grpc_status = static_cast<int>(rpc::StatusCode::Cancelled); }
  void sent() { ++counts_.messages_sent; }
  void received() { ++counts_.messages_received; }
  void ended(const Status& status) {
    counts_.grpc_status = static_cast<int>(status.code());
    if (status.origin() == Status::Origin::Peer) return;
    if (status.code() == rpc::StatusCode::DeadlineExceeded) counts_.limit = Limit::Timeout;
    if (status.code() == rpc::StatusCode::ResourceExhausted) counts_.limit = Limit::MaxResponseBytes;
  }

 private:
  CallCounts nowhere_;
  CallCounts& counts_;
};

// A single answer is exactly one message (PROTOCOL-HTTP2.md leaves it to the client to find out). A backend that goes
// on is not listened to: the call is cancelled with the end of the exchange.
rpc::Task<Status> answer_one(Exchange& exchange, rpc::Call& call, rpc::Loop& loop, bool& finished) {
  Counter counter(exchange.plan());
  std::optional<Buffer> message = co_await call.read();
  if (message) {
    counter.received();
    if (std::optional<Buffer> second = co_await call.read()) {
      co_return broken("the backend answered a unary call with more than one message");
    }
  }
  const Metadata* headers = co_await call.headers();
  Status status = co_await call.finish();
  counter.ended(status);
  finished = true;
  if (status.ok() && !message) status = broken("the backend answered a unary call without a message");
  co_await rpc::Yield(loop);
  co_await exchange.begin(or_none(headers));
  if (status.ok()) co_await exchange.write(std::move(*message));
  co_return status;
}

rpc::Task<Status> answer_many(Exchange& exchange, rpc::Call& call, bool& finished) {
  Counter counter(exchange.plan());
  const Metadata* headers = co_await call.headers();
  co_await exchange.begin(or_none(headers));
  while (std::optional<Buffer> message = co_await call.read()) {
    counter.received();
    if (bool taken = co_await exchange.write(std::move(*message)); taken) continue;
    co_return Status(rpc::StatusCode::Cancelled, "nobody takes the answer");
  }
  Status status = co_await call.finish();
  counter.ended(status);
  finished = true;
  co_return status;
}

// What is ready in a turn of the loop goes step by step together, all requests through one step before the next (hence
// the yields): a step's code fits into the cache, the way of a request as a whole does not.
rpc::Task<void> forward_unary(Exchange& exchange, rpc::Caller& backend) {
  co_await rpc::Yield(backend.loop());
  rpc::Result<std::optional<Buffer>> request = co_await exchange.read();
  if (!request) {
    co_await exchange.end(request.error(), kNoMetadata);
    co_return;
  }
  co_await rpc::Yield(backend.loop());
  const std::unique_ptr<rpc::Call> call = start(backend, exchange.plan());
  Counter counter(exchange.plan());
  counter.started();
  rpc::WriteOptions last;
  last.last = true;
  if (*request) {
    counter.sent();
    co_await call->write(std::move(**request), last);
  } else {
    co_await call->finish_writing();
  }
  bool finished = false;
  const Status status = co_await answer_one(exchange, *call, backend.loop(), finished);
  const Metadata* trailers = finished ? &call->trailers() : &kNoMetadata;
  co_await exchange.end(status, *trailers);
}

// A call of which at least one side streams: requests, answers, and what the exchange attends to go on beside each
// other. Who first knows how it ends stops the others.
class Stream {
 public:
  Stream(Exchange& exchange, rpc::Caller& backend) : exchange_(exchange), backend_(backend) {}

  rpc::Task<void> run() {
    auto body = [this](rpc::TaskGroup& group) { return converse(group); };
    co_await rpc::run_in_group(backend_.loop(), body);
    const Metadata* trailers = finished_ ? &call_->trailers() : &kNoMetadata;
    co_await exchange_.end(*status_, *trailers);
  }

 private:
  rpc::Task<void> converse(rpc::TaskGroup& group) {
    group.spawn(attend(group));
    const CallPlan& plan = exchange_.plan();
    std::optional<Buffer> first;
    if (!plan.full_duplex) {
      rpc::Result<std::optional<Buffer>> request = co_await exchange_.read();
      if (!request) co_return settle(request.error(), group);
      first = std::move(*request);
    }
    call_ = start(backend_, plan);
    Counter(plan).started();
    group.spawn(send_requests(std::move(first), group));
    Status status;
    if (plan.server_streams) {
      status = co_await answer_many(exchange_, *call_, finished_);
    } else {
      status = co_await answer_one(exchange_, *call_, backend_.loop(), finished_);
    }
    settle(std::move(status), group);
  }

  rpc::Task<void> attend(rpc::TaskGroup& group) {
    const rpc::StopToken stop = co_await rpc::current_stop();
    co_await exchange_.attend();
    if (stop.stop_requested()) co_return;
    settle(Status(rpc::StatusCode::Cancelled, "nobody takes the answer"), group);
  }

  rpc::Task<void> send_requests(std::optional<Buffer> message, rpc::TaskGroup& group) {
    const CallPlan& plan = exchange_.plan();
    const bool more = plan.full_duplex || (plan.client_streams && message);
    Counter counter(plan);
    while (message || more) {
      if (message) {
        rpc::WriteOptions options;
        options.last = !plan.client_streams;
        const bool taken = co_await call_->write(std::move(*message), options);
        if (taken) counter.sent();
        if (!taken || options.last) co_return;
      }
      rpc::Result<std::optional<Buffer>> next = co_await exchange_.read();
      if (!next) co_return settle(next.error(), group);
      if (!*next) break;
      message = std::move(*next);
    }
    co_await call_->finish_writing();
  }

  // The first word counts.
  void settle(Status status, rpc::TaskGroup& group) {
    if (!status_) status_ = std::move(status);
    group.request_stop();
  }

  Exchange& exchange_;
  rpc::Caller& backend_;
  std::unique_ptr<rpc::Call> call_;
  std::optional<Status> status_;
  bool finished_ = false;  // the call has trailers
};

rpc::Task<void> forward_stream(Exchange& exchange, rpc::Caller& backend) {
  Stream stream(exchange, backend);
  co_await stream.run();
}

}  // namespace

rpc::Task<void> forward(Exchange& exchange, rpc::Caller& backend) {
  const CallPlan& plan = exchange.plan();
  return plan.client_streams || plan.server_streams ? forward_stream(exchange, backend)
                                                    : forward_unary(exchange, backend);
}

}  // namespace sluice::gateway
