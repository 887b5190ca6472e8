// The route that the fuzz targets feed: one message type with every kind of field.
#pragma once

#include <cstdlib>
#include <memory>

#include "gateway/transcode/transcoder.h"
#include "library.pb.h"

namespace sluice::gateway {

struct FuzzRoute {
  FuzzRoute() {
    const google::protobuf::FileDescriptor* const files[] = {test::All::descriptor()->file()};
    engine = make_direct_engine(SchemaFiles(files));
    RouteSpec spec;
    spec.input = spec.output = test::All::descriptor();
    spec.body = "*";
    transcoder = std::move(engine->plan(spec).value());
  }

  std::unique_ptr<TranscodeEngine> engine;
  std::unique_ptr<const Transcoder> transcoder;
};

inline const Transcoder& fuzz_transcoder() {
  static const FuzzRoute route;
  return *route.transcoder;
}

// What the fuzzer is to find: a promise that does not hold.
inline void promise(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sluice::gateway
