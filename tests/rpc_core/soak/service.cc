// The handlers of the soak test.
#include "tests/rpc_core/soak/service.h"

#include <chrono>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/waiter.h"
#include "tests/rpc_core/soak/plan.h"

namespace sluice::soak {
namespace {

using rpc::Result;
using rpc::ServerContext;
using rpc::Status;
using rpc::StatusCode;
using rpc::Task;

// A handler that runs, as long as it does.
class Running {
 public:
  Running(std::atomic<std::uint64_t>& started, std::atomic<std::uint64_t>& returned) : returned_(returned) {
    ++started;
  }
  ~Running() { ++returned_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  std::atomic<std::uint64_t>& returned_;
};

bool is_whole(const Work& work) {
  return work.body() == slice(work.place(), static_cast<std::uint32_t>(work.body().size()));
}

// Waits as the request says, and gives the status that it asks for.
Task<Status> obey(ServerContext& context, const Work& work) {
  if (!is_whole(work)) co_return Status(StatusCode::DataLoss, "the request is not what was sent");
  if (work.hang()) {
    rpc::Waiter never(context.loop());
    co_await never.wait();
    co_return Status(StatusCode::Cancelled, "the handler was stopped");
  }
  if (work.delay_us() != 0) co_await rpc::sleep_for(context.loop(), std::chrono::microseconds(work.delay_us()));
  co_return Status(static_cast<StatusCode>(work.fail_with()), work.fail_with() != 0 ? "as requested" : "");
}

Done answer(ServerContext& context, const Work& work) {
  Done done;
  done.set_body(std::string(slice(work.place(), work.response_bytes())));
  done.set_place(work.place());
  if (const rpc::PeerIdentity* caller = context.peer_identity()) done.set_caller(caller->subject);
  return done;
}

}  // namespace

Task<Result<Done>> Handlers::ask(ServerContext& context, const Work& work) {
  const Running running(started_, returned_);
  const Status status = co_await obey(context, work);
  if (!status.ok()) co_return rpc::fail(status);
  co_return answer(context, work);
}

Task<Result<Done>> Handlers::gather(ServerContext& context, rpc::Reader<Work>& reader) {
  const Running running(started_, returned_);
  std::uint32_t requests = 0;
  std::uint64_t request_bytes = 0;
  Work work;
  Work first;
  bool going = co_await reader.read(work);
  while (going) {
    if (!is_whole(work)) co_return rpc::fail(StatusCode::DataLoss, "a request is not what was sent");
    ++requests;
    request_bytes += work.body().size();
    first.Swap(&work);
    going = co_await reader.read(work);
  }
  const Status status = co_await obey(context, first);
  if (!status.ok()) co_return rpc::fail(status);
  Done done = answer(context, first);
  done.set_requests(requests);
  done.set_request_bytes(request_bytes);
  co_return done;
}

Task<Status> Handlers::spread(ServerContext& context, const Work& work, rpc::Writer<Done>& writer) {
  const Running running(started_, returned_);
  Status status = co_await obey(context, work);
  const Done done = answer(context, work);
  bool room = status.ok();
  for (std::uint32_t i = 0; i < work.responses() && room; ++i) room = co_await writer.write(done);
  co_return status;
}

Task<Status> Handlers::chat(ServerContext& context, rpc::Reader<Work>& reader, rpc::Writer<Done>& writer) {
  const Running running(started_, returned_);
  Status status;
  Work work;
  bool going = co_await reader.read(work);
  while (going) {
    status = co_await obey(context, work);
    if (!status.ok()) break;
    const Done done = answer(context, work);
    going = co_await writer.write(done);
    if (going) going = co_await reader.read(work);
  }
  co_return status;
}

}  // namespace sluice::soak
