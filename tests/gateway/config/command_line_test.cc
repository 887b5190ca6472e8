// Flags as a user types them.
#include "gateway/config/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/config/options.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CommandLineTest : public testing::Test {
 protected:
  Layer read(const std::vector<std::string>& arguments) const { return read_command_line(arguments, table_); }

  // "name=value" in the order of first appearance; values of a list with commas between.
  std::vector<std::string> settings(const Layer& layer) const {
    std::vector<std::string> out;
    for (const GivenSetting& given : layer.settings) {
      std::string line = given.setting->name;
      for (const Given& value : given.values) line += (&value == given.values.data() ? "=" : ",") + value.text;
      out.push_back(line);
    }
    return out;
  }

  const std::vector<Setting> table_ = make_settings();
};

TEST_F(CommandLineTest, TakesValuesBehindASpaceOrAnEqualsSign) {
  const Layer layer = read({"--backend", "localhost:9090", "--workers=3", "--timeout", "5s"});
  EXPECT_THAT(layer.problems, IsEmpty());
  EXPECT_THAT(settings(layer), ElementsAre("backend=localhost:9090", "workers=3", "timeout=5s"));
  EXPECT_EQ(layer.settings[0].source, "--backend");
  EXPECT_EQ(layer.settings[0].values[0].where, "--backend");
}

TEST_F(CommandLineTest, CollectsListsInOrder) {
  const Layer layer = read({"--proto", "b.proto", "--listen=[::1]:80", "--proto=a.proto", "--listen", "127.0.0.1:80"});
  EXPECT_THAT(layer.problems, IsEmpty());
  EXPECT_THAT(settings(layer), ElementsAre("proto=b.proto,a.proto", "listen=[::1]:80,127.0.0.1:80"));
}

TEST_F(CommandLineTest, TakesSwitchesWithAndWithoutAValue) {
  const Layer layer = read({"--json-pretty", "--auto-map", "false", "--json-proto-names=false", "--access-log"});
  EXPECT_THAT(layer.problems, IsEmpty());
  EXPECT_THAT(settings(layer),
              ElementsAre("json-pretty=true", "auto-map=false", "json-proto-names=false", "access-log=true"));
}

TEST_F(CommandLineTest, KeepsEqualsSignsAndEmptyValues) {
  const Layer layer = read({"--config=a=b.yaml", "--backend-authority="});
  EXPECT_THAT(layer.problems, IsEmpty());
  EXPECT_THAT(settings(layer), ElementsAre("config=a=b.yaml", "backend-authority="));
}

TEST_F(CommandLineTest, FindsEveryProblem) {
  const Layer layer = read({"--bakend", "localhost:9090", "serve", "--workers", "--timeout", "--zzzzzzzz=1", "-h",
                            "--help=yes", "--json-pretty", "maybe"});
  EXPECT_THAT(layer.problems,
              ElementsAre("command line: unknown flag \"--bakend\"; did you mean \"--backend\"?",
                          "--workers: expected a value (N), got none", "--timeout: expected a value (TIME), got none",
                          "command line: unknown flag \"--zzzzzzzz\"; --help lists all of them",
                          "command line: unknown flag \"-h\"; --help lists all of them",
                          "--help: expected no value, got \"yes\""));
  EXPECT_THAT(layer.operands, ElementsAre("serve", "maybe"));
}

TEST_F(CommandLineTest, RefusesASingleValueGivenTwice) {
  const Layer layer = read({"--workers", "1", "--workers", "2", "--json-pretty", "--json-pretty=false"});
  EXPECT_THAT(layer.problems, ElementsAre("--workers: expected exactly one, got 2: \"1\", \"2\"",
                                          "--json-pretty: expected exactly one, got 2: \"true\", \"false\""));
}

TEST_F(CommandLineTest, TakesActionsAgainAndAgain) {
  const Layer layer = read({"--help", "--help"});
  EXPECT_THAT(layer.problems, IsEmpty());
  EXPECT_EQ(layer.settings[0].setting->role, Setting::Role::Help);
}

}  // namespace
}  // namespace sluice::gateway
