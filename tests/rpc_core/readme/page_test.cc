// Every block of C++ in rpc_core/README.md stands, line by line, in a file that is compiled and run.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(SLUICE_SOURCE_DIR "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

// Without indentation and empty lines.
std::string flattened(const std::string& text) {
  std::istringstream lines(text);
  std::string flat;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos) flat += line.substr(begin) + "\n";
  }
  return flat;
}

std::vector<std::string> blocks_of(const std::string& page, const std::string& language) {
  const std::string fence = "\n```" + language + "\n";
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    blocks.push_back(flattened(page.substr(begin, page.find("```", begin) - begin)));
  }
  return blocks;
}

TEST(Readme, ShowsOnlyCodeThatIsCompiled) {
  const std::string folder = "tests/rpc_core/readme/";
  std::string compiled;
  for (const char* name : {"server.cc", "client.cc", "features_test.cc", "server_features_test.cc"}) {
    compiled += flattened(text_of(folder + name));
  }
  const std::vector<std::string> blocks = blocks_of(text_of("rpc_core/README.md"), "cpp");
  EXPECT_GE(blocks.size(), 15u);
  for (const std::string& each : blocks) {
    EXPECT_NE(compiled.find("\n" + each), std::string::npos) << "not in " << folder << ":\n" << each;
  }
}

TEST(Readme, ShowsTheProtoOfItsCode) {
  const std::string proto = flattened(text_of("tests/rpc_core/readme/greeter.proto"));
  const std::vector<std::string> blocks = blocks_of(text_of("rpc_core/README.md"), "proto");
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_NE(proto.find(blocks.front()), std::string::npos);
}

}  // namespace
