// What rpc_core/README.md shows of servers, run.
#include <gmock/gmock.h>

#include <iostream>

#include "rpc_core/call/status_details.h"
#include "rpc_core/interceptor/call_observer.h"
#include "rpc_core/interceptor/catch_exceptions.h"
#include "rpc_core/interceptor/interceptor.h"
#include "rpc_core/interceptor/rate_limit.h"
#include "rpc_core/interceptor/token_check.h"
#include "rpc_core/services/health.h"
#include "rpc_core/services/reflection.h"
#include "tests/rpc_core/readme/readme_fixture.h"

namespace readme {
namespace {

using ::testing::ElementsAre;

class FourModes final : public greeter::GreeterService {
 public:
  rpc::Task<rpc::Result<Reply>> hello_all(rpc::ServerContext&, rpc::Reader<Request>& reader) override {
    Reply reply = text("Hello");
    while (const auto request = co_await reader.read()) reply.mutable_text()->append(" " + request->name());
    co_return reply;
  }
  rpc::Task<rpc::Status> repeat(rpc::ServerContext&, const Request& request, rpc::Writer<Reply>& writer) override {
    bool room = true;
    for (int i = 0; i < 3 && room; ++i) room = co_await writer.write(text(request.name()));
    co_return rpc::Status();
  }
  rpc::Task<rpc::Status> chat(rpc::ServerContext&, rpc::Reader<Request>& reader, rpc::Writer<Reply>& writer) override {
    while (const auto request = co_await reader.read()) co_await writer.write(text("Hello " + request->name()));
    co_return rpc::Status();
  }
};

class ServerFeatures : public Fixture {
 protected:
  rpc::Result<Reply> say_hello(const rpc::CallOptions& options = {}, rpc::ResponseMetadata* received = nullptr) {
    return loop.run(GreeterClient(*channel).hello(request, options, received));
  }
};

TEST_F(ServerFeatures, FourModes) {
  FourModes service;
  serve(service);
  std::vector<std::string> texts;
  run([&]() -> rpc::Task<void> {
    GreeterClient greeter(*channel);
    auto all = greeter.hello_all();
    co_await all.write(request);
    const auto summary = co_await all.finish();
    texts.push_back(summary->text());

    auto repeated = greeter.repeat(request);
    while (const auto reply = co_await repeated.read()) texts.push_back(reply->text());
    const rpc::Status status = co_await repeated.finish();

    auto chat = greeter.chat();
    co_await chat.write(request, {.last = true});
    while (const auto reply = co_await chat.read()) texts.push_back(reply->text());
    EXPECT_EQ(status, rpc::Status());
    EXPECT_EQ(co_await chat.finish(), rpc::Status());
  });
  EXPECT_THAT(texts, ElementsAre("Hello world", "world", "world", "world", "Hello world"));
  EXPECT_EQ(say_hello().error().code(), rpc::StatusCode::Unimplemented);
}

// Hello by a function of the test.
template <class Body>
class OneMethod final : public greeter::GreeterService {
 public:
  explicit OneMethod(Body body) : body_(std::move(body)) {}
  rpc::Task<rpc::Result<Reply>> hello(rpc::ServerContext& context, const Request& request) override {
    return body_(context, request);
  }

