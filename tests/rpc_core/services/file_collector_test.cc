// Tests of how a client puts the files of a server together: order, duplicates, circles, gaps, and bad bytes.
#include "rpc_core/services/file_collector.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/rpc_core/services/descriptors.h"
#include "tests/support/print_status.h"

namespace sluice::rpc::testing {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const FileDescriptorSet& files) {
  std::vector<std::string> names;
  for (const auto& file : files.file()) names.push_back(file.name());
  return names;
}

TEST(FileCollector, OrdersFilesHoweverTheyCome) {
  const FileDescriptorSet files = diamond();
  std::vector<int> order = {0, 1, 2, 3};
  do {
    FileCollector collector;
    for (const int i : order) EXPECT_EQ(collector.add(files.file(i).SerializeAsString()), Status());
    EXPECT_THAT(collector.missing(), IsEmpty());
    const Result<FileDescriptorSet> ordered = collector.ordered();
    ASSERT_TRUE(ordered) << ordered.error().to_string();
    EXPECT_THAT(names(*ordered), ElementsAre("base.proto", "left.proto", "right.proto", "top.proto"));
    EXPECT_TRUE(build_pool(*ordered));
  } while (std::ranges::next_permutation(order).found);
}

TEST(FileCollector, TellsWhatIsMissing) {
  const FileDescriptorSet files = diamond();
  FileCollector collector;
  EXPECT_EQ(collector.add(files.file(3).SerializeAsString()), Status());
  EXPECT_THAT(collector.missing(), ElementsAre("base.proto", "left.proto", "right.proto"));
  EXPECT_EQ(collector.add(files.file(1).SerializeAsString()), Status());
  EXPECT_THAT(collector.missing(), ElementsAre("base.proto", "right.proto"));
  EXPECT_TRUE(collector.has_file("left.proto"));
  EXPECT_FALSE(collector.has_file("base.proto"));
  EXPECT_EQ(
      collector.ordered().error(),
      Status(StatusCode::Internal, "expected imports that lead to an end, got a circle or a gap at \"left.proto\""));
}

TEST(FileCollector, KnowsItsServices) {
  FileCollector collector;
  EXPECT_EQ(collector.add(diamond().file(3).SerializeAsString()), Status());
  EXPECT_EQ(collector.add(file_of("name: 'bare.proto' service { name: 'Bare' }").SerializeAsString()), Status());
  for (const char* service : {"t.Top", "t.Side", "Bare"}) EXPECT_TRUE(collector.has_service(service)) << service;
  for (const char* service : {"Top", "t.Base", "t.Top.Get", ""})
    EXPECT_FALSE(collector.has_service(service)) << service;
}

TEST(FileCollector, TakesTheSameFileAgain) {
  FileDescriptorProto file = diamond().file(0);
  FileCollector collector;
  EXPECT_EQ(collector.add(file.SerializeAsString()), Status());
  EXPECT_EQ(collector.add(file.SerializeAsString()), Status());
  file.mutable_source_code_info()->add_location()->set_leading_comments("a comment");
  EXPECT_EQ(collector.add(file.SerializeAsString()), Status());
  EXPECT_EQ(collector.ordered()->file_size(), 1);
  file.set_package("other");
  EXPECT_EQ(collector.add(file.SerializeAsString()),
            Status(StatusCode::Internal, "expected one file \"base.proto\", got two that differ"));
}

TEST(FileCollector, RefusesWhatIsNoFile) {
  FileCollector collector;
  EXPECT_EQ(collector.add("\xff"),
            Status(StatusCode::Internal, "expected an encoded FileDescriptorProto, got 1 bytes that are none"));
  EXPECT_EQ(collector.add(""), Status(StatusCode::Internal, "expected a FileDescriptorProto with a name, got none"));
}

TEST(FileCollector, RefusesEveryTruncation) {
  const std::string whole = diamond().file(1).SerializeAsString();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    FileCollector collector;
    const Status status = collector.add(std::string_view(whole).substr(0, size));
    if (status.ok()) continue;  // it ended between two fields
    EXPECT_EQ(status.code(), StatusCode::Internal) << size;
    EXPECT_FALSE(collector.has_file("left.proto")) << size;
  }
}

TEST(FileCollector, RefusesACircle) {
  FileCollector collector;
  EXPECT_EQ(collector.add(file_of("name: 'a' dependency: 'b'").SerializeAsString()), Status());
  EXPECT_EQ(collector.add(file_of("name: 'b' dependency: 'a'").SerializeAsString()), Status());
  EXPECT_EQ(collector.add(file_of("name: 'c'").SerializeAsString()), Status());
  EXPECT_THAT(collector.missing(), IsEmpty());
  EXPECT_THAT(collector.ordered().error().message(), HasSubstr("got a circle or a gap at \"a\""));
}

TEST(FileCollector, TakesALongChainOfImports) {
  constexpr int kLength = 20000;
  FileCollector collector;
  for (int i = 0; i < kLength; ++i) {
    FileDescriptorProto file;
    file.set_name(std::to_string(i));
    if (i + 1 < kLength) file.add_dependency(std::to_string(i + 1));
    EXPECT_EQ(collector.add(file.SerializeAsString()), Status());
  }
  EXPECT_EQ(collector.ordered()->file(0).name(), std::to_string(kLength - 1));
}

TEST(BuildPool, ReportsAllThatIsWrong) {
  FileDescriptorSet files;
  *files.add_file() = file_of("name: 'a' message_type { name: 'M' field { name: 'f' number: 0 type: TYPE_BOOL } }");
  *files.add_file() = file_of("name: 'b' dependency: 'gone'");
  const auto pool = build_pool(files);
  ASSERT_FALSE(pool);
  EXPECT_EQ(pool.error().code(), StatusCode::Internal);
  EXPECT_THAT(pool.error().message(), HasSubstr("a: M.f: "));
  EXPECT_THAT(pool.error().message(), HasSubstr("\nb: gone: "));
}

}  // namespace
}  // namespace sluice::rpc::testing
