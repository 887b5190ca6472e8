// Resolving and checking one route's fields.
#include "gateway/transcode/route_binding.h"

#include "gateway/transcode/http_body.h"
#include "gateway/transcode/well_known.h"

namespace sluice::gateway {

using rpc::fail;
using rpc::Result;
using rpc::StatusCode;

namespace {

std::unexpected<rpc::Status> refuse(const std::string& what) { return fail(StatusCode::InvalidArgument, what); }

bool is_plain_message(const FieldPlan& field) {
  return field.message != nullptr && field.message->well_known == nullptr;
}

Result<FieldPath> resolve(const MessagePlan& root, const std::string& name) {
  FieldPath path;
  const MessagePlan* message = &root;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t dot = std::min(name.find('.', begin), name.size());
    if (message == nullptr) return refuse("path variable " + name + ": " + path_name(path) + " has no fields to bind");
    const FieldPlan* field = message->find(std::string_view(name).substr(begin, dot - begin));
    if (field == nullptr) {
      return refuse("path variable " + name + ": no such field in " + message->descriptor->full_name());
    }
    path.push_back(field);
    message = !field->repeated && !field->map && is_plain_message(*field) ? field->message : nullptr;
    begin = dot + 1;
  }
  return path;
}

Result<void> check_variable(const FieldPath& path) {
  const FieldPlan& leaf = *path.back();
  const std::string name = path_name(path);
  if (leaf.repeated || leaf.map)
    return refuse("path variable " + name + ": expected a singular field, got a repeated one");
  const bool json_only = leaf.message != nullptr && leaf.message->well_known != nullptr &&
                         leaf.message->well_known->form == WellKnownType::Form::Json;
  if (is_plain_message(leaf) || json_only) {
    return refuse("path variable " + name + ": expected a field with a text form, got message " +
                  leaf.message->descriptor->full_name());
  }
  return {};
}

BoundNode::Child& child_of(BoundNode& node, const FieldPlan& field) {
  for (auto& child : node.children) {
    if (child.field == &field) return child;
  }
  node.children.push_back({&field, -1, nullptr});
  return node.children.back();
}

Result<void> add_to_tree(BoundNode& root, const FieldPath& path, int capture) {
  BoundNode* node = &root;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (const FieldPlan* other = node->member_of_oneof(path[i]->oneof); other != nullptr && other != path[i]) {
      return refuse("path variable " + path_name(path) + ": " + other->proto_name + " of the same oneof is bound too");
    }
    BoundNode::Child& child = child_of(*node, *path[i]);
    if (child.capture >= 0) return refuse("path variable " + path_name(path) + ": the field is bound twice");
    if (i + 1 == path.size()) {
      child.capture = capture;
    } else {
      if (child.node == nullptr) child.node = std::make_unique<BoundNode>();
      node = child.node.get();
    }
  }
  return {};
}

Result<void> bind_path(RouteBinding& binding, const RouteSpec& spec) {
  for (const std::string& name : spec.path_variables) {
    Result<FieldPath> path = resolve(*binding.input, name);
    if (!path) return fail(path.error());
    if (auto good = check_variable(*path); !good) return good;
    if (auto good = add_to_tree(binding.bound, *path, static_cast<int>(binding.path.size())); !good) return good;
    binding.path.push_back(std::move(*path));
  }
  return {};
}

Result<const FieldPlan*> top_field(const MessagePlan& message, const std::string& name, const char* what) {
  const FieldPlan* field = message.find(name);
  if (field == nullptr)
    return refuse(std::string(what) + " " + name + ": no such field in " + message.descriptor->full_name());
  return field;
}

Result<void> bind_body(RouteBinding& binding, const RouteSpec& spec) {
  if (spec.body.empty()) return {};
  if (spec.body == "*") {
    binding.body = RouteBinding::Body::Whole;
    binding.raw_request = is_http_body(spec.input);
    return {};
  }
  auto field = top_field(*binding.input, spec.body, "body");
  if (!field) return fail(field.error());
  const BoundNode::Child* child = binding.bound.find(**field);
  if (child != nullptr && child->capture >= 0) return refuse("body " + spec.body + ": the path binds this field");
  const FieldPlan* member = binding.bound.member_of_oneof((*field)->oneof);
  if (member != nullptr && member != *field) {
    return refuse("body " + spec.body + ": the path binds " + member->proto_name + " of the same oneof");
  }
  binding.body = RouteBinding::Body::Field;
  binding.body_field = *field;
  binding.raw_request = !(*field)->repeated && is_http_body((*field)->descriptor->message_type());
  return {};
}

// The FieldMask of a PATCH is filled only where it is clear which one is meant.
const FieldPlan* find_mask(const RouteBinding& binding, const RouteSpec& spec) {
  const bool wanted = binding.body == RouteBinding::Body::Field ||
                      (binding.body == RouteBinding::Body::Whole && spec.parse.patch_mask_for_whole_body);
  if (!spec.patch || !wanted) return nullptr;
  const FieldPlan* mask = nullptr;
  for (const FieldPlan& field : binding.input->fields) {
    if (field.message == nullptr || field.repeated) continue;
    if (field.message->descriptor->full_name() != "google.protobuf.FieldMask") continue;
    // One that the path gives is not empty.
    if (mask != nullptr || binding.bound.find(field) != nullptr) return nullptr;
    mask = &field;
  }
  return mask;
}

}  // namespace

const BoundNode::Child* BoundNode::find(const FieldPlan& field) const {
  for (const Child& child : children) {
    if (child.field == &field) return &child;
  }
  return nullptr;
}

const FieldPlan* BoundNode::member_of_oneof(int oneof) const {
  if (oneof < 0) return nullptr;
  for (const Child& child : children) {
    if (child.field->oneof == oneof) return child.field;
  }
  return nullptr;
}

const BoundNode* RouteBinding::bound_in_body() const {
  if (bound.children.empty() || body == Body::None) return nullptr;
  if (body == Body::Whole) return &bound;
  const BoundNode::Child* child = bound.find(*body_field);
  return child == nullptr ? nullptr : child->node.get();
}

Result<RouteBinding> RouteBinding::build(PlanSet& plans, const RouteSpec& spec) {
  RouteBinding binding;
  binding.input = &plans.add(*spec.input);
  binding.output = &plans.add(*spec.output);
  binding.parse = spec.parse;
  if (auto good = bind_path(binding, spec); !good) return fail(good.error());
  if (auto good = bind_body(binding, spec); !good) return fail(good.error());
  binding.mask_field = find_mask(binding, spec);
  if (spec.response_body.empty()) {
    binding.raw_response = is_http_body(spec.output);
    return binding;
  }
  auto field = top_field(*binding.output, spec.response_body, "response_body");
  if (!field) return fail(field.error());
  binding.response_field = *field;
  binding.raw_response = !(*field)->repeated && is_http_body((*field)->descriptor->message_type());
  return binding;
}

std::string path_name(std::span<const FieldPlan* const> path) {
  std::string name;
  for (const FieldPlan* field : path) {
    if (!name.empty()) name += '.';
    name += field->proto_name;
  }
  return name;
}

}  // namespace sluice::gateway
