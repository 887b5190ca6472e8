// bench_rpc's server on gRPC C++: one completion queue, one thread.
#include <grpcpp/grpcpp.h>

#include <cstdio>

#include "tests/bench/rpc/bench.grpc.pb.h"
#include "tests/bench/rpc/peers.h"
#include "tests/bench/rpc/tls_files.h"

namespace sluice::bench {
namespace {

class Operation {
 public:
  virtual ~Operation() = default;
  virtual void proceed(bool ok) = 0;
};

class EchoCall final : public Operation {
 public:
  EchoCall(Bench::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), responder_(&context_) {
    service.RequestEcho(&context_, &request_, &responder_, &queue, &queue, this);
  }
  void proceed(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new EchoCall(service_, queue_);
    answered_ = true;
    responder_.Finish(request_, grpc::Status::OK, this);
  }

 private:
  Bench::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  Payload request_;
  grpc::ServerAsyncResponseWriter<Payload> responder_;
  bool answered_ = false;
};

class FloodCall final : public Operation {
 public:
  FloodCall(Bench::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), writer_(&context_) {
    service.RequestFlood(&context_, &request_, &writer_, &queue, &queue, this);
  }
  void proceed(bool ok) override {
    if (finished_ || (!ok && !started_)) {
      delete this;
      return;
    }
    if (!started_) new FloodCall(service_, queue_);
    started_ = true;
    finished_ = !ok;
    if (finished_) {
      writer_.Finish(grpc::Status::CANCELLED, this);
    } else {
      writer_.Write(request_, this);
    }
  }

 private:
  Bench::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  Payload request_;
  grpc::ServerAsyncWriter<Payload> writer_;
  bool started_ = false;
  bool finished_ = false;
};

std::shared_ptr<grpc::ServerCredentials> credentials_of(const std::string& tls_folder) {
  if (tls_folder.empty()) return grpc::InsecureServerCredentials();
  const TlsTexts texts = read_tls(tls_folder);
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({texts.private_key, texts.certificate});
  return grpc::SslServerCredentials(options);
}

}  // namespace

bool has_grpcpp() { return true; }

void serve_grpcpp(const std::string& tls_folder) {
  Bench::AsyncService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", credentials_of(tls_folder), &port);
  builder.RegisterService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  new EchoCall(service, *queue);
  new FloodCall(service, *queue);
  std::printf("%d\n", port);
  std::fflush(stdout);
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<Operation*>(tag)->proceed(ok);
}

}  // namespace sluice::bench
