// Tests of the answers to each question of server reflection, and of which files an answer holds.
#include "rpc_core/services/reflection_answers.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "rpc_core/services/file_collector.h"
#include "tests/rpc_core/services/descriptors.h"

namespace sluice::rpc::testing {
namespace {

using google::protobuf::FileDescriptorProto;
using ::testing::ElementsAre;

class Answers : public ::testing::Test {
 protected:
  using Request = ReflectionAnswers::Request;
  using Response = ReflectionAnswers::Response;

  Response ask(const std::string& text) {
    Request request;
    if (!google::protobuf::TextFormat::ParseFromString(text, &request)) ADD_FAILURE() << text;
    return answers.answer(request);
  }
  // The names of the files that answer.
  std::vector<std::string> files(const std::string& text) {
    std::vector<std::string> names;
    const Response response = ask(text);
    for (const std::string& encoded : response.file_descriptor_response().file_descriptor_proto()) {
      FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(encoded));
      names.push_back(file.name());
    }
    return names;
  }

  const std::vector<std::string> services = {"t.Side", "t.Top"};
  const std::unique_ptr<google::protobuf::DescriptorPool> pool = std::move(*build_pool(diamond()));
  ReflectionAnswers answers{services, *pool};
};

TEST_F(Answers, ListServices) {
  const Response response = ask("list_services: '' host: 'h'");
  ASSERT_EQ(response.list_services_response().service_size(), 2);
  EXPECT_EQ(response.list_services_response().service(0).name(), "t.Side");
  EXPECT_EQ(response.list_services_response().service(1).name(), "t.Top");
  EXPECT_EQ(response.valid_host(), "h");
  EXPECT_TRUE(response.original_request().has_list_services());
}

TEST_F(Answers, AFileComesWithAllItsImportsOnce) {
  EXPECT_THAT(files("file_by_filename: 'top.proto'"),
              ElementsAre("top.proto", "left.proto", "right.proto", "base.proto"));
}

TEST_F(Answers, AStreamSendsAnImportOnceAndWhatIsAskedForAlways) {
  EXPECT_THAT(files("file_by_filename: 'left.proto'"), ElementsAre("left.proto", "base.proto"));
  EXPECT_THAT(files("file_by_filename: 'right.proto'"), ElementsAre("right.proto"));
  EXPECT_THAT(files("file_by_filename: 'base.proto'"), ElementsAre("base.proto"));
  EXPECT_THAT(files("file_by_filename: 'top.proto'"), ElementsAre("top.proto"));
}

TEST_F(Answers, ASymbolIsFoundByItsFullName) {
  const struct {
    const char* symbol;
    const char* file;
  } cases[] = {
      {"t.Top", "top.proto"},
      {"t.Top.Get", "top.proto"},
      {"t.Base", "base.proto"},
      {"t.left", "left.proto"},
  };
  for (const auto& c : cases) {
    const std::vector<std::string> found = files("file_containing_symbol: '" + std::string(c.symbol) + "'");
    ASSERT_FALSE(found.empty()) << c.symbol;
    EXPECT_EQ(found.front(), c.file) << c.symbol;
  }
}

TEST_F(Answers, AnExtensionIsFoundByTypeAndNumber) {
  EXPECT_THAT(files("file_containing_extension { containing_type: 't.Base' extension_number: 120 }"),
              ElementsAre("right.proto", "base.proto"));
}

TEST_F(Answers, AllExtensionNumbersAreSorted) {
  const Response response = ask("all_extension_numbers_of_type: 't.Base'");
  EXPECT_EQ(response.all_extension_numbers_response().base_type_name(), "t.Base");
  EXPECT_THAT(response.all_extension_numbers_response().extension_number(), ElementsAre(120, 150));
}

TEST_F(Answers, WhatIsNotThereIsAnErrorInsideTheStream) {
  const struct {
    const char* question;
    StatusCode code;
    const char* message;
  } cases[] = {
      {"file_by_filename: 'x.proto'", StatusCode::NotFound, "this server does not know the file \"x.proto\""},
      {"file_containing_symbol: 't.Topp'", StatusCode::NotFound, "this server does not know the symbol \"t.Topp\""},
      {"file_containing_symbol: ''", StatusCode::NotFound, "this server does not know the symbol \"\""},
      {"file_containing_extension { containing_type: 't.X' extension_number: 1 }", StatusCode::NotFound,
       "this server does not know the message \"t.X\""},
      {"file_containing_extension { containing_type: 't.Base' extension_number: 101 }", StatusCode::NotFound,
       "this server does not know an extension 101 of \"t.Base\""},
      {"all_extension_numbers_of_type: 't.Top'", StatusCode::NotFound,
       "this server does not know the message \"t.Top\""},
      {"", StatusCode::InvalidArgument, "expected one of the questions of message_request, got none"},
  };
  for (const auto& c : cases) {
    const Response response = ask(c.question);
    EXPECT_EQ(response.error_response().error_code(), static_cast<int>(c.code)) << c.question;
    EXPECT_EQ(response.error_response().error_message(), c.message) << c.question;
  }
  EXPECT_THAT(files("file_by_filename: 'base.proto'"), ElementsAre("base.proto")) << "the stream goes on";
}

TEST_F(Answers, FilesAreWhatTheyWereBuiltFrom) {
  const Response response = ask("file_by_filename: 'base.proto'");
  FileDescriptorProto file;
  ASSERT_TRUE(file.ParseFromString(response.file_descriptor_response().file_descriptor_proto(0)));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(file, diamond().file(0))) << file.DebugString();
}

TEST(AnswersOfGeneratedCode, FindItsFiles) {
  const std::vector<std::string> services;
  ReflectionAnswers answers(services, *google::protobuf::DescriptorPool::generated_pool());
  ReflectionAnswers::Request request;
  request.set_file_containing_symbol("google.protobuf.FileDescriptorProto");
  const ReflectionAnswers::Response response = answers.answer(request);
  FileCollector collector;
  for (const std::string& encoded : response.file_descriptor_response().file_descriptor_proto()) {
    EXPECT_EQ(collector.add(encoded), Status());
  }
  EXPECT_TRUE(collector.has_file("google/protobuf/descriptor.proto"));
}

}  // namespace
}  // namespace sluice::rpc::testing
