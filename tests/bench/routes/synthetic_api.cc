// Services are alike but for their names, their parents and their versions.
#include "tests/bench/routes/synthetic_api.h"

#include "google/api/annotations.pb.h"

namespace sluice::bench {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptorProto;

constexpr const char* kVersions[] = {"v1", "v1beta1", "v2"};
constexpr const char* kParents[] = {"projects/*", "projects/*/locations/*", "organizations/*/locations/*",
                                    "projects/*/locations/*/clusters/*"};
constexpr int kResourceFields = 20;
constexpr int kRequestFields = 6;

// "/v1/{name=projects/*/things7/*}:start" as a client has it.
std::string path_of(const std::string& path_template) {
  std::string path;
  for (std::size_t i = 0; i < path_template.size(); ++i) {
    const char c = path_template[i];
    if (c == '{') {
      i = path_template.find('=', i);
    } else if (c == '*') {
      const bool many = path_template.compare(i, 2, "**") == 0;
      path += many ? "some/nested/name.txt" : "id-" + std::to_string(path.size() * 7919 % 100000);
      i += many ? 1 : 0;
    } else if (c != '}') {
      path += c;
    }
  }
  return path;
}

void add_field(pb::DescriptorProto& message, const std::string& name, Field::Type type, const std::string& type_name) {
  Field& field = *message.add_field();
  field.set_name(name);
  field.set_number(message.field_size());
  field.set_type(type);
  field.set_label(Field::LABEL_OPTIONAL);
  if (!type_name.empty()) field.set_type_name(type_name);
}

class ServiceBuilder {
 public:
  ServiceBuilder(int index, SyntheticApi& api)
      : api_(api),
        file_(*api.files.add_file()),
        version_(kVersions[index % 3]),
        parent_(kParents[index % 4]),
        collection_("things" + std::to_string(index)),
        package_("cloud.s" + std::to_string(index) + "." + version_),
        extra_get_(index % 13 < 7) {}

  void build() {
    file_.set_name("cloud/" + collection_ + "/" + version_ + "/service.proto");
    file_.set_package(package_);
    file_.set_syntax("proto3");
    file_.add_dependency("google/api/annotations.proto");
    add_resource();
    service_ = file_.add_service();
    service_->set_name("Things");
    const std::string resource = parent_ + "/" + collection_ + "/*";
    get("List", "{parent=" + parent_ + "}/" + collection_, "{parent=folders/*}/" + collection_);
    get("Get", "{name=" + resource + "}", extra_get_ ? "{name=folders/*/" + collection_ + "/*}" : "");
    with_body("Create", "{parent=" + parent_ + "}/" + collection_, "thing").set_post(path());
    with_body("Update", "{thing.name=" + resource + "}", "thing").set_patch(path());
    with_body("Delete", "{name=" + resource + "}", "").set_delete_(path());
    get("GetPolicy", "{name=" + resource + "}:getIamPolicy", "");
    with_body("SetPolicy", "{name=" + resource + "}:setIamPolicy", "*").set_post(path());
    with_body("Start", "{name=" + resource + "}:start", "*").set_post(path());
    get("BatchGet", "{parent=" + parent_ + "}/" + collection_ + ":batchGet", "");
    get("Fetch", "{name=" + resource + "/files/**}", "");
  }

 private:
  std::string path() const { return template_; }

  google::api::HttpRule& with_body(const std::string& name, const std::string& rest, const std::string& body) {
    template_ = "/" + version_ + "/" + rest;
    google::api::HttpRule& rule = method(name);
    rule.set_body(body);
    const bool patch = name == "Update";
    api_.requests.push_back({patch ? "PATCH" : name == "Delete" ? "DELETE" : "POST", path_of(template_)});
    return rule;
  }

  void get(const std::string& name, const std::string& rest, const std::string& other) {
    google::api::HttpRule& rule = method(name);
    rule.set_get("/" + version_ + "/" + rest);
    api_.requests.push_back({"GET", path_of(rule.get())});
    if (other.empty()) return;
    google::api::HttpRule& additional = *rule.add_additional_bindings();
    additional.set_get("/" + version_ + "/" + other);
    api_.requests.push_back({"GET", path_of(additional.get())});
  }

  google::api::HttpRule& method(const std::string& name) {
    ++api_.methods;
    pb::DescriptorProto& request = *file_.add_message_type();
    request.set_name(name + "Request");
    for (const char* field : {"name", "parent", "filter"}) add_field(request, field, Field::TYPE_STRING, "");
    add_field(request, "thing", Field::TYPE_MESSAGE, "." + package_ + ".Thing");
    for (int i = 0; i < kRequestFields; ++i) add_field(request, "option_" + std::to_string(i), Field::TYPE_INT32, "");
    pb::MethodDescriptorProto& method = *service_->add_method();
    method.set_name(name);
    method.set_input_type("." + package_ + "." + request.name());
    method.set_output_type("." + package_ + ".Thing");
    return *method.mutable_options()->MutableExtension(google::api::http);
  }

  void add_resource() {
    pb::DescriptorProto& resource = *file_.add_message_type();
    resource.set_name("Thing");
    add_field(resource, "name", Field::TYPE_STRING, "");
    for (int i = 0; i < kResourceFields; ++i) {
      add_field(resource, "setting_" + std::to_string(i), i % 3 == 0 ? Field::TYPE_INT64 : Field::TYPE_STRING, "");
    }
  }

  SyntheticApi& api_;
  pb::FileDescriptorProto& file_;
  pb::ServiceDescriptorProto* service_ = nullptr;
  const std::string version_;
  const std::string parent_;
  const std::string collection_;
  const std::string package_;
  const bool extra_get_;
  std::string template_;  // of the method that was added last
};

}  // namespace

SyntheticApi synthetic_api(int bindings) {
  SyntheticApi api;
  for (int i = 0; api.requests.size() < static_cast<std::size_t>(bindings); ++i) ServiceBuilder(i, api).build();
  return api;
}

}  // namespace sluice::bench
