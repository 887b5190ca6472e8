// Memory that one thread reuses from message to message, so that transcoding allocates nothing in the steady state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/transcode/query_binding.h"
#include "gateway/transcode/seen_keys.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {

// Holds nothing between calls but capacity.
struct Scratch {
  // Where the "@type" of an object begins, for objects inside an Any that was looked through; by object.
  struct AnyType {
    const char* object;
    const char* type;
  };

  SeenKeys seen;
  NestedLengths lengths;
  QueryScratch query;
  std::vector<std::uint64_t> bits;  // of messages with more than 64 fields and oneofs
  std::string key;                  // a decoded key
  std::string text;                 // a decoded string
  std::string mask_prefix;
  std::string mask_paths;  // FieldMask.paths, encoded
  std::vector<AnyType> any_types;
  rpc::Buffer captured;                   // the field that each path variable binds, encoded
  std::vector<std::size_t> capture_ends;  // in `captured`

  std::string_view capture(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : capture_ends[i - 1];
    return captured.text().substr(begin, capture_ends[i] - begin);
  }

  void reset() {
    seen.reset();
    lengths.reset();
    bits.clear();
    mask_prefix.clear();
    mask_paths.clear();
    any_types.clear();
    captured.clear();
    capture_ends.clear();
  }
};

// The calling thread's, reset. Transcoding is synchronous and does not nest: whoever asks has it for himself.
Scratch& thread_scratch();

// Which fields and oneofs of one message came already. A message of up to 64 costs a register.
class SeenFields {
 public:
  SeenFields(Scratch& scratch, const MessagePlan& plan) {
    if (plan.bits > 64) [[unlikely]] {
      more_ = &scratch.bits;
      offset_ = more_->size();
      more_->resize(offset_ + (plan.bits - 1) / 64);
    }
  }
  ~SeenFields() {
    if (more_ != nullptr) [[unlikely]]
      more_->resize(offset_);
  }
  SeenFields(const SeenFields&) = delete;
  SeenFields& operator=(const SeenFields&) = delete;

  // False: it was there already.
  bool mark(std::uint32_t bit) {
    if (bit < 64) [[likely]]
      return mark(bit, first_);
    return mark(bit & 63, (*more_)[offset_ + bit / 64 - 1]);
  }

 private:
  static bool mark(std::uint32_t bit, std::uint64_t& word) {
    const std::uint64_t mask = std::uint64_t{1} << bit;
    const bool is_new = (word & mask) == 0;
    word |= mask;
    return is_new;
  }

  std::uint64_t first_ = 0;
  std::vector<std::uint64_t>* more_ = nullptr;
  std::size_t offset_ = 0;
};

}  // namespace sluice::gateway
