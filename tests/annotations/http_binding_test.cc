// HttpRules against a method: the bindings that come of them and every refusal.
#include "annotations/http_binding.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/annotations/test_schema.h"

namespace sluice::http_rule {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kProto[] = R"(
syntax = "proto3";
package t;
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Kind { NONE = 0; }
message Author { string name = 1; }
message Book {
  string id = 1;
  int64 shelf = 2;
  Kind kind = 3;
  bytes cover = 4;
  Author author = 5;
  repeated string tags = 6;
  map<string, string> labels = 7;
  google.protobuf.Timestamp printed = 8;
  google.protobuf.Duration length = 9;
  google.protobuf.FieldMask mask = 10;
  google.protobuf.Int64Value price = 11;
  google.protobuf.Struct extra = 12;
  google.protobuf.Value any_json = 13;
  oneof place { string room = 14; Author owner = 15; }
  optional string note = 16;
  optional string memo = 17;
}
service Library { rpc Get(Book) returns (Book); }
)";

class HttpBindingTest : public testing::Test {
 protected:
  // The rule in text format.
  Extraction bind(const std::string& text) {
    google::api::HttpRule rule;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule)) << text;
    Extraction out;
    bind_rule(rule, schema_.method("t.Library.Get"), "rules.yaml", out);
    return out;
  }

  TestSchema schema_{"t.proto", kProto};
};

