// Lookup, the call, and the answers without a call.
#include "gateway/route/router.h"

#include <algorithm>
#include <string>
#include <utility>

#include "annotations/percent.h"
#include "gateway/route/dispatch.h"
#include "gateway/route/forwarded_headers.h"

namespace sluice::gateway {
namespace {

// Counts one call while it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(++count) {}
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

// As the target of a redirect "//name/…" would be another host, also with a backslash (RFC 3986 section 4.2).
std::string on_this_host(const std::string& path) {
  const bool names_a_host = path.starts_with("//") || path.starts_with("/\\");
  return names_a_host ? "/." + path : path;
}

Response options_answer(const std::string& allow) {
  Response response(204);
  response.head.headers.add("Allow", allow);
  return response;
}

// A browser asks what a page of another origin may do (the Fetch standard, "CORS-preflight request").
bool is_preflight(const RequestHead& head) {
  return head.method == "OPTIONS" && head.headers.contains("Origin") &&
         head.headers.contains("Access-Control-Request-Method");
}

}  // namespace

// No coroutine itself: what it chooses is awaited in its place.
rpc::Task<void> Router::handle(Request& request, Responder& responder) {
  const std::string_view target = request.target();
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, question);
  const std::string_view query = target.substr(std::min(question + 1, target.size()));
  if (request.method() == "OPTIONS" && target == "*") return responder.send(Response(204));
  if (const rpc::Result<void> good = http_rule::check_path(path); !good) {
    return responder.send(table_->errors().of_status(good.error()));
  }
  const http_rule::Outcome outcome = find(request, path);
  if (outcome != http_rule::Outcome::Hit) return responder.send(refuse(outcome, request));
  return serve(request, responder, query);
}

// A WebSocket is asked for by GET, whatever the method of the route that streams there.
http_rule::Outcome Router::find(const Request& request, std::string_view path) {
  if (asks_for_web_socket(request.head())) {
    for (const std::string_view method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      if (table_->matcher().lookup(method, path, match_) != http_rule::Outcome::Hit) continue;
      const RestRoute& route = table_->routes()[match_.route()];
      if (route.client_streams || route.server_streams) return http_rule::Outcome::Hit;
    }
  }
  const http_rule::Outcome outcome = table_->matcher().lookup(request.method(), path, match_);
  if (outcome != http_rule::Outcome::Hit || !is_preflight(request.head())) return outcome;
  // Where CORS is on, the gateway answers it, even if the route takes every method. No route takes CONNECT.
  if (table_->settings(match_.route()).streams.origins.empty()) return outcome;
  return table_->matcher().lookup("CONNECT", path, match_);
}

rpc::Task<void> Router::serve(Request& request, Responder& responder, std::string_view query) {
  const std::shared_ptr<const RouteTable> table = table_;  // a reload must not take it from a request that runs
  const RestRoute& route = table->routes()[match_.route()];
  const RouteInfo& info = table->info(match_.route());
  request.context().route_template = route.path_template;
  request.context().rpc = route.call_path;
  request.context().route_owner = table;
  if (slots_.running >= slots_.most) {
    request.context().hit(Limit::MaxConcurrentCalls);
    Response answer = info.errors->of_http(503, "too many concurrent calls");
    answer.head.headers.add("Retry-After", "1");
    co_await responder.send(std::move(answer));
    co_return;
  }
  const Counted counted(slots_.running);
  const Found found{route, table->settings(match_.route()), match_.captures(), query};
  rpc::Caller& backend = *backends_[info.backend];
  if (info.forward_headers) {
    ForwardedHeaders allowed(backend, *info.forward_headers);
    co_await dispatch(request, responder, found, allowed);
  } else {
    co_await dispatch(request, responder, found, backend);
  }
  if (const std::optional<Limit> limit = request.context().call.limit) request.context().hit(*limit);
}

Response Router::refuse(http_rule::Outcome outcome, const Request& request) const {
  const std::string_view target = request.target();
  const std::string path(target.substr(0, target.find('?')));
  switch (outcome) {
    case http_rule::Outcome::MethodNotAllowed: {
      const std::string allow = table_->matcher().allow(match_.allowed());
      if (request.method() == "OPTIONS") return options_answer(allow);
      std::string message = "method " + std::string(request.method()) + " is not allowed for " + path;
      if (!allow.empty()) message += ", expected one of " + allow;
      Response answer = table_->errors().of_http(405, message);
      answer.head.headers.add("Allow", allow);
      return answer;
    }
    case http_rule::Outcome::Redirect: {
      Response answer(308);
      const std::string_view rest = target.substr(path.size());
      answer.head.headers.add("Location", on_this_host(path.substr(0, path.size() - 1)) + std::string(rest));
      return answer;
    }
    default:
      return table_->errors().of_http(404, "no route for " + path);
  }
}

}  // namespace sluice::gateway
