// Tests of TLS streams after the handshake: bytes, ends, closes, and what the peer is known by.
#include "rpc_core/transport/tls.h"

#include <gmock/gmock.h>
#include <openssl/err.h>

#include <string>
#include <vector>

#include "tests/rpc_core/transport/tls_fixture.h"

namespace sluice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_all;
using testing::ReadAll;
using testing::Started;
using testing::TestAuthority;
using testing::TlsFixture;
using testing::write_text;

class TlsTest : public TlsFixture {
 protected:
  // Both ends, and beside them what is below: to write what TLS would not.
  struct Wired {
    ByteStream* client_wire;
    ByteStream* server_wire;
    std::unique_ptr<ByteStream> client;
    std::unique_ptr<ByteStream> server;
  };

  Wired wired() {
    auto [near, far] = memory_pair(loop, {});
    Wired all{near.get(), far.get(), nullptr, nullptr};
    const auto client = context(TlsRole::Client, client_options());
    Started<Secured> connecting(tls_connect(loop, std::move(near), client, "server.test"));
    Started<Secured> accepting(tls_accept(loop, std::move(far), context(TlsRole::Server, server_options())));
    loop.poll();
    all.client = connecting.get().value();
    all.server = accepting.get().value();
    return all;
  }
};

Task<Result<std::size_t>> write_pieces(ByteStream& stream, std::vector<std::string> texts) {
  std::vector<std::span<const std::byte>> pieces;
  for (const std::string& text : texts) pieces.push_back(std::as_bytes(std::span(text)));
  const Result<std::size_t> written = co_await stream.write(pieces);
  stream.shutdown_send();
  co_return written;
}

TEST_F(TlsTest, CarriesPiecesOfAnySizeBothWays) {
  const std::vector<std::size_t> sizes = {0, 1, 9, 16'384, 9, 16'383, 16'385, 0, 5, 100'000, 70'000, 1};
  std::vector<std::string> texts;
  std::string all;
  for (const std::size_t size : sizes) {
    texts.emplace_back(size, static_cast<char>('a' + texts.size()));
    all += texts.back();
  }
  const Ends ends = shake_hands();
  ASSERT_TRUE(ends.client.has_value()) << ends.client.error().to_string();
  ASSERT_TRUE(ends.server.has_value()) << ends.server.error().to_string();
  for (const auto& [from, to] :
       {std::pair(ends.client->get(), ends.server->get()), std::pair(ends.server->get(), ends.client->get())}) {
    Started<Result<std::size_t>> writer(write_pieces(*from, texts));
    const ReadAll read = run(read_all(*to));
    EXPECT_TRUE(read.text == all) << read.text.size() << " bytes of " << all.size();
    EXPECT_TRUE(read.status.ok()) << read.status.to_string();
    EXPECT_EQ(writer.get(), all.size());
  }
}

TEST_F(TlsTest, WorksByteByByteAndThroughANarrowPipe) {
  for (const MemoryStreamOptions memory :
       {MemoryStreamOptions{.largest_read = 1}, MemoryStreamOptions{.capacity = 2000}}) {
    const Ends ends = shake_hands(client_options(), server_options(), "server.test", memory);
    ASSERT_TRUE(ends.client.has_value()) << ends.client.error().to_string();
    ASSERT_TRUE(ends.server.has_value()) << ends.server.error().to_string();
    Started<Result<std::size_t>> writer(write_pieces(**ends.client, {"one ", std::string(5000, 'x')}));
    EXPECT_EQ(run(read_all(**ends.server)).text, "one " + std::string(5000, 'x'));
    EXPECT_EQ(writer.get(), 5004u);
  }
}

// Others may use OpenSSL in the same thread, and fail.
TEST_F(TlsTest, ErrorsThatOthersLeaveBehindAreTheirs) {
  const auto leave_error = [] { ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR); };
  leave_error();
  const Ends ends =
      shake_hands(client_options(), server_options(), "server.test", MemoryStreamOptions{.largest_read = 1});
  ASSERT_TRUE(ends.client.has_value()) << ends.client.error().to_string();
  ASSERT_TRUE(ends.server.has_value()) << ends.server.error().to_string();
  Started<Result<std::size_t>> writer(write_pieces(**ends.client, {"text"}));
  leave_error();
  const ReadAll read = run(read_all(**ends.server));
  EXPECT_EQ(read.text, "text");
  EXPECT_TRUE(read.status.ok()) << read.status.to_string();
  EXPECT_EQ(writer.get(), 4u);
}

