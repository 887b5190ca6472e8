// Which header fields travel on, and under which name.
#include "gateway/protocol/call_headers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "gateway/http/characters.h"
#include "rpc_core/wire/base64.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kMetadataPrefix = "grpc-metadata-";
constexpr std::string_view kUserAgent = "x-forwarded-user-agent";
constexpr std::string_view kRequestId = "x-request-id";
constexpr std::string_view kTraceParent = "traceparent";
// What comes from the gateway, about.
constexpr std::size_t kAddedFields = 5;
constexpr std::size_t kAddedBytes = 256;

// Fields of one hop, or that the gateway speaks for itself (RFC 9110 section 7.6.1).
constexpr std::array<std::string_view, 15> kNotForwarded = {"connection",
                                                            "expect",
                                                            "forwarded",
                                                            "host",
                                                            "http2-settings",
                                                            "keep-alive",
                                                            "te",
                                                            "trailer",
                                                            "upgrade",
                                                            "transfer-encoding",
                                                            "x-forwarded-for",
                                                            "x-forwarded-host",
                                                            "x-forwarded-proto",
                                                            "x-real-ip",
                                                            "x-forwarded-client-cert"};

constexpr std::array<std::string_view, 9> kNotReturned = {"connection", "content-length",    "content-type",
                                                          "date",       "keep-alive",        "te",
                                                          "trailer",    "transfer-encoding", "upgrade"};

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

void lower_case(std::string_view name, PoolString& out) {
  out.assign(name);
  std::ranges::transform(out, out.begin(), to_lower);
}

bool goes_to_backend(std::string_view name) {
  return !contains(kNotForwarded, name) && !name.starts_with("grpc-") && !name.starts_with("content-") &&
         !name.starts_with("proxy-");
}

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

rpc::Result<void> add(std::string_view name, std::string_view value, rpc::Metadata& metadata) {
  if (!rpc::is_binary_key(name)) {
    metadata.add(name, value);
    return {};
  }
  // Values joined by a comma are several values, as in gRPC.
  std::string_view rest = value;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::optional<std::string> bytes = rpc::decode_base64(without_spaces(rest.substr(0, comma)));
    if (!bytes) {
      return rpc::fail(rpc::StatusCode::InvalidArgument,
                       "header " + std::string(name) + ": expected base64, got \"" + std::string(value) + "\"");
    }
    metadata.add(name, *bytes);
    if (comma == rest.size()) return {};
    rest.remove_prefix(comma + 1);
  }
}

// The fields of a request that decide on others; looked for once.
struct Deciding {
  explicit Deciding(const Headers& all)
      : headers(all),
        connection(all.contains("Connection")),
        user_agent(all.contains("User-Agent") || all.contains("Grpc-Metadata-User-Agent")) {}

  const Headers& headers;
  const bool connection;
  const bool user_agent;
};

// The key under which a field goes to the backend; empty: it does not. `name` is in lower case.
std::string_view key_of(std::string_view name, const Deciding& deciding) {
  std::string_view key = name;
  const Headers& headers = deciding.headers;
  if (key.starts_with(kMetadataPrefix)) {
    key.remove_prefix(kMetadataPrefix.size());
    if (headers.contains(key)) return {};
  }
  if (!goes_to_backend(key)) return {};
  if (deciding.connection && (headers.has_token("Connection", name) || headers.has_token("Connection", key))) return {};
  if (key == "user-agent") return kUserAgent;
  if (key == kUserAgent && deciding.user_agent) return {};
  return key;
}

// Who the client is by its verified certificate, as Subject="CN=a,O=b";DNS=c;URI=d: the form that Envoy made common.
std::string client_certificate(const rpc::PeerIdentity& identity) {
  std::string text;
  if (!identity.subject.empty()) {
    text = "Subject=\"";
    for (const char c : identity.subject) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  for (const std::string& name : identity.names) {
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos || name.find_first_of(",;=\"") != std::string::npos) continue;
    if (!text.empty()) text.push_back(';');
    text.append(name, 0, colon).append("=").append(name, colon + 1);
  }
  return text;
}

// The addresses that a trusted peer names, then the peer's.
PoolString forwarded_for(const RequestHead& head, const rpc::PeerInfo& peer, bool is_trusted) {
  PoolString list;
  if (is_trusted) list = head.headers.joined("X-Forwarded-For");
  if (peer.endpoint.kind != rpc::Endpoint::Kind::Tcp || peer.endpoint.host.empty()) return list;
  return list.append(list.empty() ? "" : ", ").append(peer.endpoint.host);
}

void add_forwarded(const RequestHead& head, const rpc::PeerInfo& peer, bool is_trusted, rpc::Metadata& metadata) {
  const auto own_or = [&](std::string_view name, std::string_view own) {
    return is_trusted ? head.headers.get(name).value_or(own) : own;
  };
  const PoolString addresses = forwarded_for(head, peer, is_trusted);
  if (!addresses.empty()) metadata.add("x-forwarded-for", addresses);
  const std::string_view host = own_or("X-Forwarded-Host", head.authority);
  if (!host.empty()) metadata.add("x-forwarded-host", host);
  metadata.add("x-forwarded-proto", own_or("X-Forwarded-Proto", peer.secure ? "https" : "http"));
  if (const std::string identity = client_certificate(peer.identity); !identity.empty()) {
    metadata.add("x-forwarded-client-cert", identity);
  }
}

}  // namespace

rpc::Result<rpc::Metadata> metadata_of_request(const RequestHead& head, const rpc::PeerInfo& peer,
                                               const RequestContext& context) {
  rpc::Metadata metadata;
  metadata.reserve(head.headers.size() + kAddedFields, head.headers.bytes() + kAddedBytes);
  const Deciding deciding(head.headers);
  PoolString name;
  for (const auto& [field, value] : head.headers) {
    lower_case(field, name);
    const std::string_view key = key_of(name, deciding);
    // What a filter has set stands in the place of what the client sent.
    const bool replaced =
        (key == kRequestId && !context.request_id.empty()) || (key == kTraceParent && !context.traceparent.empty());
    if (key.empty() || replaced) continue;
    if (const rpc::Result<void> added = add(key, value, metadata); !added) return rpc::fail(added.error());
  }
  add_forwarded(head, peer, context.peer_is_trusted, metadata);
  if (!context.request_id.empty()) metadata.add(kRequestId, context.request_id);
  if (!context.traceparent.empty()) metadata.add(kTraceParent, context.traceparent);
  return metadata;
}

void add_response_metadata(const rpc::Metadata& metadata, std::string_view prefix, const ReturnedHeaders& returned,
                           Headers& headers) {
  PoolString name;
  for (const auto& [key, value] : metadata) {
    if (key.starts_with("grpc-") || key.starts_with("proxy-") || contains(kNotReturned, key)) continue;
    if (!returned.allows(key)) continue;
    name.assign(prefix).append(key);
    if (rpc::is_binary_key(key)) {
      headers.add(name, rpc::encode_base64(value));
    } else {
      headers.add(name, value);
    }
  }
}

}  // namespace sluice::gateway
