"""Calls each method of routeguide.RouteGuide once with grpcio, and prints what comes back.

Its messages and stub are generated from ../route_guide.proto; README.md says how.
"""

import sys

import grpc

import route_guide_pb2 as pb
import route_guide_pb2_grpc as services


def point(latitude, longitude):
    return pb.Point(latitude=latitude, longitude=longitude)


def notes():
    for text in ("first", "second", "third"):
        yield pb.RouteNote(location=point(0, 2), message=text)


def main(target):
    with grpc.insecure_channel(target) as channel:
        guide = services.RouteGuideStub(channel)

        for at in (point(488583700, 22944810), point(1, 2)):
            print("here:", guide.GetFeature(at, timeout=5).name or "nothing")

        europe = pb.Rectangle(lo=point(350000000, -100000000), hi=point(600000000, 300000000))
        for feature in guide.ListFeatures(europe, timeout=5):
            print("in Europe:", feature.name)

        stops = [point(515054560, -753560), point(488583700, 22944810), point(418902100, 124922310)]
        summary = guide.RecordRoute(iter(stops), timeout=5)
        kilometres = (summary.distance + 500) // 1000
        print(f"route: {summary.point_count} points, {summary.feature_count} places, {kilometres} km")

        answers = [answer.message for answer in guide.RouteChat(notes(), timeout=5)]
        print("left here before \"second\":", answers[0])
        print("left here before \"third\":", answers[1])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50051")
