#include "rpc_core/http2/output.h"

namespace sluice::rpc::http2 {
namespace {

// What the copied bytes may keep while nothing is being sent.
constexpr std::size_t kKeptBytes = 4096;

}  // namespace

void Output::append(std::span<const std::byte> bytes) {
  const std::size_t offset = copied_.size();
  copied_.append(bytes);
  size_ += bytes.size();
  if (!segments_.empty() && segments_.back().reference == nullptr) {
    segments_.back().size += bytes.size();
    return;
  }
  segments_.push_back({nullptr, offset, bytes.size()});
}

void Output::append_reference(std::span<const std::byte> bytes) {
  segments_.push_back({bytes.data(), 0, bytes.size()});
  size_ += bytes.size();
  has_references_ = true;
}

std::span<const std::span<const std::byte>> Output::pieces() {
  pieces_.clear();
  for (const Segment& segment : segments_) {
    const std::byte* begin = segment.reference != nullptr ? segment.reference : copied_.data() + segment.offset;
    pieces_.emplace_back(begin, segment.size);
  }
  return pieces_;
}

void Output::clear() {
  if (copied_.capacity() > kKeptBytes) copied_ = Buffer();
  copied_.reset(0);
  segments_.clear();
  retained_.clear();
  size_ = 0;
  has_references_ = false;
}

}  // namespace sluice::rpc::http2
