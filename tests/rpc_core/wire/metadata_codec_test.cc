// Which metadata travels, and in what form.
#include "rpc_core/wire/metadata_codec.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

Metadata sent(const Metadata& metadata) {
  Metadata block;
  append_to_block(metadata, block);
  return block;
}

TEST(MetadataCodec, SendsBinaryValuesAsUnpaddedBase64) {
  const Metadata metadata{{"x-a", "plain"}, {"x-b-bin", std::string_view("\0\1", 2)}, {"x-a", "again"}};
  EXPECT_EQ(sent(metadata), (Metadata{{"x-a", "plain"}, {"x-b-bin", "AAE"}, {"x-a", "again"}}));
}

TEST(MetadataCodec, LeavesOutWhatCannotTravel) {
  const Metadata metadata{{"", "empty key"},    {"X-Upper", "capital"}, {"x y", "space"},      {"grpc-status", "0"},
                          {":path", "/x"},      {"te", "gzip"},         {"content-type", "x"}, {"connection", "close"},
                          {"x-line", "a\r\nb"}, {"x-utf8", "ü"},        {"x-good", "a~ b"}};
  EXPECT_EQ(sent(metadata), (Metadata{{"x-good", "a~ b"}}));
}

TEST(MetadataCodec, GivesTheApplicationItsPart) {
  const Metadata block{{":method", "POST"},    {"content-type", "application/grpc"},
                       {"grpc-timeout", "1S"}, {"user-agent", "peer/1"},
                       {"x-a", "1"},           {"x-a", "2"}};
  EXPECT_EQ(metadata_of_block(block), (Metadata{{"user-agent", "peer/1"}, {"x-a", "1"}, {"x-a", "2"}}));
}

TEST(MetadataCodec, ReadsJoinedBinaryValues) {
  const Metadata block{{"x-bin", "AAE,Ag==, Aw"}, {"y-bin", "AAE,*,Ag"}, {"z-bin", ""}};
  const Metadata expected{{"x-bin", std::string_view("\0\1", 2)}, {"x-bin", "\2"}, {"x-bin", "\3"},
                          {"y-bin", std::string_view("\0\1", 2)}, {"y-bin", "\2"}, {"z-bin", ""}};
  EXPECT_EQ(metadata_of_block(block), expected);
}

}  // namespace
}  // namespace sluice::rpc
