// The help as a user sees it, and settings that can be read back.
#include "gateway/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "gateway/config/options.h"
#include "gateway/config/yaml_file.h"

namespace sluice::gateway {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Print, HelpNamesEverySettingWithItsDefault) {
  const std::vector<Setting> table = make_settings();
  const std::string text = help_text(table, Config());
  for (const Setting& setting : table) EXPECT_THAT(text, HasSubstr("\n  " + setting.flag())) << setting.name;
  EXPECT_THAT(text, HasSubstr("[127.0.0.1:8080]"));
  EXPECT_THAT(text, HasSubstr("one request message [4MiB]"));
  EXPECT_THAT(text, HasSubstr(": ignore|strict|redirect [ignore]"));
  EXPECT_THAT(text, HasSubstr("--proto FILE ..."));
}

TEST(Print, HelpIsAlignedAndNarrow) {
  std::istringstream lines(help_text(make_settings(), Config()));
  std::size_t column = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 120u) << line;
    if (!line.starts_with("  --")) continue;
    const std::size_t gap = line.find("  ", 2);
    ASSERT_NE(gap, std::string::npos) << line;
    const std::size_t begin = line.find_first_not_of(' ', gap);
    if (column == 0) column = begin;
    EXPECT_EQ(begin, column) << line;
  }
}

TEST(Print, ConfigSaysWhereEachValueComesFrom) {
  const std::vector<Setting> table = make_settings();
  Config config;
  config.backends.resize(1);
  config.backends[0].name = "users";
  config.backends[0].target = "localhost:9090";
  config.calls.timeout.reset();
  const std::string text = config_text(
      table, config, {{find_setting(table, "backend"), "--backend"}, {find_setting(table, "timeout"), "s.yaml:7"}});
  EXPECT_THAT(text, HasSubstr("backend: [users=localhost:9090]  # --backend\n"));
  EXPECT_THAT(text, HasSubstr("timeouts:\n  timeout: none  # s.yaml:7\n"));
  EXPECT_THAT(text, HasSubstr("  max_request_bytes: 4MiB  # default\n"));
  EXPECT_THAT(text, HasSubstr("  proto: []  # default\n"));
}

TEST(Print, ConfigCanBeReadBack) {
  const std::vector<Setting> table = make_settings();
  Config config;
  config.listen = {*rpc::parse_endpoint("[::1]:80"), *rpc::parse_endpoint("unix:/tmp/a b, c.sock")};
  config.backends.resize(1);
  config.backends[0].target = "unix:/tmp/# no comment";
  config.routing.services = {"*", "a.?", "- x: y"};
  config.schema.proto_files = {"it's \"quoted\".proto", "\ttab.proto"};
  config.upstream.authority = "true";
  const std::string text = config_text(table, config, {});
  const Layer layer = read_yaml("printed.yaml", text, table);
  EXPECT_THAT(layer.problems, IsEmpty()) << text;
  Config again;
  for (const GivenSetting& given : layer.settings) {
    EXPECT_THAT(given.setting->member.set(again, given.values), IsEmpty()) << given.setting->name;
  }
  EXPECT_EQ(config_text(table, again, {}), text);
  EXPECT_EQ(again.listen, config.listen);
  EXPECT_EQ(again.routing.services, config.routing.services);
  EXPECT_EQ(again.schema.proto_files, config.schema.proto_files);
}

}  // namespace
}  // namespace sluice::gateway
