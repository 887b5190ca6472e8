// Each coding there and back, at every cut; bombs, broken and longer input; who gets what by Accept-Encoding.
#include "gateway/http/content_coding.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rpc_core/wire/compression.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kUnlimited = 1 << 30;

std::string encoded(std::string_view text, ContentCoding coding) {
  rpc::Buffer out;
  if (coding == ContentCoding::Deflate) {
    out = rpc::compress(std::as_bytes(std::span(text)), rpc::Compression::Deflate);
  } else {
    encode_content(text, coding, out);
  }
  return std::string(out.text());
}

constexpr std::array kCodings = {ContentCoding::Gzip, ContentCoding::Deflate, ContentCoding::Br, ContentCoding::Zstd};

class EachCoding : public testing::TestWithParam<ContentCoding> {
 protected:
  std::unique_ptr<ContentDecoder> decoder = make_decoder(GetParam());
  rpc::Buffer out;

  rpc::Result<void> decode(std::string_view text, std::size_t most = kUnlimited) {
    left = std::as_bytes(std::span(text));
    return decoder->decode(left, most, out);
  }
  std::span<const std::byte> left;
};
INSTANTIATE_TEST_SUITE_P(, EachCoding, testing::ValuesIn(kCodings),
                         [](const auto& info) { return std::string(coding_name(info.param)); });

TEST_P(EachCoding, ComesBack) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919 % 10007);
  ASSERT_TRUE(decode(encoded(text, GetParam())));
  EXPECT_TRUE(decoder->finished());
  EXPECT_EQ(out.text(), text);
}

TEST_P(EachCoding, ComesBackInTwoPiecesAtEveryCut) {
  const std::string text = "{\"title\":\"Dune\",\"tags\":[\"a\",\"a\",\"a\",\"a\"]}";
  const std::string coded = encoded(text, GetParam());
  for (std::size_t cut = 0; cut < coded.size(); ++cut) {
    decoder = make_decoder(GetParam());
    out.clear();
    ASSERT_TRUE(decode(coded.substr(0, cut))) << cut;
    EXPECT_FALSE(decoder->finished()) << cut;
    ASSERT_TRUE(decode(coded.substr(cut))) << cut;
    EXPECT_TRUE(decoder->finished()) << cut;
    EXPECT_EQ(out.text(), text) << cut;
  }
}

TEST_P(EachCoding, StopsAtTheGivenSizeAndGoesOn) {
  const std::string text(1 << 20, 'x');
  const std::string coded = encoded(text, GetParam());
  EXPECT_LT(coded.size(), text.size() / 50);
  ASSERT_TRUE(decode(coded, 1000));
  EXPECT_EQ(out.size(), 1000U);
  while (!decoder->finished()) ASSERT_TRUE(decoder->decode(left, 50000, out));
  EXPECT_EQ(out.text(), text);
}

TEST_P(EachCoding, RefusesOtherBytes) {
  const rpc::Result<void> result = decode("this is plain text, and nothing else at all");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(),
            "Content-Encoding " + std::string(coding_name(GetParam())) + ": the bytes are not of this coding");
}

TEST_P(EachCoding, RefusesBytesAfterItsEnd) { EXPECT_FALSE(decode(encoded("a", GetParam()) + "b")); }

TEST(ContentCoding, KnowsTheNames) {
  for (const ContentCoding coding : kCodings) EXPECT_EQ(coding_from_name(coding_name(coding)), coding);
  EXPECT_EQ(coding_from_name("X-GZIP"), ContentCoding::Gzip);
  EXPECT_EQ(coding_from_name("Identity"), ContentCoding::Identity);
  EXPECT_FALSE(coding_from_name("compress"));
  EXPECT_FALSE(coding_from_name("gzip, br"));
  EXPECT_FALSE(coding_from_name(""));
}

TEST(ContentCoding, ChoosesByWeight) {
  struct Case {
    const char* accept;
    ContentCoding coding;
  };
  for (const Case& one : std::vector<Case>{
           {"", ContentCoding::Identity},
           {"gzip", ContentCoding::Gzip},
           {"x-gzip", ContentCoding::Gzip},
           {"gzip, deflate, br, zstd", ContentCoding::Zstd},
           {"gzip, br", ContentCoding::Br},
           {"gzip;q=1.0, br;q=0.8", ContentCoding::Gzip},
           {"gzip;q=0.5,br;Q=0.8 ,zstd;q=0", ContentCoding::Br},
           {"*", ContentCoding::Zstd},
           {"*;q=0.5, gzip", ContentCoding::Gzip},
           {"*, zstd;q=0", ContentCoding::Br},
           {"identity, gzip;q=0.5", ContentCoding::Identity},
           {"identity;q=0.4, gzip;q=0.5", ContentCoding::Gzip},
           {"identity;q=0, *;q=0", ContentCoding::Identity},
           {"gzip;q=0", ContentCoding::Identity},
           {"gzip;q=2", ContentCoding::Identity},
           {"gzip;q=x", ContentCoding::Identity},
           {"deflate", ContentCoding::Identity},
           {" ,, gzip ; q=0.001", ContentCoding::Gzip},
       }) {
    EXPECT_EQ(choose_coding(one.accept), one.coding) << one.accept;
  }
}

}  // namespace
}  // namespace sluice::gateway
