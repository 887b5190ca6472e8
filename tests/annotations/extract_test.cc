// Extraction: from schemas and service configs to all bindings, in one order, with every problem.
#include "annotations/extract.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/annotations/test_schema.h"

namespace sluice::http_rule {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kHead[] = R"(
syntax = "proto3";
import "google/api/annotations.proto";
)";

constexpr char kLibrary[] = R"(
package library.v1;
message Book { string id = 1; }
service Shelves {
  rpc Get(Book) returns (Book) {
    option (google.api.http) = { get: "/v1/{id}" additional_bindings { post: "/v1" body: "*" } };
  }
  rpc Plain(Book) returns (Book);
}
service Admin { rpc Drop(Book) returns (Book) { option (google.api.http).delete = "/admin/{id}"; } }
)";

constexpr char kOther[] = R"(
package other;
message Thing { string name = 1; }
service Things { rpc Get(Thing) returns (Thing) { option (google.api.http).get = "/v1/{name=*}"; } }
)";

// "GET /v1/* library.v1.Shelves.Get", a line for each binding.
std::vector<std::string> lines(const Extraction& out) {
  std::vector<std::string> text;
  for (const HttpBinding& binding : out.bindings) {
    text.push_back(binding.http_method + " " + path_shape(binding.path) + " " + binding.method->full_name());
  }
  return text;
}

ConfigRule config_rule(const std::string& text) {
  ConfigRule config{.rule = {}, .file = "config.yaml"};
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config.rule)) << text;
  return config;
}

TEST(Extract, FindsAnnotationsAndMapsTheRest) {
  const TestSchema schema("library.proto", std::string(kHead) + kLibrary);
  const Extraction out = extract_bindings(schema.files());
  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_THAT(lines(out), ElementsAre("GET /v1/* library.v1.Shelves.Get", "POST /v1 library.v1.Shelves.Get",
                                      "POST /library.v1.Shelves/Plain library.v1.Shelves.Plain",
                                      "DELETE /admin/* library.v1.Admin.Drop"));
}

TEST(Extract, MapsNothingWhenSwitchedOff) {
  const TestSchema schema("library.proto", std::string(kHead) + kLibrary);
  const Extraction out = extract_bindings(schema.files(), {.services = {}, .auto_map = false, .config_rules = {}});
  EXPECT_EQ(out.bindings.size(), 3u);
}

TEST(Extract, SelectsServicesByGlob) {
  const TestSchema schema("library.proto", std::string(kHead) + kLibrary);
  ExtractOptions options;
  options.services = {"*.Admin", "other.*"};
  const Extraction out = extract_bindings(schema.files(), options);
  EXPECT_THAT(lines(out), ElementsAre("DELETE /admin/* library.v1.Admin.Drop"));
  EXPECT_THAT(out.problems, ElementsAre("expected a service that matches \"other.*\", got none"));
}

class ExtractDuplicates : public testing::Test {
 protected:
  Extraction extract(OnDuplicate policy) {
    ExtractOptions options;
    options.services = {"*.Shelves", "other.*"};
    options.auto_map = false;
    options.on_duplicate = policy;
    std::vector<const google::protobuf::FileDescriptor*> files = schema_.files();
    const Extraction out = extract_bindings(files, options);
    std::ranges::reverse(files);
    files.push_back(files.front());
    const Extraction again = extract_bindings(files, options);
    EXPECT_EQ(out.bindings, again.bindings);
    EXPECT_EQ(out.problems, again.problems);
    return out;
  }

  TestSchema schema_{{{"library.proto", std::string(kHead) + kLibrary}, {"other.proto", std::string(kHead) + kOther}}};
};

TEST_F(ExtractDuplicates, AreProblemsThatNameBothOrigins) {
  const Extraction out = extract(OnDuplicate::Error);
  EXPECT_THAT(out.problems, ElementsAre("expected one route for GET /v1/*, got two: library.proto: "
                                        "library.v1.Shelves.Get, and other.proto: other.Things.Get"));
  EXPECT_THAT(lines(out), ElementsAre("GET /v1/* library.v1.Shelves.Get", "POST /v1 library.v1.Shelves.Get"));
}

TEST_F(ExtractDuplicates, FirstOrLastStays) {
  const Extraction first = extract(OnDuplicate::First);
  EXPECT_THAT(first.problems, IsEmpty());
  EXPECT_THAT(lines(first), ElementsAre("GET /v1/* library.v1.Shelves.Get", "POST /v1 library.v1.Shelves.Get"));
  const Extraction last = extract(OnDuplicate::Last);
  EXPECT_THAT(last.problems, IsEmpty());
  EXPECT_THAT(lines(last), ElementsAre("POST /v1 library.v1.Shelves.Get", "GET /v1/* other.Things.Get"));
}

TEST(Extract, ConfigRulesReplaceAnnotationsAndTheLastOneWins) {
  const TestSchema schema("library.proto", std::string(kHead) + kLibrary);
  ExtractOptions options;
  options.config_rules = {config_rule("selector: 'library.v1.Shelves.Get' get: '/first/{id}'"),
                          config_rule("selector: 'library.v1.Shelves.Plain' get: '/plain/{id}'"),
                          config_rule("selector: 'library.v1.Shelves.Get' put: '/second' body: '*'")};
  const Extraction out = extract_bindings(schema.files(), options);
  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_THAT(lines(out), ElementsAre("PUT /second library.v1.Shelves.Get", "GET /plain/* library.v1.Shelves.Plain",
                                      "DELETE /admin/* library.v1.Admin.Drop"));
  EXPECT_EQ(out.bindings[0].origin, "config.yaml: library.v1.Shelves.Get");
}

TEST(Extract, ConfigRulesOfServicesThatAreNotSelectedAreNoProblem) {
  const TestSchema schema("library.proto", std::string(kHead) + kLibrary);
  ExtractOptions options;
  options.services = {"*.Admin"};
  options.config_rules = {config_rule("selector: 'library.v1.Shelves.Get' get: '/x'")};
  const Extraction out = extract_bindings(schema.files(), options);
  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_EQ(out.bindings.size(), 1u);
}

TEST(Extract, CollectsEveryProblem) {
  const TestSchema schema("bad.proto", std::string(kHead) + R"(
package bad;
message Book { string id = 1; }
service S {
  rpc A(Book) returns (Book) { option (google.api.http).get = "/{nope}"; }
  rpc B(Book) returns (Book) { option (google.api.http).get = "/b/"; }
  rpc C(Book) returns (Book) { option (google.api.http).get = "/c"; }
  rpc D(Book) returns (Book) { option (google.api.http).get = "/c"; }
}
)");
  ExtractOptions options;
  options.config_rules = {config_rule("selector: 'bad.S.Z' get: '/z'"), config_rule("get: '/z'")};
  const Extraction out = extract_bindings(schema.files(), options);
  EXPECT_THAT(out.problems,
              ElementsAre("config.yaml: expected the full name of a method as selector, got \"bad.S.Z\"",
                          "config.yaml: expected the full name of a method as selector, got \"\"",
                          "bad.proto: bad.S.A: path template column 3: message bad.Book has no field \"nope\" in "
                          "\"/{nope}\"",
                          "bad.proto: bad.S.B: path template column 4: expected a literal, \"*\", \"**\" or a "
                          "variable, got the end in \"/b/\"",
                          "expected one route for GET /c, got two: bad.proto: bad.S.C, and bad.proto: bad.S.D"));
  EXPECT_THAT(lines(out), ElementsAre("GET /c bad.S.C"));
}

}  // namespace
}  // namespace sluice::http_rule
