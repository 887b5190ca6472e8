// Tests of unix sockets: echo, the file's life, and whose file may be replaced.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "rpc_core/transport/tcp.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/stream_io.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;
using testing::read_all;
using testing::RealLoopFixture;
using testing::write_text;

class UnixSocketTest : public RealLoopFixture {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sluice-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory = name;
    path = directory / "test.sock";
    endpoint = {Endpoint::Kind::Unix, path.string(), 0};
  }
  void TearDown() override {
    std::filesystem::remove_all(directory);
    RealLoopFixture::TearDown();
  }

  Task<std::string> send(SocketListener& listener, std::string text) {
    Result<std::unique_ptr<ByteStream>> near = co_await connect_socket(loop, listener.endpoint());
    const Result<int> descriptor = co_await listener.accept();
    if (!near || !descriptor) co_return "no connection";
    const auto far = adopt_socket(loop, *descriptor).value();
    const Result<std::size_t> written = co_await write_text(**near, text);
    if (!written) co_return "not written";
    (*near)->close();
    const auto all = co_await read_all(*far);
    co_return all.text;
  }

  std::filesystem::path directory;
  std::filesystem::path path;
  Endpoint endpoint;
};

TEST_F(UnixSocketTest, CarriesBytesAndRemovesItsFile) {
  auto listener = SocketListener::open(loop, endpoint);
  ASSERT_TRUE(listener.has_value()) << listener.error().to_string();
  EXPECT_EQ((*listener)->endpoint(), endpoint);
  EXPECT_EQ(run(send(**listener, "over a file")), "over a file");
  (*listener)->close();
  EXPECT_FALSE(std::filesystem::exists(path));
  listener = SocketListener::open(loop, endpoint);
  EXPECT_TRUE(std::filesystem::exists(path));
  listener->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

// What a process that was killed leaves behind.
void leave_stale_socket(Loop& loop, const Endpoint& endpoint, const std::filesystem::path& path) {
  const auto aside = path.string() + ".aside";
  const auto listener = SocketListener::open(loop, endpoint);
  std::filesystem::rename(path, aside);
  (*listener)->close();
  std::filesystem::rename(aside, path);
}

TEST_F(UnixSocketTest, ReplacesAStaleSocket) {
  leave_stale_socket(loop, endpoint, path);
  ASSERT_TRUE(std::filesystem::is_socket(path));
  const auto listener = SocketListener::open(loop, endpoint);
  ASSERT_TRUE(listener.has_value()) << listener.error().to_string();
  EXPECT_EQ(run(send(**listener, "again")), "again");
}

TEST_F(UnixSocketTest, LeavesALiveSocketAlone) {
  const auto first = SocketListener::open(loop, endpoint);
  const auto second = SocketListener::open(loop, endpoint);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), StatusCode::Unavailable);
  EXPECT_THAT(second.error().message(), HasSubstr("cannot listen on unix:" + path.string()));
  const int waiting = run((*first)->accept()).value();  // the probe of the second
  ::close(waiting);
  EXPECT_EQ(run(send(**first, "still here")), "still here");
}

TEST_F(UnixSocketTest, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream(path) << "precious";
  const auto listener = SocketListener::open(loop, endpoint);
  ASSERT_FALSE(listener.has_value());
  EXPECT_THAT(listener.error().message(), HasSubstr(path.string()));
  std::string content;
  std::ifstream(path) >> content;
  EXPECT_EQ(content, "precious");
}

TEST_F(UnixSocketTest, RefusesAPathThatIsTooLong) {
  const Endpoint longest{Endpoint::Kind::Unix, "/" + std::string(107, 'x'), 0};
  const auto listener = SocketListener::open(loop, longest);
  ASSERT_FALSE(listener.has_value());
  EXPECT_EQ(listener.error().code(), StatusCode::InvalidArgument);
  EXPECT_THAT(listener.error().message(), HasSubstr(longest.host));
}

TEST_F(UnixSocketTest, NobodyListeningNamesThePath) {
  const auto connected = run(connect_socket(loop, endpoint));
  ASSERT_FALSE(connected.has_value());
  EXPECT_EQ(connected.error().code(), StatusCode::Unavailable);
  EXPECT_THAT(connected.error().message(), HasSubstr("connect to unix:" + path.string()));
}

}  // namespace
}  // namespace sluice::rpc
