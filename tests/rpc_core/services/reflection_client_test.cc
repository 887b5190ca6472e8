// Tests of the reflection client against scripted servers: such that send imports or not, and such that misbehave.
#include "rpc_core/services/reflection_client.h"

#include <gmock/gmock.h>

#include <functional>
#include <optional>

#include "grpc/reflection/v1/reflection.pb.h"
#include "rpc_core/call/serve.h"
#include "tests/rpc_core/services/descriptors.h"
#include "tests/rpc_core/services/services_fixture.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using Request = ::grpc::reflection::v1::ServerReflectionRequest;
using Response = ::grpc::reflection::v1::ServerReflectionResponse;

// A server of v1 whose files are of the test; `answer` may change or replace its answers.
class ScriptedReflection final : public Service {
 public:
  std::string_view service_name() const override { return "grpc.reflection.v1.ServerReflection"; }
  std::span<const MethodInfo> methods() const override {
    static constexpr MethodInfo kMethods[] = {{"ServerReflectionInfo", CallMode::BidiStreaming}};
    return kMethods;
  }
  Task<void> handle(std::size_t, ServerCall& call) override {
    return serve_bidi_stream(call, *this, &ScriptedReflection::info);
  }

  // One file an answer, however many imports it has.
  Response one_file(const Request& request) {
    Response response;
    if (request.has_list_services()) {
      for (const char* name : {"t.Top", "t.Side"})
        response.mutable_list_services_response()->add_service()->set_name(name);
      return response;
    }
    const std::string name = request.has_file_by_filename() ? request.file_by_filename() : "top.proto";
    for (const auto& file : files.file()) {
      if (file.name() == name) add_file(response, file);
    }
    return response;
  }
  static void add_file(Response& response, const google::protobuf::FileDescriptorProto& file) {
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(file.SerializeAsString());
  }

  google::protobuf::FileDescriptorSet files = diamond();
  std::function<Response(const Request&)> answer = [this](const Request& request) { return one_file(request); };
  // The call ends with this after that many answers.
  std::optional<Status> end;
  int answers_before_end = 0;
  bool silent = false;
  std::vector<std::string> questions;

 private:
  Task<Status> info(ServerContext& context, Reader<Request>& reader, Writer<Response>& writer) {
    Request request;
    while (co_await reader.read(request)) {
      questions.push_back(request.ShortDebugString());
      if (end && answers_before_end-- == 0) co_return *end;
      if (silent) co_await sleep_for(context.loop(), 1000h);
      const Response response = answer(request);
      co_await writer.write(response);
    }
    co_return Status();
  }
};

class Client : public ServicesFixture {
 protected:
  void SetUp() override {
    ServicesFixture::SetUp();
    add(server_side);
    client.emplace(caller());
  }
  Status error_of(Task<Result<ReflectedSchema>> task) {
    const Result<ReflectedSchema> schema = run(std::move(task));
    return schema ? Status() : schema.error();
  }

  ScriptedReflection server_side;
  std::optional<ReflectionClient> client;
};
INSTANTIATE_TEST_SUITE_P(Paths, Client, ::testing::Values(Path::InProcess, Path::Http2), path_name);

TEST_P(Client, AsksForEachImportThatWasNotSent) {
  const Result<ReflectedSchema> schema = run(client->fetch_all());
  ASSERT_TRUE(schema) << schema.error().to_string();
  EXPECT_TRUE(build_pool(schema->files));
  EXPECT_THAT(schema->services, ElementsAre("t.Top", "t.Side"));
  EXPECT_THAT(server_side.questions, ElementsAre("list_services: \"*\"", "file_containing_symbol: \"t.Top\"",
                                                 "file_by_filename: \"base.proto\"", "file_by_filename: \"left.proto\"",
                                                 "file_by_filename: \"right.proto\""));
}

TEST_P(Client, AsksForNothingThatCameAlong) {
  server_side.answer = [this](const Request& request) {
    Response response = server_side.one_file(request);
    if (!request.has_file_containing_symbol()) return response;
    for (const auto& file : server_side.files.file()) server_side.add_file(response, file);  // top.proto twice
    return response;
  };
  const Result<ReflectedSchema> schema = run(client->fetch({"t.Side"}));
  ASSERT_TRUE(schema) << schema.error().to_string();
  EXPECT_EQ(schema->files.file_size(), 4);
  EXPECT_THAT(server_side.questions, ElementsAre("file_containing_symbol: \"t.Side\""));
}

