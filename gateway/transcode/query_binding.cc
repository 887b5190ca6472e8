// Resolution of names, then the checks, then the sink.
#include "gateway/transcode/query_binding.h"

#include <algorithm>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/query.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

using rpc::fail;
using rpc::Result;

namespace {

// The first name: up to a dot or a bracket.
std::string_view first_name(std::string_view name) { return name.substr(0, name.find_first_of(".[")); }

void append_index(std::string& key, std::uint32_t index) {
  key += static_cast<char>(index & 0xFF);
  key += static_cast<char>(index >> 8);
}

constexpr std::uint32_t kOneofMark = 0xFFFF;

}  // namespace

Result<void> QueryBinding::bind(std::string_view query, bool body_present, QuerySink& sink) {
  if (query.empty()) return {};
  scope_ = seen_.new_scope();
  body_present_ = body_present;
  QueryReader reader(query, scratch_.decoded);
  while (const auto parameter = reader.next()) {
    if (auto good = bind_one(parameter->name, parameter->value, sink); !good) return good;
  }
  if (!reader.error().ok()) return fail(reader.error());
  return {};
}

Result<void> QueryBinding::bind_one(std::string_view name, std::string_view value, QuerySink& sink) {
  if (ignored(name)) return {};
  std::string_view map_key;
  const Result<Verdict> resolved = resolve(name, map_key);
  if (!resolved) return fail(resolved.error());
  if (*resolved == Verdict::Skip) return {};
  if (auto good = once(name, map_key); !good) return good;
  return sink.bind({scratch_.path, name, map_key, value});
}

// Fills scratch_.path. What stands in the way of binding is found on the way down: the first field decides about the
// body.
Result<QueryBinding::Verdict> QueryBinding::resolve(std::string_view name, std::string_view& map_key) {
  scratch_.path.clear();
  const MessagePlan* message = route_.input;
  std::string_view rest = name;
  while (true) {
    const std::string_view segment = first_name(rest);
    const FieldPlan* field = message->find(segment);
    if (field == nullptr && scratch_.path.empty()) return unknown(name);
    if (field != nullptr) scratch_.path.push_back(field);
    if (scratch_.path.size() == 1) {
      const Result<Verdict> verdict = against_body_and_path(name);
      if (!verdict || *verdict == Verdict::Skip) return verdict;
    }
    if (field == nullptr) return unknown(name);
    rest.remove_prefix(segment.size());
    if (rest.empty()) break;
    if (rest.front() == '[') {
      if (!field->map) return fail(binding_error(name, "expected a field name, got a key: the field is no map"));
      if (rest.back() != ']') return fail(binding_error(name, "expected ']' at the end"));
      map_key = rest.substr(1, rest.size() - 2);
      return against_body_and_path(name);
    }
    const bool enters = field->message != nullptr && !field->repeated && !field->map && !field->message->well_known;
    if (!enters) return fail(binding_error(name, "expected nothing behind " + path_name(scratch_.path)));
    message = field->message;
    rest.remove_prefix(1);
  }
  if (scratch_.path.back()->map) return fail(binding_error(name, "expected a key in brackets: the field is a map"));
  return against_body_and_path(name);
}

Result<QueryBinding::Verdict> QueryBinding::unknown(std::string_view name) const {
  if (!route_.parse.reject_unknown_query) return Verdict::Skip;
  return fail(binding_error(name, "no such field in " + route_.input->descriptor->full_name()));
}

Result<QueryBinding::Verdict> QueryBinding::against_body_and_path(std::string_view name) {
  const FieldPath& path = scratch_.path;
  if (route_.body == RouteBinding::Body::Whole) return conflict(name, "the body");
  if (route_.body == RouteBinding::Body::Field) {
    if (path[0] == route_.body_field) return conflict(name, "the body");
    const bool same_oneof = path[0]->oneof >= 0 && path[0]->oneof == route_.body_field->oneof;
    if (same_oneof && body_present_) return conflict(name, "the body, with another member of the same oneof");
  }
  const BoundNode* node = &route_.bound;
  for (const FieldPlan* field : path) {
    const BoundNode::Child* child = node->find(*field);
    if (child != nullptr && child->capture >= 0) return conflict(name, "the path");
    if (child == nullptr) {
      if (node->member_of_oneof(field->oneof) == nullptr) break;
      return conflict(name, "the path, with another member of the same oneof");
    }
    node = child->node.get();
  }
  return Verdict::Bind;
}

Result<QueryBinding::Verdict> QueryBinding::conflict(std::string_view name, const std::string& other) const {
  if (route_.parse.path_wins) return Verdict::Skip;
  return fail(binding_error(name, "bound by the query and by " + other));
}

// A singular field, a map key and a oneof are bound once. The keys: the indexes down to the field; then the map key;
// for a oneof a mark and its number in place of the field.
Result<void> QueryBinding::once(std::string_view name, std::string_view map_key) {
  std::string& key = scratch_.key;
  key.clear();
  for (const FieldPlan* field : scratch_.path) {
    const std::size_t parent = key.size();
    if (field->oneof >= 0) {
      append_index(key, kOneofMark);
      append_index(key, static_cast<std::uint32_t>(field->oneof));
      const std::size_t oneof = key.size();
      append_index(key, field->index);
      const bool new_member = seen_.insert_copy(scope_, key);
      key.resize(oneof);
      if (new_member && !seen_.insert_copy(scope_, key)) {
        return fail(binding_error(name, "another member of the same oneof is given too"));
      }
    }
    key.resize(parent);
    append_index(key, field->index);
  }
  const FieldPlan& leaf = *scratch_.path.back();
  if (leaf.repeated) return {};
  key += map_key;
  if (seen_.insert_copy(scope_, key)) return {};
  return fail(
      binding_error(name, leaf.map ? "given twice: expected each key once" : "given twice: the field is singular"));
}

bool QueryBinding::ignored(std::string_view name) const {
  return std::ranges::find(route_.parse.ignored_query, name) != route_.parse.ignored_query.end();
}

}  // namespace sluice::gateway
