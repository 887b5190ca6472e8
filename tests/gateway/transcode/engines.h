// What the tests of both engines share: one engine of each kind, and requests and answers as plain text.
#pragma once

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transcode/transcoder.h"
#include "library.pb.h"

namespace sluice::gateway {

struct EngineKind {
  const char* name;
  std::unique_ptr<TranscodeEngine> (*make)(SchemaFiles);
};

inline const google::protobuf::FileDescriptor* library_file() { return test::All::descriptor()->file(); }

inline std::unique_ptr<TranscodeEngine> engine_of(const EngineKind& kind) {
  const google::protobuf::FileDescriptor* const files[] = {library_file()};
  return kind.make(SchemaFiles(files));
}

// A request as text: captures, query, body.
struct TextRequest {
  std::vector<std::string_view> captures;
  std::string_view query;
  std::string_view body;
};

inline rpc::Result<std::string> request_bytes(const Transcoder& transcoder, const TextRequest& request) {
  rpc::Buffer out(rpc::kMessagePrefixBytes);
  RequestParts parts;
  parts.captures = request.captures;
  parts.query = request.query;
  parts.body = request.body;
  auto good = transcoder.request(parts, out);
  EXPECT_GE(out.headroom(), rpc::kMessagePrefixBytes);
  if (!good) {
    EXPECT_TRUE(out.empty());
    return rpc::fail(good.error());
  }
  return std::string(out.text());
}

// The message in protobuf's one-line text form.
inline std::string text_of(const google::protobuf::Descriptor& type, const std::string& bytes) {
  const auto& factory = *google::protobuf::MessageFactory::generated_factory();
  std::unique_ptr<google::protobuf::Message> message(
      const_cast<google::protobuf::MessageFactory&>(factory).GetPrototype(&type)->New());
  if (!message->ParseFromString(bytes)) return "malformed bytes";
  return message->ShortDebugString();
}

inline rpc::Result<std::string> response_text(const Transcoder& transcoder, const google::protobuf::Message& message,
                                              const PrintOptions& print = {}) {
  rpc::Buffer out;
  auto good = transcoder.response(message.SerializeAsString(), print, out);
  if (!good) return rpc::fail(good.error());
  return std::string(out.text());
}

}  // namespace sluice::gateway
