// A server of several loops: who serves what, on which thread, and what holds for all of them together.
#include <gmock/gmock.h>

#include "rpc_core/services/health.h"
#include "tests/rpc_core/server/workers_fixture.h"
#include "tests/support/test_certificates.h"

namespace sluice::rpc::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Pair;
using ::testing::SizeIs;

using WorkersTest = WorkersFixture;

TEST_F(WorkersTest, EveryWorkerServesItsShareOfTheConnections) {
  start(with_workers(3));
  EXPECT_EQ(server->workers(), 3u);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(run(exchange(connect())), Status());
  EXPECT_THAT(service.calls_by_thread(), SizeIs(3));
  EXPECT_THAT(service.calls_by_thread(), Each(Pair(::testing::_, 2)));
  EXPECT_TRUE(service.calls_by_thread().contains(std::this_thread::get_id())) << "the server's own loop serves, too";
}

TEST_F(WorkersTest, AConnectionStaysOnItsThread) {
  start(with_workers(3));
  Channel& channel = connect();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(run(exchange(channel)), Status());
  EXPECT_THAT(service.calls_by_thread(), SizeIs(1));
}

TEST_F(WorkersTest, AHandlersLoopIsThatOfItsThread) {
  std::atomic<int> wrong = 0;
  service.handler = [&](ServerCall& call) -> Task<void> {
    if (!call.loop().running_here()) ++wrong;
    const bool slept = co_await sleep_for(call.loop(), 1ms);
    if (!slept || !call.loop().running_here()) ++wrong;
    co_await echo(call);
  };
  start(with_workers(2));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run(exchange(connect())), Status());
  EXPECT_EQ(wrong, 0);
}

TEST_F(WorkersTest, ANewConnectionGoesWhereTheFewestAre) {
  start(with_workers(2));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(run(exchange(connect())), Status());
  const auto before = service.calls_by_thread();
  // Frees the place on the server's own loop, which the first one had; the next one takes it.
  run(channels[0]->shut_down());
  run(wait_for_connections(1));
  EXPECT_EQ(run(exchange(connect())), Status());
  const auto after = service.calls_by_thread();
  EXPECT_EQ(after.at(std::this_thread::get_id()), before.at(std::this_thread::get_id()) + 1);
}

TEST_F(WorkersTest, ReportsWhatAllOfThemCount) {
  start(with_workers(3));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(exchange(connect())), Status());
  EXPECT_EQ(server->connections(), 5u);
  EXPECT_EQ(server->open_streams(), 0u);
  const http2::ConnectionsReport report = server->report();
  EXPECT_EQ(report.made, 5u);
  EXPECT_THAT(report.open, SizeIs(5));
  EXPECT_EQ(report.total.streams_finished, 5u);
  EXPECT_EQ(report.total.messages_received, 5u);
  run(server->shut_down(0ms));
  EXPECT_EQ(server->report().made, 5u);
  EXPECT_EQ(server->report().total.messages_sent, 5u) << "what has ended is remembered";
}

TEST_F(WorkersTest, BoundsTheRunningCallsOfAllOfThemTogether) {
  ServerOptions options = with_workers(3);
  options.max_running_calls = 2;
  start(options);
  const std::unique_ptr<Call> first = begin_call();
  const std::unique_ptr<Call> second = begin_call();
  EXPECT_EQ(server->running_calls(), 2u);
  EXPECT_EQ(server->open_streams(), 2u);
  EXPECT_EQ(run(exchange(connect())).code(), StatusCode::ResourceExhausted);
  EXPECT_EQ(run(end_call(*first)), Status());
  EXPECT_EQ(run(exchange(connect())), Status());
  EXPECT_EQ(run(end_call(*second)), Status());
}

TEST_F(WorkersTest, TheUsersLoopsServe) {
  LoopThread one, two;
  ServerOptions options;
  options.loops = {&one.loop(), &two.loop()};
  start(options);
  EXPECT_EQ(server->workers(), 3u);
  EXPECT_EQ(&server->loop(0), &loop);
  EXPECT_EQ(&server->loop(2), &two.loop());
  for (int i = 0; i < 6; ++i) EXPECT_EQ(run(exchange(connect())), Status());
  const auto calls = service.calls_by_thread();
  EXPECT_EQ(calls.at(one.call([] { return std::this_thread::get_id(); })), 2);
  EXPECT_EQ(calls.at(two.call([] { return std::this_thread::get_id(); })), 2);
  run(server->shut_down(0ms));
  server.reset();
}

TEST_F(WorkersTest, ThreadsComeOnTopOfTheUsersLoops) {
  LoopThread one;
  for (const auto& [asked, made] : {std::pair<std::size_t, std::size_t>{1, 2}, {2, 2}, {4, 4}}) {
    ServerOptions options = with_workers(asked);
    options.loops = {&one.loop()};
    EXPECT_EQ(Server(loop, options).workers(), made) << asked;
  }
  EXPECT_EQ(Server(loop, with_workers(0)).workers(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST_F(WorkersTest, ServeUnixSocketsAndTls) {
  TestAuthority authority;
  const auto certificate = authority.sign({.common_name = "server", .names = {"DNS:workers.example"}});
  TlsOptions theirs, ours;
  theirs.certificates = certificate.certificate;
  theirs.private_key = certificate.private_key;
  ours.authorities = authority.certificate();
  ServerOptions options = with_workers(2);
  options.tls = std::make_shared<TlsCredentials>(*TlsContext::create(TlsRole::Server, theirs));
  ChannelOptions client;
  client.tls = std::make_shared<TlsCredentials>(*TlsContext::create(TlsRole::Client, ours));
  client.authority = "workers.example";
  start(options, "unix:" + ::testing::TempDir() + "sluice_workers_test.sock");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run(exchange(connect(client))), Status());
  EXPECT_THAT(service.calls_by_thread(), SizeIs(2));
}

// A watch runs on each loop; the change comes from a thread of its own.
TEST_F(WorkersTest, HealthReachesTheWatchersOfAllLoops) {
  HealthService health;
  server = std::make_unique<Server>(loop, with_workers(2));
  server->add(health);
  target = server->listen(*parse_endpoint("127.0.0.1:0"))->to_string();
  using Client = ::grpc::health::v1::HealthClient;
  std::vector<ServerStream<HealthService::Response>> watches;
  for (int i = 0; i < 2; ++i) {
    watches.push_back(Client(connect()).watch({}));
    EXPECT_EQ(run(watches.back().read())->status(), HealthService::Response::SERVING);
  }
  std::thread([&] { health.set("", ServingStatus::NotServing); }).join();
  for (auto& each : watches) EXPECT_EQ(run(each.read())->status(), HealthService::Response::NOT_SERVING);
  watches.clear();
  for (const auto& each : channels) run(each->shut_down());
  run(server->shut_down(0ms));
  EXPECT_EQ(health.watchers(), 0u);
}

}  // namespace
}  // namespace sluice::rpc::testing
