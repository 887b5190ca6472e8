// route_guide_client: calls each method of routeguide.RouteGuide once, and prints what comes back.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "route_guide.sluice.h"
#include "rpc_core/base/loop_thread.h"
#include "rpc_core/client/channel.h"

namespace {

using namespace std::chrono_literals;
namespace rpc = sluice::rpc;
using routeguide::Feature;
using routeguide::Point;
using routeguide::RouteGuideClient;
using routeguide::RouteNote;

Point point(int latitude, int longitude) {
  Point point;
  point.set_latitude(latitude);
  point.set_longitude(longitude);
  return point;
}

RouteNote note(int latitude, int longitude, std::string message) {
  RouteNote note;
  *note.mutable_location() = point(latitude, longitude);
  note.set_message(std::move(message));
  return note;
}

// Unary.
rpc::Task<rpc::Status> get_feature(RouteGuideClient guide, Point at) {
  const rpc::Result<Feature> feature = co_await guide.get_feature(at, {.timeout = 5s});
  if (!feature) co_return feature.error();
  std::cout << "here: " << (feature->name().empty() ? "nothing" : feature->name()) << "\n";
  co_return rpc::Status();
}

// Server streaming.
rpc::Task<rpc::Status> list_features(RouteGuideClient guide) {
  routeguide::Rectangle europe;
  *europe.mutable_lo() = point(350000000, -100000000);
  *europe.mutable_hi() = point(600000000, 300000000);
  auto features = guide.list_features(europe, {.timeout = 5s});
  while (std::optional<Feature> feature = co_await features.read()) {
    std::cout << "in Europe: " << feature->name() << "\n";
  }
  co_return co_await features.finish();
}

// Client streaming.
rpc::Task<rpc::Status> record_route(RouteGuideClient guide) {
  auto route = guide.record_route({.timeout = 5s});
  for (const Point& stop : {point(515054560, -753560), point(488583700, 22944810), point(418902100, 124922310)}) {
    const bool room = co_await route.write(stop);
    if (!room) break;
  }
  const rpc::Result<routeguide::RouteSummary> summary = co_await route.finish();
  if (!summary) co_return summary.error();
  std::cout << "route: " << summary->point_count() << " points, " << summary->feature_count() << " places, "
            << (summary->distance() + 500) / 1000 << " km\n";
  co_return rpc::Status();
}

// Both ways: one note is answered before the next one is sent.
rpc::Task<rpc::Status> route_chat(RouteGuideClient guide) {
  auto chat = guide.route_chat({.timeout = 5s});
  co_await chat.write(note(0, 1, "first"));
  for (const char* text : {"second", "third"}) {
    co_await chat.write(note(0, 1, text));
    const std::optional<RouteNote> answer = co_await chat.read();
    if (!answer) break;
    std::cout << "left here before \"" << text << "\": " << answer->message() << "\n";
  }
  co_await chat.finish_writing();
  co_return co_await chat.finish();
}

rpc::Task<rpc::Status> call_each(RouteGuideClient guide) {
  rpc::Status status = co_await get_feature(guide, point(488583700, 22944810));
  if (status.ok()) status = co_await get_feature(guide, point(1, 2));
  if (status.ok()) status = co_await list_features(guide);
  if (status.ok()) status = co_await record_route(guide);
  if (status.ok()) status = co_await route_chat(guide);
  co_return status;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string target = argc > 1 ? argv[1] : "127.0.0.1:50051";
  rpc::LoopThread thread;
  auto channel = thread.call([&] { return rpc::Channel::create(thread.loop(), target); });
  if (!channel) {
    std::cerr << "route_guide_client: " << channel.error().message() << "\n";
    return 2;
  }
  const rpc::Status status = thread.run(call_each(RouteGuideClient(**channel)));
  if (!status.ok()) std::cerr << "route_guide_client: " << status.to_string() << "\n";
  thread.run((*channel)->shut_down());
  thread.call([&] { channel->reset(); });
  return status.ok() ? 0 : 1;
}
