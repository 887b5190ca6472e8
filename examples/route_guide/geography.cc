#include "examples/route_guide/geography.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace route_guide {

using routeguide::Feature;
using routeguide::Point;

namespace {

constexpr double kUnitsPerDegree = 1e7;
constexpr double kEarthRadius = 6371000;  // metres

double radians(double units) {
  return units / kUnitsPerDegree * std::numbers::pi / 180;
}

double square(double x) {
  return x * x;
}

Feature place(const char* name, int latitude, int longitude) {
  Feature feature;
  feature.set_name(name);
  feature.mutable_location()->set_latitude(latitude);
  feature.mutable_location()->set_longitude(longitude);
  return feature;
}

bool between(int value, int a, int b) {
  return value >= std::min(a, b) && value <= std::max(a, b);
}

}  // namespace

bool same_point(const Point& a, const Point& b) {
  return a.latitude() == b.latitude() && a.longitude() == b.longitude();
}

bool contains(const routeguide::Rectangle& rectangle, const Point& point) {
  return between(point.latitude(), rectangle.lo().latitude(), rectangle.hi().latitude()) &&
         between(point.longitude(), rectangle.lo().longitude(), rectangle.hi().longitude());
}

double distance_m(const Point& a, const Point& b) {
  const double latitudes = radians(static_cast<double>(b.latitude()) - a.latitude());
  const double longitudes = radians(static_cast<double>(b.longitude()) - a.longitude());
  const double h = square(std::sin(latitudes / 2)) +
                   std::cos(radians(a.latitude())) * std::cos(radians(b.latitude())) * square(std::sin(longitudes / 2));
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

const std::vector<Feature>& known_places() {
  static const std::vector<Feature> places = {
      place("Brandenburg Gate, Berlin", 525162750, 133777040),
      place("Charles Bridge, Prague", 500864800, 144113700),
      place("Colosseum, Rome", 418902100, 124922310),
      place("Eiffel Tower, Paris", 488583700, 22944810),
      place("Great Pyramid, Giza", 299792350, 311342020),
      place("Machu Picchu, Peru", -131631410, -725449630),
      place("Parthenon, Athens", 379715320, 237267330),
      place("Sydney Opera House, Sydney", -338567840, 1512152970),
      place("Taj Mahal, Agra", 271750150, 780421550),
      place("Tower Bridge, London", 515054560, -753560),
  };
  return places;
}

}  // namespace route_guide
