// A request on a warm connection allocates nothing, whatever its shape.
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/connections.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/base/task_group.h"
#include "rpc_core/transport/memory.h"
#include "tests/gateway/http/exchange_often.h"
#include "tests/support/count_malloc.h"

namespace sluice::gateway {
namespace {

// Answers with the body of the request, whole or in pieces.
class EchoHandler final : public Handler {
 public:
  rpc::Task<void> handle(Request& request, Responder& responder) override {
    rpc::Buffer body(kResponseHeadroom, 2048);
    bool last = false;
    while (!last) {
      const rpc::Result<BodyChunk> chunk = co_await request.read_body();
      if (!chunk) co_return;
      body.append(chunk->bytes);
      last = chunk->last;
    }
    ResponseHead head;
    head.headers.add("Content-Type", "application/json");
    if (request.target() == "/whole") {
      Response whole(std::move(head), std::move(body));
      co_await responder.send(std::move(whole));
    } else {
      co_await responder.begin(std::move(head));
      co_await responder.write(std::move(body));
      co_await responder.end();
    }
  }
};

// Sessions with an EchoHandler, on a loop of their own.
class SessionMalloc : public testing::Test {
 protected:
  // The client's end of a new connection.
  std::unique_ptr<rpc::ByteStream> connect(rpc::MemoryStreamOptions options) {
    auto [server_end, client_end] = rpc::memory_pair(loop, options);
    connections.serve(std::move(server_end));
    return std::move(client_end);
  }
  void settle() {
    while (loop.poll() != 0) {
    }
    EXPECT_EQ(connections.size(), 0u);
  }

  rpc::ManualClock clock;
  rpc::Loop loop{clock};
  EchoHandler handler;
  const JsonErrorWriter errors;
  const HttpOptions options;
  HttpDate date;
  const SessionServices services{loop, handler, errors, options, nullptr, &date};
  Connections connections{services, Connections::Events()};
};

TEST_F(SessionMalloc, AllocatesNothingForARequestOnAWarmConnection) {
  if (!rpc::testing::mallocs_are_counted()) GTEST_SKIP() << "the sanitizer has a malloc of its own";
  const std::string fields = " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: test/1.0\r\nAccept: */*\r\n";
  const std::string body(1000, 'b');
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n0\r\n\r\n";
  const struct {
    std::string request;
    std::string_view end;
  } table[] = {
      {"GET /whole" + fields + "\r\n", "\r\n\r\n"},
      {"POST /whole" + fields + "Content-Length: 1000\r\n\r\n" + body, "bbb"},
      {"POST /whole" + fields + chunked, "bbb"},
      {"POST /pieces" + fields + chunked, "\r\n0\r\n\r\n"},
  };
  const std::unique_ptr<rpc::ByteStream> client = connect({});
  for (const auto& one : table) {
    SCOPED_TRACE(one.request.substr(0, 40));
    EXPECT_TRUE(loop.run(exchange_often(*client, one.request, one.end, 100)));
    const std::uint64_t before = rpc::testing::malloc_count().allocations;
    EXPECT_TRUE(loop.run(exchange_often(*client, one.request, one.end, 1000)));
    EXPECT_EQ(rpc::testing::malloc_count().allocations - before, 0u);
  }
  client->close();
  settle();
}

std::size_t bytes_in_use() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

rpc::Task<void> write_all(rpc::ByteStream& stream, std::string_view text) {
  const std::span<const std::byte> piece = std::as_bytes(std::span(text));
  co_await stream.write({&piece, 1});
}

// Writes the request while it reads the answer, which ends with a full stop.
rpc::Task<void> exchange_much(rpc::Loop& loop, rpc::ByteStream& stream, std::string_view request) {
  auto both = [&](rpc::TaskGroup& group) -> rpc::Task<void> {
    group.spawn(write_all(stream, request));
    std::array<std::byte, 4096> space;
    std::byte last{};
    while (last != std::byte('.')) {
      const rpc::Result<std::size_t> count = co_await stream.read_some(space);
      if (!count || *count == 0) co_return;
      last = space[*count - 1];
    }
  };
  co_await rpc::run_in_group(loop, both);
}

std::string echo_request(std::size_t bytes) {
  return "POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
         std::string(bytes - 1, 'b') + ".";
}

// What carried much goes back to the thread's pool, where the next connection takes it from.
TEST_F(SessionMalloc, KeepsNoLargeBufferForAConnectionAtRest) {
  if (!rpc::testing::mallocs_are_counted()) GTEST_SKIP() << "the sanitizer has a malloc of its own";
  constexpr std::size_t kConnections = 64;
  constexpr std::size_t kMuch = 70 * 1024;
  std::vector<std::unique_ptr<rpc::ByteStream>> clients;
  for (std::size_t i = 0; i < kConnections; ++i) {
    clients.push_back(connect({.capacity = 512}));
    loop.run(exchange_much(loop, *clients.back(), echo_request(100)));
  }
  const std::size_t before = bytes_in_use();
  for (const auto& client : clients) loop.run(exchange_much(loop, *client, echo_request(kMuch)));
  EXPECT_LT(bytes_in_use() - before, kConnections * kMuch / 10);
  for (const auto& client : clients) client->close();
  settle();
}

}  // namespace
}  // namespace sluice::gateway
