// The steps of serving a request, each with its story.
#include "gateway/explain/explain.h"

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "annotations/percent.h"
#include "gateway/explain/bound_fields.h"
#include "gateway/explain/bound_request.h"
#include "gateway/explain/nearest_routes.h"
#include "gateway/explain/route_list.h"
#include "gateway/http/request_target.h"
#include "gateway/protocol/answer_wishes.h"
#include "gateway/transcode/query.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kNearest = 3;

class Story {
 public:
  Story(const RouteTable& table, const ExplainedRequest& request) : table_(table), request_(request) {}

  Explanation tell() && {
    line(std::string(request_.method) + " " + std::string(request_.target));
    head_.method = request_.method;
    if (const auto read = read_target(request_.target, head_); !read) {
      line(std::to_string(read.error().status) + ": " + read.error().message);
    } else if (head_.method == "OPTIONS" && head_.target == "*") {
      line("204: answered by the gateway itself");
    } else {
      const std::string_view target = head_.target;
      path_ = target.substr(0, target.find('?'));
      query_ = target.substr(std::min(path_.size() + 1, target.size()));
      tell_outcome();
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.text += text + "\n"; }

  void tell_outcome() {
    if (const rpc::Result<void> good = http_rule::check_path(path_); !good) {
      return line("400: " + good.error().message());
    }
    switch (table_.matcher().lookup(request_.method, path_, match_)) {
      case http_rule::Outcome::Hit:
        tell_route();
        break;
      case http_rule::Outcome::Redirect:
        line("308: the route has no \"/\" at its end, and trailing_slash is redirect");
        line("route    " + route_line(table_, match_.route()));
        break;
      case http_rule::Outcome::MethodNotAllowed:
        tell_methods();
        break;
      case http_rule::Outcome::NotFound:
        tell_nearest();
        break;
    }
  }

  void tell_methods() {
    const std::string allow = table_.matcher().allow(match_.allowed());
    if (request_.method == "OPTIONS") return line("204: answered by the gateway itself, with Allow: " + allow);
    if (allow.empty()) return line("405: no route takes this method");
    line("405: the path has a route, but not for this method; allowed: " + allow);
    http_rule::Match other;
    for (std::size_t i = 0; i < table_.routes().size(); ++i) {
      const std::string& method = table_.info(i).binding.http_method;
      const bool hit = table_.matcher().lookup(method, path_, other) == http_rule::Outcome::Hit;
      if (hit && other.route() == i) line("  " + route_line(table_, i));
    }
  }

  void tell_nearest() {
    line("404: no route for this path");
    const std::vector<NearMiss> nearest = nearest_routes(table_, path_, kNearest);
    if (nearest.empty()) return line("no route is near it; \"sluice routes\" lists all of them");
    line("nearest routes:");
    for (const NearMiss& miss : nearest) {
      line("  " + route_line(table_, miss.route));
      line("    " + miss.reason);
    }
  }

  void tell_route() {
    const RouteInfo& info = table_.info(match_.route());
    line("route    " + route_line(table_, match_.route()));
    line("origin   " + info.binding.origin);
    line("backend  " + table_.sources()[info.backend].backend);
    const RestRoute& route = table_.routes()[match_.route()];
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < match_.captures().size(); ++i) {
      std::string scratch;
      const auto decoded = http_rule::decode_capture(match_.captures()[i], route.unescape[i], scratch);
      if (!decoded) return line("400: " + route.variables[i] + ": " + decoded.error().message());
      captures.emplace_back(*decoded);
    }
    AnswerWishes wishes(route, table_.settings(match_.route()));
    const rpc::Result<std::string_view> rest = wishes.take(query_, head_.headers);
    if (!rest) return line("400: " + rest.error().message());
    tell_wishes(*rest);
    query_ = *rest;
    bind(info, captures);
  }

  // The parameters that are not for the request message: what is in the query, and no longer in what is left of it.
  void tell_wishes(std::string_view rest) {
    std::string scratch;
    std::string rest_scratch;
    QueryReader all(query_, scratch);
    QueryReader left(rest, rest_scratch);
    std::optional<QueryParameter> next = left.next();
    while (const std::optional<QueryParameter> one = all.next()) {
      if (next && one->name == next->name && one->value == next->value) {
        next = left.next();
      } else {
        line("answer   " + std::string(one->name) + " \"" + std::string(one->value) + "\"");
      }
    }
  }

  void bind(const RouteInfo& info, const std::vector<std::string>& captures) {
    const RestRoute& route = table_.routes()[match_.route()];
    google::protobuf::DynamicMessageFactory factory;
    const google::protobuf::Message& type = *factory.GetPrototype(info.binding.method->input_type());
    const std::unique_ptr<google::protobuf::Message> first(type.New());
    const rpc::Result<std::size_t> messages = bind_request(route, {captures, query_, request_.body}, *first);
    if (!messages) return line("400: " + messages.error().message());
    const std::unique_ptr<google::protobuf::Message> without_body(type.New());
    // Path and query have just been bound; without a body there is no less to bind.
    const rpc::Result<std::size_t> again = bind_request(route, {captures, query_, ""}, *without_body);
    if (again && *messages != 0) tell_fields(bound_fields(info.binding, {captures, query_}, *first, *without_body));
    tell_message(*first, *messages);
    out_.is_served = true;
  }

  void tell_fields(const std::vector<BoundField>& fields) {
    if (fields.empty()) return;
    std::size_t width = 0;
    for (const BoundField& field : fields) width = std::max(width, field.name.size());
    line("fields");
    for (const BoundField& field : fields) {
      std::string name = field.name;
      name.resize(width + 2, ' ');
      const std::string value = field.source == "path" || field.source == "query" ? " \"" + field.value + "\"" : "";
      line("  " + name + field.source + value + (field.note.empty() ? "" : "; " + field.note));
    }
  }

  void tell_message(const google::protobuf::Message& message, std::size_t messages) {
    if (messages == 0) return line("message  none: the stream ends without one");
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = true;
    std::string json;
    const auto printed = google::protobuf::util::MessageToJsonString(message, &json, options);
    const std::string which = messages == 1 ? "" : ", the first of " + std::to_string(messages);
    line("message  " + message.GetDescriptor()->full_name() + which);
    out_.text += printed.ok() ? json : printed.ToString() + "\n";
  }

  const RouteTable& table_;
  const ExplainedRequest& request_;
  RequestHead head_;
  std::string_view path_;  // of the head, as is the query
  std::string_view query_;
  http_rule::Match match_;
  Explanation out_;
};

}  // namespace

Explanation explain(const RouteTable& table, const ExplainedRequest& request) { return Story(table, request).tell(); }

}  // namespace sluice::gateway
