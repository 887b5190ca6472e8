// Which fields a selection names, and what of a message is printed by it.
#include "gateway/transcode/field_selection.h"

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

test::Book book() {
  test::Book book;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      R"({"id":"b1","title":"Emma","pages":7,"author":{"name":"Jane","born":1775,"mentor":{"name":"M","born":1}},)"
      R"("tags":["a","b"],"labels":{"k":"v"},"genre":"FICTION","published":"2000-01-01T00:00:00Z",)"
      R"("giftOf":{"name":"G","born":2},"stock":"3","extra":{"x":1}})",
      &book);
  EXPECT_TRUE(parsed.ok());
  return book;
}

class FieldSelections : public testing::Test {
 protected:
  const Transcoder& transcoder(const google::protobuf::Descriptor* output, const std::string& response_body = "") {
    RouteSpec spec;
    spec.input = test::Book::descriptor();
    spec.output = output;
    spec.response_body = response_body;
    transcoder_ = std::move(engine_->plan(spec).value());
    return *transcoder_;
  }

  // What is printed of the bytes, or what is wrong with the paths.
  std::string print(const Transcoder& transcoder, std::string_view bytes, std::string_view paths,
                    const google::protobuf::Descriptor* message = test::Book::descriptor()) {
    const auto selection = parse_field_selection(paths, message);
    if (!selection) return "!" + selection.error().message();
    PrintOptions options = print_;
    options.fields = selection->whole() ? nullptr : &*selection;
    rpc::Buffer out;
    const auto good = transcoder.response(bytes, options, out);
    return good ? std::string(out.text()) : "!" + good.error().message();
  }

  PrintOptions print_;
  std::unique_ptr<TranscodeEngine> engine_ = engine_of({"direct", make_direct_engine});
  std::unique_ptr<const Transcoder> transcoder_;
};

TEST_F(FieldSelections, ChooseWhatIsPrinted) {
  struct Case {
    const char* paths;
    const char* json;
  };
  const Case cases[] = {
      {"id", R"({"id":"b1"})"},
      {"title,id", R"({"id":"b1","title":"Emma"})"},
      {"id, pages", R"({"id":"b1","pages":7})"},
      {"author", R"({"author":{"name":"Jane","born":1775,"mentor":{"name":"M","born":1}}})"},
      {"author.name", R"({"author":{"name":"Jane"}})"},
      {"author/name", R"({"author":{"name":"Jane"}})"},
      {"author.name,author.born", R"({"author":{"name":"Jane","born":1775}})"},
      {"author(name,mentor/born)", R"({"author":{"name":"Jane","mentor":{"born":1}}})"},
      {"author/mentor(name,born),id", R"({"id":"b1","author":{"mentor":{"name":"M","born":1}}})"},
      {"author/*", R"({"author":{"name":"Jane","born":1775,"mentor":{"name":"M","born":1}}})"},
      {"author,author.name", R"({"author":{"name":"Jane","born":1775,"mentor":{"name":"M","born":1}}})"},
      {"author.name,author", R"({"author":{"name":"Jane","born":1775,"mentor":{"name":"M","born":1}}})"},
      {"author.mentor.mentor", R"({"author":{"mentor":{}}})"},
      {"tags,labels", R"({"tags":["a","b"],"labels":{"k":"v"}})"},
      {"labels.*", R"({"labels":{"k":"v"}})"},
      {"gift_of.name", R"({"giftOf":{"name":"G"}})"},
      {"giftOf.name", R"({"giftOf":{"name":"G"}})"},
      {"euros", "{}"},
      {"published,extra", R"({"published":"2000-01-01T00:00:00Z","extra":{"x":1}})"},
      {"id,*", nullptr},
  };
  const Transcoder& all = transcoder(test::Book::descriptor());
  const std::string bytes = book().SerializeAsString();
  for (const Case& one : cases) {
    const std::string expected = one.json != nullptr ? one.json : print(all, bytes, "*");
    EXPECT_EQ(print(all, bytes, one.paths), expected) << one.paths;
  }
}

