// Percent-decoding: the canonical form, the check of a whole path, captures in each mode, and queries.
#include "annotations/percent.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::http_rule {
namespace {

// The value, or "error: " and the message.
std::string capture(std::string_view raw, Unescape which) {
  std::string scratch;
  const rpc::Result<std::string_view> value = decode_capture(raw, which, scratch);
  return value ? std::string(*value) : "error: " + value.error().message();
}

std::string form(std::string_view raw) {
  std::string scratch;
  const rpc::Result<std::string_view> value = decode_form(raw, scratch);
  return value ? std::string(*value) : "error: " + value.error().message();
}

std::string canonical(std::string_view raw) {
  std::string out;
  append_canonical(out, raw);
  return out;
}

TEST(Percent, CapturesDecodeByMode) {
  struct Case {
    std::string_view raw, all, except_slash, except_reserved;
  };
  const Case cases[] = {
      {"", "", "", ""},
      {"plain", "plain", "plain", "plain"},
      {"a+b", "a+b", "a+b", "a+b"},
      {"%62ook", "book", "book", "book"},
      {"a%20b", "a b", "a b", "a b"},
      {"a%2Fb", "a/b", "a%2Fb", "a%2Fb"},
      {"a%2fb", "a/b", "a%2fb", "a%2fb"},
      {"a/b%3Ac", "a/b:c", "a/b:c", "a/b%3Ac"},
      {"%2B%40%3d", "+@=", "+@=", "%2B%40%3d"},
      {"%25%32%46", "%2F", "%2F", "%2F"},
      {"%252F", "%2F", "%2F", "%2F"},
      {"%C3%A9", "\xC3\xA9", "\xC3\xA9", "\xC3\xA9"},
      {"%7E%22", "~\"", "~\"", "~\""},
      {"...", "...", "...", "..."},
      {".a/b.", ".a/b.", ".a/b.", ".a/b."},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.raw);
    EXPECT_EQ(capture(c.raw, Unescape::All), c.all);
    EXPECT_EQ(capture(c.raw, Unescape::ExceptSlash), c.except_slash);
    EXPECT_EQ(capture(c.raw, Unescape::ExceptReserved), c.except_reserved);
  }
}

TEST(Percent, CapturesNameWhatIsWrong) {
  struct Case {
    std::string_view raw, error;
  };
  const std::string_view kDots = "column 1: expected a path without \".\" and \"..\" segments";
  const std::string_view kZero = "column 1: a zero byte is not allowed in a path";
  const Case cases[] = {
      {"a%", "column 2: expected two hex digits after \"%\", got the end"},
      {"a%4", "column 2: expected two hex digits after \"%\", got \"4\""},
      {"a%4g", "column 2: expected two hex digits after \"%\", got \"4g\""},
      {"%%41", "column 1: expected two hex digits after \"%\", got \"%4\""},
      {"a%00", kZero},
      {std::string_view("a\0", 2), kZero},
      {"%FF", "column 1: expected UTF-8"},
      {"%C3x", "column 1: expected UTF-8"},
      {"\xC3", "column 1: expected UTF-8"},
      {".", kDots},
      {"..", kDots},
      {"%2e", kDots},
      {"%2E.", kDots},
      {"a/../b", kDots},
      {"a/%2e%2e", kDots},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.raw);
    for (const Unescape which : {Unescape::All, Unescape::ExceptSlash, Unescape::ExceptReserved}) {
      EXPECT_EQ(capture(c.raw, which), "error: " + std::string(c.error));
    }
  }
}

TEST(Percent, DotSegmentsBehindAnEncodedSlashAreFoundWhereItIsDecoded) {
  EXPECT_EQ(capture("a%2F..%2Fb", Unescape::All).substr(0, 6), "error:");
  EXPECT_EQ(capture("a%2F..%2Fb", Unescape::ExceptSlash), "a%2F..%2Fb");
}

