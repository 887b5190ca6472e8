// gzip and deflate of messages: round trips, limits, and bytes that are neither.
#include "rpc_core/wire/compression.h"

#include <gmock/gmock.h>

#include <random>
#include <string>

#include "tests/support/print_status.h"

namespace sluice::rpc {
namespace {

using ::testing::HasSubstr;

constexpr Compression kReal[] = {Compression::Gzip, Compression::Deflate};

std::string noise(std::size_t size) {
  std::minstd_rand random(1);
  std::string text;
  while (text.size() < size) text += static_cast<char>(random());
  return text;
}

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

TEST(Compression, GivesBackWhatItTook) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(1'000'000, 'x'), noise(100'000)}) {
    for (const Compression each : kReal) {
      const Buffer packed = compress(bytes_of(text), each);
      const Result<Buffer> unpacked = decompress(packed.bytes(), each, text.size());
      ASSERT_TRUE(unpacked) << unpacked.error().to_string();
      EXPECT_TRUE(unpacked->text() == text);
      EXPECT_GE(packed.headroom(), kMessagePrefixBytes);
    }
  }
}

TEST(Compression, StopsAtTheLimit) {
  const std::string text(1'000'000, 'x');
  for (const Compression each : kReal) {
    const Buffer packed = compress(bytes_of(text), each);
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, text.size() - 1}) {
      const Result<Buffer> unpacked = decompress(packed.bytes(), each, limit);
      ASSERT_FALSE(unpacked) << limit;
      EXPECT_EQ(unpacked.error().code(), StatusCode::ResourceExhausted);
      EXPECT_THAT(unpacked.error().message(), HasSubstr(std::to_string(limit)));
    }
  }
}

TEST(Compression, RejectsEveryTruncation) {
  const std::string text = "some text, some text, some text";
  for (const Compression each : kReal) {
    const Buffer packed = compress(bytes_of(text), each);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      const Result<Buffer> unpacked = decompress(packed.bytes().first(size), each, 1000);
      ASSERT_FALSE(unpacked) << size;
      EXPECT_EQ(unpacked.error().code(), StatusCode::Internal);
    }
  }
}

TEST(Compression, RejectsOtherBytes) {
  for (const std::string text : {"plain text", "\x1f\x8b\x08", "{}"}) {
    for (const Compression each : kReal) {
      const Result<Buffer> unpacked = decompress(bytes_of(text), each, 1000);
      ASSERT_FALSE(unpacked) << text;
      EXPECT_EQ(unpacked.error().code(), StatusCode::Internal);
      EXPECT_THAT(unpacked.error().message(), HasSubstr(std::string(compression_name(each))));
    }
  }
  Buffer two = compress(bytes_of("a"), Compression::Gzip);
  two.append("b");
  EXPECT_FALSE(decompress(two.bytes(), Compression::Gzip, 1000)) << "bytes behind the end";
}

TEST(Compression, KnowsItsNames) {
  EXPECT_EQ(compression_from_name("gzip"), Compression::Gzip);
  EXPECT_EQ(compression_from_name("deflate"), Compression::Deflate);
  EXPECT_EQ(compression_from_name("identity"), Compression::Identity);
  for (const char* name : {"", "GZIP", "br", "gzip ", "snappy"}) EXPECT_EQ(compression_from_name(name), std::nullopt);
}

TEST(Compression, ReadsTheListOfAPeer) {
  EXPECT_TRUE(accepts_compression("gzip", Compression::Gzip));
  EXPECT_TRUE(accepts_compression("identity, deflate ,gzip", Compression::Gzip));
  EXPECT_TRUE(accepts_compression("identity, deflate ,gzip", Compression::Deflate));
  EXPECT_TRUE(accepts_compression("", Compression::Identity));
  for (const char* list : {"", "identity", "xgzip", "gzipx", "gzip;q=1", ",,"}) {
    EXPECT_FALSE(accepts_compression(list, Compression::Gzip)) << list;
  }
  EXPECT_TRUE(accepts_compression(kAcceptedCompressions, Compression::Gzip));
}

}  // namespace
}  // namespace sluice::rpc
