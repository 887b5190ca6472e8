// Captures and parameters by their fields, and the fields that none of them names.
#include "gateway/explain/bound_fields.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <set>

#include "annotations/percent.h"

namespace sluice::gateway {
namespace {

std::string decoded(std::string_view raw) {
  std::string scratch;
  const auto text = http_rule::decode_form(raw, scratch);
  return std::string(text ? *text : raw);
}

bool differs(const google::protobuf::FieldDescriptor& field, const google::protobuf::Message& a,
             const google::protobuf::Message& b) {
  google::protobuf::util::MessageDifferencer differencer;
  return !differencer.CompareWithFields(a, b, {&field}, {&field});
}

class Listing {
 public:
  explicit Listing(const http_rule::HttpBinding& binding) : binding_(binding) {}

  void add_path(std::span<const std::string> captures) {
    for (std::size_t i = 0; i < captures.size(); ++i) add(binding_.variables[i], "path", captures[i]);
  }

  void add_query(std::string_view query) {
    while (!query.empty()) {
      const std::string_view parameter = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(parameter.size() + 1, query.size()));
      if (parameter.empty()) continue;
      const std::size_t equals = std::min(parameter.find('='), parameter.size());
      const std::string name = decoded(parameter.substr(0, equals));
      const std::string value = decoded(parameter.substr(std::min(equals + 1, parameter.size())));
      add_parameter(name, value);
    }
  }

  void add_rest(const google::protobuf::Message& message, const google::protobuf::Message& without_body) {
    const auto* type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      if (differs(*field, message, without_body)) {
        add_of_body(*field);
      } else if (!named_.contains(field)) {
        out_.push_back({field->name(), "default", "", ""});
      }
    }
  }

  std::vector<BoundField> take() && { return std::move(out_); }

 private:
  void add_parameter(const std::string& name, const std::string& value) {
    const std::string path = name.substr(0, name.find('['));  // of a map: its key follows
    const auto field =
        http_rule::resolve_field_path(*binding_.method->input_type(), path, http_rule::FieldNames::ProtoOrJson);
    const std::string reason = field ? why_ignored(*field) : field.error().message();
    if (reason.empty()) {
      add(*field, "query", value);
      out_.back().name += name.substr(path.size());
    } else {
      out_.push_back({name, "query", value, "ignored: " + reason});
    }
  }

  // Empty: it is not. A conflict would have been an error, unless the path wins.
  std::string why_ignored(const http_rule::FieldPath& field) const {
    if (binding_.body == http_rule::BodyKind::Whole) return "the body binds every field";
    if (binding_.body_field == field.front()) return "the body binds it";
    const bool in_path = std::ranges::find(binding_.variables, field) != binding_.variables.end();
    return in_path ? "the path binds it" : "";
  }

  // What is there with the body only: the body's own field, or a mask of the fields that it has.
  void add_of_body(const google::protobuf::FieldDescriptor& field) {
    const bool is_its_own = binding_.body == http_rule::BodyKind::Whole || binding_.body_field == &field;
    const char* source = named_.contains(&field) ? "body as well" : "body";
    out_.push_back({field.name(), source, "", is_its_own ? "" : "the fields that it has"});
  }

  void add(const http_rule::FieldPath& field, const char* source, const std::string& value) {
    out_.push_back({http_rule::to_string(field), source, value, ""});
    named_.insert(field.front());
  }

  const http_rule::HttpBinding& binding_;
  std::set<const google::protobuf::FieldDescriptor*> named_;  // they, or something inside
  std::vector<BoundField> out_;
};

}  // namespace

std::vector<BoundField> bound_fields(const http_rule::HttpBinding& binding, const PathAndQuery& given,
                                     const google::protobuf::Message& message,
                                     const google::protobuf::Message& without_body) {
  Listing listing(binding);
  listing.add_path(given.captures);
  listing.add_query(given.query);
  listing.add_rest(message, without_body);
  return std::move(listing).take();
}

}  // namespace sluice::gateway
