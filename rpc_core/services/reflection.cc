#include "rpc_core/services/reflection.h"

#include <algorithm>

#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "rpc_core/call/typed.h"
#include "rpc_core/services/reflection_answers.h"

namespace sluice::rpc {
namespace {

void insert_sorted(std::vector<std::string>& names, std::string name) {
  const auto place = std::ranges::lower_bound(names, name);
  if (place == names.end() || *place != name) names.insert(place, std::move(name));
}

}  // namespace

// One of the two services. They differ in their names alone: every message has the same fields with the same numbers in
// both packages, so that the classes of v1 read and write v1alpha too.
class Reflection::Version final : public Service {
 public:
  Version(const Reflection& reflection, const google::protobuf::Descriptor& request)
      : reflection_(reflection), name_(request.file()->service(0)->full_name()) {}

  std::string_view service_name() const override { return name_; }
  std::span<const MethodInfo> methods() const override {
    static constexpr MethodInfo kMethods[] = {{"ServerReflectionInfo", CallMode::BidiStreaming}};
    return kMethods;
  }
  Task<void> handle(std::size_t, ServerCall& call) override {
    return serve_bidi_stream(call, *this, &Version::server_reflection_info);
  }

 private:
  using Request = ReflectionAnswers::Request;
  using Response = ReflectionAnswers::Response;

  Task<Status> server_reflection_info(ServerContext&, Reader<Request>& reader, Writer<Response>& writer) {
    ReflectionAnswers answers(reflection_.listed_, reflection_.pool_);
    Request request;
    while (co_await reader.read(request)) {
      const Response response = answers.answer(request);
      if (bool room = co_await writer.write(response); !room) break;
    }
    co_return Status();
  }

  const Reflection& reflection_;
  const std::string name_;
};

Reflection::Reflection(const google::protobuf::DescriptorPool& pool)
    : pool_(pool),
      v1_(std::make_unique<Version>(*this, *::grpc::reflection::v1::ServerReflectionRequest::descriptor())),
      v1alpha_(std::make_unique<Version>(*this, *::grpc::reflection::v1alpha::ServerReflectionRequest::descriptor())) {
  for (const Service* service : services()) {
    const bool known = pool_.FindServiceByName(std::string(service->service_name())) != nullptr;
    if (known) list(*service);
  }
}

Reflection::~Reflection() = default;

void Reflection::list(const Service& service) { insert_sorted(listed_, std::string(service.service_name())); }

std::array<Service*, 2> Reflection::services() const { return {v1_.get(), v1alpha_.get()}; }

}  // namespace sluice::rpc
