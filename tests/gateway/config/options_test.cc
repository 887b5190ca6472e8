// The table: its names, and that every row reads into its own member of Config and back.
#include "gateway/config/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Problems set(Config& config, const std::vector<Setting>& table, const std::string& name, const std::string& text) {
  const std::array given = {Given{.text = text, .where = "here"}};
  return find_setting(table, name)->member.set(config, given);
}

// A text that is not the default.
std::string other_text(const Setting& setting) {
  const std::string& kind = setting.member.value_name;
  if (!setting.member.choices.empty()) return setting.member.choices.back();
  if (kind == "ADDR") return "127.0.0.2:81";
  if (kind == "TARGET") return "example.com:90";
  if (kind == "SIZE") return "7KiB";
  if (kind == "TIME") return "7s";
  if (kind == "N") return "7";
  if (kind == "CODE=STATUS") return "NOT_FOUND=410";
  if (kind == "CIDR") return "10.0.0.0/8";
  if (kind == "URL") return "http://localhost:4318/v1/traces";
  if (kind == "RATIO") return "0.5";
  if (kind == "BOOL") return setting.member.get(Config()).front() == "true" ? "false" : "true";
  return "text";
}

TEST(Options, HaveDistinctNamesAndStandTogetherByGroup) {
  std::set<std::string> names, groups;
  std::string group;
  for (const Setting& setting : make_settings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(setting.group == group || groups.insert(setting.group).second) << setting.name;
    group = setting.group;
    EXPECT_EQ(groups.count(setting.key()), 0u) << "a key that is also a group: " << setting.name;
    EXPECT_FALSE(setting.help.empty()) << setting.name;
  }
}

TEST(Options, StoreEachSettingInAMemberOfItsOwn) {
  const std::vector<Setting> table = make_settings();
  for (const Setting& setting : table) {
    if (setting.role != Setting::Role::Value) continue;
    Config config;
    const std::string text = other_text(setting);
    EXPECT_THAT(set(config, table, setting.name, text), IsEmpty()) << setting.name;
    for (const Setting& shown : table) {
      if (shown.role != Setting::Role::Value) continue;
      const auto expected = &shown == &setting ? std::vector<std::string>(1, text) : shown.member.get(Config());
      EXPECT_EQ(shown.member.get(config), expected) << setting.name << " shown by " << shown.name;
    }
  }
}

TEST(Options, ReachTheMembersThatTheyAreNamedAfter) {
  const std::vector<Setting> table = make_settings();
  Config config;
  const std::array<std::array<std::string, 2>, 12> given = {{{"unknown-query", "reject"},
                                                             {"unknown-fields", "reject"},
                                                             {"conflict", "path_wins"},
                                                             {"on-duplicate", "last"},
                                                             {"trailing-slash", "redirect"},
                                                             {"path-unescape", "all"},
                                                             {"error-format", "problem"},
                                                             {"json-enums-as-ints", "true"},
                                                             {"max-header-bytes", "1KiB"},
                                                             {"timeout", "none"},
                                                             {"drain-delay", "0s"},
                                                             {"log-level", "warn"}}};
  for (const auto& [name, text] : given) EXPECT_THAT(set(config, table, name, text), IsEmpty()) << name;
  EXPECT_TRUE(config.parse.reject_unknown_query);
  EXPECT_TRUE(config.parse.reject_unknown_fields);
  EXPECT_TRUE(config.parse.path_wins);
  EXPECT_EQ(config.routing.on_duplicate, http_rule::OnDuplicate::Last);
  EXPECT_EQ(config.routing.trailing_slash, http_rule::TrailingSlash::Redirect);
  EXPECT_EQ(config.routing.unescape, http_rule::Unescape::All);
  EXPECT_EQ(config.errors.format, ErrorFormat::Problem);
  EXPECT_TRUE(config.print.enums_as_integers);
  EXPECT_EQ(config.http.max_header_bytes, 1024u);
  EXPECT_EQ(config.calls.timeout, std::nullopt);
  EXPECT_EQ(config.drain.delay, rpc::Duration(0));
  EXPECT_EQ(config.log.level, LogLevel::Warn);
}

