#include "examples/route_guide/service.h"

#include <chrono>
#include <cmath>
#include <optional>

#include "examples/route_guide/geography.h"
#include "rpc_core/base/loop.h"

namespace route_guide {

using routeguide::Feature;
using routeguide::Point;
using routeguide::RouteNote;
using routeguide::RouteSummary;
using rpc::Task;

namespace {

// The server keeps the notes of all chats until its end.
constexpr std::size_t kMostNotes = 10000;

const Feature* find_place(const Point& point) {
  for (const Feature& place : known_places()) {
    if (same_point(place.location(), point)) return &place;
  }
  return nullptr;
}

}  // namespace

Task<rpc::Result<Feature>> RouteGuideHandlers::get_feature(rpc::ServerContext&, const Point& point) {
  Feature feature;
  *feature.mutable_location() = point;
  if (const Feature* place = find_place(point)) feature = *place;
  co_return feature;
}

Task<rpc::Status> RouteGuideHandlers::list_features(rpc::ServerContext&, const routeguide::Rectangle& rectangle,
                                                    rpc::Writer<Feature>& writer) {
  for (const Feature& place : known_places()) {
    if (!contains(rectangle, place.location())) continue;
    const bool room = co_await writer.write(place);
    if (!room) break;
  }
  co_return rpc::Status();
}

Task<rpc::Result<RouteSummary>> RouteGuideHandlers::record_route(rpc::ServerContext& context,
                                                                 rpc::Reader<Point>& reader) {
  RouteSummary summary;
  double metres = 0;
  const rpc::TimePoint start = context.loop().now();
  std::optional<Point> previous;
  while (std::optional<Point> point = co_await reader.read()) {
    summary.set_point_count(summary.point_count() + 1);
    if (find_place(*point) != nullptr) summary.set_feature_count(summary.feature_count() + 1);
    if (previous) metres += distance_m(*previous, *point);
    previous = point;
  }
  summary.set_distance(static_cast<int>(std::lround(metres)));
  const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(context.loop().now() - start);
  summary.set_elapsed_time(static_cast<int>(elapsed.count()));
  co_return summary;
}

Task<rpc::Status> RouteGuideHandlers::route_chat(rpc::ServerContext&, rpc::Reader<RouteNote>& reader,
                                                 rpc::Writer<RouteNote>& writer) {
  while (std::optional<RouteNote> note = co_await reader.read()) {
    // By index: other chats add notes while this one writes.
    const std::size_t before = notes_.size();
    for (std::size_t i = 0; i < before; ++i) {
      if (!same_point(notes_[i].location(), note->location())) continue;
      const bool room = co_await writer.write(notes_[i]);
      if (!room) co_return rpc::Status();
    }
    if (notes_.size() == kMostNotes) {
      co_return rpc::Status(rpc::StatusCode::ResourceExhausted,
                            "expected fewer than " + std::to_string(kMostNotes) + " notes in all chats");
    }
    notes_.push_back(std::move(*note));
  }
  co_return rpc::Status();
}

}  // namespace route_guide
