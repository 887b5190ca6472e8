// A setting is one row here and one member in config.h.
#include "gateway/config/options.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/config/members.h"
#include "gateway/http/blocking_request.h"

namespace sluice::gateway {
namespace {

using http_rule::OnDuplicate;
using http_rule::TrailingSlash;
using http_rule::Unescape;

// What threads and sockets are made of.
constexpr std::array<std::string_view, 7> kFixed = {"watch",      "listen",        "admin",        "workers",
                                                    "log-format", "otlp-endpoint", "trace-service"};

Parsed<std::string> any_text(std::string_view text) { return std::string(text); }

Parsed<std::string> some_text(std::string_view text) {
  if (text.empty()) return unfit("a name");
  return std::string(text);
}

std::string print_text(const std::string& text) { return text; }

// "name=target"; what stands before a "=" is a name only when it looks like one, since a path may have a "=" too.
Parsed<BackendConfig> parse_backend(std::string_view text) {
  BackendConfig backend;
  const std::size_t equals = text.find('=');
  if (equals != std::string_view::npos && is_backend_name(text.substr(0, equals))) {
    backend.name = text.substr(0, equals);
    text.remove_prefix(equals + 1);
  }
  Parsed<std::string> target = parse_backend_target(text);
  if (!target) return std::unexpected(std::move(target.error()));
  backend.target = *std::move(target);
  return backend;
}

std::string print_backend(const BackendConfig& backend) {
  return backend.name.empty() ? backend.target : backend.name + "=" + backend.target;
}

// Those of the section "backends" are shown there.
SettingMember backends_member() {
  SettingMember member = list_member<&Config::backends>("TARGET", parse_backend, print_backend);
  member.get = [](const Config& config) {
    std::vector<std::string> texts;
    for (const BackendConfig& backend : config.backends) {
      if (backend.where.empty()) texts.push_back(print_backend(backend));
    }
    return texts;
  };
  return member;
}

Parsed<std::string> parse_collector(std::string_view text) {
  if (!text.empty() && !parse_http_url(text)) return unfit("http://host[:port][/path]");
  return std::string(text);
}

template <auto... Path>
SettingMember names_member(std::string value_name) {
  return list_member<Path...>(std::move(value_name), some_text, print_text);
}

template <auto... Path>
SettingMember file_member() {
  return scalar_member<Path...>("FILE", any_text, print_text);
}

// What is refused when the bool is true.
template <auto... Path>
SettingMember reject_member() {
  return choice_member<Path...>("MODE", Choices<bool>{{"ignore", false}, {"reject", true}});
}

using Rows = std::vector<Setting>;

void add_general(Rows& rows) {
  rows.push_back({"config", "", "YAML file with settings", {.value_name = "FILE"}, Setting::Role::ConfigFile});
  rows.push_back(
      {"watch", "", "reload settings, schema, certificates when their files change", switch_member<&Config::watch>()});
  rows.push_back({"listen", "", "where to serve HTTP; port 0 is any free port",
                  list_member<&Config::listen>("ADDR", parse_listen_address,
                                               [](const rpc::Endpoint& endpoint) { return endpoint.to_string(); })});
  rows.push_back({"admin", "", "where to serve /livez, /readyz, /metrics and more to operators",
                  list_member<&Config::admin>("ADDR", parse_listen_address,
                                              [](const rpc::Endpoint& endpoint) { return endpoint.to_string(); })});
  rows.push_back({"backend", "", "a gRPC server: host:port, dns:///host:port, unix:/path; several as name=TARGET",
                  backends_member()});
  rows.push_back(
      {"workers", "", "threads, each with its own connections to the backend", count_member<&Config::workers>(1024)});
}

void add_schema(Rows& rows) {
  rows.push_back({"descriptor-set", "schema", "FileDescriptorSet, as protoc --include_imports writes it",
                  names_member<&Config::schema, &SchemaConfig::descriptor_sets>("FILE")});
  rows.push_back({"proto", "schema", ".proto file to compile at start; google/api and google/protobuf are built in",
                  names_member<&Config::schema, &SchemaConfig::proto_files>("FILE")});
  rows.push_back({"proto-path", "schema", "directory in which imports are looked for (the working directory)",
                  names_member<&Config::schema, &SchemaConfig::proto_paths>("DIR")});
  rows.push_back({"service", "schema", "serve only these services, such as 'library.v1.*'",
                  names_member<&Config::routing, &RoutingConfig::services>("GLOB")});
  rows.push_back({"auto-map", "schema", "POST /package.Service/Method for methods without a rule",
                  switch_member<&Config::routing, &RoutingConfig::auto_map>()});
  const Choices<OnDuplicate> duplicates = {
      {"error", OnDuplicate::Error}, {"first", OnDuplicate::First}, {"last", OnDuplicate::Last}};
  rows.push_back({"on-duplicate", "schema", "two rules for one method and path",
                  choice_member<&Config::routing, &RoutingConfig::on_duplicate>("MODE", duplicates)});
}

void add_routing(Rows& rows) {
  const Choices<TrailingSlash> slashes = {
      {"ignore", TrailingSlash::Ignore}, {"strict", TrailingSlash::Strict}, {"redirect", TrailingSlash::Redirect}};
  rows.push_back({"trailing-slash", "routing", "a path with one \"/\" more than its route",
                  choice_member<&Config::routing, &RoutingConfig::trailing_slash>("MODE", slashes)});
  const Choices<Unescape> unescapes = {
      {"except_slash", Unescape::ExceptSlash}, {"except_reserved", Unescape::ExceptReserved}, {"all", Unescape::All}};
  rows.push_back({"path-unescape", "routing", "decoding of multi-segment variables",
                  choice_member<&Config::routing, &RoutingConfig::unescape>("MODE", unescapes)});
}

void add_transcoding(Rows& rows) {
  rows.push_back({"unknown-query", "transcoding", "query parameters that no field has",
                  reject_member<&Config::parse, &ParseOptions::reject_unknown_query>()});
  rows.push_back({"unknown-fields", "transcoding", "JSON members that no field has",
                  reject_member<&Config::parse, &ParseOptions::reject_unknown_fields>()});
  rows.push_back({"ignore-query", "transcoding", "query parameters that never bind and are never an error",
                  names_member<&Config::parse, &ParseOptions::ignored_query>("NAME")});
  rows.push_back({"patch-whole-body", "transcoding", "fill the field mask of a PATCH with body \"*\", too",
                  switch_member<&Config::parse, &ParseOptions::patch_mask_for_whole_body>()});
  rows.push_back({"conflict", "transcoding", "a field that comes from two of path, query and body",
                  choice_member<&Config::parse, &ParseOptions::path_wins>(
                      "MODE", Choices<bool>{{"reject", false}, {"path_wins", true}})});
  const Choices<ErrorFormat> formats = {
      {"status", ErrorFormat::Status}, {"google", ErrorFormat::Google}, {"problem", ErrorFormat::Problem}};
  rows.push_back({"error-format", "transcoding", "the JSON of errors; problem is RFC 9457",
                  choice_member<&Config::errors, &ErrorBodyOptions::format>("FORMAT", formats)});
  const Choices<TranscoderKind> transcoders = {{"direct", TranscoderKind::Direct},
                                               {"reference", TranscoderKind::Reference}};
  rows.push_back({"transcoder", "transcoding", "reference is protobuf's own JSON code, to compare with",
                  choice_member<&Config::routing, &RoutingConfig::transcoder>("KIND", transcoders)});
}

// "NOT_FOUND=410"
Parsed<StatusOverride> parse_status_override(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const auto code = rpc::status_code_from_name(text.substr(0, equals));
  const Parsed<std::size_t> status = parse_count(text.substr(std::min(equals + 1, text.size())));
  if (!code || *code == rpc::StatusCode::Ok || !status || *status < 400 || *status > 599) {
    return unfit("the name of a gRPC code and an HTTP status from 400 to 599, such as NOT_FOUND=410");
  }
  return StatusOverride{*code, static_cast<int>(*status)};
}

std::string print_status_override(const StatusOverride& one) {
  return rpc::status_code_name(one.code) + "=" + std::to_string(one.http_status);
}

void add_errors(Rows& rows) {
  rows.push_back({"http-status", "errors", "the HTTP status of a gRPC code, in place of the usual one: NOT_FOUND=410",
                  list_member<&Config::error_answers, &ErrorAnswerOptions::statuses>(
                      "CODE=STATUS", parse_status_override, print_status_override)});
  rows.push_back(
      {"www-authenticate", "errors", "what a 401 says of the credentials that would do, such as 'Bearer realm=\"api\"'",
       scalar_member<&Config::error_answers, &ErrorAnswerOptions::www_authenticate>("TEXT", any_text, print_text)});
  rows.push_back({"error-debug-info", "errors", "show google.rpc.DebugInfo, which is for developers only",
                  switch_member<&Config::errors, &ErrorBodyOptions::show_debug_info>()});
}

void add_answers(Rows& rows) {
  rows.push_back({"strict-accept", "transcoding", "406 for an Accept that we cannot serve, instead of JSON",
                  switch_member<&Config::answers, &AnswerOptions::strict_accept>()});
  rows.push_back({"system-parameters", "transcoding", "take $prettyPrint and $alt from the query",
                  switch_member<&Config::answers, &AnswerOptions::system_parameters>()});
  rows.push_back({"partial-responses", "transcoding",
                  "print only what fields= or $fields in the query, or X-Goog-FieldMask, selects",
                  switch_member<&Config::answers, &AnswerOptions::partial_responses>()});
}

void add_headers(Rows& rows) {
  rows.push_back({"forward-headers", "headers", "globs on the client's headers that go to backends (all)",
                  names_member<&Config::headers, &HeaderLists::forwarded>("GLOB")});
  rows.push_back({"return-headers", "headers", "globs on the backends' metadata that clients get as headers (all)",
                  names_member<&Config::headers, &HeaderLists::returned>("GLOB")});
  rows.push_back({"withhold-headers", "headers", "globs on what of it they never get",
                  names_member<&Config::headers, &HeaderLists::withheld>("GLOB")});
}

Parsed<AddressRange> parse_range(std::string_view text) {
  if (const auto range = AddressRange::parse(text)) return *range;
  return unfit("an IP address, a range such as 10.0.0.0/8, or unix");
}

void add_proxies(Rows& rows) {
  rows.push_back({"trusted-proxy", "proxies", "peers whose X-Forwarded-For, -Host and -Proto count: 10.0.0.0/8, unix",
                  list_member<&Config::http, &HttpOptions::trusted_proxies>(
                      "CIDR", parse_range, [](const auto& range) { return range.text(); })});
  rows.push_back({"proxy-protocol", "proxies",
                  "each connection begins with a PROXY protocol header; see --trusted-proxy",
                  switch_member<&Config::http, &HttpOptions::proxy_protocol>()});
}

void add_browsers(Rows& rows) {
  rows.push_back({"cors-origin", "browsers",
                  "https://host[:port] whose pages may read answers and open WebSockets, or \"*\"",
                  names_member<&Config::streams, &StreamOptions::origins>("ORIGIN")});
  rows.push_back({"cors-credentials", "browsers", "pages of origins that are listed by name may send cookies",
                  switch_member<&Config::cors, &CorsConfig::credentials>()});
  rows.push_back({"cors-max-age", "browsers", "how long a browser keeps what a preflight said",
                  duration_member<&Config::cors, &CorsConfig::max_age>(rpc::Duration(0))});
}

void add_json(Rows& rows) {
  rows.push_back({"json-always-print", "json", "print fields with default values too",
                  switch_member<&Config::print, &PrintOptions::always_print_fields_with_no_presence>()});
  rows.push_back({"json-enums-as-ints", "json", "print enums as numbers",
                  switch_member<&Config::print, &PrintOptions::enums_as_integers>()});
  rows.push_back({"json-proto-names", "json", "print field names as the .proto file spells them",
                  switch_member<&Config::print, &PrintOptions::preserve_proto_names>()});
  rows.push_back({"json-pretty", "json", "print with line breaks and indents",
                  switch_member<&Config::print, &PrintOptions::pretty>()});
}

void add_limits(Rows& rows) {
  rows.push_back({"max-request-bytes", "limits", "one request message",
                  size_member<&Config::calls, &CallLimits::max_request_bytes>()});
  rows.push_back({"max-response-bytes", "limits", "one message from the backend",
                  size_member<&Config::calls, &CallLimits::max_response_bytes>()});
  rows.push_back({"max-header-bytes", "limits", "request line and header fields together",
                  size_member<&Config::http, &HttpOptions::max_header_bytes>()});
  rows.push_back({"max-target-bytes", "limits", "path and query of a request",
                  size_member<&Config::http, &HttpOptions::max_target_bytes>()});
  rows.push_back(
      {"max-json-depth", "limits", "nesting of JSON", count_member<&Config::parse, &ParseOptions::max_depth>(1000)});
  rows.push_back({"max-connections", "limits", "clients' connections; past it 503",
                  count_member<&Config::http, &HttpOptions::max_connections>(10'000'000)});
  rows.push_back({"max-concurrent-calls", "limits", "calls that run at once; past it 503",
                  count_member<&Config::calls, &CallLimits::max_concurrent_calls>(10'000'000)});
}

void add_timeouts(Rows& rows) {
  rows.push_back({"timeout", "timeouts", "deadline of a unary call that brings none of its own; \"none\" sets none",
                  optional_duration_member<&Config::calls, &CallLimits::timeout>()});
  rows.push_back({"stream-timeout", "timeouts", "the same for streams",
                  optional_duration_member<&Config::calls, &CallLimits::stream_timeout>()});
  rows.push_back({"flush-timeout", "timeouts", "how long the head of a stream waits for its first message",
                  duration_member<&Config::streams, &StreamOptions::flush_timeout>(rpc::Duration(0))});
  rows.push_back({"heartbeat", "timeouts", "silence before a comment in an event stream, or a WebSocket ping",
                  duration_member<&Config::streams, &StreamOptions::heartbeat>()});
  rows.push_back({"idle-timeout", "timeouts", "of a connection between requests",
                  duration_member<&Config::http, &HttpOptions::idle_timeout>()});
  rows.push_back({"header-timeout", "timeouts", "from the first byte of a request's head to its last",
                  duration_member<&Config::http, &HttpOptions::header_timeout>()});
  rows.push_back({"body-timeout", "timeouts", "longest pause of a client that sends a body",
                  duration_member<&Config::http, &HttpOptions::body_timeout>()});
  rows.push_back({"write-timeout", "timeouts", "longest stall of a client that reads an answer",
                  duration_member<&Config::http, &HttpOptions::write_timeout>()});
}

void add_upstream(Rows& rows) {
  rows.push_back({"connect-timeout", "upstream", "one attempt to connect to the backend",
                  duration_member<&Config::upstream, &UpstreamConfig::connect_timeout>()});
  rows.push_back({"backoff-max", "upstream", "longest wait between two attempts",
                  duration_member<&Config::upstream, &UpstreamConfig::backoff_max>()});
  rows.push_back({"backend-authority", "upstream", "the :authority of calls (the backend's host and port)",
                  scalar_member<&Config::upstream, &UpstreamConfig::authority>("NAME", any_text, print_text)});
}

void add_upstream_tls(Rows& rows) {
  rows.push_back({"backend-tls", "upstream", "speak TLS with the backends",
                  switch_member<&Config::upstream, &UpstreamConfig::tls>()});
  rows.push_back({"backend-ca", "upstream",
                  "PEM file with the CAs that backends' certificates come from (the system's)",
                  file_member<&Config::upstream, &UpstreamConfig::tls_files, &BackendTlsConfig::ca>()});
  rows.push_back({"backend-cert", "upstream", "PEM file with our certificate for backends",
                  file_member<&Config::upstream, &UpstreamConfig::tls_files, &BackendTlsConfig::certificate>()});
  rows.push_back({"backend-key", "upstream", "PEM file with its key",
                  file_member<&Config::upstream, &UpstreamConfig::tls_files, &BackendTlsConfig::key>()});
}

void add_drain(Rows& rows) {
  rows.push_back({"drain-delay", "drain", "after SIGTERM: how long to go on accepting",
                  duration_member<&Config::drain, &DrainConfig::delay>(rpc::Duration(0))});
  rows.push_back({"drain-timeout", "drain", "then: how long running calls may take",
                  duration_member<&Config::drain, &DrainConfig::timeout>(rpc::Duration(0))});
}

void add_log(Rows& rows) {
  const Choices<LogLevel> levels = {{"trace", LogLevel::Trace}, {"debug", LogLevel::Debug}, {"info", LogLevel::Info},
                                    {"warn", LogLevel::Warn},   {"error", LogLevel::Error}, {"off", LogLevel::Off}};
  rows.push_back({"log-level", "log", "what is logged, to stderr",
                  choice_member<&Config::log, &LogConfig::level>("LEVEL", levels)});
  const Choices<LogFormat> formats = {{"text", LogFormat::Text}, {"json", LogFormat::Json}};
  rows.push_back(
      {"log-format", "log", "one line an event", choice_member<&Config::log, &LogConfig::format>("FORMAT", formats)});
  rows.push_back({"access-log", "log", "one line a request", switch_member<&Config::log, &LogConfig::access_log>()});
}

void add_front_tls(Rows& rows) {
  rows.push_back({"tls-cert", "tls", "serve HTTPS with this certificate, and those up to its CA behind it",
                  file_member<&Config::tls, &FrontTlsConfig::certificate>()});
  rows.push_back({"tls-key", "tls", "its key", file_member<&Config::tls, &FrontTlsConfig::key>()});
  rows.push_back({"tls-client-ca", "tls", "serve only clients with a certificate from this CA",
                  file_member<&Config::tls, &FrontTlsConfig::client_ca>()});
}

void add_tracing(Rows& rows) {
  rows.push_back({"otlp-endpoint", "tracing",
                  "collector of spans (OTLP), such as http://localhost:4318; without a path /v1/traces",
                  scalar_member<&Config::trace, &TraceConfig::endpoint>("URL", parse_collector, print_text)});
  rows.push_back({"trace-ratio", "tracing", "part of the traces that begin here which is recorded, 0 to 1",
                  scalar_member<&Config::trace, &TraceConfig::ratio>("RATIO", parse_ratio, print_ratio)});
  rows.push_back({"trace-service", "tracing", "the service's name in its spans",
                  scalar_member<&Config::trace, &TraceConfig::service>("NAME", some_text, print_text)});
}

void add_actions(Rows& rows) {
  rows.push_back(
      {"format", "", "of the command routes",
       choice_member<&Config::command, &CommandConfig::json>("FORMAT", Choices<bool>{{"text", false}, {"json", true}}),
       Setting::Role::Command});
  rows.push_back({"data", "", "of the command explain: the request's body, or @FILE",
                  scalar_member<&Config::command, &CommandConfig::data>("TEXT", any_text, print_text),
                  Setting::Role::Command});
  rows.push_back({"print-config", "", "print the settings and where each comes from", {}, Setting::Role::PrintConfig});
  rows.push_back({"version", "", "print the version", {}, Setting::Role::Version});
  rows.push_back({"help", "", "print this text", {}, Setting::Role::Help});
}

}  // namespace

std::vector<Setting> make_settings() {
  Rows rows;
  add_general(rows);
  add_actions(rows);
  add_schema(rows);
  add_routing(rows);
  add_transcoding(rows);
  add_answers(rows);
  add_errors(rows);
  add_headers(rows);
  add_proxies(rows);
  add_browsers(rows);
  add_json(rows);
  add_limits(rows);
  add_timeouts(rows);
  add_upstream(rows);
  add_upstream_tls(rows);
  add_drain(rows);
  add_log(rows);
  add_front_tls(rows);
  add_tracing(rows);
  for (Setting& row : rows) row.fixed = std::ranges::count(kFixed, row.name) != 0;
  return rows;
}

}  // namespace sluice::gateway
