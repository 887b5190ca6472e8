// Tests of the plugin as protoc runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

using ::testing::HasSubstr;

struct Outcome {
  int exit_status;
  std::string output;
};

Outcome run_protoc(const std::string& arguments) {
  const std::string command = std::string(PROTOC) +
                              " -I " CODEGEN_TEST_FOLDER " --plugin=protoc-gen-sluice=" + PROTOC_GEN_SLUICE + " " +
                              arguments + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 256> part;
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) output += part.data();
  return {pclose(pipe), output};
}

TEST(Plugin, RefusesAParameter) {
  const Outcome outcome = run_protoc("--sluice_out=lite:" + ::testing::TempDir() + " greeter.proto");
  EXPECT_NE(outcome.exit_status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("expected no parameter, got \"lite\""));
}

TEST(Plugin, WritesBothFiles) {
  const Outcome outcome = run_protoc("--sluice_out=" + ::testing::TempDir() + " greeter.proto");
  EXPECT_EQ(outcome.exit_status, 0) << outcome.output;
  for (const char* name : {"greeter.sluice.h", "greeter.sluice.cc"}) {
    const std::string path = ::testing::TempDir() + name;
    EXPECT_EQ(std::remove(path.c_str()), 0) << path;
  }
}

}  // namespace
