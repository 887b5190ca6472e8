// Calls over TLS between our channel and our server: who the handler sees, and how failed handshakes end calls.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "rpc_core/transport/tls.h"
#include "tests/support/raw_service.h"
#include "tests/support/test_certificates.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TlsCallTest : public RawCallFixture {
 protected:
  static std::shared_ptr<TlsCredentials> credentials(TlsRole role, const TlsOptions& options) {
    return std::make_shared<TlsCredentials>(TlsContext::create(role, options).value());
  }

  // The server is for "server.test" and asks every client for a certificate.
  ServerOptions server_options() {
    const SignedCertificate own = ca.sign({.common_name = "server", .names = {"DNS:server.test"}});
    TlsOptions tls;
    tls.certificates = own.certificate;
    tls.private_key = own.private_key;
    tls.authorities = ca.certificate();
    tls.client_certificate = ClientCertificate::Required;
    ServerOptions options;
    options.tls = server_credentials = credentials(TlsRole::Server, tls);
    options.handshake_failed = [this](const Status& status) { failures.push_back(status.message()); };
    return options;
  }
  ChannelOptions channel_options(const std::string& authority) {
    const SignedCertificate own = ca.sign({.common_name = "client", .names = {"URI:spiffe://test/client"}});
    TlsOptions tls;
    tls.authorities = ca.certificate();
    tls.certificates = own.certificate;
    tls.private_key = own.private_key;
    ChannelOptions options;
    options.tls = credentials(TlsRole::Client, tls);
    options.authority = authority;
    return options;
  }

  TestAuthority ca;
  std::shared_ptr<TlsCredentials> server_credentials;
  std::vector<std::string> failures;
};

TEST_F(TlsCallTest, TheHandlerSeesWhoCalls) {
  PeerIdentity seen;
  service.handler = [&seen](ServerCall& call) -> Task<void> {
    if (call.info().peer_identity != nullptr) seen = *call.info().peer_identity;
    co_await echo(call);
  };
  start({}, channel_options("server.test:443"), server_options());
  const Outcome outcome = run(exchange({"hello", std::string(100'000, 'x')}));
  EXPECT_EQ(outcome.status, Status());
  EXPECT_THAT(outcome.messages, ElementsAre("hello", std::string(100'000, 'x')));
  EXPECT_EQ(seen.subject, "CN=client");
  EXPECT_THAT(seen.names, ElementsAre("URI:spiffe://test/client"));
}

TEST_F(TlsCallTest, SendsCredentials) {
  std::string token;
  service.handler = [&token](ServerCall& call) -> Task<void> {
    token = call.info().metadata.get("authorization").value_or("");
    co_await call.finish(Status());
  };
  start({}, channel_options("server.test:443"), server_options());
  const CallCredentials credentials = [](const CallTarget& target) -> Task<Result<Metadata>> {
    Metadata metadata;
    metadata.add("authorization", "Bearer for " + target.authority);
    co_return metadata;
  };
  EXPECT_EQ(run(exchange({}, {.credentials = &credentials})).status, Status());
  EXPECT_EQ(token, "Bearer for server.test:443");
}

TEST_F(TlsCallTest, WorksByteByByte) {
  start({.largest_read = 1}, channel_options("server.test"), server_options());
  EXPECT_EQ(run(exchange({"byte by byte"})).status, Status());
}

TEST_F(TlsCallTest, AnotherServersCertificateFailsTheCall) {
  start({}, channel_options("other.test"), server_options());
  const Outcome outcome = run(exchange({"hello"}));
  EXPECT_EQ(outcome.status.code(), StatusCode::Unavailable);
  EXPECT_THAT(outcome.status.message(),
              HasSubstr("expected a certificate for \"other.test\", got one for CN=server (DNS:server.test)"));
  EXPECT_EQ(service.started, 0);
  EXPECT_THAT(failures, ElementsAre(HasSubstr("alert")));
}

// With TLS 1.3 the client hears of it only after its own handshake.
TEST_F(TlsCallTest, ARefusedClientHearsWhy) {
  ChannelOptions options = channel_options("server.test");
  TlsOptions without;
  without.authorities = ca.certificate();
  options.tls = credentials(TlsRole::Client, without);
  start({}, std::move(options), server_options());
  const Outcome outcome = run(exchange({"hello"}));
  EXPECT_EQ(outcome.status.code(), StatusCode::Unavailable);
  EXPECT_THAT(outcome.status.message(), HasSubstr("certificate required"));
  EXPECT_THAT(failures, ElementsAre(HasSubstr("expected a client certificate, got none")));
}

TEST_F(TlsCallTest, ASilentClientIsDropped) {
  ServerOptions options = server_options();
  options.handshake_timeout = std::chrono::seconds(5);
  start({}, {}, std::move(options));
  auto [ours, theirs] = memory_pair(loop, {});
  server->serve(std::move(theirs));
  advance(std::chrono::seconds(4));
  EXPECT_THAT(failures, ElementsAre());
  advance(std::chrono::seconds(2));
  EXPECT_THAT(failures, ElementsAre(HasSubstr("the client took too long")));
}

TEST_F(TlsCallTest, AShutdownEndsAHandshake) {
  start({}, {}, server_options());
  auto [ours, theirs] = memory_pair(loop, {});
  server->serve(std::move(theirs));
  loop.poll();
  run(server->shut_down(std::chrono::hours(1)));
  EXPECT_THAT(failures, ElementsAre(HasSubstr("stopped")));
}

TEST_F(TlsCallTest, AConnectionThatIsMadeDuringAShutdownIsNotServed) {
  service.handler = [](ServerCall& call) -> Task<void> {
    Waiter never(call.loop());
    co_await never.wait();
  };
  const ChannelOptions options = channel_options("server.test");
  start({}, options, server_options());
  Started<Outcome> running(exchange({"hello"}));
  loop.poll();
  auto [ours, theirs] = memory_pair(loop, {});
  server->serve(std::move(theirs));
  Started<void> ending(server->shut_down(std::chrono::hours(1)));
  Started<Result<std::unique_ptr<ByteStream>>> late(
      tls_connect(loop, std::move(ours), options.tls->context(), "server.test"));
  loop.poll();
  ASSERT_TRUE(late.done());
  EXPECT_EQ(server->connections(), 1u);
  running.request_stop();
  loop.poll();
  EXPECT_EQ(running.get().status.code(), StatusCode::Cancelled);
  EXPECT_TRUE(ending.done());
  advance(std::chrono::hours(1));
}

}  // namespace
}  // namespace sluice::rpc::testing
