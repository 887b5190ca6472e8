// Tests of encoding and decoding messages.
#include "rpc_core/call/codec.h"

#include <gtest/gtest.h>

#include "talk.pb.h"

namespace sluice::rpc {
namespace {

talk::Line sample() {
  talk::Line line;
  line.set_text("hello");
  line.set_number(-1);
  return line;
}

TEST(Codec, EncodesWithRoomForThePrefix) {
  const Result<Buffer> buffer = encode(sample());
  ASSERT_TRUE(buffer);
  EXPECT_EQ(buffer->text(), sample().SerializeAsString());
  EXPECT_EQ(buffer->headroom(), kMessagePrefixBytes);
}

TEST(Codec, EncodesAnEmptyMessage) {
  const Result<Buffer> buffer = encode(talk::Line());
  ASSERT_TRUE(buffer);
  EXPECT_TRUE(buffer->empty());
  EXPECT_GE(buffer->headroom(), kMessagePrefixBytes);
}

TEST(Codec, DecodesWhatItEncoded) {
  const Result<talk::Line> line = decode<talk::Line>(encode(sample()));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->SerializeAsString(), sample().SerializeAsString());
}

TEST(Codec, ReplacesTheOldContent) {
  talk::Line line = sample();
  EXPECT_EQ(decode(Buffer(), line), Status());
  EXPECT_EQ(line.text(), "");
}

TEST(Codec, RefusesBytesThatAreNoMessage) {
  const struct {
    const char* name;
    std::string bytes;
  } cases[] = {
      {"truncated string", "\x0a\x05he"},
      {"text that is no UTF-8", "\x0a\x01\xff"},
      {"truncated varint", "\x10\xff"},
      {"field number zero", std::string("\x00\x01", 2)},
      {"end of a group that never began", "\x0c"},
  };
  for (const auto& c : cases) {
    talk::Line line;
    EXPECT_EQ(decode(Buffer::copy_of(c.bytes), line),
              Status(StatusCode::Internal,
                     "expected an encoded talk.Line, got " + std::to_string(c.bytes.size()) + " bytes that are none"))
        << c.name;
  }
}

TEST(Codec, PassesAnErrorOn) {
  const Result<Buffer> failed = fail(StatusCode::Aborted, "before");
  EXPECT_EQ(decode<talk::Line>(failed).error(), Status(StatusCode::Aborted, "before"));
  const Result<talk::Line> no_line = fail(StatusCode::Aborted, "before");
  EXPECT_EQ(encode(no_line).error(), Status(StatusCode::Aborted, "before"));
}

}  // namespace
}  // namespace sluice::rpc