// Small pieces leave in full records, as few as there can be.
TEST_F(TlsTest, GathersSmallPiecesIntoRecords) {
  const Wired both = wired();
  std::vector<std::string> texts(400, std::string(100, 'x'));
  EXPECT_EQ(run(write_pieces(*both.client, std::move(texts))), 40'000u);
  const std::size_t sent = run(read_all(*both.server_wire)).text.size();
  const std::size_t records = 3;
  const std::size_t goodbye = 24;
  EXPECT_EQ(sent, 40'000 + records * 22 + goodbye);
}

TEST_F(TlsTest, TellsTheProtocolAndTheServersNames) {
  const Ends ends = shake_hands();
  ASSERT_TRUE(ends.client.has_value()) << ends.client.error().to_string();
  EXPECT_EQ((*ends.client)->peer().alpn, "h2");
  EXPECT_EQ((*ends.client)->peer().identity.subject, "CN=server");
  EXPECT_THAT((*ends.client)->peer().identity.names, ElementsAre("DNS:server.test", "IP:127.0.0.1"));
  EXPECT_EQ((*ends.server)->peer().alpn, "h2");
  EXPECT_EQ((*ends.server)->peer().identity, PeerIdentity());
}

TEST_F(TlsTest, TellsTheClientsNames) {
  TlsOptions server = server_options();
  server.authorities = ca.certificate();
  server.client_certificate = ClientCertificate::Required;
  const auto own = ca.sign({.common_name = "José", .names = {"URI:spiffe://test/a", "email:a@test", "IP:::1"}});
  const Ends ends = shake_hands(client_options(own), server);
  ASSERT_TRUE(ends.server.has_value()) << ends.server.error().to_string();
  EXPECT_EQ((*ends.server)->peer().identity.subject, "CN=José");
  EXPECT_THAT((*ends.server)->peer().identity.names, ElementsAre("URI:spiffe://test/a", "email:a@test", "IP:::1"));
}

TEST_F(TlsTest, ACloseReachesThePeerAsAnEnd) {
  const Ends ends = shake_hands();
  EXPECT_EQ(run(write_text(**ends.client, "last words")), 10u);
  (*ends.client)->shutdown_send();
  (*ends.client)->shutdown_send();
  const ReadAll read = run(read_all(**ends.server));
  EXPECT_EQ(read.text, "last words");
  EXPECT_TRUE(read.status.ok()) << read.status.to_string();
}

TEST_F(TlsTest, AnEndWithoutGoodbyeIsAnError) {
  const Wired both = wired();
  both.client_wire->shutdown_send();
  EXPECT_THAT(run(read_all(*both.server)).status.message(), HasSubstr("closed the connection without ending TLS"));
}

TEST_F(TlsTest, BytesThatAreNoRecordEndTheStreamWithAnAlert) {
  const Wired both = wired();
  run(write_text(*both.client_wire, std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x')));
  const ReadAll read = run(read_all(*both.server));
  EXPECT_EQ(read.status.code(), StatusCode::Unavailable);
  EXPECT_EQ(read.status.origin(), Status::Origin::Transport);
  EXPECT_THAT(read.status.message(), HasSubstr("read: TLS: "));
  EXPECT_THAT(run(read_all(*both.client)).status.message(), HasSubstr("alert"));
  EXPECT_EQ(run(read_all(*both.server)).status.code(), StatusCode::Unavailable) << "and stays broken";
}

TEST_F(TlsTest, CloseEndsAPendingReadAndLaterOperations) {
  const Ends ends = shake_hands();
  Started<ReadAll> read(read_all(**ends.server));
  loop.poll();
  EXPECT_FALSE(read.done());
  (*ends.server)->close();
  (*ends.server)->close();
  EXPECT_FALSE(read.done()) << "resumed in line";
  loop.poll();
  EXPECT_EQ(read.get().status.code(), StatusCode::Unavailable);
  EXPECT_EQ(run(read_all(**ends.server)).status.code(), StatusCode::Unavailable);
  EXPECT_EQ(run(write_text(**ends.server, "x")).error().code(), StatusCode::Unavailable);
}

TEST_F(TlsTest, AStopEndsAHandshake) {
  auto [near, far] = memory_pair(loop, {});
  Started<Secured> connecting(tls_connect(loop, std::move(near), context(TlsRole::Client, client_options()), "a.test"));
  loop.poll();
  EXPECT_FALSE(connecting.done());
  connecting.request_stop();
  loop.poll();
  EXPECT_EQ(connecting.get().error().code(), StatusCode::Cancelled);
}

TEST_F(TlsTest, ConnectionsBehindAReplacementUseIt) {
  TestAuthority other("Other CA");
  TlsOptions renewed = server_options();
  const auto own = other.sign({.common_name = "renewed", .names = {"DNS:server.test"}});
  renewed.certificates = own.certificate;
  renewed.private_key = own.private_key;
  TlsCredentials credentials(context(TlsRole::Server, server_options()));
  TlsOptions client = client_options();
  client.authorities += other.certificate();
  for (const std::string expected : {"CN=server", "CN=renewed"}) {
    auto [near, far] = memory_pair(loop, {});
    Started<Secured> connecting(tls_connect(loop, std::move(near), context(TlsRole::Client, client), "server.test"));
    Started<Secured> accepting(tls_accept(loop, std::move(far), credentials.context()));
    loop.poll();
    const Secured connected = connecting.get();
    const Secured accepted = accepting.get();
    ASSERT_TRUE(connected.has_value()) << connected.error().to_string();
    EXPECT_EQ((*connected)->peer().identity.subject, expected);
    credentials.replace(context(TlsRole::Server, renewed));
  }
}

}  // namespace
}  // namespace sluice::rpc
