#include "rpc_core/wire/compression.h"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <string>

namespace sluice::rpc {
namespace {

constexpr int kMemoryLevel = 8;
// zlib's window bits; 16 more means the gzip format.
int window_bits(Compression compression) {
  return compression == Compression::Gzip ? 15 + 16 : 15;
}

struct Deflater : z_stream {
  explicit Deflater(Compression compression) : z_stream{} {
    const int error = deflateInit2(this, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(compression), kMemoryLevel,
                                   Z_DEFAULT_STRATEGY);
    if (error != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(this); }
};

struct Inflater : z_stream {
  explicit Inflater(Compression compression) : z_stream{} {
    if (inflateInit2(this, window_bits(compression)) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(this); }
};

void set_input(z_stream& stream, std::span<const std::byte> bytes) {
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

std::unexpected<Status> not_that_format(Compression compression, const z_stream& stream) {
  const std::string reason = stream.msg != nullptr ? stream.msg : "the bytes end early";
  return fail(StatusCode::Internal,
              "compressed message: expected " + std::string(compression_name(compression)) + ", " + reason);
}

}  // namespace

std::string_view compression_name(Compression compression) {
  switch (compression) {
    case Compression::Gzip:
      return "gzip";
    case Compression::Deflate:
      return "deflate";
    case Compression::Identity:
      break;
  }
  return "identity";
}

std::optional<Compression> compression_from_name(std::string_view name) {
  for (const Compression each : {Compression::Identity, Compression::Gzip, Compression::Deflate}) {
    if (compression_name(each) == name) return each;
  }
  return std::nullopt;
}

bool accepts_compression(std::string_view list, Compression compression) {
  if (compression == Compression::Identity) return true;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name == compression_name(compression)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

Buffer compress(std::span<const std::byte> bytes, Compression compression) {
  Deflater deflater(compression);
  Buffer out(kMessagePrefixBytes, deflateBound(&deflater, bytes.size()));
  set_input(deflater, bytes);
  deflater.next_out = reinterpret_cast<Bytef*>(out.data());
  deflater.avail_out = static_cast<uInt>(out.tailroom());
  if (deflate(&deflater, Z_FINISH) != Z_STREAM_END) throw std::bad_alloc();
  out.commit(deflater.total_out);
  return out;
}

Result<Buffer> decompress(std::span<const std::byte> bytes, Compression compression, std::size_t max_bytes) {
  Inflater inflater(compression);
  set_input(inflater, bytes);
  Buffer out(kMessagePrefixBytes, std::min(max_bytes, bytes.size() * 4) + 1);
  int result = Z_OK;
  while (result == Z_OK) {
    const std::size_t room =
        std::min<std::size_t>(max_bytes + 1 - out.size(), std::max<std::size_t>(out.tailroom(), 4096));
    inflater.next_out = reinterpret_cast<Bytef*>(out.reserve(room));
    inflater.avail_out = static_cast<uInt>(room);
    result = inflate(&inflater, Z_NO_FLUSH);
    out.commit(room - inflater.avail_out);
    if (out.size() > max_bytes) {
      return fail(StatusCode::ResourceExhausted,
                  "decompressed message is larger than the limit of " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (result != Z_STREAM_END || inflater.avail_in != 0) return not_that_format(compression, inflater);
  return out;
}

}  // namespace sluice::rpc
