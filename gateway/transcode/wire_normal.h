// Brings one message's encoding into the order that can be printed as it is read.
#pragma once

#include <cstdint>
#include <string_view>

#include "gateway/transcode/message_plan.h"
#include "rpc_core/base/buffer.h"

namespace sluice::gateway {

// Applies what protobuf says about fields that come again, on this level alone: of a singular scalar the last stays,
// messages are put one behind the other (which merges them), of a oneof the last member stays, of a map key the last
// entry; fields are sorted, so that a repeated one is in one piece. Unknown fields go, as do numbers that a closed enum
// lacks. `content` then views the result: itself, when all was in order, else `rewritten`. False: malformed bytes.
// https://protobuf.dev/programming-guides/encoding/#last-one-wins
bool normalise(const MessagePlan& plan, std::string_view& content, rpc::Buffer& rewritten);

// What two map keys have in common when they are the same key: 32-bit types and bool ignore the rest of a varint.
std::uint64_t map_key_bits(Kind kind, std::uint64_t bits);

}  // namespace sluice::gateway
