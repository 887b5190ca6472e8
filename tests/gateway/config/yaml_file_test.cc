// Shapes of a YAML file, and the line that each problem names.
#include "gateway/config/yaml_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "gateway/config/options.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Layer read(const std::vector<Setting>& table, const std::string& text) { return read_yaml("s.yaml", text, table); }

TEST(YamlFile, ReadsGroupsListsAndValuesWithTheirLines) {
  const std::vector<Setting> table = make_settings();
  const Layer layer = read(table,
                           "listen: [127.0.0.1:80, '[::1]:80']\n"
                           "backend: localhost:9090\n"
                           "schema:\n"
                           "  proto:\n"
                           "    - a.proto\n"
                           "    - b.proto\n"
                           "  proto_path: protos   # a list of one\n"
                           "json: {json_pretty: true}\n");
  EXPECT_THAT(layer.problems, IsEmpty());
  ASSERT_EQ(layer.settings.size(), 5u);
  EXPECT_EQ(layer.settings[0].values[1].text, "[::1]:80");
  EXPECT_EQ(layer.settings[0].source, "s.yaml:1");
  EXPECT_EQ(layer.settings[2].setting->name, "proto");
  EXPECT_EQ(layer.settings[2].values[1].where, "s.yaml:6: proto");
  EXPECT_EQ(layer.settings[3].values[0].text, "protos");
  EXPECT_EQ(layer.settings[4].setting->name, "json-pretty");
  EXPECT_EQ(layer.settings[4].source, "s.yaml:8");
}

TEST(YamlFile, TakesNothingForNothing) {
  const std::vector<Setting> table = make_settings();
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "limits:\n  # max_request_bytes: 1MiB\n"}) {
    const Layer layer = read(table, text);
    EXPECT_THAT(layer.problems, IsEmpty()) << text;
    EXPECT_THAT(layer.settings, IsEmpty()) << text;
  }
}

TEST(YamlFile, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* text;
    const char* problem;
  };
  const std::array cases = {
      Case{"bakend: x", "s.yaml:1: unknown key \"bakend\" at the top; did you mean \"backend\"?"},
      Case{"limit:\n  x: 1", "s.yaml:1: unknown key \"limit\" at the top; did you mean \"limits\"?"},
      Case{"limits:\n  max_request_byts: 1",
           "s.yaml:2: unknown key \"max_request_byts\" below \"limits\"; did you mean \"max_request_bytes\"?"},
      Case{"bakends: {a: b}", "s.yaml:1: unknown key \"bakends\" at the top; did you mean \"backends\"?"},
      Case{"log:\n  http: {}", "s.yaml:2: unknown key \"http\" below \"log\""},
      Case{"qqq: 1", "s.yaml:1: unknown key \"qqq\" at the top"},
      Case{"max_request_bytes: 1", "s.yaml:1: \"max_request_bytes\": expected it below \"limits\", got it at the top"},
      Case{"json:\n  backend: x", "s.yaml:2: \"backend\": expected it at the top, got it below \"json\""},
      Case{"config: other.yaml", "s.yaml:1: unknown key \"config\" at the top"},
      Case{"backend: a:1\nbackend: b:2", "s.yaml:2: expected each key once, got \"backend\" again"},
      Case{"workers: [1, 2]", "s.yaml:1: workers: expected one value, got a list"},
      Case{"workers:\n  n: 1", "s.yaml:2: workers: expected one value, got a map"},
      Case{"\nworkers:", "s.yaml:2: workers: expected one value, got nothing"},
      Case{"listen: {a: b}", "s.yaml:1: listen: expected a list, got a map"},
      Case{"listen:\n  - 127.0.0.1:1\n  - [x]", "s.yaml:3: listen: expected a list, got a list in it"},
      Case{"limits: 7", "s.yaml:1: limits: expected a map of keys, got a value"},
      Case{"- a", "s.yaml:1: settings: expected a map of keys, got a list"},
      Case{"[a]: b", "s.yaml:1: expected a key, got a list"},
      Case{"workers: 1\n---\nworkers: 2", "s.yaml:3: expected one YAML document, got another"},
  };
  const std::vector<Setting> table = make_settings();
  for (const Case& c : cases) EXPECT_THAT(read(table, c.text).problems, ElementsAre(c.problem)) << c.text;
}

TEST(YamlFile, NamesTheLineOfASyntaxError) {
  const std::vector<Setting> table = make_settings();
  const Layer layer = read(table, "backend: a:1\nlisten: [1\nworkers: 2\n");
  ASSERT_EQ(layer.problems.size(), 1u);
  EXPECT_THAT(layer.problems[0], testing::MatchesRegex("s\\.yaml:[0-9]+: expected YAML: .+"));
}

// Every beginning of a good file is read or refused, never more.
TEST(YamlFile, SurvivesEveryTruncation) {
  const std::vector<Setting> table = make_settings();
  const std::string text =
      "listen: [127.0.0.1:80, '[::1]:80']\nbackend: \"a:1\"\nlimits: {max_json_depth: 5}\n"
      "schema:\n  proto:\n    - &x a.proto\n    - *x\n";
  EXPECT_THAT(read(table, text).problems, IsEmpty());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Layer layer = read(table, text.substr(0, size));
    for (const std::string& problem : layer.problems) EXPECT_THAT(problem, testing::StartsWith("s.yaml")) << size;
  }
}

}  // namespace
}  // namespace sluice::gateway
