// Captures and parameters by their fields, and the fields that none of them names.
#include "gateway/explain/bound_fields.h"

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

  void add_rest(const google::protobuf::Message& message) {
    const auto* type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      const auto* reflection = message.GetReflection();
      const bool is_set =
          field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
      const bool by_body = binding_.body == http_rule::BodyKind::Whole || binding_.body_field == field;
      if (by_body && is_set && !whole_.contains(field)) {
        out_.push_back({field->name(), named_.contains(field) ? "body as well" : "body", "", ""});
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
    if (field && binding_.body != http_rule::BodyKind::Whole) {
      add(*field, "query", value);
      out_.back().name += name.substr(path.size());
    } else {
      const std::string reason = field ? std::string("the body binds every field") : field.error().message();
      out_.push_back({name, "query", value, "ignored: " + reason});
    }
  }

  void add(const http_rule::FieldPath& field, const char* source, const std::string& value) {
    out_.push_back({http_rule::to_string(field), source, value, ""});
    named_.insert(field.front());
    if (field.size() == 1) whole_.insert(field.front());
  }

  const http_rule::HttpBinding& binding_;
  std::set<const google::protobuf::FieldDescriptor*> named_;  // they, or something inside
  std::set<const google::protobuf::FieldDescriptor*> whole_;
  std::vector<BoundField> out_;
};

}  // namespace

std::vector<BoundField> bound_fields(const http_rule::HttpBinding& binding, std::span<const std::string> captures,
                                     std::string_view query, const google::protobuf::Message& message) {
  Listing listing(binding);
  listing.add_path(captures);
  listing.add_query(query);
  listing.add_rest(message);
  return std::move(listing).take();
}

}  // namespace sluice::gateway