 private:
  Body body_;
};

TEST_F(ServerFeatures, MetadataAndCompression) {
  OneMethod service([](rpc::ServerContext& context, const Request&) -> rpc::Task<rpc::Result<Reply>> {
    const std::string tenant(context.metadata().get("x-tenant").value_or("nobody"));
    context.initial_metadata().add("x-served-by", "a7");
    context.trailers().add("x-cost", "12");
    context.set_compression("gzip");
    co_return text("Hello " + tenant);
  });
  serve(service);
  const rpc::Metadata sent{{"x-tenant", "blue"}};
  rpc::ResponseMetadata received;
  EXPECT_EQ(say_hello({.metadata = &sent}, &received)->text(), "Hello blue");
  EXPECT_EQ(received.headers.get("x-served-by"), "a7");
  EXPECT_EQ(received.trailers.get("x-cost"), "12");
}

TEST_F(ServerFeatures, StatusDetails) {
  const Reply hint = text("try another name");
  OneMethod service([&hint](rpc::ServerContext&, const Request&) -> rpc::Task<rpc::Result<Reply>> {
    rpc::Status status(rpc::StatusCode::NotFound, "nobody has that name");
    rpc::add_detail(status, hint);
    co_return rpc::fail(status);
  });
  serve(service);
  EXPECT_EQ(rpc::find_detail<Reply>(say_hello().error())->text(), "try another name");
}

TEST_F(ServerFeatures, NestedCalls) {
  OneMethod back([](rpc::ServerContext& context, const Request&) -> rpc::Task<rpc::Result<Reply>> {
    co_return text(context.remaining() ? "in time" : "for ever");
  });
  serve(back);
  GreeterClient backend(*channel);
  OneMethod front([&](rpc::ServerContext& context, const Request& request) -> rpc::Task<rpc::Result<Reply>> {
    co_return co_await backend.hello(request, context.child_options());
  });
  rpc::Server outer(loop, {});
  outer.add(front);
  const auto endpoint = outer.listen(*rpc::parse_endpoint("127.0.0.1:0"));
  const auto caller = *rpc::Channel::create(loop, endpoint->to_string());
  EXPECT_EQ(loop.run(GreeterClient(*caller).hello(request, {.timeout = 60s}))->text(), "in time");
  loop.run(caller->shut_down());
  loop.run(outer.shut_down(0s));
}

TEST_F(ServerFeatures, Interceptors) {
  OneMethod service([](rpc::ServerContext&, const Request&) -> rpc::Task<rpc::Result<Reply>> {
    throw std::runtime_error("not for clients");
    co_return text("");
  });
  std::vector<std::string> lines;
  rpc::CallObserver log([&](const rpc::CallRecord& call) { lines.push_back(rpc::to_string(call)); });
  rpc::CatchExceptions catch_exceptions;
  rpc::TokenCheck tokens([](std::string_view token, const rpc::CallInfo&) -> rpc::Task<rpc::Status> {
    co_return token == "secret" ? rpc::Status() : rpc::Status(rpc::StatusCode::PermissionDenied, "unknown token");
  });
  rpc::RateLimit limit(1000, 100);
  rpc::Intercepted intercepted(service, {&log, &catch_exceptions, &tokens, &limit});
  serve(intercepted);
  const rpc::Metadata wrong{{"authorization", "Bearer guess"}};
  const rpc::Metadata right{{"authorization", "Bearer secret"}};
  EXPECT_EQ(say_hello({.metadata = &wrong}).error().code(), rpc::StatusCode::PermissionDenied);
  EXPECT_EQ(say_hello({.metadata = &right}).error().code(), rpc::StatusCode::Internal);
  EXPECT_EQ(lines.size(), 2u);
}

TEST_F(ServerFeatures, HealthReflectionAndShutdown) {
  FourModes service;
  rpc::Server server(loop, {});
  rpc::HealthService health;
  health.set("greeter.Greeter", rpc::ServingStatus::Serving);
  server.add(health);

  rpc::Reflection reflection;
  reflection.list(service);
  for (rpc::Service* each : reflection.services()) server.add(*each);

  EXPECT_TRUE(server.listen(*rpc::parse_endpoint("127.0.0.1:0")));
  run([&]() -> rpc::Task<void> {
    health.shut_down();
    co_await server.shut_down(5s);
  });
  EXPECT_EQ(health.find("greeter.Greeter"), rpc::ServingStatus::NotServing);
}

TEST_F(ServerFeatures, Workers) {
  FourModes service;
  rpc::ServerOptions options;
  options.workers = 4;
  rpc::Server server(loop, options);
  server.add(service);
  EXPECT_EQ(server.workers(), 4u);
  EXPECT_FALSE(server.loop(3).running_here());
  loop.run(server.shut_down(0s));
}

}  // namespace
}  // namespace readme
