// Bindings to routes.
#include "gateway/route/route_table.h"

#include <utility>

namespace sluice::gateway {
namespace {

std::string join(const http_rule::FieldPath& path) {
  std::string text;
  for (const auto* field : path) text += (text.empty() ? "" : ".") + std::string(field->name());
  return text;
}

RouteSpec spec_of(const http_rule::HttpBinding& binding, const ParseOptions& parse) {
  RouteSpec spec;
  spec.input = binding.method->input_type();
  spec.output = binding.method->output_type();
  spec.patch = binding.http_method == "PATCH";
  for (const http_rule::FieldPath& variable : binding.variables) spec.path_variables.push_back(join(variable));
  if (binding.body == http_rule::BodyKind::Whole) spec.body = "*";
  if (binding.body == http_rule::BodyKind::Field) spec.body = binding.body_field->name();
  if (binding.response_body != nullptr) spec.response_body = binding.response_body->name();
  spec.parse = parse;
  return spec;
}

}  // namespace

std::expected<std::shared_ptr<const RouteTable>, RouteTable::Problems> RouteTable::build(
    std::shared_ptr<const Schema> schema, const RouteOptions& options) {
  http_rule::Extraction extraction = http_rule::extract_bindings(schema->files(), options.extract);
  Problems problems = std::move(extraction.problems);
  std::shared_ptr<RouteTable> table(new RouteTable());
  table->engine_ = options.reference_transcoder ? make_reference_engine(schema->all_files())
                                                : make_direct_engine(schema->all_files());
  table->errors_ = std::make_unique<ErrorAnswers>(schema->all_files(), options.errors);
  table->print_ = options.print;
  http_rule::PathMatcher::Builder matcher;
  for (const http_rule::HttpBinding& binding : extraction.bindings) {
    if (binding.method->client_streaming()) {
      // The bindings of one method follow each other.
      const std::string& method = binding.method->full_name();
      if (table->unserved_.empty() || table->unserved_.back() != method) table->unserved_.push_back(method);
    } else {
      table->add(binding, options, *table->engine_, matcher, problems);
    }
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  table->matcher_ = std::move(matcher).build(options.trailing_slash);
  table->schema_ = std::move(schema);
  return table;
}

void RouteTable::add(const http_rule::HttpBinding& binding, const RouteOptions& options, TranscodeEngine& engine,
                     http_rule::PathMatcher::Builder& matcher, Problems& problems) {
  auto transcoder = engine.plan(spec_of(binding, options.parse));
  if (!transcoder) {
    problems.push_back(binding.origin + ": " + transcoder.error().message());
    return;
  }
  const auto index = static_cast<http_rule::RouteIndex>(routes_.size());
  if (const auto added = matcher.add(binding.http_method, binding.path, index); !added) {
    problems.push_back(binding.origin + ": " + added.error().message());
    return;
  }
  RestRoute route;
  route.path_template = binding.template_text;
  route.call_path = "/" + binding.method->service()->full_name() + "/" + binding.method->name();
  route.server_streams = binding.method->server_streaming();
  for (const auto& variable : binding.path.variables) {
    route.unescape.push_back(variable.multi_segment ? options.unescape : http_rule::Unescape::All);
  }
  route.transcoder = *std::move(transcoder);
  route.timeout = options.timeout;
  route.max_request_bytes = options.max_request_bytes;
  route.max_response_bytes = options.max_response_bytes;
  routes_.push_back(std::move(route));
}

}  // namespace sluice::gateway