TEST(Options, SayWhatTheyExpect) {
  struct Case {
    const char* name;
    const char* text;
    const char* problem;
  };
  const std::array cases = {
      Case{"conflict", "rejct", "here: expected one of reject, path_wins, got \"rejct\"; did you mean \"reject\"?"},
      Case{"error-format", "xml", "here: expected one of status, google, problem, got \"xml\""},
      Case{"timeout", "soon", "here: expected a duration such as 250ms, 3s or 5m, or none, got \"soon\""},
      Case{"timeout", "0s", "here: expected a value from 1ms to 8760h, or none, got \"0s\""},
      Case{"idle-timeout", "none", "here: expected a duration such as 250ms, 3s or 5m, got \"none\""},
      Case{"idle-timeout", "9000h", "here: expected a value from 1ms to 8760h, got \"9000h\""},
      Case{"max-request-bytes", "0", "here: expected a value from 1 to 2047MiB, got \"0\""},
      Case{"max-request-bytes", "2GiB", "here: expected a value from 1 to 2047MiB, got \"2GiB\""},
      Case{"max-json-depth", "1001", "here: expected a value from 1 to 1000, got \"1001\""},
      Case{"workers", "many", "here: expected a whole number, got \"many\""},
      Case{"auto-map", "yes", "here: expected true or false, got \"yes\""},
      Case{"trusted-proxy", "10.0.0.1/8",
           "here: expected an IP address, a range such as 10.0.0.0/8, or unix, got \"10.0.0.1/8\""},
      Case{"http-status", "NOT_FOUND=200",
           "here: expected the name of a gRPC code and an HTTP status from 400 to 599, such as NOT_FOUND=410, got "
           "\"NOT_FOUND=200\""},
      Case{"http-status", "OK=404",
           "here: expected the name of a gRPC code and an HTTP status from 400 to 599, such as NOT_FOUND=410, got "
           "\"OK=404\""},
      Case{"otlp-endpoint", "https://collector", "here: expected http://host[:port][/path], got \"https://collector\""},
      Case{"otlp-endpoint", "http://user:word@collector:4318",
           "here: expected http://host[:port][/path], got \"http://user:word@collector:4318\""},
      Case{"proto", "", "here: expected a name, got \"\""},
  };
  const std::vector<Setting> table = make_settings();
  for (const Case& c : cases) {
    Config config;
    EXPECT_THAT(set(config, table, c.name, c.text), ElementsAre(c.problem));
  }
}

TEST(Options, RefuseAListWholeAndNameEachBadItem) {
  const std::vector<Setting> table = make_settings();
  Config config;
  const std::array given = {Given{"bad", "s.yaml:2: listen"}, Given{"127.0.0.1:1", "s.yaml:3: listen"},
                            Given{"worse", "s.yaml:4: listen"}};
  const Problems problems = find_setting(table, "listen")->member.set(config, given);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0], testing::StartsWith("s.yaml:2: listen: expected an IP address with a port"));
  EXPECT_THAT(problems[1], testing::EndsWith("got \"worse\""));
  EXPECT_EQ(config.listen, Config().listen);
}

TEST(Options, NameVariablesAndKeys) {
  const std::vector<Setting> table = make_settings();
  const Setting* setting = find_setting(table, "max-request-bytes");
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(setting->flag(), "--max-request-bytes");
  EXPECT_EQ(setting->variable(), "SLUICE_MAX_REQUEST_BYTES");
  EXPECT_EQ(setting->key(), "max_request_bytes");
  EXPECT_EQ(find_setting(table, "max_request_bytes"), nullptr);
}

}  // namespace
}  // namespace sluice::gateway
