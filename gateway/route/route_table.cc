// Bindings to routes.
#include "gateway/route/route_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "annotations/glob.h"
#include "gateway/http/characters.h"
#include "gateway/route/service_claims.h"
#include "gateway/transcode/field_selection.h"

namespace sluice::gateway {
namespace {

// What a client of that route can select from.
const google::protobuf::Descriptor* answer_of(const http_rule::HttpBinding& binding, const Transcoder& transcoder) {
  if (transcoder.response_is_raw()) return nullptr;
  if (binding.response_body != nullptr) return selectable_message(*binding.response_body);
  return selectable_message(*binding.method->output_type());
}

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

// Metadata has its names in lower case, whatever case a list is written in.
void lower_case(std::optional<std::vector<std::string>>& globs) {
  if (!globs) return;
  for (std::string& glob : *globs) std::ranges::transform(glob, glob.begin(), to_lower);
}

}  // namespace

class RouteTable::Building {
 public:
  explicit Building(std::vector<RouteSource> sources, const RouteOptions& options) : options_(options) {
    table_->sources_ = std::move(sources);
    table_->streams_ = options.streams;
    table_->answers_ = options.answers;
  }

  Result run() && {
    for (const RouteSource& source : table_->sources_) add_part(*source.schema);
    ServiceClaims claims = claim_services(table_->sources_, options_.extract.services);
    problems_ = std::move(claims.problems);
    table_->warnings_ = std::move(claims.warnings);
    std::vector<const google::protobuf::ServiceDescriptor*> services;
    for (const ServiceClaim& claim : claims.claims) {
      services.push_back(claim.service);
      sources_[claim.service] = claim.source;
    }
    http_rule::Extraction extraction = http_rule::extract_bindings(services, options_.extract);
    problems_.insert(problems_.end(), extraction.problems.begin(), extraction.problems.end());
    for (http_rule::HttpBinding& binding : extraction.bindings) add(std::move(binding));
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    warn_of_overrides();
    table_->matcher_ = std::move(matcher_).build(options_.trailing_slash);
    return std::move(table_);
  }

 private:
  void add_part(const Schema& schema) {
    const auto is_known = [&](const Part& part) { return part.schema == &schema; };
    if (std::ranges::any_of(table_->parts_, is_known)) return;
    Part part;
    part.schema = &schema;
    part.engine = options_.reference_transcoder ? make_reference_engine(schema.all_files())
                                                : make_direct_engine(schema.all_files());
    part.details = detail_types(schema.all_files());
    part.errors.push_back(std::make_unique<ErrorAnswers>(part.details, options_.errors, options_.error_answers));
    table_->parts_.push_back(std::move(part));
  }

  void add(http_rule::HttpBinding binding) {
    const std::size_t source = sources_.at(binding.method->service());
    const Schema* schema = table_->sources_[source].schema.get();
    Part& part = *std::ranges::find(table_->parts_, schema, &Part::schema);
    auto transcoder = part.engine->plan(spec_of(binding, options_.parse));
    if (!transcoder) {
      problems_.push_back(binding.origin + ": " + transcoder.error().message());
      return;
    }
    const auto index = static_cast<http_rule::RouteIndex>(table_->routes_.size());
    if (const auto added = matcher_.add(binding.http_method, binding.path, index); !added) {
      problems_.push_back(binding.origin + ": " + added.error().message());
      return;
    }
    const RouteSettings settings = settings_of(binding.method->full_name(), source);
    RouteInfo info;
    info.backend = source;
    info.schema = schema;
    info.print = print_of(settings);
    info.errors = &errors_of(settings, info.print, part);
    info.forward_headers = settings.forward_headers;
    table_->routes_.push_back(route_of(binding, settings, *std::move(transcoder)));
    info.binding = std::move(binding);
    table_->infos_.push_back(std::move(info));
  }

  // Settings that no route has are a name that is misspelt.
  void warn_of_overrides() {
    for (const RouteOverride& over : options_.overrides) {
      const auto holds_for = [&](const RouteInfo& info) {
        return http_rule::glob_matches(over.methods, info.binding.method->full_name());
      };
      if (over.methods == "*" || std::ranges::any_of(table_->infos_, holds_for)) continue;
      table_->warnings_.push_back("settings of routes: expected a method that matches \"" + over.methods +
                                  "\", got none");
    }
  }

