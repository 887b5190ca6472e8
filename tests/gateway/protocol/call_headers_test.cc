// Which header fields become metadata, and which metadata becomes header fields.
#include "gateway/protocol/call_headers.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/print_status.h"

namespace sluice::gateway {
namespace {

std::string text_of(const rpc::Metadata& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata) text.append(key).append("=").append(value).append(";");
  return text;
}

RequestHead head_of(const Headers& headers) {
  RequestHead head;
  head.headers = headers;
  return head;
}

rpc::PeerInfo unix_peer() {
  rpc::PeerInfo peer;
  peer.endpoint = rpc::Endpoint(rpc::Endpoint::Kind::Unix, "/run/x.sock", 0);
  return peer;
}

struct RequestCase {
  const char* name;
  Headers headers;
  const char* metadata;  // without x-forwarded-proto
};

const RequestCase kRequests[] = {
    {"LowerCase",
     {{"X-Tenant", "Blue"}, {"Authorization", "Bearer T"}, {"COOKIE", "a=b"}},
     "x-tenant=Blue;authorization=Bearer T;cookie=a=b;"},
    {"Repeated", {{"X-A", "1"}, {"x-a", "2"}}, "x-a=1;x-a=2;"},
    {"Grpc", {{"grpc-timeout", "1S"}, {"Grpc-Encoding", "gzip"}, {"grpc-trace-bin", "!"}}, ""},
    {"Hop",
     {{"TE", "trailers"}, {"Keep-Alive", "5"}, {"Upgrade", "h2c"}, {"Trailer", "a"}, {"Transfer-Encoding", "chunked"}},
     ""},
    {"Named", {{"Connection", "close, X-Hop"}, {"x-hop", "1"}, {"x-stay", "2"}}, "x-stay=2;"},
    {"NamedPrefixed", {{"Connection", "Grpc-Metadata-X"}, {"Grpc-Metadata-X", "1"}}, ""},
    {"NamedBehindPrefix", {{"Connection", "x"}, {"Grpc-Metadata-X", "1"}}, ""},
    {"Http",
     {{"Host", "a"}, {"Expect", "100-continue"}, {"HTTP2-Settings", "x"}, {"Content-Type", "a"}, {"Content-Md5", "b"}},
     ""},
    {"Proxies",
     {{"Proxy-Authorization", "x"}, {"Forwarded", "for=a"}, {"X-Real-IP", "a"}, {"X-Forwarded-Client-Cert", "a"}},
     ""},
    {"ForwardedByClient",
     {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-Host", "a"}, {"X-Forwarded-Proto", "https"}},
     ""},
    {"UserAgent", {{"User-Agent", "curl"}}, "x-forwarded-user-agent=curl;"},
    {"UserAgentReplaces",
     {{"X-Forwarded-User-Agent", "forged"}, {"User-Agent", "curl"}},
     "x-forwarded-user-agent=curl;"},
    {"UserAgentAbsent", {{"X-Forwarded-User-Agent", "first"}}, "x-forwarded-user-agent=first;"},
    {"Prefixed", {{"Grpc-Metadata-X-Tenant", "blue"}}, "x-tenant=blue;"},
    {"PrefixedLosesToPlain", {{"Grpc-Metadata-X", "1"}, {"X", "2"}}, "x=2;"},
    {"PrefixedObeysRules",
     {{"Grpc-Metadata-Host", "a"},
      {"Grpc-Metadata-Grpc-Timeout", "1S"},
      {"Grpc-Metadata-TE", "x"},
      {"Grpc-Metadata-X-Forwarded-For", "1.1.1.1"},
      {"Grpc-Metadata-Content-Type", "x"}},
     ""},
    {"PrefixedTwice", {{"Grpc-Metadata-Grpc-Metadata-X", "1"}}, ""},
    {"PrefixedUserAgent", {{"Grpc-Metadata-User-Agent", "curl"}}, "x-forwarded-user-agent=curl;"},
    {"PrefixAlone", {{"Grpc-Metadata-", "1"}}, ""},
    {"Trace", {{"traceparent", "00-1-2-01"}, {"tracestate", "a=b"}}, "traceparent=00-1-2-01;tracestate=a=b;"},
    {"LastEvent", {{"Last-Event-ID", "7"}}, "last-event-id=7;"},
    {"Binary", {{"X-Raw-Bin", "aGk="}, {"y-bin", "aGk"}, {"z-bin", ""}}, "x-raw-bin=hi;y-bin=hi;z-bin=;"},
    {"BinaryJoined", {{"x-bin", "aGk=, aG8"}}, "x-bin=hi;x-bin=ho;"},
    {"BinaryPrefixed", {{"Grpc-Metadata-X-Bin", "aGk"}}, "x-bin=hi;"},
};

TEST(CallHeaders, ForwardsEndToEndFields) {
  for (const RequestCase& one : kRequests) {
    const rpc::Result<rpc::Metadata> metadata = metadata_of_request(head_of(one.headers), unix_peer(), {});
    ASSERT_TRUE(metadata) << one.name << ": " << metadata.error().to_string();
    EXPECT_EQ(text_of(*metadata), std::string(one.metadata) + "x-forwarded-proto=http;") << one.name;
  }
}

TEST(CallHeaders, RefusesBinaryValuesThatAreNoBase64) {
  for (const char* value : {"%", "a", "aGk=,%", "a b"}) {
    const auto metadata = metadata_of_request(head_of({{"X-Raw-Bin", value}}), unix_peer(), {});
    ASSERT_FALSE(metadata) << value;
    EXPECT_EQ(metadata.error(), rpc::Status(rpc::StatusCode::InvalidArgument,
                                            std::string("header x-raw-bin: expected base64, got \"") + value + "\""));
  }
}

TEST(CallHeaders, SaysForWhomItForwards) {
  RequestHead head = head_of({{"X-Forwarded-For", "6.6.6.6"}});
  head.authority = "shop.example:80";
  rpc::PeerInfo peer;
  peer.endpoint = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "192.0.2.7", 4711);
  const auto metadata = metadata_of_request(head, peer, {});
  ASSERT_TRUE(metadata);
  EXPECT_EQ(text_of(*metadata), "x-forwarded-for=192.0.2.7;x-forwarded-host=shop.example:80;x-forwarded-proto=http;");
}

TEST(CallHeaders, PassesOnWhatATrustedPeerSays) {
  struct Case {
    const char* name;
    Headers headers;
    const char* metadata;
  };
  const Case cases[] = {
      {"Nothing", {}, "x-forwarded-for=192.0.2.7;x-forwarded-host=here:80;x-forwarded-proto=http;"},
      {"All",
       {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-Host", "shop.example"}, {"X-Forwarded-Proto", "https"}},
       "x-forwarded-for=6.6.6.6, 192.0.2.7;x-forwarded-host=shop.example;x-forwarded-proto=https;"},
      {"Fields",
       {{"X-Forwarded-For", "6.6.6.6, 7.7.7.7"}, {"x-forwarded-for", "8.8.8.8"}},
       "x-forwarded-for=6.6.6.6, 7.7.7.7, 8.8.8.8, 192.0.2.7;x-forwarded-host=here:80;x-forwarded-proto=http;"},
      {"OthersAreDropped",
       {{"Forwarded", "for=6.6.6.6"}, {"X-Real-Ip", "6.6.6.6"}, {"X-Forwarded-Client-Cert", "CN=a"}},
       "x-forwarded-for=192.0.2.7;x-forwarded-host=here:80;x-forwarded-proto=http;"},
  };
  for (const Case& one : cases) {
    RequestHead head = head_of(one.headers);
    head.authority = "here:80";
    rpc::PeerInfo peer;
    peer.endpoint = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "192.0.2.7", 4711);
    RequestContext context;
    context.peer_is_trusted = true;
    const auto metadata = metadata_of_request(head, peer, context);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(text_of(*metadata), one.metadata) << one.name;
    const auto of_a_stranger = metadata_of_request(head, peer, {});
    EXPECT_EQ(text_of(*of_a_stranger), cases[0].metadata) << one.name;
  }
}

TEST(CallHeaders, ReturnsMetadataButForWhatBelongsToHttpOrGrpc) {
  rpc::Metadata metadata{{"x-a", "1"}, {"x-a", "2"}, {"set-cookie", "s=1"}, {"raw-bin", "hi"}};
  for (const char* key :
       {"connection", "content-length", "content-type", "date", "keep-alive", "te", "trailer", "transfer-encoding",
        "upgrade", "proxy-authenticate", "grpc-status", "grpc-message", "grpc-status-details-bin", "grpc-encoding"}) {
    metadata.add(key, "x");
  }
  Headers plain{{"Already", "there"}};
  add_response_metadata(metadata, "", ReturnedHeaders(), plain);
  EXPECT_EQ(text_of(plain), "Already: there\nx-a: 1\nx-a: 2\nset-cookie: s=1\nraw-bin: aGk\n");
  Headers prefixed;
  add_response_metadata(metadata, "Grpc-Trailer-", ReturnedHeaders(), prefixed);
  EXPECT_EQ(text_of(prefixed),
            "Grpc-Trailer-x-a: 1\nGrpc-Trailer-x-a: 2\nGrpc-Trailer-set-cookie: s=1\nGrpc-Trailer-raw-bin: aGk\n");
}

TEST(CallHeaders, ReturnsWhatIsAllowedAndNotWithheld) {
  const rpc::Metadata metadata{{"x-a", "1"}, {"x-ab", "2"}, {"x-b", "3"}, {"server", "s"}};
  struct Case {
    ReturnedHeaders returned;
    const char* text;
  };
  const Case cases[] = {
      {{std::nullopt, {}}, "x-a: 1\nx-ab: 2\nx-b: 3\nserver: s\n"},
      {{std::nullopt, {"server", "x-b"}}, "x-a: 1\nx-ab: 2\n"},
      {{std::vector<std::string>{"x-a*"}, {}}, "x-a: 1\nx-ab: 2\n"},
      {{std::vector<std::string>{"x-*", "none"}, {"*b"}}, "x-a: 1\n"},
      {{std::vector<std::string>(), {}}, ""},
  };
  for (const Case& one : cases) {
    Headers headers;
    add_response_metadata(metadata, "", one.returned, headers);
    EXPECT_EQ(text_of(headers), one.text);
  }
}

TEST(CallHeaders, GiveTheContextsIdAndTraceInThePlaceOfTheClients) {
  RequestContext context;
  context.request_id = "made-here";
  context.traceparent = "00-our-span";
  const auto metadata = metadata_of_request(
      head_of({{"X-Request-Id", "a b"}, {"traceparent", "00-theirs"}, {"tracestate", "v=1"}}), unix_peer(), context);
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->get_all("x-request-id"), std::vector<std::string_view>{"made-here"});
  EXPECT_EQ(metadata->get_all("traceparent"), std::vector<std::string_view>{"00-our-span"});
  EXPECT_EQ(metadata->get("tracestate"), "v=1");
}

}  // namespace
}  // namespace sluice::gateway
