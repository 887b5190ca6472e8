// Any bytes as an answer: what prints is JSON that is read back, and malformed bytes are refused as protobuf refuses
// them.
#include "tests/fuzz/route.h"

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const gateway::Transcoder& transcoder = (data[0] & 16) == 0 ? gateway::FuzzRoute<test::All>::transcoder()
                                                              : gateway::FuzzRoute<test::Legacy>::transcoder();
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  gateway::PrintOptions print;
  print.pretty = (data[0] & 1) != 0;
  print.enums_as_integers = (data[0] & 2) != 0;
  print.preserve_proto_names = (data[0] & 4) != 0;
  print.always_print_fields_with_no_presence = (data[0] & 8) != 0;
  rpc::Buffer json;
  if (!transcoder.response(bytes, print, json)) {
    gateway::promise(json.empty());
    return 0;
  }
  gateway::RequestParts parts;
  parts.body = json.text();
  rpc::Buffer wire;
  gateway::promise(transcoder.request(parts, wire).has_value());
  rpc::Buffer again;
  gateway::promise(transcoder.response(wire.text(), print, again).has_value());
  gateway::promise(again.size() == json.size());
  return 0;
}
