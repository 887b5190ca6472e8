// Streams allocate nothing once they are warm: in memory with bytes always under way, and over TCP.
#include <array>
#include <string>

#include "rpc_core/transport/memory.h"
#include "rpc_core/transport/tcp.h"
#include "tests/support/count_malloc.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

using testing::malloc_count;
using testing::RealLoopFixture;

class StreamMallocTest : public RealLoopFixture {
 protected:
  void SetUp() override {
    if (!testing::mallocs_are_counted()) GTEST_SKIP() << "the sanitizer has a malloc of its own";
  }
};

// Writes and reads blocks of one size, `rounds` times.
Task<int> exchange(ByteStream& near, ByteStream& far, int rounds) {
  static constexpr std::array<std::byte, 500> kBlock{};
  const std::array<std::span<const std::byte>, 1> pieces{kBlock};
  std::array<std::byte, 500> into;
  int complete = 0;
  for (int i = 0; i < rounds; ++i) {
    const Result<std::size_t> written = co_await near.write(pieces);
    const Result<std::size_t> read = co_await far.read_some(into);
    if (written && read && *read == into.size()) ++complete;
  }
  co_return complete;
}

Task<void> write_one_byte(ByteStream& stream) {
  const std::array<std::byte, 1> byte{};
  const std::array<std::span<const std::byte>, 1> pieces{byte};
  co_await stream.write(pieces);
}

// The reader is always a byte behind, so that the pipe never runs empty; its memory must not grow with what it carried.
TEST_F(StreamMallocTest, MemoryStreamsAllocateNothingOnceWarm) {
  const auto [near, far] = memory_pair(loop);
  loop.run(write_one_byte(*near));
  loop.run(exchange(*near, *far, 100));
  const auto before = malloc_count();
  EXPECT_EQ(loop.run(exchange(*near, *far, 10'000)), 10'000);
  EXPECT_EQ(malloc_count().allocations - before.allocations, 0u);
}

Task<Result<std::unique_ptr<ByteStream>>> accepted(Loop& loop, SocketListener& listener) {
  const Result<int> descriptor = co_await listener.accept();
  co_return adopt_socket(loop, descriptor.value());
}

TEST_F(StreamMallocTest, TcpStreamsAllocateNothingOnceWarm) {
  const Endpoint any_port{Endpoint::Kind::Tcp, "127.0.0.1", 0};
  const auto listener = SocketListener::open(loop, any_port).value();
  const auto near = loop.run(connect_socket(loop, listener->endpoint())).value();
  const auto far = loop.run(accepted(loop, *listener)).value();
  loop.run(exchange(*near, *far, 100));
  const auto before = malloc_count();
  EXPECT_EQ(loop.run(exchange(*near, *far, 1'000)), 1'000);
  EXPECT_EQ(malloc_count().allocations - before.allocations, 0u);
}

}  // namespace
}  // namespace sluice::rpc
