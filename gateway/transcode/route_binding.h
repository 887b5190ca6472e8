// What a route binds where: path variables, body and response fields, resolved to plans and checked at load.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transcode/message_plan.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

using FieldPath = std::vector<const FieldPlan*>;

// The part of a message type that the path binds: what a body must not contradict. The reader walks it beside the body.
struct BoundNode {
  struct Child {
    const FieldPlan* field;
    int capture;                      // index of the path variable that binds this field; -1: only something inside it
    std::unique_ptr<BoundNode> node;  // then what is inside
  };
  std::vector<Child> children;

  const Child* find(const FieldPlan& field) const;
  // The field of that oneof which the path binds, or nullptr.
  const FieldPlan* member_of_oneof(int oneof) const;
};

struct RouteBinding {
  enum class Body { None, Whole, Field };

  static rpc::Result<RouteBinding> build(PlanSet& plans, const RouteSpec& spec);

  const MessagePlan* input = nullptr;
  const MessagePlan* output = nullptr;
  std::vector<FieldPath> path;  // one a variable
  Body body = Body::None;
  const FieldPlan* body_field = nullptr;      // for Body::Field
  const FieldPlan* response_field = nullptr;  // nullptr: the whole answer
  const FieldPlan* mask_field = nullptr;      // the FieldMask to fill from the body of a PATCH
  bool raw_request = false;
  bool raw_response = false;
  BoundNode bound;  // of the input message
  ParseOptions parse;

  // What the path binds inside the body; nullptr: nothing.
  const BoundNode* bound_in_body() const;
};

// "shelf.id", by proto names.
std::string path_name(std::span<const FieldPlan* const> path);

}  // namespace sluice::gateway
