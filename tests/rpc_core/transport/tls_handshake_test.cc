// Tests of TLS handshakes that fail: each tells what was expected and what came.
#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include "tests/rpc_core/transport/tls_fixture.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::read_all;
using testing::Started;
using testing::TestAuthority;
using testing::TlsFixture;
using testing::write_text;

class TlsHandshakeTest : public TlsFixture {
 protected:
  // The text that this side gives to a peer which sends those bytes and ends.
  std::string error_of_client(const std::string& bytes) {
    auto [near, far] = memory_pair(loop, {});
    Started<Secured> connecting(
        tls_connect(loop, std::move(near), context(TlsRole::Client, client_options()), "server.test"));
    run(write_text(*far, bytes));
    far->shutdown_send();
    loop.poll();
    return connecting.get().error().message();
  }
  std::string error_of_server(const std::string& bytes) {
    auto [near, far] = memory_pair(loop, {});
    Started<Secured> accepting(tls_accept(loop, std::move(near), context(TlsRole::Server, server_options())));
    run(write_text(*far, bytes));
    far->shutdown_send();
    loop.poll();
    return accepting.get().error().message();
  }
};

TEST_F(TlsHandshakeTest, TheServerHasToBeTheOneThatIsWanted) {
  struct Row {
    std::string name;
    std::string error;
  };
  const std::string names = "got one for CN=server (DNS:server.test, IP:127.0.0.1)";
  const std::vector<Row> rows = {
      {"server.test", ""},
      {"SERVER.test", ""},
      {"127.0.0.1", ""},
      {"other.test", "expected a certificate for \"other.test\", " + names},
      {"127.0.0.2", "expected a certificate for \"127.0.0.2\", " + names},
      {"::1", "expected a certificate for \"::1\", " + names},
      {"server", "expected a certificate for \"server\", " + names},
  };
  for (const Row& row : rows) {
    const Ends ends = shake_hands(client_options(), server_options(), row.name);
    const std::string error = ends.client ? "" : ends.client.error().message();
    EXPECT_THAT(error, HasSubstr(row.error)) << row.name;
    EXPECT_EQ(error.empty(), row.error.empty()) << row.name << ": " << error;
    if (row.error.empty()) continue;
    EXPECT_THAT(error, HasSubstr("TLS with unix:memory: "));
    EXPECT_EQ(ends.client.error().code(), StatusCode::Unavailable);
    EXPECT_EQ(ends.client.error().origin(), Status::Origin::Transport);
    EXPECT_THAT(ends.server.error().message(), HasSubstr("alert")) << row.name;
  }
}

TEST_F(TlsHandshakeTest, CertificatesHaveToBeValid) {
  TestAuthority other("Other CA");
  const auto old = ca.sign({.common_name = "old", .names = {"DNS:server.test"}, .days = -1});
  const auto strange = other.sign({.common_name = "strange", .names = {"DNS:server.test"}});
  struct Row {
    testing::SignedCertificate own;
    std::string error;
  };
  for (const Row& row : {Row{old, "CN=old (DNS:server.test), is not accepted: certificate has expired"},
                         Row{strange, "CN=strange (DNS:server.test), is not accepted: unable to get local issuer"}}) {
    TlsOptions server = server_options();
    server.certificates = row.own.certificate;
    server.private_key = row.own.private_key;
    const Ends ends = shake_hands(client_options(), server);
    ASSERT_FALSE(ends.client.has_value());
    EXPECT_THAT(ends.client.error().message(), HasSubstr(row.error));
  }
}

TEST_F(TlsHandshakeTest, AServerChecksItsClients) {
  TestAuthority other("Other CA");
  TlsOptions server = server_options();
  server.authorities = ca.certificate();
  const auto good = ca.sign({.common_name = "good", .names = {}});
  const auto strange = other.sign({.common_name = "strange", .names = {}});
  struct Row {
    ClientCertificate asked;
    TlsOptions client;
    std::string error;
  };
  const std::string not_accepted = "CN=strange, is not accepted: unable to get local issuer certificate";
  const std::vector<Row> rows = {
      {ClientCertificate::None, client_options(), ""},
      {ClientCertificate::None, client_options(strange), ""},
      {ClientCertificate::Optional, client_options(), ""},
      {ClientCertificate::Optional, client_options(good), ""},
      {ClientCertificate::Optional, client_options(strange), not_accepted},
      {ClientCertificate::Required, client_options(good), ""},
      {ClientCertificate::Required, client_options(strange), not_accepted},
      {ClientCertificate::Required, client_options(), "expected a client certificate, got none"},
  };
  for (const Row& row : rows) {
    server.client_certificate = row.asked;
    const Ends ends = shake_hands(row.client, server);
    const std::string error = ends.server ? "" : ends.server.error().message();
    EXPECT_THAT(error, HasSubstr(row.error));
    EXPECT_EQ(error.empty(), row.error.empty()) << error;
    // TLS 1.3: the client has finished when the server refuses it, and reads why.
    if (row.error.empty()) continue;
    ASSERT_TRUE(ends.client.has_value()) << ends.client.error().to_string();
    EXPECT_THAT(run(read_all(**ends.client)).status.message(), HasSubstr("alert"));
  }
}

