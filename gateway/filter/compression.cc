// The request whose body is decoded, and the responder that encodes.
#include "gateway/filter/compression.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/filter/request_filter.h"
#include "gateway/filter/responder_filter.h"
#include "gateway/http/content_coding.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t kSmallestEncoded = 1024;  // below it the fields cost more than is won
constexpr std::size_t kDecodedPiece = 64 * 1024;

class DecodedRequest final : public RequestFilter {
 public:
  DecodedRequest(Request& next, ContentCoding coding) : RequestFilter(next), decoder_(make_decoder(coding)) {}

  void limit_body(std::size_t bytes) override {
    limit_ = bytes;
    // The coded body may be a little larger than what it stands for, never much.
    RequestFilter::limit_body(bytes + std::min(kDecodedPiece, std::numeric_limits<std::size_t>::max() - bytes));
  }

  rpc::Task<rpc::Result<BodyChunk>> read_body() override {
    decoded_.clear();
    BodyChunk chunk;
    while (decoded_.empty() && !chunk.last) {
      if (coded_.empty() && !read_all_) {
        rpc::Result<BodyChunk> next = co_await RequestFilter::read_body();
        if (!next) co_return std::unexpected(std::move(next.error()));
        coded_ = next->bytes;
        read_all_ = next->last;
        empty_ = empty_ && coded_.empty();
      }
      const rpc::Result<void> decoded = decode();
      if (!decoded) co_return std::unexpected(decoded.error());
      chunk.last = read_all_ && coded_.empty() && decoded_.size() < kDecodedPiece;
    }
    if (chunk.last && !decoder_->finished() && !empty_) {
      co_return rpc::fail(rpc::StatusCode::InvalidArgument, "the body ends in the middle of its Content-Encoding");
    }
    chunk.bytes = decoded_.bytes();
    co_return chunk;
  }

 private:
  rpc::Result<void> decode() {
    const rpc::Result<void> decoded = decoder_->decode(coded_, kDecodedPiece, decoded_);
    if (!decoded) return decoded;
    total_ += decoded_.size();
    if (total_ > limit_) {
      return rpc::fail(rpc::StatusCode::ResourceExhausted,
                       "the body is larger than " + std::to_string(limit_) + " bytes when decoded");
    }
    return {};
  }

  const std::unique_ptr<ContentDecoder> decoder_;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  std::size_t total_ = 0;
  std::span<const std::byte> coded_;  // of the last chunk, not yet decoded
  bool read_all_ = false;
  bool empty_ = true;  // so far; no body at all is one in any coding
  rpc::Buffer decoded_;
};

bool is_text(const Headers& headers) {
  const std::string_view type = headers.get("Content-Type").value_or("");
  const std::string_view name = type.substr(0, type.find(';'));
  constexpr std::array<std::string_view, 4> kTexts = {"application/javascript", "application/xml",
                                                      "application/x-ndjson", "image/svg+xml"};
  return name.starts_with("text/") || name == "application/json" || name.ends_with("+json") || name.ends_with("+xml") ||
         std::ranges::find(kTexts, name) != kTexts.end();
}

class EncodingResponder final : public ResponderFilter {
 public:
  EncodingResponder(Responder& next, ContentCoding coding) : ResponderFilter(next), coding_(coding) {}

  rpc::Task<void> send(Response whole) override {
    Headers& headers = whole.head.headers;
    if (whole.body.size() > kSmallestEncoded && is_text(headers) && !headers.contains("Content-Encoding")) {
      headers.add("Vary", "Accept-Encoding");
      if (coding_ != ContentCoding::Identity) encode(whole);
    }
    return ResponderFilter::send(std::move(whole));
  }

 private:
  void encode(Response& whole) const {
    rpc::Buffer encoded(kResponseHeadroom);
    encode_content(whole.body.text(), coding_, encoded);
    if (encoded.size() >= whole.body.size()) return;
    whole.body = std::move(encoded);
    whole.head.headers.add("Content-Encoding", coding_name(coding_));
  }

  const ContentCoding coding_;
};

}  // namespace

rpc::Task<void> Compression::handle(Request& request, Responder& responder) {
  // Without a field nothing is encoded.
  EncodingResponder encoding(responder, choose_coding(request.headers().joined("Accept-Encoding")));
  const auto named = request.headers().get("Content-Encoding");
  const ContentCoding coding =
      named ? coding_from_name(*named).value_or(ContentCoding::Identity) : ContentCoding::Identity;
  if (coding == ContentCoding::Identity) {
    co_await next_.handle(request, encoding);
  } else {
    DecodedRequest decoded(request, coding);
    co_await next_.handle(decoded, encoding);
  }
}

}  // namespace sluice::gateway
