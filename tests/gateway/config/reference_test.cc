// REFERENCE.md says what the tables say.
#include "gateway/config/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gateway/config/options.h"
#include "gateway/config/sections.h"

namespace sluice::gateway {
namespace {

using testing::HasSubstr;

TEST(Reference, NamesEverySettingAndKey) {
  const std::string text = reference_text();
  for (const Setting& setting : make_settings()) {
    if (setting.role != Setting::Role::Value) continue;
    EXPECT_THAT(text, HasSubstr("| `" + setting.flag() + "` |"));
  }
  for (const auto& key : backend_keys()) EXPECT_THAT(text, HasSubstr("| `" + key.name + "` |"));
  for (const auto& key : route_keys()) EXPECT_THAT(text, HasSubstr("| `" + key.name + "` |"));
}

TEST(Reference, IsTheFileOfTheRepository) {
  const std::string path = SLUICE_SOURCE "/gateway/config/REFERENCE.md";
  if (std::getenv("SLUICE_WRITE_REFERENCE") != nullptr) std::ofstream(path) << reference_text();
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text, reference_text())
      << "SLUICE_WRITE_REFERENCE=1 config_test --gtest_filter='Reference.*' makes it anew";
}

}  // namespace
}  // namespace sluice::gateway
