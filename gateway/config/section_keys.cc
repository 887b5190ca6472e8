// The keys of backends and routes: what --print-config, the reference and the reader go by.
#include <algorithm>
#include <array>

#include "gateway/config/members.h"
#include "gateway/config/sections.h"

namespace sluice::gateway {
namespace {

Parsed<std::string> any_text(std::string_view text) { return std::string(text); }

Parsed<std::string> some_text(std::string_view text) {
  if (text.empty()) return unfit("a name");
  return std::string(text);
}

std::string print_text(const std::string& text) { return text; }

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// What belongs to gRPC and HTTP/2.
bool is_reserved(std::string_view name) {
  constexpr std::array kNames = {"connection", "host", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"};
  return name.starts_with("grpc-") || name.starts_with("content-") || std::ranges::find(kNames, name) != kNames.end();
}

// "name: value"
Parsed<HeaderConfig> parse_header(std::string_view text) {
  const std::size_t colon = std::min(text.find(": "), text.size());
  const std::string_view name = text.substr(0, colon);
  const std::string_view value = text.substr(std::min(colon + 2, text.size()));
  const auto is_visible = [](char c) { return c >= ' ' && c <= '~'; };
  if (!is_header_name(name) || is_reserved(name) || name.ends_with("-bin") || !std::ranges::all_of(value, is_visible)) {
    return unfit("a header that is none of gRPC's own, such as x-tenant: blue, with a lower-case name");
  }
  return HeaderConfig{std::string(name), std::string(value)};
}

std::string print_header(const HeaderConfig& header) { return header.name + ": " + header.value; }

template <class Owner, auto Settings>
void add_settings(std::vector<SectionKey<Owner>>& keys) {
  const auto add = [&](const char* name, const char* help, MemberOf<Owner> member) {
    keys.push_back({name, help, std::move(member)});
  };
  add("timeout", "longest time of a call, also where the client asks for more; \"none\": no limit, no default",
      override_member<Settings, &RouteSettings::timeout>(optional_duration_kind()));
  add("stream_timeout", "the same for streams, in place of timeout",
      override_member<Settings, &RouteSettings::stream_timeout>(optional_duration_kind()));
  add("max_request_bytes", "one request message",
      override_member<Settings, &RouteSettings::max_request_bytes>(size_kind()));
  add("max_response_bytes", "one message from the backend",
      override_member<Settings, &RouteSettings::max_response_bytes>(size_kind()));
  add("json_always_print", "print fields with default values too",
      override_member<Settings, &RouteSettings::json_always_print>(switch_kind()));
  add("json_enums_as_ints", "print enums as numbers",
      override_member<Settings, &RouteSettings::json_enums_as_ints>(switch_kind()));
  add("json_proto_names", "print field names as the .proto file spells them",
      override_member<Settings, &RouteSettings::json_proto_names>(switch_kind()));
  add("json_pretty", "print with line breaks and indents",
      override_member<Settings, &RouteSettings::json_pretty>(switch_kind()));
  const Choices<ErrorFormat> formats = {
      {"status", ErrorFormat::Status}, {"google", ErrorFormat::Google}, {"problem", ErrorFormat::Problem}};
  add("error_format", "the JSON of errors",
      override_member<Settings, &RouteSettings::error_format>(choice_kind("FORMAT", formats)));
  add("forward_headers", "globs on the client's headers that go to the backend; without it all do",
      override_list_member<Settings, &RouteSettings::forward_headers>("GLOB", some_text, print_text));
  add("return_headers", "globs on the backend's metadata that clients get as headers; without it all do",
      override_list_member<Settings, &RouteSettings::return_headers>("GLOB", some_text, print_text));
  add("withhold_headers", "globs on what of it they never get",
      override_list_member<Settings, &RouteSettings::withhold_headers>("GLOB", some_text, print_text));
}

}  // namespace

std::vector<SectionKey<BackendConfig>> backend_keys() {
  std::vector<SectionKey<BackendConfig>> keys;
  const Choices<SchemaOrigin> origins = {
      {"auto", SchemaOrigin::Auto}, {"reflection", SchemaOrigin::Reflection}, {"shared", SchemaOrigin::Shared}};
  keys.push_back({"target", "host:port, dns:///host:port or unix:/path; required",
                  scalar_member<&BackendConfig::target>("TARGET", parse_backend_target, print_text)});
  keys.push_back({"services", "globs on the services it serves; without it, all that no other backend names",
                  list_member<&BackendConfig::services>("GLOB", some_text, print_text)});
  keys.push_back({"headers", "added to each call, in place of the client's",
                  list_member<&BackendConfig::headers>("NAME: VALUE", parse_header, print_header), true});
  keys.push_back({"authority", "the :authority of its calls",
                  scalar_member<&BackendConfig::authority>("NAME", any_text, print_text)});
  keys.push_back({"schema", "where its schema comes from; shared is that of the group \"schema\"",
                  member_of<&BackendConfig::schema>(choice_kind("ORIGIN", origins))});
  keys.push_back({"descriptor_set", "its own, in place of the shared ones",
                  list_member<&BackendConfig::descriptor_sets>("FILE", some_text, print_text)});
  keys.push_back({"tls", "speak TLS with it", override_member<&BackendConfig::tls>(switch_kind())});
  keys.push_back({"ca", "PEM file with the CAs that its certificate comes from",
                  scalar_member<&BackendConfig::tls_files, &BackendTlsConfig::ca>("FILE", any_text, print_text)});
  keys.push_back(
      {"cert", "PEM file with our certificate for it",
       scalar_member<&BackendConfig::tls_files, &BackendTlsConfig::certificate>("FILE", any_text, print_text)});
  keys.push_back({"key", "PEM file with its key",
                  scalar_member<&BackendConfig::tls_files, &BackendTlsConfig::key>("FILE", any_text, print_text)});
  add_settings<BackendConfig, &BackendConfig::settings>(keys);
  return keys;
}

std::vector<SectionKey<RouteConfig>> route_keys() {
  std::vector<SectionKey<RouteConfig>> keys;
  keys.push_back({"methods", "a glob on the full names of gRPC methods, such as library.v1.Library.*; required",
                  scalar_member<&RouteConfig::methods>("GLOB", some_text, print_text)});
  add_settings<RouteConfig, &RouteConfig::settings>(keys);
  return keys;
}

}  // namespace sluice::gateway