TEST_F(TlsHandshakeTest, AgreesOnAProtocolOrEnds) {
  struct Row {
    std::vector<std::string> client;
    std::vector<std::string> server;
    bool required;
    std::string agreed;
    std::string client_error;
    std::string server_error;
  };
  const std::vector<Row> rows = {
      {{"h2"}, {"h2"}, true, "h2", "", ""},
      {{"http/1.1", "h2"}, {"h2", "http/1.1"}, true, "h2", "", ""},
      {{"http/1.1"}, {"h2", "http/1.1"}, true, "http/1.1", "", ""},
      {{"http/1.1"},
       {"h2"},
       true,
       "",
       "offered http/1.1 by ALPN, the peer accepts neither",
       "expected a client that knows h2 by ALPN, it named others"},
      {{"h2"},
       {},
       true,
       "",
       "expected the peer to agree on h2 by ALPN, it named no protocol",
       "the connection is closed"},
      {{}, {"h2"}, true, "", "", "expected the peer to agree on h2 by ALPN, it named no protocol"},
      {{"http/1.1"}, {"h2"}, false, "", "", ""},
      {{}, {}, false, "", "", ""},
  };
  for (const Row& row : rows) {
    TlsOptions client = client_options();
    client.alpn = row.client;
    client.alpn_required = row.required && !row.client.empty();
    TlsOptions server = server_options();
    server.alpn = row.server;
    server.alpn_required = row.required && !row.server.empty();
    const Ends ends = shake_hands(client, server);
    const std::string client_error = ends.client ? "" : ends.client.error().message();
    const std::string server_error = ends.server ? "" : ends.server.error().message();
    EXPECT_THAT(client_error, HasSubstr(row.client_error));
    EXPECT_EQ(client_error.empty(), row.client_error.empty()) << client_error;
    EXPECT_THAT(server_error, HasSubstr(row.server_error));
    EXPECT_EQ(server_error.empty(), row.server_error.empty()) << server_error;
    EXPECT_EQ(ends.client ? (*ends.client)->peer().alpn : "", row.agreed);
  }
}

TEST_F(TlsHandshakeTest, PeersThatSpeakNoTls) {
  EXPECT_THAT(error_of_client("HTTP/1.1 400 Bad Request\r\n\r\n"),
              HasSubstr("expected a TLS handshake, the peer sent \"HTTP/"));
  EXPECT_THAT(error_of_client(std::string("\0\0\x12\x04\0\0\0\0\0", 9)),
              HasSubstr("expected a TLS handshake, the peer sent \"....."));
  EXPECT_THAT(error_of_client(""), HasSubstr("expected a TLS handshake, the peer closed the connection"));
  EXPECT_THAT(error_of_server("GET / HTTP/1.1\r\n\r\n"), HasSubstr("expected a TLS handshake, the peer sent \"GET / "));
  EXPECT_THAT(error_of_server("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
              HasSubstr("expected a TLS handshake, the peer sent \"PRI * "));
  EXPECT_THAT(error_of_server(""), HasSubstr("expected a TLS handshake, the peer closed the connection"));
}

// A ClientHello of that version, with a cipher that was fit for it and no extension.
std::string old_hello(char minor) {
  const std::string body = std::string("\3") + minor + std::string(32, 'r') + std::string("\0\0\2\xc0\x13\1\0", 7);
  const std::string message = std::string("\1\0\0", 3) + static_cast<char>(body.size()) + body;
  return std::string("\x16\3\1\0", 4) + static_cast<char>(message.size()) + message;
}

TEST_F(TlsHandshakeTest, RefusesVersionsBeforeTls12) {
  for (const char minor : {'\1', '\2'})
    EXPECT_THAT(error_of_server(old_hello(minor)), HasSubstr("expected TLS 1.2 or 1.3, the peer has no such version"));
  EXPECT_THAT(error_of_server(old_hello('\3')), Not(HasSubstr("expected TLS 1.2 or 1.3, the peer has no such version")))
      << "1.2: the cipher is refused";
}

// The n-th operation of one side fails: the handshake ends on both, whatever it is at.
TEST_F(TlsHandshakeTest, AConnectionMayBreakAnywhere) {
  std::size_t failed = 0;
  for (std::size_t at = 1; at < 10; ++at) {
    MemoryStreamOptions memory;
    memory.fail_at = at;
    const Ends ends = shake_hands(client_options(), server_options(), "server.test", memory);
    if (!ends.client) {
      ++failed;
      EXPECT_EQ(ends.client.error().code(), StatusCode::Unavailable) << at;
    }
  }
  EXPECT_GE(failed, 3u);
}

}  // namespace
}  // namespace sluice::rpc