TEST_F(FieldSelections, SayWhatWasExpectedWhere) {
  struct Case {
    const char* paths;
    const char* problem;
  };
  const Case cases[] = {
      {"", "column 1: expected the name of a field, or \"*\", got the end"},
      {"id,", "column 4: expected the name of a field, or \"*\", got the end"},
      {"id,,title", "column 4: expected the name of a field, or \"*\", got \",title\""},
      {"nme", "column 1: expected a field of sluice.test.Book, got \"nme\""},
      {"id,author.nme", "column 11: expected a field of sluice.test.Author, got \"nme\""},
      {"author(name", "column 12: expected \")\", got the end"},
      {"author(name))", "column 13: expected \",\", got \")\""},
      {"author()", "column 8: expected the name of a field, or \"*\", got \")\""},
      {"author.", "column 8: expected the name of a field, or \"*\", got the end"},
      {"*.id", "column 2: expected \",\", got \".id\""},
      {"id.x", "column 4: expected \"*\" where there are no fields to choose from, got \"x\""},
      {"labels.k", "column 8: expected \"*\" where there are no fields to choose from, got \"k\""},
      {"published.seconds", "column 11: expected \"*\" where there are no fields to choose from, got \"seconds\""},
      {"id;title", "column 3: expected \",\", got \";title\""},
  };
  for (const Case& one : cases) {
    const auto selection = parse_field_selection(one.paths, test::Book::descriptor());
    ASSERT_FALSE(selection) << one.paths;
    EXPECT_EQ(selection.error().message(), one.problem) << one.paths;
  }
  EXPECT_TRUE(parse_field_selection("*", nullptr));
  EXPECT_FALSE(parse_field_selection("id", nullptr));
}

TEST_F(FieldSelections, AreBoundedInDepth) {
  std::string slashes = "author";
  for (int i = 0; i < 98; ++i) slashes += "/mentor";
  EXPECT_TRUE(parse_field_selection(slashes + "/name", test::Book::descriptor()));
  EXPECT_FALSE(parse_field_selection(slashes + "/mentor/mentor/name", test::Book::descriptor()));
  std::string parentheses = "author";
  for (int i = 0; i < 30000; ++i) parentheses += "(mentor";
  EXPECT_FALSE(parse_field_selection(parentheses, test::Book::descriptor()));
}

TEST_F(FieldSelections, PrintDefaultsOfWhatTheyChoose) {
  print_.always_print_fields_with_no_presence = true;
  const Transcoder& all = transcoder(test::Book::descriptor());
  test::Book sparse;
  sparse.mutable_author()->set_born(5);
  EXPECT_EQ(print(all, sparse.SerializeAsString(), "id,pages,author(name,born),tags,euros"),
            R"({"id":"","pages":0,"author":{"name":"","born":5},"tags":[]})");
}

TEST_F(FieldSelections, HoldForEachElementOfAnAnswer) {
  test::All message;
  message.add_r_message()->set_name("a");
  message.mutable_r_message(0)->set_born(1);
  message.add_r_message()->set_name("b");
  message.add_r_int32(7);
  const std::string bytes = message.SerializeAsString();
  EXPECT_EQ(print(transcoder(test::All::descriptor()), bytes, "r_message.name", test::All::descriptor()),
            R"({"rMessage":[{"name":"a"},{"name":"b"}]})");
  EXPECT_EQ(print(transcoder(test::All::descriptor(), "r_message"), bytes, "name", test::Author::descriptor()),
            R"([{"name":"a"},{"name":"b"}])");
}

// The bytes that make the writer begin anew: members of a oneof twice, lists in pieces, merged messages.
TEST_F(FieldSelections, HoldForBytesInAnyOrder) {
  test::Book first;
  first.set_euros(1.5);
  first.add_tags("a");
  first.mutable_author()->set_name("Jane");
  test::Book second;
  second.set_barter("hen");
  second.add_tags("b");
  second.mutable_author()->set_born(1);
  const std::string bytes = first.SerializeAsString() + second.SerializeAsString();
  const Transcoder& all = transcoder(test::Book::descriptor());
  EXPECT_EQ(print(all, bytes, "tags"), R"({"tags":["a","b"]})");
  EXPECT_EQ(print(all, bytes, "euros"), "{}");
  EXPECT_EQ(print(all, bytes, "barter,author.name"), R"({"author":{"name":"Jane"},"barter":"hen"})");
  EXPECT_EQ(print(all, bytes, "id"), "{}");
}

TEST_F(FieldSelections, FindFaultsInWhatTheyPassOver) {
  const Transcoder& all = transcoder(test::Book::descriptor());
  const std::string bytes = book().SerializeAsString();
  EXPECT_TRUE(print(all, bytes.substr(0, bytes.size() - 1), "id").starts_with("!"));
}

}  // namespace
}  // namespace sluice::gateway
