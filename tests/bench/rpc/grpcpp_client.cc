// bench_rpc's client on gRPC C++: one channel, one completion queue, one thread.
#include <grpcpp/grpcpp.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "tests/bench/rpc/bench.grpc.pb.h"
#include "tests/bench/rpc/peers.h"
#include "tests/bench/rpc/tls_files.h"

namespace sluice::bench {
namespace {

class Operation {
 public:
  virtual ~Operation() = default;
  // False: it has no more to do.
  virtual bool proceed(bool ok) = 0;
};

class Echo final : public Operation {
 public:
  Echo(Bench::Stub& stub, grpc::CompletionQueue& queue, const Payload& request, Meter& meter)
      : stub_(stub), queue_(queue), request_(request), meter_(meter) {
    start();
  }
  bool proceed(bool) override {
    if (!status_.ok()) throw std::runtime_error(status_.error_message());
    if (!meter_.count()) return false;
    start();
    return true;
  }

 private:
  void start() {
    context_ = std::make_unique<grpc::ClientContext>();
    reader_ = stub_.AsyncEcho(context_.get(), request_, &queue_);
    reader_->Finish(&reply_, &status_, this);
  }

  Bench::Stub& stub_;
  grpc::CompletionQueue& queue_;
  const Payload& request_;
  Meter& meter_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Payload>> reader_;
  Payload reply_;
  grpc::Status status_;
};

class Flood final : public Operation {
 public:
  Flood(Bench::Stub& stub, grpc::CompletionQueue& queue, const Payload& request, Meter& meter) : meter_(meter) {
    reader_ = stub.AsyncFlood(&context_, request, &queue, this);
  }
  bool proceed(bool ok) override {
    if (cancelled_) return false;
    if (!ok) throw std::runtime_error("the stream has ended");
    cancelled_ = started_ && !meter_.count();
    if (cancelled_) context_.TryCancel();
    started_ = true;
    reader_->Read(&message_, this);
    return true;
  }

 private:
  Meter& meter_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReader<Payload>> reader_;
  Payload message_;
  bool started_ = false;
  bool cancelled_ = false;
};

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const std::string& tls_folder) {
  if (tls_folder.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = read_tls(tls_folder).authority;
  return grpc::SslCredentials(options);
}

}  // namespace

Measured call_grpcpp(const Load& load) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(kServerName);
  const auto channel =
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(load.port), credentials_of(load.tls_folder), arguments);
  const std::unique_ptr<Bench::Stub> stub = Bench::NewStub(channel);
  grpc::CompletionQueue queue;
  Payload request;
  request.set_body(body_of(load));
  Meter meter(load);
  std::vector<std::unique_ptr<Operation>> operations;
  for (int i = 0; i < load.streams; ++i) {
    if (load.mode == Mode::Unary) {
      operations.push_back(std::make_unique<Echo>(*stub, queue, request, meter));
    } else {
      operations.push_back(std::make_unique<Flood>(*stub, queue, request, meter));
    }
  }
  int running = load.streams;
  void* tag = nullptr;
  bool ok = false;
  while (running > 0 && queue.Next(&tag, &ok)) running -= static_cast<Operation*>(tag)->proceed(ok) ? 0 : 1;
  return meter.result();
}

}  // namespace sluice::bench
