// Any text as a request body: what is taken is a valid message, and prints as JSON that is read as the same bytes.
#include "tests/fuzz/route.h"

using namespace sluice;

namespace {

template <class Message>
void read(std::string_view text) {
  const gateway::Transcoder& transcoder = gateway::FuzzRoute<Message>::transcoder();
  gateway::RequestParts parts;
  parts.body = text;
  rpc::Buffer wire;
  if (!transcoder.request(parts, wire)) {
    gateway::promise(wire.empty());
    return;
  }
  Message message;
  gateway::promise(message.ParseFromArray(wire.data(), static_cast<int>(wire.size())));
  rpc::Buffer json;
  if (!transcoder.response(wire.text(), {}, json))
    return;  // three times the depth in Struct; masks without a JSON form
  rpc::Buffer again;
  parts.body = json.text();
  gateway::promise(transcoder.request(parts, again).has_value());
  rpc::Buffer json_again;
  gateway::promise(transcoder.response(again.text(), {}, json_again).has_value());
  gateway::promise(json.text() == json_again.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read<test::All>(text);
  read<test::Legacy>(text);
  return 0;
}
