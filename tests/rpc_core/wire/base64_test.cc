// Base64 of "-bin" metadata: emitted without padding, accepted with and without.
#include "rpc_core/wire/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

struct Pair {
  std::string bytes;
  std::string text;
  std::string padded;
};

// RFC 4648 section 10, and bytes that use the alphabet's end.
const Pair kPairs[] = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {std::string("\0\0", 2), "AAA", "AAA="},
    {"\xfb\xff\xfe", "+//+", "+//+"},
};

TEST(Base64, EncodesWithoutPadding) {
  for (const Pair& pair : kPairs) EXPECT_EQ(encode_base64(pair.bytes), pair.text);
}

TEST(Base64, DecodesWithAndWithoutPadding) {
  for (const Pair& pair : kPairs) {
    EXPECT_EQ(decode_base64(pair.text), pair.bytes);
    EXPECT_EQ(decode_base64(pair.padded), pair.bytes);
  }
}

TEST(Base64, RejectsWhatIsNone) {
  for (const char* text : {"Z", "Zm9vY", "Zg=", "Zg===", "=", "====", "Zm8=Zm8=", "Zm 9", "Zm9-", "Zm_v", "Zm9v\n"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

TEST(Base64, GivesBackEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(decode_base64(encode_base64(bytes.substr(0, size))), bytes.substr(0, size));
  }
}

}  // namespace
}  // namespace sluice::rpc
