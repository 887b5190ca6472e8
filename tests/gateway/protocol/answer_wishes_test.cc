// System parameters and selections of fields, from a query to an answer.
#include "gateway/protocol/answer_wishes.h"

#include <gtest/gtest.h>

#include "tests/gateway/protocol/rest_fixture.h"

namespace sluice::gateway {
namespace {

class AnswerWishesTest : public RestFixture {
 protected:
  AnswerWishesTest() {
    answers.system_parameters = true;
    answers.partial_responses = true;
    route.answer = test::Book::descriptor();
  }

  // What is left of a query and what was understood, or the error.
  std::string take(std::string_view text, const Headers& headers = {}) {
    AnswerWishes wishes(route, {errors, print, streams, answers});
    const auto rest = wishes.take(text, headers);
    if (!rest) return "!" + rest.error().message();
    std::string all(*rest);
    if (wishes.print().pretty) all += " pretty";
    if (wishes.print().enums_as_integers) all += " integers";
    if (wishes.print().fields != nullptr) all += " fields";
    if (wishes.format()) all += " " + std::string(stream_media(*wishes.format()).content_type);
    return all;
  }
};

TEST_F(AnswerWishesTest, TakesItsParametersOutOfTheQuery) {
  struct Case {
    const char* query;
    const char* taken;
  };
  const Case cases[] = {
      {"", ""},
      {"a=1&b=%26", "a=1&b=%26"},
      {"&&", "&&"},
      {"$prettyPrint=true", " pretty"},
      {"%24prettyPrint=%74rue&a=1", "a=1 pretty"},
      {"a=1&$prettyPrint=false&b=2", "a=1&b=2"},
      {"$alt=json", " application/json"},
      {"$alt=json;enum-encoding=int", " integers application/json"},
      {"$alt=json%3Benum-encoding%3Dint", " integers application/json"},
      {"$alt=json;enum-encoding=name", " application/json"},
      {"fields=id", " fields"},
      {"$fields=id&x=y", "x=y fields"},
      {"fields=*", ""},
      {"prettyPrint=true&alt=sse", "prettyPrint=true&alt=sse"},
      {"a=%zz&$prettyPrint=true", "a=%zz pretty"},
  };
  for (const Case& one : cases) EXPECT_EQ(take(one.query), one.taken) << one.query;
}

TEST_F(AnswerWishesTest, RefusesWhatItDoesNotKnow) {
  struct Case {
    const char* query;
    const char* problem;
  };
  const Case cases[] = {
      {"$prettyPrint=yes", "!$prettyPrint: expected true or false, got \"yes\""},
      {"$prettyPrint=true&$prettyPrint=true", "!$prettyPrint: expected it once, got it again"},
      {"$alt=xml", "!$alt: expected json, got \"xml\""},
      {"$alt=sse", "!$alt: expected json, got \"sse\""},
      {"$alt=json&$alt=json", "!$alt: expected it once, got it again"},
      {"$alt=json;", "!$alt: expected enum-encoding=int or enum-encoding=name behind \";\", got \"json;\""},
      {"fields=nme", "!fields: column 1: expected a field of sluice.test.Book, got \"nme\""},
      {"fields=id&$fields=id", "!$fields: expected it once, got it again"},
      {"fields=", "!fields: column 1: expected the name of a field, or \"*\", got the end"},
  };
  for (const Case& one : cases) EXPECT_EQ(take(one.query), one.problem) << one.query;
  EXPECT_EQ(take("", {{"X-Goog-FieldMask", "nme"}}),
            "!X-Goog-FieldMask: column 1: expected a field of sluice.test.Book, got \"nme\"");
}

TEST_F(AnswerWishesTest, LeavesAllToTheRequestWhereTheyAreOff) {
  answers = AnswerOptions();
  EXPECT_EQ(take("$prettyPrint=yes&fields=x&$alt=1", {{"X-Goog-FieldMask", "nme"}}),
            "$prettyPrint=yes&fields=x&$alt=1");
  answers.system_parameters = true;
  EXPECT_EQ(take("$prettyPrint=true&fields=x"), "fields=x pretty");
  answers.system_parameters = false;
  answers.partial_responses = true;
  EXPECT_EQ(take("$prettyPrint=true&fields=id"), "$prettyPrint=true fields");
}

TEST_F(AnswerWishesTest, LeavesAFieldOfTheRequestToIt) {
  route.binds_fields = true;
  EXPECT_EQ(take("fields=x&$fields=id"), "fields=x fields");
}

TEST_F(AnswerWishesTest, PrefersTheParameterToTheHeader) {
  EXPECT_EQ(take("fields=id", {{"X-Goog-FieldMask", "nme"}}), " fields");
  EXPECT_EQ(take("", {{"x-goog-fieldmask", "id"}}), " fields");
}

TEST_F(AnswerWishesTest, TellsStreamsByFormat) {
  route.server_streams = true;
  EXPECT_EQ(take("$alt=sse"), " text/event-stream");
  EXPECT_EQ(take("$alt=ndjson"), " application/x-ndjson");
  EXPECT_EQ(take("$alt=media"), "!$alt: expected json, sse or ndjson, got \"media\"");
  plan_raw();
  route.answer = nullptr;
  EXPECT_EQ(take("$alt=media"), "");
  EXPECT_EQ(take("$alt=sse"), "!$alt: expected media, got \"sse\"");
  EXPECT_TRUE(take("fields=data").starts_with("!fields: column 1: expected \"*\" where there are no fields"));
}

TEST_F(AnswerWishesTest, ShowsInTheAnswer) {
  Answer answer;
  test::Book message;
  message.set_id("b1");
  message.set_title("Emma");
  message.set_genre(test::FICTION);
  answer.messages = {message.SerializeAsString()};
  query = "fields=id,genre&$prettyPrint=true&$alt=json;enum-encoding=int";
  FakeRequest request(loop, "PUT", "/v1/b1");
  request.pieces = {"{}"};
  serve(request, answer);
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.body, "{\n \"id\": \"b1\",\n \"genre\": 1\n}");
}

TEST_F(AnswerWishesTest, ShowsInEachMessageOfAStream) {
  route.server_streams = true;
  Answer answer;
  test::Book message;
  message.set_id("b1");
  message.set_title("Emma");
  answer.messages.assign(2, message.SerializeAsString());
  query = "$fields=title&$alt=sse";
  FakeRequest request(loop, "PUT", "/v1/b1");
  request.pieces = {"{}"};
  serve(request, answer);
  EXPECT_EQ(responder.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(responder.body,
            "id: 1\ndata: {\"title\":\"Emma\"}\n\nid: 2\ndata: {\"title\":\"Emma\"}\n\n"
            "event: end\nid: end\ndata: {}\n\n");
}

TEST_F(AnswerWishesTest, AnswersTheFaultsOfARequest) {
  query = "fields=nme";
  FakeRequest request(loop, "PUT", "/v1/b1");
  serve(request, Answer());
  EXPECT_EQ(responder.status, 400);
  EXPECT_NE(responder.body.find(R"("fieldViolations":[{"field":"fields")"), std::string::npos) << responder.body;
}

}  // namespace
}  // namespace sluice::gateway
