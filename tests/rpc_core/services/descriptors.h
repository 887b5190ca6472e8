// Descriptor files for tests, written as text.
#pragma once

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <stdexcept>
#include <string>

namespace sluice::rpc::testing {

inline google::protobuf::FileDescriptorProto file_of(const std::string& text) {
  google::protobuf::FileDescriptorProto file;
  const bool parsed = google::protobuf::TextFormat::ParseFromString(text, &file);
  if (!parsed) throw std::invalid_argument("expected a FileDescriptorProto as text, got " + text);
  return file;
}

// base.proto <- left.proto, right.proto <- top.proto, which has the service t.Top and extends t.Base.
inline google::protobuf::FileDescriptorSet diamond() {
  google::protobuf::FileDescriptorSet set;
  *set.add_file() = file_of(R"(name: "base.proto" package: "t"
      message_type { name: "Base" extension_range { start: 100 end: 200 } })");
  *set.add_file() = file_of(R"(name: "left.proto" package: "t" dependency: "base.proto"
      extension { name: "left" number: 150 label: LABEL_OPTIONAL type: TYPE_INT32 extendee: ".t.Base" })");
  *set.add_file() = file_of(R"(name: "right.proto" package: "t" dependency: "base.proto"
      extension { name: "right" number: 120 label: LABEL_OPTIONAL type: TYPE_INT32 extendee: ".t.Base" })");
  *set.add_file() = file_of(R"(name: "top.proto" package: "t" dependency: "left.proto" dependency: "right.proto"
      dependency: "base.proto"
      service { name: "Top" method { name: "Get" input_type: ".t.Base" output_type: ".t.Base" } }
      service { name: "Side" })");
  return set;
}

}  // namespace sluice::rpc::testing