TEST_F(HttpBindingTest, TakesEveryPattern) {
  struct Case {
    std::string rule, http_method;
  };
  const Case cases[] = {
      {"get: '/a'", "GET"},
      {"put: '/a'", "PUT"},
      {"post: '/a'", "POST"},
      {"delete: '/a'", "DELETE"},
      {"patch: '/a'", "PATCH"},
      {"custom { kind: 'HEAD' path: '/a' }", "HEAD"},
      {"custom { kind: '*' path: '/a' }", "*"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const Extraction out = bind(c.rule);
    EXPECT_THAT(out.problems, IsEmpty());
    ASSERT_EQ(out.bindings.size(), 1u);
    EXPECT_EQ(out.bindings[0].http_method, c.http_method);
    EXPECT_EQ(path_shape(out.bindings[0].path), "/a");
    EXPECT_EQ(out.bindings[0].body, BodyKind::None);
    EXPECT_EQ(out.bindings[0].response_body, nullptr);
    EXPECT_EQ(out.bindings[0].origin, "rules.yaml: t.Library.Get");
  }
}

TEST_F(HttpBindingTest, VariablesBindScalarsAndTypesOfScalarJson) {
  for (const std::string_view field : {"id", "shelf", "kind", "cover", "author.name", "printed", "length", "mask",
                                       "price", "room", "note", "printed.seconds", "owner.name"}) {
    SCOPED_TRACE(field);
    const Extraction out = bind("get: '/v1/{" + std::string(field) + "}/x'");
    EXPECT_THAT(out.problems, IsEmpty());
    ASSERT_EQ(out.bindings.size(), 1u);
    ASSERT_EQ(out.bindings[0].variables.size(), 1u);
    EXPECT_EQ(to_string(out.bindings[0].variables[0]), field);
  }
}

TEST_F(HttpBindingTest, BodiesBindTheMessageOrAnyFieldOfIt) {
  EXPECT_EQ(bind("post: '/a' body: '*'").bindings.at(0).body, BodyKind::Whole);
  for (const std::string field : {"id", "author", "tags", "labels", "extra", "kind"}) {
    SCOPED_TRACE(field);
    const Extraction out = bind("post: '/{shelf}' body: '" + field + "' response_body: '" + field + "'");
    EXPECT_THAT(out.problems, IsEmpty());
    ASSERT_EQ(out.bindings.size(), 1u);
    EXPECT_EQ(out.bindings[0].body, BodyKind::Field);
    EXPECT_EQ(out.bindings[0].body_field->name(), field);
    EXPECT_EQ(out.bindings[0].response_body->name(), field);
  }
  EXPECT_THAT(bind("patch: '/{author.name}' body: 'author'").problems, IsEmpty());
  EXPECT_THAT(bind("post: '/{id}' body: '*'").problems, IsEmpty());
}

TEST_F(HttpBindingTest, AdditionalBindingsAreRoutesOfTheirOwn) {
  const Extraction out = bind(R"(get: '/a/{id}' response_body: 'author'
      additional_bindings { post: '/b' body: '*' }
      additional_bindings { put: '/c/{shelf}' body: 'author' })");
  EXPECT_THAT(out.problems, IsEmpty());
  ASSERT_EQ(out.bindings.size(), 3u);
  EXPECT_EQ(out.bindings[0].body, BodyKind::None);
  EXPECT_EQ(out.bindings[1].body, BodyKind::Whole);
  EXPECT_EQ(out.bindings[1].response_body, nullptr);
  EXPECT_THAT(out.bindings[1].variables, IsEmpty());
  EXPECT_EQ(out.bindings[2].body_field->name(), "author");
  EXPECT_EQ(out.bindings[2].origin, "rules.yaml: t.Library.Get: additional_bindings[1]");
}

TEST_F(HttpBindingTest, RefusesWithFileMethodAndColumn) {
  struct Case {
    std::string rule, problem;
  };
  const Case cases[] = {
      {"body: '*'", "expected one of get, put, post, delete, patch and custom, got none"},
      {"get: ''", R"(path template column 1: expected "/", got the end in "")"},
      {"get: '/books/{}'", R"(path template column 9: expected identifier, got "}" in "/books/{}")"},
      {"custom { path: '/a' }", R"(expected an HTTP method or "*" as kind, got "")"},
      {"custom { kind: 'A B' path: '/a' }", R"(expected an HTTP method or "*" as kind, got "A B")"},
      {"custom { kind: 'TRACE' path: '/a' }", "expected an HTTP method that can have a route, got TRACE"},
      {"custom { kind: 'CONNECT' path: '/a' }", "expected an HTTP method that can have a route, got CONNECT"},
      {"get: '/{nope}'", R"(path template column 3: message t.Book has no field "nope" in "/{nope}")"},
      {"get: '/x/{author.nope}'",
       R"(path template column 5: message t.Author has no field "nope" in "/x/{author.nope}")"},
      {"get: '/{tags}'",
       R"(path template column 3: expected a scalar field, got a repeated field for "tags" in "/{tags}")"},
      {"get: '/{labels}'", R"(path template column 3: expected a scalar field, got a map for "labels" in "/{labels}")"},
      {"get: '/{author}'",
       R"(path template column 3: expected a scalar field, got message t.Author for "author" in "/{author}")"},
      {"get: '/{extra}'",
       "path template column 3: expected a scalar field, got message google.protobuf.Struct for "
       "\"extra\" in \"/{extra}\""},
      {"get: '/{any_json}'",
       "path template column 3: expected a scalar field, got message google.protobuf.Value for "
       "\"any_json\" in \"/{any_json}\""},
      {"get: '/{id}/{id}'", R"(path template column 8: field "id" is bound twice in "/{id}/{id}")"},
      {"get: '/{printed}/{printed.nanos}'",
       "path template column 13: \"printed\" and \"printed.nanos\" bind the same "
       "field in \"/{printed}/{printed.nanos}\""},
      {"get: '/{room}/{owner.name}'",
       R"(path template column 10: "room" and "owner.name" are in one oneof in "/{room}/{owner.name}")"},
      {"post: '/{id}' body: 'id'", R"(body: field "id" is bound twice)"},
      {"post: '/{room}' body: 'owner'", R"(body: "room" and "owner" are in one oneof)"},
      {"post: '/a' body: 'nope'", R"(body: message t.Book has no field "nope")"},
      {"post: '/a' body: 'author.name'", R"(body: expected a field of t.Book itself, got "author.name")"},
      {"get: '/a' response_body: '*'", R"(response_body: message t.Book has no field "*")"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const Extraction out = bind(c.rule);
    EXPECT_THAT(out.problems, ElementsAre("rules.yaml: t.Library.Get: " + c.problem));
    EXPECT_THAT(out.bindings, IsEmpty());
  }
}

TEST_F(HttpBindingTest, SyntheticOneofsOfOptionalFieldsDoNotClash) {
  EXPECT_THAT(bind("get: '/{note}/{memo}'").problems, IsEmpty());
}

TEST_F(HttpBindingTest, ReportsEveryProblemAndKeepsTheGoodRoutes) {
  const Extraction out = bind(R"(get: '/{nope}/{tags}' body: 'x' response_body: 'y'
      additional_bindings { get: '/good' }
      additional_bindings { get: '/bad/' }
      additional_bindings { get: '/nested' additional_bindings { get: '/b' } })");
  EXPECT_EQ(out.problems.size(), 6u);
  EXPECT_EQ(out.problems.back(),
            "rules.yaml: t.Library.Get: additional_bindings[2]: expected no additional_bindings inside "
            "additional_bindings");
  ASSERT_EQ(out.bindings.size(), 2u);
  EXPECT_EQ(path_shape(out.bindings[0].path), "/good");
}

TEST_F(HttpBindingTest, DefaultIsAPostOfTheWholeMessage) {
  const HttpBinding binding = default_binding(schema_.method("t.Library.Get"));
  EXPECT_EQ(binding.http_method, "POST");
  EXPECT_EQ(path_shape(binding.path), "/t.Library/Get");
  EXPECT_EQ(binding.body, BodyKind::Whole);
  EXPECT_EQ(binding.origin, "t.proto: t.Library.Get (by default)");
}

}  // namespace
}  // namespace sluice::http_rule
