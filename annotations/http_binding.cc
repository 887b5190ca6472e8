// The checks of an HttpRule: template, variables, body and response body against the method's messages.
#include "annotations/http_binding.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace sluice::http_rule {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

struct Pattern {
  std::string http_method;
  std::string path;
};

std::optional<Pattern> pattern_of(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return Pattern{"GET", rule.get()};
    case HttpRule::kPut:
      return Pattern{"PUT", rule.put()};
    case HttpRule::kPost:
      return Pattern{"POST", rule.post()};
    case HttpRule::kDelete:
      return Pattern{"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return Pattern{"PATCH", rule.patch()};
    case HttpRule::kCustom:
      return Pattern{rule.custom().kind(), rule.custom().path()};
    case HttpRule::PATTERN_NOT_SET:
      break;
  }
  return std::nullopt;
}

// RFC 9110 section 5.6.2. The kind "*" is a token too.
bool is_token(std::string_view text) {
  const auto is_token_char = [](char c) {
    const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_alphanumeric || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").contains(c));
  };
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool has_scalar_json(const Descriptor& message) {
  switch (message.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_DOUBLEVALUE:
    case Descriptor::WELLKNOWNTYPE_FLOATVALUE:
    case Descriptor::WELLKNOWNTYPE_INT64VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT64VALUE:
    case Descriptor::WELLKNOWNTYPE_INT32VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT32VALUE:
    case Descriptor::WELLKNOWNTYPE_STRINGVALUE:
    case Descriptor::WELLKNOWNTYPE_BYTESVALUE:
    case Descriptor::WELLKNOWNTYPE_BOOLVALUE:
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
    case Descriptor::WELLKNOWNTYPE_DURATION:
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return true;
    default:
      return false;
  }
}

// What keeps a path segment from being the field's value; empty: nothing does.
std::string why_not_in_path(const FieldDescriptor& field) {
  if (field.is_map()) return "a map";
  if (field.is_repeated()) return "a repeated field";
  if (field.message_type() == nullptr || has_scalar_json(*field.message_type())) return {};
  return "message " + field.message_type()->full_name();
}

// Why one request cannot bind both; empty: it can.
std::string clash(const FieldPath& one, const FieldPath& other) {
  const auto [in_one, in_other] = std::ranges::mismatch(one, other);
  const bool one_ends = in_one == one.end();
  const bool other_ends = in_other == other.end();
  if (one_ends && other_ends) return "field \"" + to_string(one) + "\" is bound twice";
  if (one_ends || other_ends) return "\"" + to_string(one) + "\" and \"" + to_string(other) + "\" bind the same field";
  const auto* oneof = (*in_one)->real_containing_oneof();
  if (oneof == nullptr || oneof != (*in_other)->real_containing_oneof()) return {};
  return "\"" + to_string(one) + "\" and \"" + to_string(other) + "\" are in one oneof";
}

// One rule without its additional_bindings. Each check reports for itself, so that one run shows all that is wrong.
class RuleBinder {
 public:
  RuleBinder(const HttpRule& rule, const MethodDescriptor& method, std::string origin, Extraction& out)
      : rule_(rule), out_(out) {
    binding_.method = &method;
    binding_.origin = std::move(origin);
  }

  void run() {
    const std::size_t problems_before = out_.problems.size();
    bind_pattern();
    bind_body();
    bind_response_body();
    if (out_.problems.size() == problems_before) out_.bindings.push_back(std::move(binding_));
  }

 private:
  void report(const std::string& problem) { out_.problems.push_back(binding_.origin + ": " + problem); }

  void bind_pattern() {
    std::optional<Pattern> pattern = pattern_of(rule_);
    if (!pattern) return report("expected one of get, put, post, delete, patch and custom, got none");
    if (!is_token(pattern->http_method)) {
      report("expected an HTTP method or \"*\" as kind, got \"" + pattern->http_method + "\"");
    } else if (pattern->http_method == "CONNECT" || pattern->http_method == "TRACE") {
      report("expected an HTTP method that can have a route, got " + pattern->http_method);
    }
    binding_.http_method = std::move(pattern->http_method);
    rpc::Result<PathTemplate> path = parse_path_template(pattern->path);
    if (!path) return report(path.error().message() + " in \"" + pattern->path + "\"");
    binding_.path = std::move(*path);
    binding_.template_text = pattern->path;
    for (const TemplateVariable& variable : binding_.path.variables) bind_variable(variable, pattern->path);
  }

  void bind_variable(const TemplateVariable& variable, const std::string& text) {
    const auto report_here = [&](const std::string& problem) {
      report("path template column " + std::to_string(variable.column) + ": " + problem + " in \"" + text + "\"");
    };
    rpc::Result<FieldPath> field = resolve_field_path(*binding_.method->input_type(), variable.field_path);
    if (!field) return report_here(field.error().message());
    if (const std::string reason = why_not_in_path(*field->back()); !reason.empty()) {
      report_here("expected a scalar field, got " + reason + " for \"" + variable.field_path + "\"");
    }
    for (const FieldPath& bound : binding_.variables) {
      if (const std::string reason = clash(bound, *field); !reason.empty()) report_here(reason);
    }
    binding_.variables.push_back(std::move(*field));
  }

  void bind_body() {
    if (rule_.body().empty()) return;
    binding_.body = rule_.body() == "*" ? BodyKind::Whole : BodyKind::Field;
    if (binding_.body == BodyKind::Whole) return;
    binding_.body_field = top_level_field("body", *binding_.method->input_type(), rule_.body());
    if (binding_.body_field == nullptr) return;
    for (const FieldPath& bound : binding_.variables) {
      const bool is_inside = bound.size() > 1 && bound.front() == binding_.body_field;
      if (is_inside) continue;
      if (const std::string reason = clash(bound, {binding_.body_field}); !reason.empty()) report("body: " + reason);
    }
  }

  void bind_response_body() {
    if (rule_.response_body().empty()) return;
    binding_.response_body = top_level_field("response_body", *binding_.method->output_type(), rule_.response_body());
  }

  const FieldDescriptor* top_level_field(const std::string& what, const Descriptor& message, const std::string& name) {
    const FieldDescriptor* field = message.FindFieldByName(name);
    if (field != nullptr) return field;
    if (name.contains('.')) {
      report(what + ": expected a field of " + message.full_name() + " itself, got \"" + name + "\"");
    } else {
      report(what + ": message " + message.full_name() + " has no field \"" + name + "\"");
    }
    return nullptr;
  }

  const HttpRule& rule_;
  Extraction& out_;
  HttpBinding binding_;
};

}  // namespace

void bind_rule(const HttpRule& rule, const MethodDescriptor& method, std::string_view file, Extraction& out) {
  const std::string origin = std::string(file) + ": " + method.full_name();
  RuleBinder(rule, method, origin, out).run();
  for (int i = 0; i < rule.additional_bindings_size(); ++i) {
    const HttpRule& additional = rule.additional_bindings(i);
    const std::string place = origin + ": additional_bindings[" + std::to_string(i) + "]";
    RuleBinder(additional, method, place, out).run();
    if (additional.additional_bindings_size() > 0) {
      out.problems.push_back(place + ": expected no additional_bindings inside additional_bindings");
    }
  }
}

HttpBinding default_binding(const MethodDescriptor& method) {
  HttpBinding binding;
  binding.method = &method;
  binding.http_method = "POST";
  binding.path.segments = {{TemplateSegment::Kind::Literal, method.service()->full_name()},
                           {TemplateSegment::Kind::Literal, method.name()}};
  binding.template_text = "/" + method.service()->full_name() + "/" + method.name();
  binding.body = BodyKind::Whole;
  binding.origin = method.file()->name() + ": " + method.full_name() + " (by default)";
  return binding;
}

}  // namespace sluice::http_rule
