// Config: every setting of the gateway as plain values; their defaults stand here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotations/extract.h"
#include "annotations/path_matcher.h"
#include "annotations/percent.h"
#include "gateway/config/route_settings.h"
#include "gateway/http/http_options.h"
#include "gateway/protocol/answer_options.h"
#include "gateway/transcode/error_body.h"
#include "gateway/transcode/transcoder.h"
#include "rpc_core/base/clock.h"
#include "rpc_core/base/endpoint.h"

namespace sluice::gateway {

// A header field that is sent to a backend, with a lower-case name.
struct HeaderConfig {
  std::string name;
  std::string value;
};

// Where a backend's schema comes from.
enum class SchemaOrigin : std::uint8_t {
  Auto,        // its own descriptor sets; else the gateway's files; else reflection
  Reflection,  // what the backend says of itself
  Shared,      // the gateway's files
};

// TLS towards a backend. The files are PEM.
struct BackendTlsConfig {
  std::string ca;           // whom its certificate has to come from; empty: the CAs of the system
  std::string certificate;  // our own, with its key; empty: none
  std::string key;
};

// A gRPC server behind the gateway.
struct BackendConfig {
  std::string name;                        // empty: it is called by its target
  std::string target;                      // "host:port", "dns:///host:port", "unix:/path"
  std::string authority = {};              // empty: that of UpstreamConfig
  std::vector<std::string> services = {};  // globs of those it serves; empty: all that no other backend names
  std::vector<HeaderConfig> headers = {};  // added to each call
  SchemaOrigin schema = SchemaOrigin::Auto;
  std::optional<bool> tls = {};  // nothing, and a file that is empty: as UpstreamConfig
  BackendTlsConfig tls_files = {};
  std::vector<std::string> descriptor_sets = {};  // its own
  RouteSettings settings = {};                    // of its routes
  std::string where = {};                         // "sluice.yaml:7"; empty: not from the section "backends"

  const std::string& label() const { return name.empty() ? target : name; }
};

// Settings of the routes of some methods.
struct RouteConfig {
  std::string methods;  // a glob on their full names, "library.v1.Library.*"
  RouteSettings settings;
  std::string where;  // "sluice.yaml:7"
};

// Of the connections to every backend.
struct UpstreamConfig {
  std::string authority;  // :authority of the calls; empty: the target's host and port
  bool tls = false;
  BackendTlsConfig tls_files;
  rpc::Duration connect_timeout = std::chrono::seconds(5);
  rpc::Duration backoff_max = std::chrono::milliseconds(500);
};

// Where the schema comes from: descriptor sets or .proto files, never both; with neither, each backend is asked for its
// own by reflection.
struct SchemaConfig {
  std::vector<std::string> descriptor_sets;
  std::vector<std::string> proto_files;  // as an import spells them, below one of proto_paths
  std::vector<std::string> proto_paths;  // empty: the working directory

  bool from_files() const { return !descriptor_sets.empty() || !proto_files.empty(); }
};

enum class TranscoderKind : std::uint8_t { Direct, Reference };

// Which routes there are, and how a path finds one.
struct RoutingConfig {
  std::vector<std::string> services;  // globs on full names; empty: all
  bool auto_map = true;
  http_rule::OnDuplicate on_duplicate = http_rule::OnDuplicate::Error;
  http_rule::TrailingSlash trailing_slash = http_rule::TrailingSlash::Ignore;
  http_rule::Unescape unescape = http_rule::Unescape::ExceptSlash;  // of multi-segment captures
  TranscoderKind transcoder = TranscoderKind::Direct;
  std::vector<http_rule::ConfigRule> rules;  // they override annotations; the last of a method counts
};

// Of one call, and of the calls of all workers together.
struct CallLimits {
  std::size_t max_request_bytes = 4 << 20;  // one message, decompressed
  std::size_t max_response_bytes = 4 << 20;
  std::size_t max_concurrent_calls = 10000;
  // The deadline of a unary call that brings none; nothing: none.
  std::optional<rpc::Duration> timeout = std::chrono::seconds(60);
  // The same of a call with a stream.
  std::optional<rpc::Duration> stream_timeout;
};

// Globs on the lower-case names of headers that go through, of every route that has no list of its own. Empty: all.
struct HeaderLists {
  std::vector<std::string> forwarded;  // of the client
  std::vector<std::string> returned;   // of the backend
  std::vector<std::string> withheld;   // of the backend, too: those that do not
};

// After the first signal.
struct DrainConfig {
  rpc::Duration delay{0};  // still accepting
  rpc::Duration timeout = std::chrono::seconds(30);
};

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warn, Error, Off };
enum class LogFormat : std::uint8_t { Text, Json };

struct LogConfig {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Text;
  bool access_log = false;
};

// TLS towards clients. The files are PEM.
struct FrontTlsConfig {
  std::string certificate;  // with those up to the CA behind it; empty: plain text
  std::string key;
  std::string client_ca;  // whom clients' certificates have to come from; empty: none is asked for
};

// Web pages of other origins, which are listed in StreamOptions::origins.
struct CorsConfig {
  bool credentials = false;
  rpc::Duration max_age = std::chrono::minutes(10);  // of what a preflight said
};

// Spans of requests, sent to a collector.
struct TraceConfig {
  std::string endpoint;  // "http://host:4318/v1/traces"; empty: traceparent goes through, and no span is made
  double ratio = 1;      // of the traces that begin here
  std::string service = "sluice";
};

enum class Command : std::uint8_t { Serve, Check, Routes, Explain, Health };

// What the process is to do, by its command line.
struct CommandConfig {
  Command command = Command::Serve;
  std::vector<std::string> operands;  // of explain: method and target
  bool json = false;                  // of routes
  std::string data;                   // of explain: the body, or "@" and the name of a file
};

struct Config {
  bool watch = false;  // the files that settings and schema come from: they are loaded again when they change
  std::vector<rpc::Endpoint> listen = {rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 8080)};  // never empty
  std::size_t workers = 1;                                                                           // never 0
  std::vector<BackendConfig> backends;  // never empty once it is loaded
  UpstreamConfig upstream;
  SchemaConfig schema;
  RoutingConfig routing;
  ParseOptions parse;
  PrintOptions print;
  ErrorBodyOptions errors;
  ErrorAnswerOptions error_answers;
  HttpOptions http;
  StreamOptions streams;
  AnswerOptions answers;
  HeaderLists headers;
  CallLimits calls;
  DrainConfig drain;
  LogConfig log;
  std::vector<rpc::Endpoint> admin;  // empty: no listener for operators
  FrontTlsConfig tls;
  CorsConfig cors;
  TraceConfig trace;
  CommandConfig command;
  std::vector<RouteConfig> routes;  // the last that matches a method and has a setting counts
};

}  // namespace sluice::gateway
