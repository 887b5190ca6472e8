// The same backend on gRPC C++: its generic service, one completion queue, one thread.
//
//   bench_grpcpp_backend        prints its port
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace sluice::bench {
namespace {

// One call: waits for it, reads the request, writes it as often as metadata "count" says (once without), ends.
class Echo {
 public:
  Echo(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), stream_(&context_) {
    service.RequestCall(&context_, &stream_, &queue, &queue, this);
  }

  void proceed(bool ok) {
    if (!ok || state_ == State::Ended) {
      delete this;
      return;
    }
    switch (state_) {
      case State::Waiting:
        new Echo(service_, queue_);
        state_ = State::Reading;
        stream_.Read(&request_, this);
        return;
      case State::Reading:
        state_ = State::Writing;
        left_ = count();
        break;
      case State::Writing:
      case State::Ended:
        break;
    }
    if (left_-- > 1) {
      stream_.Write(request_, this);
      return;
    }
    state_ = State::Ended;
    stream_.WriteAndFinish(request_, grpc::WriteOptions(), grpc::Status::OK, this);
  }

 private:
  enum class State { Waiting, Reading, Writing, Ended };

  long count() const {
    const auto found = context_.client_metadata().find("count");
    if (found == context_.client_metadata().end()) return 1;
    return std::atol(std::string(found->second.data(), found->second.size()).c_str());
  }

  grpc::AsyncGenericService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer request_;
  State state_ = State::Waiting;
  long left_ = 0;
};

void serve() {
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  new Echo(service, *queue);
  std::printf("%d\n", port);
  std::fflush(stdout);
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<Echo*>(tag)->proceed(ok);
}

}  // namespace
}  // namespace sluice::bench

int main() { sluice::bench::serve(); }