TEST(Percent, QueriesDecodeAllAndPlusIsASpace) {
  EXPECT_EQ(form("a+b"), "a b");
  EXPECT_EQ(form("a%2Bb%2f+"), "a+b/ ");
  EXPECT_EQ(form("plain.name"), "plain.name");
  EXPECT_EQ(form("%00"), std::string(1, '\0'));
  EXPECT_EQ(form("%FF"), "\xFF");
  EXPECT_EQ(form(".."), "..");
  EXPECT_EQ(form("a+%2"), "error: column 3: expected two hex digits after \"%\", got \"2\"");
}

TEST(Percent, NothingToDecodeGivesTheInputItself) {
  std::string scratch = "untouched";
  const std::string_view raw = "shelves/7";
  EXPECT_EQ(decode_capture(raw, Unescape::All, scratch)->data(), raw.data());
  EXPECT_EQ(decode_form(raw, scratch)->data(), raw.data());
  EXPECT_EQ(scratch, "untouched");
}

TEST(Percent, CanonicalFormDecodesUnreservedOnly) {
  EXPECT_EQ(canonical("book%73"), "books");
  EXPECT_EQ(canonical("%7e%2D%2e%5f%30"), "~-._0");
  EXPECT_EQ(canonical("a%2fb%3a%c3"), "a%2Fb%3A%C3");
  EXPECT_EQ(canonical("%2541"), "%2541");
  EXPECT_EQ(canonical("a:b@c"), "a:b@c");
  EXPECT_EQ(canonical("%zz%4"), "%zz%4");
}

// Every octet, encoded in each case of its digits: decoding gives it back, the canonical form is one of the two.
TEST(Percent, EveryOctetSurvives) {
  for (int octet = 0; octet < 256; ++octet) {
    const auto c = static_cast<char>(octet);
    char upper[4], lower[4];
    std::snprintf(upper, sizeof upper, "%%%02X", octet);
    std::snprintf(lower, sizeof lower, "%%%02x", octet);
    EXPECT_EQ(form(upper), std::string(1, c));
    EXPECT_EQ(form(lower), std::string(1, c));
    EXPECT_EQ(canonical(lower), is_unreserved(c) ? std::string(1, c) : upper);
    EXPECT_FALSE(is_unreserved(c) && is_reserved(c));
  }
}

// Decoding is local: a cut between triples decodes to the same bytes, a cut inside one is an error.
TEST(Percent, EveryCutDecodesOrIsMalformed) {
  const std::string_view text = "a%20b+%C3%A9%2f.c%7E";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    SCOPED_TRACE(size);
    const bool inside = (size > 0 && text[size - 1] == '%') || (size > 1 && text[size - 2] == '%');
    const std::string head = form(text.substr(0, size));
    if (inside) {
      EXPECT_EQ(head.substr(0, 6), "error:");
    } else {
      EXPECT_EQ(head + form(text.substr(size)), form(text));
    }
  }
}

TEST(Percent, ChecksAWholePath) {
  struct Case {
    std::string_view path, error;
  };
  const Case cases[] = {
      {"/", ""},
      {"/v1/a.b/..c/%2Fd/e%2E%2e%2e", ""},
      {"/v1//a/", ""},
      {"/a%2F..%2Fb", ""},
      {"/v1/%FF", ""},
      {"/v1/%zz", "column 5: expected two hex digits after \"%\", got \"zz\""},
      {"/v1/%", "column 5: expected two hex digits after \"%\", got the end"},
      {"/v1/a%00", "column 6: a zero byte is not allowed in a path"},
      {"/./a", "column 2: expected a path without \".\" and \"..\" segments"},
      {"/a/..", "column 4: expected a path without \".\" and \"..\" segments"},
      {"/a/%2e./b", "column 4: expected a path without \".\" and \"..\" segments"},
      {"/a/%2E", "column 4: expected a path without \".\" and \"..\" segments"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    const rpc::Result<void> checked = check_path(c.path);
    EXPECT_EQ(checked ? "" : checked.error().message(), c.error);
  }
}

}  // namespace
}  // namespace sluice::http_rule
