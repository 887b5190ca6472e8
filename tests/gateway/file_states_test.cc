// Files that change, come, go, and are replaced behind a link.
#include "gateway/file_states.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/gateway/schema/temporary_folder.h"

namespace sluice::gateway {
namespace {

TEST(FileStates, TellWhichFilesHaveChanged) {
  const TemporaryFolder folder;
  const std::string kept = folder.write("kept", "a"), grown = folder.write("grown", "a");
  const std::string gone = folder.write("gone", "a"), come = folder.at("come");
  const std::vector<std::string> paths = {kept, grown, gone, come};
  const FileStates before = file_states(paths);
  EXPECT_TRUE(changed_files(before, file_states(paths)).empty());
  folder.write("grown", "aa");
  std::filesystem::remove(gone);
  folder.write("come", "a");
  EXPECT_EQ(changed_files(before, file_states(paths)), (std::vector<std::string>{come, gone, grown}));
}

TEST(FileStates, SeeALinkThatIsMoved) {
  const TemporaryFolder folder;
  folder.write("1/file", "a");
  folder.write("2/file", "a");
  std::filesystem::create_directory_symlink("1", folder.at("data"));
  const std::vector<std::string> paths = {folder.at("data/file")};
  const FileStates before = file_states(paths);
  std::filesystem::create_directory_symlink("2", folder.at("next"));
  std::filesystem::rename(folder.at("next"), folder.at("data"));
  EXPECT_EQ(changed_files(before, file_states(paths)), paths);
}

TEST(FileStates, KnowNothingOfFilesThatWereNotLookedAt) {
  const TemporaryFolder folder;
  EXPECT_TRUE(changed_files({}, file_states({folder.write("new", "a")})).empty());
}

}  // namespace
}  // namespace sluice::gateway
