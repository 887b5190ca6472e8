// The pumps between an exchange and a call.
#include "gateway/proxy.h"

#include <memory>
#include <utility>

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

// A unary answer is exactly one message (PROTOCOL-HTTP2.md leaves it to the client to find out). A backend that goes on
// is not listened to: the call is cancelled with the end of the exchange.
rpc::Task<void> answer_one(Exchange& exchange, rpc::Call& call) {
  std::optional<Buffer> message = co_await call.read();
  if (message) {
    if (std::optional<Buffer> second = co_await call.read()) {
      const Status status = broken("the backend answered a unary call with more than one message");
      co_await exchange.end(status, kNoMetadata);
      co_return;
    }
  }
  const Metadata* headers = co_await call.headers();
  Status status = co_await call.finish();
  if (status.ok() && !message) status = broken("the backend answered a unary call without a message");
  co_await exchange.begin(or_none(headers));
  if (status.ok()) co_await exchange.write(std::move(*message));
  co_await exchange.end(status, call.trailers());
}

rpc::Task<void> answer_many(Exchange& exchange, rpc::Call& call) {
  bool begun = false;
  while (std::optional<Buffer> message = co_await call.read()) {
    if (!begun) {
      begun = true;
      const Metadata* headers = co_await call.headers();
      co_await exchange.begin(or_none(headers));
    }
    if (bool taken = co_await exchange.write(std::move(*message)); taken) continue;
    const Status nobody_reads(rpc::StatusCode::Cancelled, "nobody takes the answer");
    co_await exchange.end(nobody_reads, kNoMetadata);
    co_return;
  }
  if (!begun) {
    const Metadata* headers = co_await call.headers();
    co_await exchange.begin(or_none(headers));
  }
  const Status status = co_await call.finish();
  co_await exchange.end(status, call.trailers());
}

}  // namespace

rpc::Task<void> forward(Exchange& exchange, rpc::Caller& backend) {
  rpc::Result<std::optional<Buffer>> request = co_await exchange.read();
  if (!request) {
    co_await exchange.end(request.error(), kNoMetadata);
    co_return;
  }
  const CallPlan& plan = exchange.plan();
  rpc::CallOptions options;
  options.timeout = plan.timeout;
  options.metadata = &plan.metadata;
  options.max_receive_bytes = plan.max_response_bytes;
  const std::unique_ptr<rpc::Call> call = backend.start(plan.path, options);
  rpc::WriteOptions last;
  last.last = true;
  if (*request) {
    co_await call->write(std::move(**request), last);
  } else {
    co_await call->finish_writing();
  }
  if (plan.server_streams) {
    co_await answer_many(exchange, *call);
  } else {
    co_await answer_one(exchange, *call);
  }
}

}  // namespace sluice::gateway
