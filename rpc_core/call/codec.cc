#include "rpc_core/call/codec.h"

#include <climits>
#include <string>

namespace sluice::rpc {

Result<Buffer> encode(const google::protobuf::MessageLite& message) {
  if (!message.IsInitialized()) {
    return fail(StatusCode::Internal, "expected all required fields of " + message.GetTypeName() +
                                          ", missing: " + message.InitializationErrorString());
  }
  const std::size_t size = message.ByteSizeLong();
  if (size > INT_MAX) {
    return fail(StatusCode::Internal,
                "expected a " + message.GetTypeName() + " of less than 2 GiB, got " + std::to_string(size) + " bytes");
  }
  Buffer buffer(kMessagePrefixBytes, size);
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(buffer.reserve(size)));
  buffer.commit(size);
  return buffer;
}

Status decode(const Buffer& bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() <= INT_MAX && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Status();
  return Status(StatusCode::Internal, "expected an encoded " + message.GetTypeName() + ", got " +
                                          std::to_string(bytes.size()) + " bytes that are none");
}

}  // namespace sluice::rpc
