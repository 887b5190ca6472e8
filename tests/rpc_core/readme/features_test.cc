// What rpc_core/README.md shows of clients, run.
#include <gmock/gmock.h>

#include <iostream>

#include "rpc_core/base/loop_thread.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/call/in_process.h"
#include "rpc_core/client/service_config.h"
#include "rpc_core/interceptor/call_metrics.h"
#include "rpc_core/interceptor/call_observer.h"
#include "rpc_core/transport/tls_context.h"
#include "tests/rpc_core/readme/readme_fixture.h"
#include "tests/support/test_certificates.h"

namespace readme {
namespace {

class Greeter final : public greeter::GreeterService {
 public:
  rpc::Task<rpc::Result<Reply>> hello(rpc::ServerContext& context, const Request& request) override {
    authorization = context.metadata().get("authorization").value_or("");
    context.trailers().add("x-cost", "12");
    if (context.peer_identity() != nullptr) subject = context.peer_identity()->subject;
    if (request.name() == "nobody") co_await rpc::sleep_for(context.loop(), 1h);
    co_return text("Hello " + request.name());
  }

  std::string authorization;
  std::string subject;
};

class Features : public Fixture {
 protected:
  Greeter service;
};

TEST_F(Features, DeadlineAndMetadata) {
  serve(service);
  run([this]() -> rpc::Task<void> {
    GreeterClient greeter(*channel);
    request.set_name("nobody");
    const auto late = co_await greeter.hello(request, {.timeout = 20ms});
    EXPECT_EQ(late.error().code(), rpc::StatusCode::DeadlineExceeded);
    request.set_name("world");

    const rpc::Metadata sent{{"x-tenant", "blue"}, {"x-key-bin", "\x01\x02"}};
    rpc::ResponseMetadata received;
    const auto reply = co_await greeter.hello(request, {.metadata = &sent}, &received);
    const auto cost = received.trailers.get("x-cost");
    EXPECT_EQ(cost, "12");
    EXPECT_TRUE(reply);
  });
}

TEST_F(Features, OptionsOfCallsAndMethods) {
  rpc::ChannelOptions options;
  options.methods = {{"greeter.Greeter/Hello", {.timeout = 2s, .compression = rpc::Compression::Gzip}},
                     {"greeter.Greeter", {.wait_for_ready = true, .max_receive_bytes = 64 << 10}}};
  serve(service, {}, options);
  run([this]() -> rpc::Task<void> {
    GreeterClient greeter(*channel);
    const auto small = co_await greeter.hello(request, {.max_receive_bytes = 64 << 10, .compression = "gzip"});
    const auto patient = co_await greeter.hello(request, {.timeout = 10s, .wait_for_ready = true});
    EXPECT_TRUE(small);
    EXPECT_TRUE(patient);
  });
}

TEST_F(Features, ServiceConfig) {
  const std::string_view json = R"({"methodConfig": [{"name": [{"service": "greeter.Greeter"}], "timeout": "1.5s"}]})";
  rpc::ChannelOptions options;
  const auto config = rpc::parse_service_config(json);
  if (config) options.methods = config->methods;
  EXPECT_EQ(options.methods.at("greeter.Greeter").timeout, 1500ms);
}

TEST_F(Features, CredentialsOverTls) {
  sluice::rpc::testing::TestAuthority authority;
  const auto theirs = authority.sign({.common_name = "server", .names = {"DNS:greeter.example"}});
  const auto ours = authority.sign({.common_name = "client", .names = {}});
  const std::string& ca = authority.certificate();

  rpc::ServerOptions server_options;
  server_options.tls = std::make_shared<rpc::TlsCredentials>(
      *rpc::TlsContext::create(rpc::TlsRole::Server, {.certificates = theirs.certificate,
                                                      .private_key = theirs.private_key,
                                                      .authorities = ca,
                                                      .client_certificate = rpc::ClientCertificate::Required}));

  rpc::ChannelOptions options;
  options.tls = std::make_shared<rpc::TlsCredentials>(*rpc::TlsContext::create(
      rpc::TlsRole::Client, {.certificates = ours.certificate, .private_key = ours.private_key, .authorities = ca}));
  options.authority = "greeter.example";

  serve(service, server_options, options);
  run([this]() -> rpc::Task<void> {
    GreeterClient greeter(*channel);
    const rpc::CallCredentials token = [](const rpc::CallTarget&) -> rpc::Task<rpc::Result<rpc::Metadata>> {
      rpc::Metadata metadata;
      metadata.add("authorization", "Bearer secret");
      co_return metadata;
    };
    const auto reply = co_await greeter.hello(request, {.credentials = &token});
    EXPECT_TRUE(reply) << reply.error().to_string();
  });
  EXPECT_EQ(service.authorization, "Bearer secret");
  EXPECT_THAT(service.subject, ::testing::HasSubstr("client"));
}

TEST_F(Features, Interceptors) {
  serve(service);
  rpc::CallMetrics metrics;
  rpc::CallObserver observe([&metrics](const rpc::CallRecord& call) { metrics.add(call); });
  rpc::InterceptedCaller caller(*channel, {&observe});
  GreeterClient greeter(caller);
  EXPECT_TRUE(loop.run(greeter.hello(request)));
  EXPECT_EQ(metrics.methods().at("/greeter.Greeter/Hello").handled.at(rpc::StatusCode::Ok), 1u);
}

TEST_F(Features, Report) {
  serve(service);
  GreeterClient greeter(*channel);
  EXPECT_TRUE(loop.run(greeter.hello(request)));
  channel->ping();
  std::cout << to_string(channel->report()) << to_string(server->report());
  EXPECT_EQ(server->report().total.messages_sent, 1u);
}

TEST_F(Features, InProcess) {
  run([this]() -> rpc::Task<void> {
    rpc::InProcessChannel here(loop);
    here.add(service);
    GreeterClient greeter(here);
    const auto reply = co_await greeter.hello(request);
    co_await here.close();
    EXPECT_EQ(reply->text(), "Hello world");
  });
}

rpc::Task<void> ask(GreeterClient& greeter, rpc::StopSource& stop, rpc::Status& outcome) {
  Request request;
  request.set_name("nobody");
  const auto reply = co_await greeter.hello(request).with_stop(stop.token());
  outcome = reply.error();
}

TEST_F(Features, Stop) {
  serve(service);
  GreeterClient greeter(*channel);
  rpc::StopSource stop;
  rpc::Status outcome;
  const auto both = [&](rpc::TaskGroup& group) -> rpc::Task<void> {
    group.spawn(ask(greeter, stop, outcome));
    stop.request_stop();
    co_return;
  };
  loop.run(rpc::run_in_group(loop, both));
  EXPECT_EQ(outcome.code(), rpc::StatusCode::Cancelled);
}

TEST(ReadmeBlocking, CallsFromAnOrdinaryThread) {
  rpc::LoopThread thread;
  Greeter service;
  auto here = thread.call([&] { return std::make_unique<rpc::InProcessChannel>(thread.loop()); });
  thread.call([&] { here->add(service); });
  Request request;
  request.set_name("world");

  GreeterClient greeter(*here);
  const rpc::Result<Reply> reply = thread.run(greeter.hello(request, {.timeout = 2s}));
  EXPECT_EQ(reply->text(), "Hello world");

  thread.run(here->close());
  thread.call([&] { here.reset(); });
}

}  // namespace
}  // namespace readme
