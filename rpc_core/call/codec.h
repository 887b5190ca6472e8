// Protobuf messages to the buffers that calls carry, and back.
#pragma once

#include <google/protobuf/message_lite.h>

#include <utility>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"

namespace sluice::rpc {

// Encodes into one buffer with kMessagePrefixBytes of head-room, so that framing it copies nothing.
// INTERNAL: a required field is missing, or the message is beyond protobuf's 2 GiB.
Result<Buffer> encode(const google::protobuf::MessageLite& message);

// Parses into `message`, whose old content goes. INTERNAL: the bytes are no such message.
Status decode(const Buffer& bytes, google::protobuf::MessageLite& message);

template <class Message>
Result<Message> decode(const Result<Buffer>& bytes) {
  if (!bytes) return fail(bytes.error());
  Result<Message> message(std::in_place);
  if (Status status = decode(*bytes, *message); !status.ok()) return fail(std::move(status));
  return message;
}

template <class Message>
Result<Buffer> encode(const Result<Message>& message) {
  if (!message) return fail(message.error());
  return encode(static_cast<const google::protobuf::MessageLite&>(*message));
}

}  // namespace sluice::rpc
