// Tests of points and distances.
#include "examples/route_guide/geography.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace route_guide {
namespace {

using routeguide::Point;

Point point(int latitude, int longitude) {
  Point point;
  point.set_latitude(latitude);
  point.set_longitude(longitude);
  return point;
}

TEST(Geography, MeasuresDistances) {
  const struct {
    const char* name;
    Point from;
    Point to;
    double metres;
  } cases[] = {
      {"nowhere", point(488583700, 22944810), point(488583700, 22944810), 0},
      {"one degree of latitude", point(0, 0), point(10000000, 0), 111195},
      {"one degree of longitude at 60 degrees north", point(600000000, 0), point(600000000, 10000000), 55597},
      {"from pole to pole", point(900000000, 0), point(-900000000, 0), 20015087},
      {"across the date line", point(0, 1799000000), point(0, -1799000000), 22239},
  };
  for (const auto& c : cases) {
    EXPECT_NEAR(distance_m(c.from, c.to), c.metres, 1) << c.name;
    EXPECT_NEAR(distance_m(c.to, c.from), c.metres, 1) << c.name;
  }
}

TEST(Geography, RectanglesHaveTheirCornersInAnyOrder) {
  routeguide::Rectangle rectangle;
  *rectangle.mutable_lo() = point(10, -5);
  *rectangle.mutable_hi() = point(-10, 5);
  EXPECT_TRUE(contains(rectangle, point(0, 0)));
  EXPECT_TRUE(contains(rectangle, point(10, 5)));
  EXPECT_TRUE(contains(rectangle, point(-10, -5)));
  EXPECT_FALSE(contains(rectangle, point(11, 0)));
  EXPECT_FALSE(contains(rectangle, point(0, -6)));
}

TEST(Geography, PlacesAreSortedAndOnEarth) {
  const auto& places = known_places();
  const auto name = [](const routeguide::Feature& place) { return place.name(); };
  EXPECT_TRUE(std::ranges::is_sorted(places, {}, name));
  for (const auto& place : places) {
    EXPECT_LE(std::abs(place.location().latitude()), 900000000) << place.name();
    EXPECT_LE(std::abs(place.location().longitude()), 1800000000) << place.name();
  }
}

}  // namespace
}  // namespace route_guide
