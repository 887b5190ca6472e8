// Message compression: "gzip" and "deflate" as grpc-encoding names them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"

namespace sluice::rpc {

// https://github.com/grpc/grpc/blob/master/doc/compression.md; deflate is the zlib format (RFC 1950).
enum class Compression : std::uint8_t { Identity, Gzip, Deflate };

// What grpc-accept-encoding offers.
inline constexpr std::string_view kAcceptedCompressions = "identity,deflate,gzip";

std::string_view compression_name(Compression compression);
// Nothing for a name that we do not know.
std::optional<Compression> compression_from_name(std::string_view name);
// Whether a list such as "identity, gzip" contains it; Identity always is.
bool accepts_compression(std::string_view list, Compression compression);

// The result has kMessagePrefixBytes of head-room.
Buffer compress(std::span<const std::byte> bytes, Compression compression);

// RESOURCE_EXHAUSTED as soon as the result is larger than the limit; INTERNAL for bytes that are not of that format.
Result<Buffer> decompress(std::span<const std::byte> bytes, Compression compression, std::size_t max_bytes);

}  // namespace sluice::rpc
