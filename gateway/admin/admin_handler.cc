// The table of paths, and how each answer is made.
#include "gateway/admin/admin_handler.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace sluice::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestLevel = 16;

Response answer(int status, std::string_view type, std::string_view text) {
  Response response(status);
  response.head.headers.add("Content-Type", type);
  response.head.headers.add("Cache-Control", "no-store");
  response.body.append(text);
  return response;
}

Response plain(int status, std::string_view text) { return answer(status, "text/plain; charset=utf-8", text); }

Response json(int status, const Json& value) {
  return answer(status, "application/json", value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Response livez(const AdminSources&) { return plain(200, "ok\n"); }

Response readyz(const AdminSources& sources) {
  const Readiness readiness = sources.readiness();
  Json value = {{"ready", readiness.ready}};
  if (!readiness.reason.empty()) value["reason"] = readiness.reason;
  value["backends"] = Json::array();
  for (const Readiness::Backend& backend : readiness.backends) {
    value["backends"].push_back({{"name", backend.name}, {"state", backend.state}});
  }
  if (!readiness.refused_reload.empty()) value["refused_reload"] = readiness.refused_reload;
  return json(readiness.ready ? 200 : 503, value);
}

Response metrics(const AdminSources& sources) {
  return answer(200, "text/plain; version=0.0.4; charset=utf-8", sources.metrics());
}

Response routes(const AdminSources& sources) { return plain(200, sources.routes()); }
Response config(const AdminSources& sources) { return answer(200, "application/yaml", sources.config()); }
Response connections(const AdminSources& sources) { return answer(200, "application/json", sources.connections()); }
Response log_level(const AdminSources& sources) { return plain(200, sources.log_level() + "\n"); }

struct Page {
  std::string_view path;
  bool loopback_only;
  Response (*get)(const AdminSources&);
};

constexpr std::string_view kLogLevelPath = "/debug/log-level";
constexpr std::array<Page, 7> kPages = {{
    {"/livez", false, livez},
    {"/readyz", false, readyz},
    {"/metrics", false, metrics},
    {"/routes", false, routes},
    {"/config", true, config},
    {"/debug/connections", true, connections},
    {kLogLevelPath, true, log_level},
}};

std::string all_pages() {
  std::string text;
  for (const Page& page : kPages) text.append(page.path).append("\n");
  return text;
}

}  // namespace

bool is_loopback(const rpc::Endpoint& peer) {
  if (peer.kind == rpc::Endpoint::Kind::Unix) return true;
  return peer.host.starts_with("127.") || peer.host == "::1" || peer.host.starts_with("::ffff:127.");
}

rpc::Task<void> AdminHandler::handle(Request& request, Responder& responder) {
  const std::string_view path = request.target().substr(0, request.target().find('?'));
  const auto page = std::ranges::find(kPages, path, &Page::path);
  Response response(404);
  if (page == kPages.end()) {
    response = plain(404, "nothing here; there are:\n" + all_pages());
  } else if (page->loopback_only && !is_loopback(request.peer().endpoint)) {
    response = plain(403, "only for peers on this machine\n");
  } else if (request.method() == "GET" || request.method() == "HEAD") {
    response = page->get(sources_);
  } else if (request.method() == "PUT" && path == kLogLevelPath) {
    response = co_await set_log_level(request);
  } else {
    response = plain(405, "method not allowed\n");
    response.head.headers.add("Allow", path == kLogLevelPath ? "GET, HEAD, PUT" : "GET, HEAD");
  }
  co_await responder.send(std::move(response));
}

rpc::Task<Response> AdminHandler::set_log_level(Request& request) {
  request.limit_body(kLongestLevel);
  std::string level;
  while (true) {
    rpc::Result<BodyChunk> chunk = co_await request.read_body();
    if (!chunk) {
      Response refused = plain(http_status_of_body_error(chunk.error()), chunk.error().message() + "\n");
      co_return refused;
    }
    level += chunk->text();
    if (chunk->last) break;
  }
  if (level.ends_with('\n')) level.pop_back();
  const rpc::Result<void> set = sources_.set_log_level(level);
  Response done = set ? plain(200, level + "\n") : plain(400, set.error().message() + "\n");
  co_return done;
}

}  // namespace sluice::gateway
