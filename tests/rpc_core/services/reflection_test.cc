// Tests of both reflection services with the reflection client, in process and over HTTP/2.
#include "rpc_core/services/reflection.h"

#include <gmock/gmock.h>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc_core/call/client_stream.h"
#include "rpc_core/services/health.h"
#include "rpc_core/services/reflection_client.h"
#include "tests/rpc_core/services/descriptors.h"
#include "tests/rpc_core/services/services_fixture.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::ElementsAre;
using Request = ::grpc::reflection::v1::ServerReflectionRequest;
using Response = ::grpc::reflection::v1::ServerReflectionResponse;

constexpr const char* kV1 = "grpc.reflection.v1.ServerReflection";
constexpr const char* kV1Alpha = "grpc.reflection.v1alpha.ServerReflection";

class ReflectionServices : public ServicesFixture {
 protected:
  void SetUp() override {
    ServicesFixture::SetUp();
    reflection.list(health);
    add(health);
  }
  // What a stream answers to the questions, one after the other.
  Task<std::vector<std::string>> ask(std::string service, std::vector<Request> questions) {
    const std::string path = "/" + service + "/ServerReflectionInfo";
    BidiStream<Request, Response> stream(caller(), path, CallOptions());
    std::vector<std::string> seen;
    for (const Request& question : questions) {
      co_await stream.write(question);
      const std::optional<Response> response = co_await stream.read();
      seen.push_back(response ? response->ShortDebugString() : "nothing");
    }
    co_await stream.finish_writing();
    const Status status = co_await stream.finish();
    seen.push_back(status.to_string());
    co_return seen;
  }

  HealthService health;
  Reflection reflection;
};
INSTANTIATE_TEST_SUITE_P(Paths, ReflectionServices, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(ReflectionServices, BothVersionsAnswerInTheirTurn) {
  for (Service* service : reflection.services()) add(*service);
  Request unknown;
  unknown.set_file_by_filename("x");
  Request list;
  list.set_list_services("*");
  for (const char* version : {kV1, kV1Alpha}) {
    EXPECT_THAT(
        run(ask(version, {unknown, list})),
        ElementsAre("original_request { file_by_filename: \"x\" } error_response { error_code: 5 "
                    "error_message: \"this server does not know the file \\\"x\\\"\" }",
                    "original_request { list_services: \"*\" } list_services_response { service { name: "
                    "\"grpc.health.v1.Health\" } service { name: \"grpc.reflection.v1.ServerReflection\" } service "
                    "{ name: \"grpc.reflection.v1alpha.ServerReflection\" } }",
                    "OK"))
        << version;
  }
}

TEST_P(ReflectionServices, AClientFetchesWhatTheServerHas) {
  for (Service* service : reflection.services()) add(*service);
  ReflectionClient client(caller());
  const Result<ReflectedSchema> schema = run(client.fetch_all());
  ASSERT_TRUE(schema) << schema.error().to_string();
  EXPECT_THAT(schema->services, ElementsAre("grpc.health.v1.Health", kV1, kV1Alpha));
  const auto pool = build_pool(schema->files);
  ASSERT_TRUE(pool) << pool.error().to_string();
  const auto* method = (*pool)->FindMethodByName("grpc.health.v1.Health.Watch");
  ASSERT_NE(method, nullptr);
  EXPECT_TRUE(method->server_streaming());
  EXPECT_NE((*pool)->FindServiceByName(kV1Alpha), nullptr);
}

TEST_P(ReflectionServices, AClientFallsBackToV1Alpha) {
  add(*reflection.services()[1]);
  ReflectionClient client(caller());
  const Result<std::vector<std::string>> services = run(client.list_services());
  ASSERT_TRUE(services) << services.error().to_string();
  EXPECT_THAT(*services, ElementsAre("grpc.health.v1.Health", kV1, kV1Alpha));
}

TEST_P(ReflectionServices, AClientTellsThatThereIsNone) {
  ReflectionClient client(caller());
  const Result<std::vector<std::string>> services = run(client.list_services());
  ASSERT_FALSE(services);
  EXPECT_EQ(services.error().code(), StatusCode::Unimplemented);
  EXPECT_THAT(services.error().message(), ::testing::StartsWith("reflection, list_services: "));
}

TEST_P(ReflectionServices, AnotherPoolHasNeitherOfThem) {
  const auto pool = std::move(*build_pool(diamond()));
  Reflection other(*pool);
  other.list(health);
  other.list(health);
  for (Service* service : other.services()) add(*service);
  ReflectionClient client(caller());
  EXPECT_THAT(*run(client.list_services()), ElementsAre("grpc.health.v1.Health"));
  const Result<ReflectedSchema> top = run(client.fetch({"t.Top"}));
  ASSERT_TRUE(top) << top.error().to_string();
  EXPECT_EQ(top->files.file_size(), 4);
  EXPECT_EQ(run(client.fetch_all()).error(),
            Status(StatusCode::NotFound,
                   "reflection, file_containing_symbol \"grpc.health.v1.Health\": this server does "
                   "not know the symbol \"grpc.health.v1.Health\""));
}

}  // namespace
}  // namespace sluice::rpc::testing
