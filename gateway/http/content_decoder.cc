// The decoders: one loop each around its library.
#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <string>

#include "gateway/http/content_coding.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kPiece = 16 * 1024;

std::unexpected<rpc::Status> broken(ContentCoding coding, const char* what) {
  return rpc::fail(rpc::StatusCode::InvalidArgument,
                   "Content-Encoding " + std::string(coding_name(coding)) + ": " + what);
}

// Common: refuses what follows the end, and stops at `most`.
class Decoder : public ContentDecoder {
 public:
  explicit Decoder(ContentCoding coding) : coding_(coding) {}

  rpc::Result<void> decode(std::span<const std::byte>& bytes, std::size_t most, rpc::Buffer& out) final {
    std::size_t room = most;
    while (room > 0) {
      if (finished_) return bytes.empty() ? rpc::Result<void>() : broken(coding_, "bytes follow its end");
      const std::size_t size = std::min(room, kPiece);
      std::span<std::byte> into(out.reserve(size), size);
      const std::size_t before = bytes.size();
      if (!step(bytes, into)) return broken(coding_, "the bytes are not of this coding");
      const std::size_t made = size - into.size();
      out.commit(made);
      room -= made;
      const bool stuck = made == 0 && bytes.size() == before;
      if (!finished_ && (stuck || (bytes.empty() && made < size))) break;
    }
    return {};
  }
  bool finished() const final { return finished_; }

 protected:
  // Shortens both spans by what was used and filled; false: broken.
  virtual bool step(std::span<const std::byte>& bytes, std::span<std::byte>& into) = 0;
  void finish() { finished_ = true; }

 private:
  const ContentCoding coding_;
  bool finished_ = false;
};

// gzip, or the zlib format that "deflate" stands for. (Some clients send bare deflate, which is refused.)
class ZlibDecoder final : public Decoder {
 public:
  explicit ZlibDecoder(ContentCoding coding) : Decoder(coding) {
    inflateInit2(&stream_, coding == ContentCoding::Gzip ? MAX_WBITS + 16 : MAX_WBITS);
  }
  ~ZlibDecoder() override { inflateEnd(&stream_); }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

 private:
  bool step(std::span<const std::byte>& bytes, std::span<std::byte>& into) override {
    const std::size_t taken = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(taken);
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    bytes = bytes.subspan(taken - stream_.avail_in);
    into = into.last(stream_.avail_out);
    if (result == Z_STREAM_END) finish();
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
  }

  z_stream stream_{};
};

class BrotliDecoder final : public Decoder {
 public:
  BrotliDecoder() : Decoder(ContentCoding::Br), state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

 private:
  bool step(std::span<const std::byte>& bytes, std::span<std::byte>& into) override {
    std::size_t left_in = bytes.size();
    std::size_t left_out = into.size();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(into.data());
    const auto result = BrotliDecoderDecompressStream(state_, &left_in, &next_in, &left_out, &next_out, nullptr);
    bytes = bytes.last(left_in);
    into = into.last(left_out);
    if (result == BROTLI_DECODER_RESULT_SUCCESS) finish();
    return result != BROTLI_DECODER_RESULT_ERROR;
  }

  BrotliDecoderState* state_;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : Decoder(ContentCoding::Zstd), state_(ZSTD_createDStream()) {
    // A window of 8 MiB at most (RFC 9659): what a peer can make this allocate.
    ZSTD_DCtx_setParameter(state_, ZSTD_d_windowLogMax, 23);
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(state_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

 private:
  bool step(std::span<const std::byte>& bytes, std::span<std::byte>& into) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    const std::size_t result = ZSTD_decompressStream(state_, &out, &in);
    bytes = bytes.subspan(in.pos);
    into = into.subspan(out.pos);
    if (result == 0) finish();
    return ZSTD_isError(result) == 0;
  }

  ZSTD_DStream* state_;
};

}  // namespace

std::unique_ptr<ContentDecoder> make_decoder(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::Br:
      return std::make_unique<BrotliDecoder>();
    case ContentCoding::Zstd:
      return std::make_unique<ZstdDecoder>();
    default:
      return std::make_unique<ZlibDecoder>(coding);
  }
}

}  // namespace sluice::gateway
