// RouteTable: everything that serving needs to know of a schema; immutable, shared by all workers.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "annotations/extract.h"
#include "annotations/path_matcher.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/schema/schema.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

// How routes are made from a schema, and what each of them allows.
struct RouteOptions {
  http_rule::ExtractOptions extract;
  http_rule::TrailingSlash trailing_slash = http_rule::TrailingSlash::Ignore;
  http_rule::Unescape unescape = http_rule::Unescape::ExceptSlash;  // of multi-segment captures
  ParseOptions parse;
  PrintOptions print;
  ErrorBodyOptions errors;
  bool reference_transcoder = false;
  std::optional<rpc::Duration> timeout;
  std::size_t max_request_bytes = 4 << 20;
  std::size_t max_response_bytes = 4 << 20;
};

class RouteTable {
 public:
  using Problems = std::vector<std::string>;

  // Every problem is found: a line each, with file and method.
  static std::expected<std::shared_ptr<const RouteTable>, Problems> build(std::shared_ptr<const Schema> schema,
                                                                          const RouteOptions& options);

  const http_rule::PathMatcher& matcher() const { return matcher_; }
  // The matcher's RouteIndex is an index into this.
  const std::vector<RestRoute>& routes() const { return routes_; }
  const ErrorAnswers& errors() const { return *errors_; }
  const PrintOptions& print() const { return print_; }
  // Methods that have no route because their clients stream, which REST does not serve.
  const std::vector<std::string>& unserved() const { return unserved_; }

 private:
  RouteTable() = default;
  void add(const http_rule::HttpBinding& binding, const RouteOptions& options, TranscodeEngine& engine,
           http_rule::PathMatcher::Builder& matcher, Problems& problems);

  std::shared_ptr<const Schema> schema_;
  std::unique_ptr<TranscodeEngine> engine_;  // owns what the routes' transcoders share
  std::vector<RestRoute> routes_;
  http_rule::PathMatcher matcher_;
  std::unique_ptr<const ErrorAnswers> errors_;
  PrintOptions print_;
  std::vector<std::string> unserved_;
};

}  // namespace sluice::gateway
