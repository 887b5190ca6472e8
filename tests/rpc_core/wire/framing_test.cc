// Length-prefixed messages: every split of the input, limits, flags.
#include "rpc_core/wire/framing.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/print_status.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;

std::string framed(const std::string& text, bool compressed = false) {
  Buffer message = Buffer::copy_of(text, kMessagePrefixBytes);
  prepend_prefix(message, compressed);
  return std::string(message.text());
}

void feed(Deframer& deframer, std::string_view bytes) { deframer.feed(std::as_bytes(std::span(bytes))); }

struct Message {
  std::string text;
  bool compressed;
  friend bool operator==(const Message&, const Message&) = default;
};

std::vector<Message> take_all(Deframer& deframer) {
  std::vector<Message> messages;
  while (std::optional<WireMessage> each = deframer.next()) {
    messages.push_back({std::string(each->bytes.text()), each->compressed});
  }
  return messages;
}

const std::vector<Message> kMessages = {{"", false}, {"a", true}, {"", true}, {"hello", false}, {"bc", false}};

std::string all_framed() {
  std::string bytes;
  for (const Message& each : kMessages) bytes += framed(each.text, each.compressed);
  return bytes;
}

TEST(Framing, WritesFlagAndLength) {
  EXPECT_EQ(framed("abc"), std::string("\0\0\0\0\3abc", 8));
  EXPECT_EQ(framed(std::string(0x10203, 'x'), true).substr(0, 5), std::string("\1\0\1\2\3", 5));
}

TEST(Deframer, FindsTheMessagesInEverySplit) {
  const std::string bytes = all_framed();
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second) {
      Deframer deframer(100);
      feed(deframer, std::string_view(bytes).substr(0, first));
      feed(deframer, std::string_view(bytes).substr(first, second - first));
      feed(deframer, std::string_view(bytes).substr(second));
      ASSERT_EQ(take_all(deframer), kMessages) << first << " " << second;
      ASSERT_TRUE(deframer.at_boundary());
    }
  }
}

TEST(Deframer, FindsThemByteByByte) {
  Deframer deframer(100);
  for (const char byte : all_framed()) feed(deframer, {&byte, 1});
  EXPECT_EQ(take_all(deframer), kMessages);
}

TEST(Deframer, KnowsWhereAStreamMayEnd) {
  const std::string bytes = framed("ab");
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Deframer deframer(100);
    feed(deframer, bytes.substr(0, size));
    EXPECT_EQ(deframer.at_boundary(), size == 0 || size == bytes.size()) << size;
  }
}

TEST(Deframer, ChecksTheLengthBeforeTheBytesCome) {
  Deframer deframer(10);
  feed(deframer, framed(std::string(10, 'x')));
  EXPECT_EQ(take_all(deframer).size(), 1u);
  feed(deframer, std::string("\0\0\0\0\x0b", 5));
  ASSERT_TRUE(deframer.error());
  EXPECT_EQ(deframer.error()->code(), StatusCode::ResourceExhausted);
  EXPECT_THAT(deframer.error()->message(), HasSubstr("11"));
  EXPECT_THAT(deframer.error()->message(), HasSubstr("10"));
}

TEST(Deframer, RejectsUnknownFlags) {
  for (const char flag : {'\2', '\x80', '\xff'}) {
    Deframer deframer(10);
    feed(deframer, std::string(1, flag) + std::string(4, '\0'));
    ASSERT_TRUE(deframer.error());
    EXPECT_EQ(deframer.error()->code(), StatusCode::Internal);
  }
}

TEST(Deframer, KeepsWhatCameBeforeAnErrorAndIgnoresTheRest) {
  Deframer deframer(10);
  feed(deframer, framed("good") + std::string("\7\0\0\0\0", 5) + framed("later"));
  EXPECT_EQ(take_all(deframer), (std::vector<Message>{{"good", false}}));
  feed(deframer, framed("later"));
  EXPECT_FALSE(deframer.has_message());
}

TEST(Deframer, LeavesRoomForAPrefix) {
  Deframer deframer(100);
  feed(deframer, framed("abc"));
  const std::optional<WireMessage> message = deframer.next();
  ASSERT_TRUE(message);
  EXPECT_GE(message->bytes.headroom(), kMessagePrefixBytes);
}

}  // namespace
}  // namespace sluice::rpc
