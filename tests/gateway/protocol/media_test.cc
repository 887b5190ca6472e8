// Content types that are JSON, and which stream a client prefers.
#include "gateway/protocol/media.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

TEST(Media, KnowsJson) {
  for (const char* type : {"application/json", "Application/JSON", "application/problem+json", "application/json;",
                           "application/json; charset=utf-8", "application/json ;\tCharset=\"UTF-8\"",
                           "application/json; version=1; charset=utf-8", "application/json; version=1"}) {
    EXPECT_TRUE(is_json(type)) << type;
  }
  for (const char* type :
       {"", "text/json", "application/jsonl", "application/xml", "+json", "json", "application/json; charset=latin1",
        "application/json; version=1; charset=utf-16", "application/json, text/plain"}) {
    EXPECT_FALSE(is_json(type)) << type;
  }
}

TEST(Media, KnowsJsonLines) {
  for (const char* type : {"application/x-ndjson", "application/JSONL", "application/x-ndjson; charset=UTF-8"}) {
    EXPECT_TRUE(is_json_lines(type)) << type;
  }
  for (const char* type : {"", "application/json", "application/ndjson", "application/x-ndjson; charset=latin1"}) {
    EXPECT_FALSE(is_json_lines(type)) << type;
  }
}

TEST(Media, ChoosesTheHeaviestStreamFormat) {
  constexpr const char* kArray = "application/json";
  constexpr const char* kLines = "application/x-ndjson";
  constexpr const char* kEvents = "text/event-stream";
  struct Case {
    const char* accept;
    const char* chosen;
  };
  const Case cases[] = {
      {"", kArray},
      {"*/*", kArray},
      {"application/*", kArray},
      {"text/*", kEvents},
      {"image/png", kArray},
      {kArray, kArray},
      {kLines, kLines},
      {"Application/X-NDJSON", kLines},
      {"application/jsonl", "application/jsonl"},
      {kEvents, kEvents},
      {"text/html, application/x-ndjson", kLines},
      {"application/json, application/x-ndjson", kLines},
      {"application/json, text/event-stream", kEvents},
      {"application/json;q=0.5, application/x-ndjson;q=0.5", kLines},
      {"application/json, application/x-ndjson;q=0.9", kArray},
      {"application/x-ndjson;q=0.1, */*", kArray},
      {"application/x-ndjson;q=0.2, */*;q=0.1", kLines},
      {"application/x-ndjson;q=0.2, application/*;q=0.1, */*", kLines},
      {"text/event-stream;q=0.9, application/x-ndjson", kLines},
      {"application/jsonl;charset=utf-8;q=0.9,application/json;q=0.8", "application/jsonl"},
      {"application/x-ndjson;q=0", kArray},
      {"application/x-ndjson;q=high", kLines},
      {"application/ndjson", kArray},
      {"application/json;q=0, application/*;q=0.3", kLines},
      {"text/plain;x=application/x-ndjson", kArray},
  };
  for (const Case& one : cases)
    EXPECT_EQ(stream_media({{"Accept", one.accept}}).content_type, one.chosen) << one.accept;
  EXPECT_EQ(stream_media({}).content_type, kArray);
  EXPECT_EQ(stream_media({{"Accept", "text/html"}, {"accept", kEvents}}).format, StreamFormat::Events);
}

TEST(Media, KnowsWhatWouldNotDo) {
  struct Case {
    const char* accept;
    bool one;     // JSON, for a single message
    bool stream;  // one of the framings
  };
  const Case cases[] = {
      {"", true, true},
      {"*/*", true, true},
      {"application/json", true, true},
      {"Application/JSON; q=0.1", true, true},
      {"text/html, */*;q=0.1", true, true},
      {"application/json;q=0", false, false},
      {"application/json;q=0, */*", false, true},
      {"text/event-stream", false, true},
      {"application/jsonl", false, true},
      {"text/*", false, true},
      {"text/html", false, false},
      {"application/vnd.api+json", false, false},
      {"application/x-ndjson;q=0.0", false, false},
      {"*/*;q=0", false, false},
  };
  for (const Case& one : cases) {
    const Headers headers{{"Accept", one.accept}};
    EXPECT_EQ(accepts_json(headers), one.one) << one.accept;
    EXPECT_EQ(accepted_stream_media(headers).has_value(), one.stream) << one.accept;
  }
  EXPECT_TRUE(accepts_json({}));
  EXPECT_TRUE(accepted_stream_media({}));
}

}  // namespace
}  // namespace sluice::gateway
