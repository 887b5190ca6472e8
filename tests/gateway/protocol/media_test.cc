// Content types that are JSON, and clients that prefer lines.
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

TEST(Media, WeighsLinesAgainstJson) {
  for (const char* accept :
       {"application/x-ndjson", "application/jsonl", "Application/X-NDJSON", "text/html, application/x-ndjson",
        "application/json, application/x-ndjson", "application/json;q=0.5, application/x-ndjson;q=0.5",
        "application/x-ndjson;q=0.1, */*", "application/jsonl;charset=utf-8;q=0.9,application/json;q=0.8",
        "application/x-ndjson;q=high"}) {
    EXPECT_TRUE(prefers_lines({{"Accept", accept}})) << accept;
  }
  for (const char* accept : {"", "*/*", "application/json", "application/x-ndjson;q=0", "application/ndjson",
                             "application/json, application/x-ndjson;q=0.9", "text/plain;x=application/x-ndjson"}) {
    EXPECT_FALSE(prefers_lines({{"Accept", accept}})) << accept;
  }
  EXPECT_FALSE(prefers_lines({}));
  EXPECT_TRUE(prefers_lines({{"Accept", "text/html"}, {"accept", "application/jsonl"}}));
}

}  // namespace
}  // namespace sluice::gateway
