// A RestExchange between a scripted request and a responder that remembers.
#pragma once

#include <google/api/httpbody.pb.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/protocol/rest.h"
#include "library.pb.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"

namespace sluice::gateway {

// What a backend answers.
struct Answer {
  rpc::Metadata headers;
  std::vector<std::string> messages;
  rpc::Status status;
  rpc::Metadata trailers;
};

inline std::string book(const std::string& id) {
  test::Book message;
  message.set_id(id);
  return message.SerializeAsString();
}

inline std::string raw(const std::string& content_type, const std::string& data) {
  google::api::HttpBody message;
  message.set_content_type(content_type);
  message.set_data(data);
  return message.SerializeAsString();
}

inline rpc::Status peer_status(rpc::StatusCode code, std::string message) {
  return rpc::Status(code, std::move(message)).with_origin(rpc::Status::Origin::Peer);
}

// Books in, books out, at PUT /v1/{id}; other routes by plan().
class RestFixture : public rpc::testing::LoopFixture {
 protected:
  RestFixture() {
    RouteSpec spec;
    spec.input = test::Book::descriptor();
    spec.output = test::Book::descriptor();
    spec.path_variables = {"id"};
    spec.body = "*";
    plan(spec);
    route.unescape = {http_rule::Unescape::All};
    route.variables = {"book.name"};
    route.call_path = "/sluice.test.Library/PutBook";
    route.max_request_bytes = 1000;
    route.max_response_bytes = 2000;
    route.timeout.time = std::chrono::seconds(30);
  }

  void plan(const RouteSpec& spec) {
    auto planned = engine->plan(spec);
    ASSERT_TRUE(planned) << planned.error().to_string();
    route.transcoder = *std::move(planned);
  }
  // HttpBody both ways, without a path variable.
  void plan_raw() {
    RouteSpec spec;
    spec.input = google::api::HttpBody::descriptor();
    spec.output = google::api::HttpBody::descriptor();
    spec.body = "*";
    plan(spec);
    route.unescape.clear();
    route.variables.clear();
  }

  RestExchange make(FakeRequest& request) {
    return RestExchange(request, responder, route, {errors, print, streams, answers});
  }

  // Binds, reads the request, answers. What the backend got stays in `sent`.
  void serve(FakeRequest& request, const Answer& answer) {
    RestExchange exchange = make(request);
    std::vector<std::string_view> captures(route.unescape.size(), "b1");
    rpc::Result<void> bound = exchange.bind(captures, query);
    if (bound) {
      run(pump(exchange, answer));
    } else {
      run(exchange.end(bound.error(), answer.trailers));
    }
  }

  rpc::Task<void> pump(RestExchange& exchange, const Answer& answer) {
    rpc::Result<std::optional<rpc::Buffer>> message = co_await exchange.read();
    if (!message) {
      co_await exchange.end(message.error(), answer.trailers);
      co_return;
    }
    sent = (*message)->text();
    co_await exchange.begin(answer.headers);
    for (const std::string& one : answer.messages) {
      rpc::Buffer copy = rpc::Buffer::copy_of(one);
      if (bool taken = co_await exchange.write(std::move(copy)); !taken) break;
    }
    co_await exchange.end(answer.status, answer.trailers);
  }

  std::unique_ptr<TranscodeEngine> engine = make_direct_engine(SchemaFiles());
  ErrorAnswers errors{SchemaFiles(), ErrorBodyOptions()};
  PrintOptions print;
  StreamOptions streams;
  AnswerOptions answers;
  RestRoute route;
  FakeResponder responder;
  std::string query;
  std::string sent;
};

}  // namespace sluice::gateway
