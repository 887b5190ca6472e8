// Lines and objects.
#include "gateway/explain/route_list.h"

#include <nlohmann/json.hpp>

namespace sluice::gateway {
namespace {

std::string body_of(const http_rule::HttpBinding& binding) {
  if (binding.body == http_rule::BodyKind::None) return "";
  return binding.body == http_rule::BodyKind::Whole ? "*" : binding.body_field->name();
}

void add(const std::string& what, std::string& notes) { notes += (notes.empty() ? " (" : ", ") + what; }

}  // namespace

std::string route_line(const RouteTable& table, std::size_t route) {
  const RouteInfo& info = table.info(route);
  const http_rule::HttpBinding& binding = info.binding;
  std::string notes;
  if (const std::string body = body_of(binding); !body.empty()) add("body: " + body, notes);
  if (binding.response_body != nullptr) add("response_body: " + binding.response_body->name(), notes);
  if (binding.method->client_streaming()) add("client streams", notes);
  if (binding.method->server_streaming()) add("server streams", notes);
  if (table.sources().size() > 1) add("backend: " + table.sources()[info.backend].backend, notes);
  const std::string line = binding.http_method + " " + binding.template_text + " -> " + binding.method->full_name();
  return notes.empty() ? line : line + notes + ")";
}

std::string routes_text(const RouteTable& table) {
  std::string out;
  for (std::size_t i = 0; i < table.routes().size(); ++i) out += route_line(table, i) + "\n";
  return out;
}

std::string routes_json(const RouteTable& table) {
  auto routes = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < table.routes().size(); ++i) {
    const RouteInfo& info = table.info(i);
    const http_rule::HttpBinding& binding = info.binding;
    nlohmann::ordered_json route;
    route["method"] = binding.http_method;
    route["template"] = binding.template_text;
    route["rpc"] = binding.method->full_name();
    route["body"] = body_of(binding);
    route["response_body"] = binding.response_body == nullptr ? "" : binding.response_body->name();
    route["client_streaming"] = binding.method->client_streaming();
    route["server_streaming"] = binding.method->server_streaming();
    route["backend"] = table.sources()[info.backend].backend;
    route["origin"] = binding.origin;
    routes.push_back(std::move(route));
  }
  return routes.dump(2) + "\n";
}

}  // namespace sluice::gateway
