// Connections that begin with a PROXY protocol header.
#include "gateway/http/proxied_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const std::string kSignature2("\r\n\r\n\0\r\nQUIT\n", 12);

std::string version2(char command, const std::string& addresses) {
  std::string header = kSignature2 + command;
  header += '\x11';
  header += '\0';
  header += static_cast<char>(addresses.size());
  return header + addresses;
}

rpc::Task<void> tell_peer(Request& request, Responder& responder) {
  co_await responder.send(text_response(request.peer().endpoint.to_string()));
}

HttpOptions options(const char* trusted = nullptr) {
  HttpOptions out;
  out.proxy_protocol = true;
  if (trusted != nullptr) out.trusted_proxies = {*AddressRange::parse(trusted)};
  return out;
}

// The body of the answer to what a client sends at once.
std::string body_of(TestServer& server, const std::string& sent, rpc::MemoryStreamOptions stream = {}) {
  const std::string answer = exchange(server, sent, stream);
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? answer : answer.substr(end + 4);
}

TEST(ProxiedStream, HasTheClientOfTheHeader) {
  struct Case {
    const char* name;
    std::string header;
    const char* peer;
  };
  const std::string addresses("\xc0\x00\x02\x07\x0a\x00\x00\x01\x12\x67\x00\x50", 12);
  const Case cases[] = {
      {"Version1", "PROXY TCP4 192.0.2.7 10.0.0.1 4711 80\r\n", "192.0.2.7:4711"},
      {"Version1Ipv6", "PROXY TCP6 2001:db8::7 ::1 4711 80\r\n", "[2001:db8::7]:4711"},
      {"Version1Unknown", "PROXY UNKNOWN\r\n", "unix:memory"},
      {"Version2", version2('\x21', addresses), "192.0.2.7:4711"},
      {"HealthCheck", version2('\x20', ""), "unix:memory"},
      {"HealthCheckWithAddresses", version2('\x20', addresses), "unix:memory"},
  };
  for (const Case& one : cases) {
    TestServer server(tell_peer, options());
    EXPECT_EQ(body_of(server, one.header + kGet), one.peer) << one.name;
    rpc::MemoryStreamOptions by_byte;
    by_byte.largest_read = 1;
    EXPECT_EQ(body_of(server, one.header + kGet, by_byte), one.peer) << one.name;
    EXPECT_THAT(server.refusals(), IsEmpty());
  }
}

TEST(ProxiedStream, TakesTheHeaderInTwoPieces) {
  const std::string sent = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 80\r\n" + kGet;
  for (std::size_t size = 1; size < sent.size(); ++size) {
    TestServer server(tell_peer, options());
    ScriptedClient& client = server.connect();
    client.send(sent.substr(0, size));
    server.settle();
    client.send(sent.substr(size));
    server.settle();
    EXPECT_TRUE(client.received().ends_with("192.0.2.7:4711")) << size << client.received();
  }
}

TEST(ProxiedStream, ClosesAConnectionWithoutTheHeader) {
  for (const std::string& sent : {kGet, std::string("PROXY TCP5 a b 1 2\r\n") + kGet, std::string(200, 'P')}) {
    TestServer server(tell_peer, options());
    ScriptedClient& client = server.connect();
    client.send(sent);
    server.settle();
    EXPECT_EQ(client.received(), "");
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(server.connections().size(), 0u);
    ASSERT_EQ(server.refusals().size(), 1u);
    EXPECT_THAT(server.refusals().front(), testing::StartsWith("unix:memory: PROXY protocol: expected "));
  }
}

TEST(ProxiedStream, SaysNothingOfAClientThatClosesAtOnce) {
  TestServer server(tell_peer, options());
  server.connect().half_close();
  server.settle();
  EXPECT_EQ(server.connections().size(), 0u);
  EXPECT_THAT(server.refusals(), IsEmpty());
  ScriptedClient& half = server.connect();
  half.send("PROXY ");
  server.settle();
  half.half_close();
  server.settle();
  EXPECT_THAT(server.refusals(), ElementsAre("unix:memory: PROXY protocol: the header ends too early"));
}

TEST(ProxiedStream, WaitsForTheHeaderAsLongAsForAHead) {
  TestServer server(tell_peer, options());
  ScriptedClient& client = server.connect();
  client.send("PROXY TCP4 ");
  server.settle();
  server.advance(seconds(9));
  EXPECT_FALSE(client.ended());
  server.advance(seconds(2));
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections().size(), 0u);
}

TEST(ProxiedStream, IsTakenFromTrustedPeersOnly) {
  const std::string sent = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 80\r\n" + kGet;
  {
    TestServer trusting(tell_peer, options("unix"));
    EXPECT_EQ(body_of(trusting, sent), "192.0.2.7:4711");
  }
  TestServer wary(tell_peer, options("10.0.0.0/8"));
  EXPECT_EQ(body_of(wary, sent), "");
  EXPECT_THAT(wary.refusals(), ElementsAre("unix:memory: PROXY protocol: expected a peer that --trusted-proxy names"));
}

TEST(ProxiedStream, IsReadBeforeARefusal) {
  TestServer server(tell_peer, options());
  ScriptedClient& client = server.connect({}, Session::Mode::Refuse);
  client.send("PROXY UNKNOWN\r\n" + kGet);
  server.settle();
  EXPECT_TRUE(client.received().starts_with("HTTP/1.1 503 ")) << client.received();
}

}  // namespace
}  // namespace sluice::gateway
