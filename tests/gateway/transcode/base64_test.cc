// Base64: both alphabets, padded or not, and what is none.
#include "gateway/transcode/base64.h"

#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

std::string decoded(std::string_view text) {
  std::string out(text.size() + 3, '\0');
  char* end = base64_decode(text, out.data());
  if (end == nullptr) return "refused";
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

TEST(Base64, EncodesTheRfcVectors) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xFF\xFE", "//4="}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(decoded(text), bytes);
  }
}

TEST(Base64, ReadsUrlSafeAndUnpadded) {
  EXPECT_EQ(decoded("__4"), "\xFF\xFE");
  EXPECT_EQ(decoded("_-8="), decoded("/+8="));
  EXPECT_EQ(decoded("Zg"), "f");
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v=", "Z g=", "Zg==Zg==", "Zm9vY", "Zm\n9"}) {
    EXPECT_EQ(decoded(text), "refused") << text;
  }
}

}  // namespace
}  // namespace sluice::gateway
