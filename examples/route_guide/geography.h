// Points, the ways between them, and the places that the guide knows.
#pragma once

#include <string>
#include <vector>

#include "route_guide.pb.h"

namespace route_guide {

bool same_point(const routeguide::Point& a, const routeguide::Point& b);
bool contains(const routeguide::Rectangle& rectangle, const routeguide::Point& point);

// On the surface of the Earth, by the haversine formula, in metres.
double distance_m(const routeguide::Point& a, const routeguide::Point& b);

// By name.
const std::vector<routeguide::Feature>& known_places();

}  // namespace route_guide
