// The messages that a program under test exchanges with the conformance runner on stdin and stdout.
#pragma once

#include <google/protobuf/message_lite.h>

namespace sluice::rpc::conformance {

// Four bytes of length, big-endian, then the message; blocking. read_message: false at the end of stdin. Both throw
// std::runtime_error when the pipe breaks inside a message, or when the bytes are no such message.
bool read_message(google::protobuf::MessageLite& message);
void write_message(const google::protobuf::MessageLite& message);

}  // namespace sluice::rpc::conformance
