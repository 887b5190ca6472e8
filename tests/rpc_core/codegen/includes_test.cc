// Tests that a generated header brings neither Asio nor nghttp2 with it: they cost a second a source.
#include "awkward.sluice.h"

#if defined(BOOST_ASIO_DETAIL_CONFIG_HPP)
constexpr bool kHasAsio = true;
#else
constexpr bool kHasAsio = false;
#endif
#if defined(NGHTTP2_H)
constexpr bool kHasNghttp2 = true;
#else
constexpr bool kHasNghttp2 = false;
#endif

#include <gtest/gtest.h>

namespace {

TEST(GeneratedHeader, IncludesNeitherAsioNorNghttp2) {
  EXPECT_FALSE(kHasAsio);
  EXPECT_FALSE(kHasNghttp2);
}

}  // namespace
