// From bytes to messages, and how much the peer may send meanwhile.
#include "rpc_core/wire/message_receiver.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/print_status.h"

namespace sluice::rpc {
namespace {

std::string framed(std::string_view text) {
  Buffer message = Buffer::copy_of(text, kMessagePrefixBytes);
  prepend_prefix(message, false);
  return std::string(message.text());
}

std::string compressed(std::string_view text, Compression compression) {
  Buffer message = compress(std::as_bytes(std::span(text)), compression);
  prepend_prefix(message, true);
  return std::string(message.text());
}

std::size_t feed(MessageReceiver& receiver, std::string_view bytes) {
  return receiver.receive(std::as_bytes(std::span(bytes)));
}

StatusCode next_error(MessageReceiver& receiver) {
  const std::optional<Result<Buffer>> next = receiver.next();
  return next && !*next ? next->error().code() : StatusCode::Ok;
}

TEST(MessageReceiver, CreditsAMessageWhenItIsTaken) {
  MessageReceiver receiver(1000);
  EXPECT_EQ(feed(receiver, framed("first") + framed("second")), 0u);
  EXPECT_EQ(receiver.take_credit(), 0u);
  EXPECT_EQ((*receiver.next())->text(), "first");
  EXPECT_EQ(receiver.take_credit(), 10u);
  EXPECT_EQ((*receiver.next())->text(), "second");
  EXPECT_EQ(receiver.take_credit(), 11u);
}

TEST(MessageReceiver, CreditsThePartsOfAnAwaitedMessageAsTheyCome) {
  MessageReceiver receiver(1000);
  const std::string bytes = framed(std::string(100, 'x'));
  EXPECT_EQ(feed(receiver, bytes.substr(0, 30)), 0u) << "nobody waits yet";
  EXPECT_FALSE(receiver.next());
  EXPECT_EQ(receiver.take_credit(), 30u);
  EXPECT_EQ(feed(receiver, bytes.substr(30, 50)), 50u);
  EXPECT_EQ(feed(receiver, bytes.substr(80)), 0u) << "complete: it is credited when it is taken";
  EXPECT_EQ((*receiver.next())->size(), 100u);
  EXPECT_EQ(receiver.take_credit(), 25u);
}

TEST(MessageReceiver, DecompressesFlaggedMessages) {
  for (const Compression each : {Compression::Gzip, Compression::Deflate}) {
    MessageReceiver receiver(1000);
    receiver.set_encoding(each);
    feed(receiver, compressed("packed", each) + framed("plain"));
    EXPECT_EQ((*receiver.next())->text(), "packed");
    EXPECT_TRUE(receiver.last_compressed());
    EXPECT_EQ((*receiver.next())->text(), "plain");
    EXPECT_FALSE(receiver.last_compressed());
  }
}

TEST(MessageReceiver, RejectsCompressionThatWasNotAgreed) {
  MessageReceiver plain(1000);
  feed(plain, compressed("x", Compression::Gzip));
  EXPECT_EQ(next_error(plain), StatusCode::Internal);
  MessageReceiver unknown(1000);
  unknown.set_encoding(std::nullopt);
  feed(unknown, framed("fine") + compressed("x", Compression::Gzip));
  EXPECT_EQ((*unknown.next())->text(), "fine");
  EXPECT_EQ(next_error(unknown), StatusCode::Internal);
}

TEST(MessageReceiver, LimitsWhatComesOutOfCompression) {
  MessageReceiver receiver(100);
  receiver.set_encoding(Compression::Gzip);
  feed(receiver, compressed(std::string(100, 'x'), Compression::Gzip));
  EXPECT_EQ((*receiver.next())->size(), 100u);
  feed(receiver, compressed(std::string(101, 'x'), Compression::Gzip));
  EXPECT_EQ(next_error(receiver), StatusCode::ResourceExhausted);
}

TEST(MessageReceiver, GivesTheErrorBehindTheMessages) {
  MessageReceiver receiver(10);
  feed(receiver, framed("good") + framed(std::string(11, 'x')));
  EXPECT_EQ((*receiver.next())->text(), "good");
  EXPECT_TRUE(receiver.has_message());
  EXPECT_EQ(next_error(receiver), StatusCode::ResourceExhausted);
}

}  // namespace
}  // namespace sluice::rpc
