// Content codings (RFC 9110 section 8.4): gzip, deflate, br and zstd: bodies of requests, decoded as they come, and of
// answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

enum class ContentCoding : std::uint8_t { Identity, Gzip, Deflate, Br, Zstd };

// What Accept-Encoding offers to clients that sent another one (RFC 9110 section 12.5.3).
inline constexpr std::string_view kAcceptedCodings = "gzip, br, zstd, deflate";

std::string_view coding_name(ContentCoding coding);
// Of one Content-Encoding; x-gzip is gzip. Nothing for a name that is not known, and for a list of codings.
std::optional<ContentCoding> coding_from_name(std::string_view name);
// Which coding an answer gets by these Accept-Encoding values: the one with the greatest weight; of equal ones zstd
// before br before gzip. Identity where none of them is acceptable, or identity weighs more.
ContentCoding choose_coding(std::string_view accept_encoding);

// Undoes a coding.
class ContentDecoder {
 public:
  virtual ~ContentDecoder() = default;
  // Appends what the bytes decode to, at most `most` bytes at a time, and removes from the span what it has used. With
  // room left in `most` everything is used. INVALID_ARGUMENT: the bytes are not of this coding, or follow its end.
  virtual rpc::Result<void> decode(std::span<const std::byte>& bytes, std::size_t most, rpc::Buffer& out) = 0;
  // Whether the coding's end was reached: input that stops before it is broken.
  virtual bool finished() const = 0;
};

// Not for Identity.
std::unique_ptr<ContentDecoder> make_decoder(ContentCoding coding);

// The whole of a body at once; for Identity a copy. Appends to the buffer.
void encode_content(std::string_view body, ContentCoding coding, rpc::Buffer& out);

}  // namespace sluice::gateway
