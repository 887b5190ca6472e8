// SLUICE_ variables, and those that only look like them.
#include "gateway/config/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/config/options.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Environment, NamesVariablesAfterFlags) {
  const std::vector<Setting> table = make_settings();
  const Layer layer = read_environment(
      {{"SLUICE_MAX_REQUEST_BYTES", "64KiB"}, {"SLUICE_CONFIG", "sluice.yaml"}, {"PATH", "/bin"}}, table);
  ASSERT_EQ(layer.settings.size(), 2u);
  EXPECT_EQ(layer.settings[0].setting->name, "config");
  EXPECT_EQ(layer.settings[1].setting->name, "max-request-bytes");
  EXPECT_EQ(layer.settings[1].values[0].text, "64KiB");
  EXPECT_EQ(layer.settings[1].values[0].where, "SLUICE_MAX_REQUEST_BYTES");
  EXPECT_EQ(layer.settings[1].source, "SLUICE_MAX_REQUEST_BYTES");
  EXPECT_THAT(layer.warnings, IsEmpty());
}

TEST(Environment, SplitsListsAtCommasAndNothingElse) {
  const std::vector<Setting> table = make_settings();
  const Layer layer =
      read_environment({{"SLUICE_BACKEND_AUTHORITY", "a,b"}, {"SLUICE_PROTO", "a.proto,b.proto,"}}, table);
  ASSERT_EQ(layer.settings.size(), 2u);
  ASSERT_EQ(layer.settings[0].values.size(), 1u);
  EXPECT_EQ(layer.settings[0].values[0].text, "a,b");
  ASSERT_EQ(layer.settings[1].values.size(), 3u);
  EXPECT_EQ(layer.settings[1].values[0].text, "a.proto");
  EXPECT_EQ(layer.settings[1].values[1].text, "b.proto");
  EXPECT_EQ(layer.settings[1].values[2].text, "");
}

TEST(Environment, WarnsOfUnknownVariables) {
  const std::vector<Setting> table = make_settings();
  const Layer layer = read_environment({{"SLUICE_MAX_REQUEST_BYTE", "1"},
                                        {"SLUICE_PORT", "tcp://10.0.0.1:80"},
                                        {"SLUICE_SERVICE_HOST", "10.0.0.1"},
                                        {"SLUICE_HELP", "1"},
                                        {"sluice_timeout", "1"}},
                                       table);
  EXPECT_THAT(layer.settings, IsEmpty());
  EXPECT_THAT(layer.problems, IsEmpty());
  ASSERT_EQ(layer.warnings.size(), 4u);
  EXPECT_EQ(
      layer.warnings[1],
      "SLUICE_MAX_REQUEST_BYTE: no setting has this variable, ignored; did you mean \"SLUICE_MAX_REQUEST_BYTES\"?");
  EXPECT_THAT(layer.warnings[2], testing::StartsWith("SLUICE_PORT: no setting has this variable, ignored"));
}

TEST(Environment, CountsEmptyVariablesAsAbsent) {
  const std::vector<Setting> table = make_settings();
  const Layer layer = read_environment({{"SLUICE_WORKERS", ""}, {"SLUICE_NONSENSE", ""}}, table);
  EXPECT_THAT(layer.settings, IsEmpty());
  EXPECT_THAT(layer.warnings, IsEmpty());
}

}  // namespace
}  // namespace sluice::gateway
