// RouteTable: everything that serving needs to know of a schema; immutable, shared by all workers.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "annotations/extract.h"
#include "annotations/path_matcher.h"
#include "gateway/config/route_settings.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/protocol/rest_settings.h"
#include "gateway/route/route_source.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

// Settings of some routes.
struct RouteOverride {
  std::string methods = "*";           // a glob on the full names of gRPC methods
  std::optional<std::size_t> backend;  // an index of the sources; nothing: of every one
  RouteSettings settings;
};

// How routes are made from a schema, and what each of them allows.
struct RouteOptions {
  http_rule::ExtractOptions extract;
  http_rule::TrailingSlash trailing_slash = http_rule::TrailingSlash::Ignore;
  http_rule::Unescape unescape = http_rule::Unescape::ExceptSlash;  // of multi-segment captures
  ParseOptions parse;
  PrintOptions print;
  ErrorBodyOptions errors;
  ErrorAnswerOptions error_answers;
  bool reference_transcoder = false;
  std::optional<rpc::Duration> timeout;         // of a unary call that brings none
  std::optional<rpc::Duration> stream_timeout;  // of any other
  StreamOptions streams;
  AnswerOptions answers;
  std::size_t max_request_bytes = 4 << 20;
  std::size_t max_response_bytes = 4 << 20;
  std::vector<RouteOverride> overrides;  // the last one that matches and has a setting counts
};

// What a route is, beside what its protocol needs to know.
struct RouteInfo {
  http_rule::HttpBinding binding;
  std::size_t backend = 0;               // the index of its source
  const Schema* schema = nullptr;        // of the table, as are the answers
  const ErrorAnswers* errors = nullptr;  // which know the types of the schema
  PrintOptions print;
  std::optional<std::vector<std::string>> forward_headers;  // as in RouteSettings
};

class RouteTable {
 public:
  using Problems = std::vector<std::string>;
  using Result = std::expected<std::shared_ptr<const RouteTable>, Problems>;

  // Every problem is found: a line each, with file and method.
  static Result build(std::vector<RouteSource> sources, const RouteOptions& options);
  // Of one backend that serves all of the schema.
  static Result build(std::shared_ptr<const Schema> schema, const RouteOptions& options);

  const http_rule::PathMatcher& matcher() const { return matcher_; }
  // The matcher's RouteIndex is an index into this.
  const std::vector<RestRoute>& routes() const { return routes_; }
  const RouteInfo& info(std::size_t route) const { return infos_[route]; }
  const std::vector<RouteSource>& sources() const { return sources_; }
  // For requests without a route.
  const ErrorAnswers& errors() const { return *parts_.front().errors.front(); }
  // For the protocol of a route.
  RestSettings settings(std::size_t route) const {
    return {*infos_[route].errors, infos_[route].print, streams_, answers_};
  }
  // What is fine but may surprise, a line each: services without a backend, settings for methods that there are not.
  const Problems& warnings() const { return warnings_; }

 private:
  class Building;

  // What the routes of one schema share.
  struct Part {
    const Schema* schema = nullptr;
    std::unique_ptr<TranscodeEngine> engine;                  // owns what the routes' transcoders share
    std::shared_ptr<const PlanSet> details;                   // of errors
    std::vector<std::unique_ptr<const ErrorAnswers>> errors;  // one a format; the gateway's own first
  };

  RouteTable() = default;

  std::vector<RouteSource> sources_;
  std::vector<Part> parts_;
  std::vector<RestRoute> routes_;
  std::vector<RouteInfo> infos_;
  http_rule::PathMatcher matcher_;
  StreamOptions streams_;
  AnswerOptions answers_;
  Problems warnings_;
};

}  // namespace sluice::gateway
