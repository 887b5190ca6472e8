// A request on its whole way, from the client's bytes to a backend and back, allocates nothing on warm connections.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app_seat.h"
#include "gateway/http/connections.h"
#include "gateway/schema/schema_builder.h"
#include "item.pb.h"
#include "rpc_core/call/unary.h"
#include "rpc_core/server/server.h"
#include "rpc_core/transport/memory.h"
#include "tests/gateway/http/exchange_often.h"
#include "tests/support/count_malloc.h"

namespace sluice::gateway {
namespace {

// The backend's end of the connection keeps what it knows of a thousand closed streams.
constexpr int kWarm = 1500;

// Gives every request back.
class Items final : public rpc::Service {
 public:
  std::string_view service_name() const override { return "Items"; }
  std::span<const rpc::MethodInfo> methods() const override {
    using enum rpc::CallMode;
    static constexpr rpc::MethodInfo kMethods[] = {{"Get", Unary}, {"Put", Unary}};
    return kMethods;
  }
  rpc::Task<void> handle(std::size_t, rpc::ServerCall& call) override {
    rpc::Result<rpc::Buffer> request = co_await rpc::single_request(call);
    if (!request) co_return;
    rpc::WriteOptions last;
    last.last = true;
    co_await call.write(*std::move(request), last);
    co_await call.finish(rpc::Status());
  }
};

std::shared_ptr<const Config> with_access_log() {
  auto config = std::make_shared<Config>();
  config->log.access_log = true;
  return config;
}

std::shared_ptr<const RouteTable> item_table() {
  google::protobuf::FileDescriptorProto file;
  Item::descriptor()->file()->CopyTo(&file);
  SchemaBuilder builder;
  builder.add(std::move(file), "item.pb", true);
  return *RouteTable::build(*std::move(builder).build(), RouteOptions());
}

// A seat between a client and a backend that are on its own loop, all joined in memory.
class SeatTest : public testing::Test {
 protected:
  SeatTest() {
    ServingPlan plan;
    plan.config = config_;
    BackendOptions& backend = plan.backends.emplace_back();
    backend.label = "items";
    backend.target = "127.0.0.1:1";
    backend.channel.connector = [this](rpc::Loop& on, rpc::Endpoint) { return connect(on); };
    plan.routes = item_table();
    seat_ = std::make_unique<Seat>(0, SeatServices{log_, nullptr}, plan);
    server_ = std::make_unique<rpc::Server>(loop(), rpc::ServerOptions());
    server_->add(items_);
  }

  rpc::Loop& loop() { return seat_->worker().loop(); }

  rpc::Task<rpc::Result<std::unique_ptr<rpc::ByteStream>>> connect(rpc::Loop& on) {
    auto [ours, theirs] = rpc::memory_pair(on);
    server_->serve(std::move(theirs));
    co_return std::move(ours);
  }

  rpc::Task<void> stop_all() {
    co_await seat_->shut_down();
    co_await server_->shut_down(rpc::Duration::zero());
  }

  const std::shared_ptr<const Config> config_ = with_access_log();
  Log log_{config_->log};
  Items items_;
  std::unique_ptr<Seat> seat_;
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(SeatTest, AllocatesNothingForARequestOnWarmConnections) {
  if (!rpc::testing::mallocs_are_counted()) GTEST_SKIP() << "the sanitizer has a malloc of its own";
  const std::string fields =
      " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: test/1.0 (a name of some length)\r\nAccept: */*\r\n"
      "Accept-Encoding: gzip, deflate, br\r\nAuthorization: Bearer 0123456789abcdef0123456789abcdef\r\n";
  const std::string put = fields + "Content-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"count\":7}";
  const struct {
    std::string request;
    std::string_view end;
  } table[] = {
      {"GET /v1/items/a-name-of-some-length?count=7" + fields + "\r\n", "\"count\":7}"},
      {"PUT /v1/items/short" + put, "{\"name\":\"short\",\"count\":7}"},
      {"GET /v1/items/x?count=7" + fields + "X-Request-Id: 0123456789-0123456789\r\n" +
           "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n",
       "\"count\":7}"},
  };
  const JsonErrorWriter errors;
  HttpDate date;
  const SessionServices services{loop(), seat_->handler(), errors, config_->http, nullptr, &date};
  Connections connections(services, Connections::Events());
  auto [server_end, client_end] = rpc::memory_pair(loop());
  connections.serve(std::move(server_end));
  testing::internal::CaptureStderr();
  for (const auto& one : table) {
    SCOPED_TRACE(one.request);
    EXPECT_TRUE(loop().run(exchange_often(*client_end, one.request, one.end, kWarm)));
    const std::uint64_t before = rpc::testing::malloc_count().allocations;
    EXPECT_TRUE(loop().run(exchange_often(*client_end, one.request, one.end, 1000)));
    EXPECT_EQ(rpc::testing::malloc_count().allocations - before, 0U);
  }
  client_end->close();
  loop().run(stop_all());
  while (loop().poll() != 0) {
  }
  EXPECT_EQ(connections.size(), 0U);
  seat_.reset();
  const std::string lines = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3 * (kWarm + 1000));
}

}  // namespace
}  // namespace sluice::gateway
