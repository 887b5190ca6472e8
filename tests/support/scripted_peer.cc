#include "tests/support/scripted_peer.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/stream_io.h"

namespace sluice::rpc::testing {
namespace {

constexpr std::string_view kMagic = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kFrameHeaderBytes = 9;
constexpr std::size_t kTableBytes = 4096;

std::string big_endian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i));
  return text;
}

std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::uint8_t* bytes_of(std::string_view text) {
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

std::string settings_payload(const ScriptedPeer::Settings& settings) {
  std::string payload;
  for (const auto& [id, value] : settings) payload += big_endian(id, 2) + big_endian(value, 4);
  return payload;
}

}  // namespace

std::uint32_t Frame::number(std::size_t offset) const { return number_of(std::string_view(payload).substr(offset, 4)); }

ScriptedPeer::ScriptedPeer(Loop& loop, std::unique_ptr<ByteStream> stream, Side side)
    : loop_(loop), stream_(std::move(stream)), side_(side), magic_awaited_(side == Side::Server) {
  nghttp2_hd_deflate_new(&deflater_, kTableBytes);
  nghttp2_hd_inflate_new(&inflater_);
  reader_.emplace(read());
}

ScriptedPeer::~ScriptedPeer() {
  close();
  nghttp2_hd_deflate_del(deflater_);
  nghttp2_hd_inflate_del(inflater_);
}

void ScriptedPeer::greet(const Settings& settings) {
  if (side_ == Side::Client) raw(std::string(kMagic));
  frame(NGHTTP2_SETTINGS, 0, 0, settings_payload(settings));
}

