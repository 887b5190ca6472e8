// Words of a command line, and what a command says of itself.
#include "gateway/config/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Commands, AreReadFromTheFirstWord) {
  CommandConfig command;
  EXPECT_THAT(read_operands({}, command), IsEmpty());
  EXPECT_EQ(command.command, Command::Serve);
  EXPECT_THAT(read_operands({"check"}, command), IsEmpty());
  EXPECT_EQ(command.command, Command::Check);
  EXPECT_THAT(read_operands({"routes"}, command), IsEmpty());
  EXPECT_EQ(command.command, Command::Routes);
  EXPECT_THAT(read_operands({"explain", "GET", "/v1/x"}, command), IsEmpty());
  EXPECT_EQ(command.command, Command::Explain);
  EXPECT_THAT(command.operands, ElementsAre("GET", "/v1/x"));
}

TEST(Commands, SayWhatTheyExpect) {
  CommandConfig command;
  EXPECT_THAT(read_operands({"explian", "GET"}, command),
              ElementsAre("command line: expected a flag or one of check, routes, explain, health, got \"explian\"; "
                          "did you mean \"explain\"?"));
  EXPECT_THAT(read_operands({"serve!"}, command),
              ElementsAre("command line: expected a flag or one of check, routes, explain, health, got \"serve!\""));
  EXPECT_THAT(read_operands({"check", "it"}, command),
              ElementsAre("sluice check: expected settings alone, got \"it\""));
  EXPECT_THAT(read_operands({"explain"}, command),
              ElementsAre("sluice explain: expected METHOD and TARGET, got neither"));
  EXPECT_THAT(read_operands({"explain", "GET"}, command),
              ElementsAre("sluice explain: expected METHOD and TARGET, got \"GET\""));
}

TEST(Commands, HelpBeginsWithTheirUsage) {
  EXPECT_THAT(command_help(Command::Check), testing::StartsWith("sluice check [settings]"));
  EXPECT_THAT(command_help(Command::Health), testing::StartsWith("sluice health [--admin ADDR]"));
  EXPECT_THAT(command_help(Command::Routes), testing::StartsWith("sluice routes [settings]"));
  EXPECT_THAT(command_help(Command::Explain), testing::StartsWith("sluice explain [settings]"));
}

}  // namespace
}  // namespace sluice::gateway
