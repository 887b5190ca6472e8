// The reference engine: DynamicMessage and protobuf's json_util. What the direct engine is compared with.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <nlohmann/json.hpp>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/http_body.h"
#include "gateway/transcode/query_binding.h"
#include "gateway/transcode/route_binding.h"
#include "gateway/transcode/text_json.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

namespace pb = google::protobuf;
using rpc::fail;
using rpc::Result;
using rpc::Status;
using rpc::StatusCode;

namespace {

std::unexpected<Status> bad_answer(const std::string& what) {
  return fail(Status(StatusCode::Internal, what).with_origin(Status::Origin::Transport));
}

// {"a":{"b":VALUE}} for the path a.b; a map key goes below the last field.
std::string nested_json(const QueryValue& value, const std::string& json) {
  std::string text;
  std::string end;
  for (const FieldPlan* field : value.path) {
    text += "{" + quoted_json(field->json_name) + ":";
    end += "}";
  }
  const FieldPlan& leaf = *value.path.back();
  if (leaf.map) {
    text += "{" + quoted_json(value.map_key) + ":";
    end += "}";
  } else if (leaf.repeated) {
    text += "[";
    end = "]" + end;
  }
  return text + json + end;
}

// The mask paths of the members of `json`, down to what a mask cannot enter.
void collect_mask(const MessagePlan& message, const nlohmann::ordered_json& json, const std::string& prefix,
                  pb::Message& mask) {
  const pb::FieldDescriptor* paths = mask.GetDescriptor()->FindFieldByNumber(1);
  for (const auto& [key, value] : json.items()) {
    const FieldPlan* field = message.find(key);
    if (field == nullptr) continue;
    const bool enters = field->message != nullptr && !field->repeated && !field->map && !field->message->well_known;
    if (enters && value.is_object() && !value.empty()) {
      collect_mask(*field->message, value, prefix + field->proto_name + ".", mask);
    } else {
      mask.GetReflection()->AddString(&mask, paths, prefix + field->proto_name);
    }
  }
}

// Builds one request message.
class RequestBuilder final : public QuerySink {
 public:
  RequestBuilder(const RouteBinding& route, pb::Message& message) : route_(route), message_(message) {}

  Result<void> bind(const QueryValue& value) override {
    const Result<std::string> json = text_to_json(*value.path.back(), value.text);
    if (!json) return fail(binding_error(value.name, json.error().message()));
    return merge(nested_json(value, *json), message_, value.name);
  }

  Result<void> body(std::string_view text) {
    if (text.empty()) return {};
    if (route_.body == RouteBinding::Body::None) return fail(binding_error("", "expected no body, got one"));
    if (!nlohmann::json::accept(text))
      return fail(binding_error("", "body: expected one JSON value, got malformed JSON"));
    if (route_.body == RouteBinding::Body::Whole) {
      if (text.substr(text.find_first_not_of(" \t\r\n")).starts_with("null"))
        return fail(binding_error("", "body: expected an object, got null"));
      return merge(std::string(text), message_, "");
    }
    return merge("{" + quoted_json(route_.body_field->json_name) + ":" + std::string(text) + "}", message_, "");
  }

  // Sets or compares the fields that the path binds. `set`: the message is the first.
  Result<void> captures(std::span<const std::string_view> captures, bool set) {
    for (std::size_t i = 0; i < route_.path.size(); ++i) {
      const std::string name = path_name(route_.path[i]);
      const QueryValue value{route_.path[i], name, "", captures[i]};
      std::unique_ptr<pb::Message> from_path(message_.New());
      const Result<std::string> json = text_to_json(*route_.path[i].back(), captures[i]);
      if (!json) return fail(binding_error(name, json.error().message()));
      if (auto good = merge(nested_json(value, *json), *from_path, name); !good) return good;
      if (auto good = compare(*from_path, route_.path[i], name, set); !good) return good;
      if (set) message_.MergeFrom(*from_path);
    }
    return {};
  }