  RouteSettings settings_of(const std::string& method, std::size_t source) const {
    RouteSettings settings;
    for (const RouteOverride& over : options_.overrides) {
      const bool is_its_backend = over.backend.value_or(source) == source;
      if (is_its_backend && http_rule::glob_matches(over.methods, method)) settings.override_by(over.settings);
    }
    lower_case(settings.forward_headers);
    lower_case(settings.return_headers);
    lower_case(settings.withhold_headers);
    return settings;
  }

  PrintOptions print_of(const RouteSettings& settings) const {
    PrintOptions print = options_.print;
    print.always_print_fields_with_no_presence =
        settings.json_always_print.value_or(print.always_print_fields_with_no_presence);
    print.enums_as_integers = settings.json_enums_as_ints.value_or(print.enums_as_integers);
    print.preserve_proto_names = settings.json_proto_names.value_or(print.preserve_proto_names);
    print.pretty = settings.json_pretty.value_or(print.pretty);
    return print;
  }

  const ErrorAnswers& errors_of(const RouteSettings& settings, const PrintOptions& print, Part& part) {
    ErrorBodyOptions wanted = options_.errors;
    wanted.format = settings.error_format.value_or(wanted.format);
    if (settings.json_pretty) wanted.pretty = print.pretty;
    for (const auto& errors : part.errors) {
      if (errors->options().format == wanted.format && errors->options().pretty == wanted.pretty) return *errors;
    }
    part.errors.push_back(std::make_unique<ErrorAnswers>(part.details, wanted, options_.error_answers));
    return *part.errors.back();
  }

  RestRoute route_of(const http_rule::HttpBinding& binding, const RouteSettings& settings,
                     std::unique_ptr<const Transcoder> transcoder) const {
    RestRoute route;
    route.path_template = binding.template_text;
    route.call_path = "/" + binding.method->service()->full_name() + "/" + binding.method->name();
    route.client_streams = binding.method->client_streaming();
    route.server_streams = binding.method->server_streaming();
    for (const auto& variable : binding.path.variables) {
      route.unescape.push_back(variable.multi_segment ? options_.unescape : http_rule::Unescape::All);
      route.variables.push_back(variable.field_path);
    }
    route.transcoder = std::move(transcoder);
    route.answer = answer_of(binding, *route.transcoder);
    route.binds_fields = binding.method->input_type()->FindFieldByName("fields") != nullptr;
    route.timeout = timeout_of(settings, route.client_streams || route.server_streams);
    route.max_request_bytes = settings.max_request_bytes.value_or(options_.max_request_bytes);
    route.max_response_bytes = settings.max_response_bytes.value_or(options_.max_response_bytes);
    route.returned.allowed = settings.return_headers;
    route.returned.withheld = settings.withhold_headers.value_or(std::vector<std::string>());
    return route;
  }

  RouteTimeout timeout_of(const RouteSettings& settings, bool streams) const {
    const auto own = streams && settings.stream_timeout ? settings.stream_timeout : settings.timeout;
    if (own) return {*own, true};
    return {streams ? options_.stream_timeout : options_.timeout, false};
  }

  const RouteOptions& options_;
  std::shared_ptr<RouteTable> table_{new RouteTable()};
  std::map<const google::protobuf::ServiceDescriptor*, std::size_t> sources_;
  http_rule::PathMatcher::Builder matcher_;
  Problems problems_;
};

RouteTable::Result RouteTable::build(std::vector<RouteSource> sources, const RouteOptions& options) {
  return Building(std::move(sources), options).run();
}

RouteTable::Result RouteTable::build(std::shared_ptr<const Schema> schema, const RouteOptions& options) {
  std::vector<RouteSource> sources(1);
  sources.front().backend = "default";
  sources.front().schema = std::move(schema);
  return build(std::move(sources), options);
}

}  // namespace sluice::gateway
