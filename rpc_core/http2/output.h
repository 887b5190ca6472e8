// Output: what a session wants to send, gathered for one write: small bytes copied together, large ones referred to.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "rpc_core/base/buffer.h"

namespace sluice::rpc::http2 {

class Output {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Copies.
  void append(std::span<const std::byte> bytes);
  // Refers; the bytes stay where they are until clear().
  void append_reference(std::span<const std::byte> bytes);
  // Keeps a buffer alive, that was referred to, until clear().
  void retain(Buffer buffer) { retained_.push_back(std::move(buffer)); }
  bool has_references() const { return has_references_; }

  // Everything in order; valid until the next change.
  std::span<const std::span<const std::byte>> pieces();
  void clear();

 private:
  struct Segment {
    const std::byte* reference;  // nullptr: in the copied bytes, at offset
    std::size_t offset;
    std::size_t size;
  };
  Buffer copied_;
  std::vector<Segment> segments_;
  std::vector<std::span<const std::byte>> pieces_;
  std::vector<Buffer> retained_;
  std::size_t size_ = 0;
  bool has_references_ = false;
};

}  // namespace sluice::rpc::http2