  void mask(std::string_view body) {
    if (route_.mask_field == nullptr || body.empty()) return;
    const pb::FieldDescriptor* field = route_.mask_field->descriptor;
    pb::Message* mask = message_.GetReflection()->MutableMessage(&message_, field);
    if (mask->ByteSizeLong() > 0) return;
    const auto json = nlohmann::ordered_json::parse(body);
    if (route_.body == RouteBinding::Body::Field && route_.body_field->message == nullptr) return;
    if (!json.is_object()) return;
    collect_mask(route_.body == RouteBinding::Body::Field ? *route_.body_field->message : *route_.input, json, "",
                 *mask);
  }

 private:
  Result<void> merge(const std::string& json, pb::Message& into, std::string_view name) {
    pb::util::JsonParseOptions options;
    options.ignore_unknown_fields = !route_.parse.reject_unknown_fields;
    std::unique_ptr<pb::Message> parsed(into.New());
    const auto status = pb::util::JsonStringToMessage(json, parsed.get(), options);
    if (!status.ok()) return fail(binding_error(name, status.message().ToString()));
    into.MergeFrom(*parsed);
    return {};
  }

  // What the body says at the path's field must be what the path says; a zero without presence counts as nothing said.
  // `set`: the path's value takes its place.
  Result<void> compare(const pb::Message& from_path, const FieldPath& path, const std::string& name, bool set) {
    const pb::Message* theirs = &from_path;
    pb::Message* ours = &message_;
    for (const FieldPlan* field : path) {
      const pb::FieldDescriptor* descriptor = field->descriptor;
      const pb::OneofDescriptor* oneof = descriptor->real_containing_oneof();
      const pb::Reflection& reflection = *ours->GetReflection();
      if (oneof != nullptr && reflection.HasOneof(*ours, oneof) && !reflection.HasField(*ours, descriptor)) {
        if (!route_.parse.path_wins) {
          return fail(binding_error(name, "bound by the path; the body has another member of the same oneof"));
        }
        reflection.ClearOneof(ours, oneof);
      }
      if (!reflection.HasField(*ours, descriptor)) return {};
      if (field == path.back()) break;
      ours = reflection.MutableMessage(ours, descriptor);
      theirs = &theirs->GetReflection()->GetMessage(*theirs, descriptor);
    }
    const std::vector<const pb::FieldDescriptor*> leaf{path.back()->descriptor};
    pb::util::MessageDifferencer differencer;
    const bool equal = differencer.CompareWithFields(*theirs, *ours, leaf, leaf);
    if (!equal && !route_.parse.path_wins) {
      return fail(binding_error(name, "the value in the body differs from the path's"));
    }
    if (set || !equal) ours->GetReflection()->ClearField(ours, leaf[0]);
    return {};
  }

  const RouteBinding& route_;
  pb::Message& message_;
};

class ReferenceTranscoder final : public Transcoder {
 public:
  ReferenceTranscoder(RouteBinding route, pb::DynamicMessageFactory& factory)
      : route_(std::move(route)),
        input_(*factory.GetPrototype(route_.input->descriptor)),
        output_(*factory.GetPrototype(route_.output->descriptor)) {}

  Result<void> request(const RequestParts& parts, rpc::Buffer& out) const override {
    std::unique_ptr<pb::Message> message(input_.New());
    RequestBuilder builder(route_, *message);
    if (!route_.raw_request) {
      if (auto good = builder.body(parts.body); !good) return good;
    }
    if (auto good = builder.captures(parts.captures, parts.first); !good) return good;
    if (parts.first) {
      QueryScratch scratch;
      SeenKeys seen;
      QueryBinding query(route_, scratch, seen);
      if (auto good = query.bind(parts.query, !parts.body.empty(), builder); !good) return good;
      if (!route_.raw_request) builder.mask(parts.body);
    }
    const std::string bytes = message->SerializePartialAsString();
    out.append(bytes);
    if (route_.raw_request) {
      const std::uint32_t field = route_.body_field == nullptr ? 0 : route_.body_field->number;
      WireOutput wire(out);
      write_http_body({parts.content_type, parts.body}, field, wire);
    }
    return {};
  }