TEST_P(Client, TellsWhichQuestionFailed) {
  server_side.answer = [this](const Request& request) {
    Response response = server_side.one_file(request);
    if (request.file_by_filename() != "left.proto") return response;
    response.mutable_error_response()->set_error_code(5);
    response.mutable_error_response()->set_error_message("gone");
    return response;
  };
  const Status status = error_of(client->fetch_all());
  EXPECT_EQ(status, Status(StatusCode::NotFound, "reflection, file_by_filename \"left.proto\": gone"));
  EXPECT_EQ(status.origin(), Status::Origin::Peer);
}

TEST_P(Client, AnErrorWithoutACodeIsUnknown) {
  server_side.answer = [](const Request&) {
    Response response;
    response.mutable_error_response()->set_error_message("odd");
    return response;
  };
  EXPECT_EQ(error_of(client->fetch_all()), Status(StatusCode::Unknown, "reflection, list_services: odd"));
}

TEST_P(Client, RefusesAnswersThatMakeNoSense) {
  const struct {
    const char* name;
    std::function<void(Response&)> change;
    const char* message;
  } cases[] = {
      {"no answer", [](Response& r) { r.Clear(); }, "expected an answer with field 4, got 0"},
      {"another answer", [](Response& r) { r.mutable_list_services_response(); },
       "expected an answer with field 4, got 6"},
      {"no file", [](Response& r) { r.mutable_file_descriptor_response()->Clear(); },
       "expected a file with that service, got others"},
      {"bad bytes", [](Response& r) { r.mutable_file_descriptor_response()->add_file_descriptor_proto("\x7f"); },
       "expected an encoded FileDescriptorProto, got 1 bytes that are none"},
  };
  for (const auto& c : cases) {
    server_side.answer = [&](const Request& request) {
      Response response = server_side.one_file(request);
      c.change(response);
      return response;
    };
    EXPECT_EQ(error_of(client->fetch({"t.Top"})),
              Status(StatusCode::Internal, std::string("reflection, file_containing_symbol \"t.Top\": ") + c.message))
        << c.name;
  }
}

TEST_P(Client, RefusesAnotherFileThanTheOneItAskedFor) {
  server_side.answer = [this](const Request& request) {
    Request top;
    top.set_file_containing_symbol("t.Top");
    return server_side.one_file(request.has_file_by_filename() ? top : request);
  };
  EXPECT_EQ(
      error_of(client->fetch_all()),
      Status(StatusCode::Internal, "reflection, file_by_filename \"base.proto\": expected that file, got others"));
}

TEST_P(Client, RefusesImportsInACircle) {
  server_side.files.mutable_file(0)->add_dependency("top.proto");
  EXPECT_EQ(
      error_of(client->fetch_all()),
      Status(StatusCode::Internal,
             "reflection, all files: expected imports that lead to an end, got a circle or a gap at \"base.proto\""));
}

TEST_P(Client, GivesTheStatusOfACallThatEndsEarly) {
  server_side.end = Status(StatusCode::PermissionDenied, "not for you");
  EXPECT_EQ(error_of(client->fetch_all()),
            Status(StatusCode::PermissionDenied, "reflection, list_services: not for you"));
  server_side.end = Status();
  server_side.answers_before_end = 1;
  EXPECT_EQ(error_of(client->fetch_all()),
            Status(StatusCode::Internal,
                   "reflection, file_containing_symbol \"t.Top\": expected an answer, got the end of the call"));
}

TEST_P(Client, EndsAtItsDeadline) {
  server_side.silent = true;
  const struct {
    const char* name;
    CallOptions options;
    Duration expected;
  } cases[] = {
      {"timeout", {.timeout = 2s}, 2s},
      {"deadline", {.deadline = clock.now() + 5s}, 3s},
      {"none", {}, ReflectionClient::kDefaultTimeout},
  };
  for (const auto& c : cases) {
    Started<Result<std::vector<std::string>>> services(client->list_services(c.options));
    advance(c.expected - 100ms);
    EXPECT_FALSE(services.done()) << c.name;
    advance(100ms);
    advance(5ms);
    ASSERT_TRUE(services.done()) << c.name;
    EXPECT_EQ(services.get().error().code(), StatusCode::DeadlineExceeded) << c.name;
  }
}

TEST_P(Client, StopsWhenAsked) {
  server_side.silent = true;
  Started<Result<ReflectedSchema>> schema(client->fetch_all());
  loop.poll();
  schema.request_stop();
  loop.poll();
  ASSERT_TRUE(schema.done());
  EXPECT_EQ(schema.get().error().code(), StatusCode::Cancelled);
}

}  // namespace
}  // namespace sluice::rpc::testing