void ScriptedPeer::headers(std::int32_t stream, const Metadata& fields, bool end_stream) {
  std::vector<nghttp2_nv> pairs;
  for (const auto& [key, value] : fields) {
    pairs.push_back({bytes_of(key), bytes_of(value), key.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  std::string block(nghttp2_hd_deflate_bound(deflater_, pairs.data(), pairs.size()), '\0');
  const ssize_t size = nghttp2_hd_deflate_hd(deflater_, bytes_of(block), block.size(), pairs.data(), pairs.size());
  block.resize(static_cast<std::size_t>(size));
  constexpr std::size_t kFragment = 16000;
  const auto end = static_cast<std::uint8_t>(end_stream ? NGHTTP2_FLAG_END_STREAM : 0);
  for (std::size_t at = 0; at == 0 || at < block.size(); at += kFragment) {
    const bool last = at + kFragment >= block.size();
    const auto flags = static_cast<std::uint8_t>((at == 0 ? end : 0) | (last ? NGHTTP2_FLAG_END_HEADERS : 0));
    frame(at == 0 ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION, flags, stream, block.substr(at, kFragment));
  }
}

void ScriptedPeer::data(std::int32_t stream, std::string_view bytes, bool end_stream) {
  constexpr std::size_t kLargest = 16384;
  for (; bytes.size() > kLargest; bytes.remove_prefix(kLargest)) {
    frame(NGHTTP2_DATA, 0, stream, bytes.substr(0, kLargest));
  }
  frame(NGHTTP2_DATA, end_stream ? NGHTTP2_FLAG_END_STREAM : 0, stream, bytes);
}

void ScriptedPeer::reset(std::int32_t stream, std::uint32_t code) {
  frame(NGHTTP2_RST_STREAM, 0, stream, big_endian(code, 4));
}

void ScriptedPeer::goaway(std::int32_t last_stream, std::uint32_t code) {
  frame(NGHTTP2_GOAWAY, 0, 0, big_endian(static_cast<std::uint32_t>(last_stream), 4) + big_endian(code, 4));
}

void ScriptedPeer::window_update(std::int32_t stream, std::uint32_t increment) {
  frame(NGHTTP2_WINDOW_UPDATE, 0, stream, big_endian(increment, 4));
}

void ScriptedPeer::frame(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload) {
  raw(big_endian(static_cast<std::uint32_t>(payload.size()), 3) + static_cast<char>(type) + static_cast<char>(flags) +
      big_endian(static_cast<std::uint32_t>(stream), 4) + std::string(payload));
}

void ScriptedPeer::interrupt_next(std::size_t cut, std::function<void()> between) {
  cut_ = cut;
  between_ = std::move(between);
}

void ScriptedPeer::raw(std::string bytes) {
  if (const auto between = std::exchange(between_, nullptr)) {
    raw(bytes.substr(0, cut_));
    between();
    bytes.erase(0, cut_);
  }
  Started<Result<std::size_t>> writer(write_text(*stream_, std::move(bytes)));
  loop_.poll();
  if (!writer.done()) stream_->close();
  loop_.poll();
}

void ScriptedPeer::close() {
  stream_->close();
  loop_.poll();
}

std::vector<Frame> ScriptedPeer::take() {
  loop_.poll();
  return std::exchange(frames_, {});
}

std::vector<Frame> ScriptedPeer::take(std::uint8_t type, std::int32_t stream) {
  std::vector<Frame> chosen;
  for (Frame& each : take()) {
    if (each.type == type && (stream < 0 || each.stream == stream)) chosen.push_back(std::move(each));
  }
  return chosen;
}

Task<void> ScriptedPeer::read() {
  std::string bytes(64 * 1024, '\0');
  while (true) {
    const Result<std::size_t> count = co_await stream_->read_some(std::as_writable_bytes(std::span(bytes)));
    if (!count || *count == 0) break;
    unparsed_.append(bytes, 0, *count);
    parse();
  }
  ended_ = true;
}

void ScriptedPeer::parse() {
  if (magic_awaited_) {
    if (unparsed_.size() < kMagic.size()) return;
    EXPECT_EQ(unparsed_.substr(0, kMagic.size()), kMagic);
    unparsed_.erase(0, kMagic.size());
    magic_awaited_ = false;
  }
  while (unparsed_.size() >= kFrameHeaderBytes) {
    const std::string_view view = unparsed_;
    const std::size_t length = number_of(view.substr(0, 3));
    if (view.size() < kFrameHeaderBytes + length) return;
    Frame frame;
    frame.type = static_cast<std::uint8_t>(view[3]);
    frame.flags = static_cast<std::uint8_t>(view[4]);
    frame.stream = static_cast<std::int32_t>(number_of(view.substr(5, 4)));
    frame.payload = view.substr(kFrameHeaderBytes, length);
    if (frame.type == NGHTTP2_HEADERS) frame.fields = decode(frame.payload);
    frames_.push_back(std::move(frame));
    unparsed_.erase(0, kFrameHeaderBytes + length);
  }
}

// Blocks of one frame, without padding and priority: that is how they are sent here.
Metadata ScriptedPeer::decode(std::string_view block) {
  Metadata fields;
  const std::uint8_t* in = bytes_of(block);
  std::size_t left = block.size();
  int flags = 0;
  while ((flags & NGHTTP2_HD_INFLATE_FINAL) == 0) {
    nghttp2_nv pair{};
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &pair, &flags, in, left, 1);
    if (used < 0) throw std::runtime_error("a header block that is no HPACK");
    in += used;
    left -= static_cast<std::size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) continue;
    fields.add({reinterpret_cast<const char*>(pair.name), pair.namelen},
               {reinterpret_cast<const char*>(pair.value), pair.valuelen});
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  return fields;
}

std::string framed(std::string_view message, bool compressed) {
  return std::string(1, compressed ? '\1' : '\0') + big_endian(static_cast<std::uint32_t>(message.size()), 4) +
         std::string(message);
}

Metadata request_head(std::string_view path) {
  return Metadata{{":method", "POST"},
                  {":scheme", "http"},
                  {":path", path},
                  {":authority", "test"},
                  {"content-type", "application/grpc"},
                  {"te", "trailers"}};
}

Metadata response_head() { return Metadata{{":status", "200"}, {"content-type", "application/grpc"}}; }

Metadata status_trailers(int code) { return Metadata{{"grpc-status", std::to_string(code)}}; }

}  // namespace sluice::rpc::testing