  Result<void> response(std::string_view bytes, const PrintOptions& print, rpc::Buffer& out) const override {
    std::unique_ptr<pb::Message> message(output_.New());
    if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return bad_answer("expected a " + route_.output->descriptor->full_name() + ", got malformed bytes");
    }
    pb::util::JsonPrintOptions options;
    options.add_whitespace = print.pretty;
    options.always_print_primitive_fields = print.always_print_fields_with_no_presence;
    options.always_print_enums_as_ints = print.enums_as_integers;
    options.preserve_proto_field_names = print.preserve_proto_names;
    std::string json;
    const auto status = route_.response_field == nullptr ? pb::util::MessageToJsonString(*message, &json, options)
                                                         : print_field(*message, options, json);
    if (!status.ok()) return bad_answer(status.message().ToString());
    if (print.pretty && json.ends_with('\n')) json.pop_back();
    out.append(json);
    return {};
  }

  bool request_is_raw() const override { return route_.raw_request; }
  bool response_is_raw() const override { return route_.raw_response; }
  bool takes_body() const override { return route_.body != RouteBinding::Body::None; }
  Result<RawBody> raw_response(std::string_view message) const override {
    return read_http_body(message, route_.response_field == nullptr ? 0 : route_.response_field->number);
  }

 private:
  // json_util prints whole messages only: the field is printed in a message of its own, then cut out.
  pb::util::Status print_field(pb::Message& message, pb::util::JsonPrintOptions options, std::string& json) const {
    const FieldPlan& field = *route_.response_field;
    std::unique_ptr<pb::Message> only(output_.New());
    only->GetReflection()->SwapFields(&message, only.get(), {field.descriptor});
    const bool pretty = std::exchange(options.add_whitespace, false);
    nlohmann::ordered_json member;
    auto status = print_member(*only, options, member);
    if (status.ok() && member.is_discarded()) {  // a default value that is left out of messages
      options.always_print_primitive_fields = true;
      status = print_member(*only, options, member);
    }
    json = member.is_discarded() ? default_json(field) : pretty ? member.dump(1) : member.dump();
    return status;
  }

  // `member` is discarded when the text lacks it.
  pb::util::Status print_member(const pb::Message& message, const pb::util::JsonPrintOptions& options,
                                nlohmann::ordered_json& member) const {
    std::string text;
    const auto status = pb::util::MessageToJsonString(message, &text, options);
    const auto json = nlohmann::ordered_json::parse(status.ok() ? text : "{}");
    const FieldPlan& field = *route_.response_field;
    const auto found = json.find(options.preserve_proto_field_names ? field.proto_name : field.json_name);
    member = found == json.end() ? nlohmann::ordered_json(nlohmann::ordered_json::value_t::discarded) : *found;
    return status;
  }

  RouteBinding route_;
  const pb::Message& input_;
  const pb::Message& output_;
};

class ReferenceEngine final : public TranscodeEngine {
 public:
  explicit ReferenceEngine(SchemaFiles files) {
    for (const auto* file : files) plans_.add_file(*file);
  }

  Result<std::unique_ptr<const Transcoder>> plan(const RouteSpec& spec) override {
    Result<RouteBinding> route = RouteBinding::build(plans_, spec);
    if (!route) return fail(route.error());
    return std::make_unique<const ReferenceTranscoder>(std::move(*route), factory_);
  }

 private:
  PlanSet plans_;
  pb::DynamicMessageFactory factory_;
};

}  // namespace

std::unique_ptr<TranscodeEngine> make_reference_engine(SchemaFiles files) {
  return std::make_unique<ReferenceEngine>(files);
}

}  // namespace sluice::gateway
