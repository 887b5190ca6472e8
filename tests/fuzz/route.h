// The routes that the fuzz targets feed: a message type with every kind of field, and one of proto2.
#pragma once

#include <cstdlib>
#include <memory>

#include "gateway/transcode/transcoder.h"
#include "legacy.pb.h"
#include "library.pb.h"

namespace sluice::gateway {

// A message type as the body and the answer of a route.
template <class Message>
class FuzzRoute {
 public:
  // The one route of that type.
  static const Transcoder& transcoder() {
    static const FuzzRoute route;
    return *route.transcoder_;
  }

 private:
  FuzzRoute() {
    const google::protobuf::FileDescriptor* const files[] = {Message::descriptor()->file()};
    engine_ = make_direct_engine(SchemaFiles(files));
    RouteSpec spec;
    spec.input = spec.output = Message::descriptor();
    spec.body = "*";
    transcoder_ = std::move(engine_->plan(spec).value());
  }

  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
};

// What the fuzzer is to find: a promise that does not hold.
inline void promise(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sluice::gateway
