// Histogram: how many values fell below each of a fixed row of bounds; a plain value of one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::gateway {

// Bounds ascend; a value equal to a bound belongs to it, as Prometheus' "le" says.
template <std::size_t Size>
class Histogram {
 public:
  using Bounds = std::array<double, Size>;

  explicit Histogram(const Bounds& bounds) : bounds_(&bounds) {}

  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < Size && value > (*bounds_)[bucket]) ++bucket;
    ++counts_[bucket];
    sum_ += value;
  }
  // The other one has the same bounds.
  void merge(const Histogram& other) {
    for (std::size_t i = 0; i <= Size; ++i) counts_[i] += other.counts_[i];
    sum_ += other.sum_;
  }

  const Bounds& bounds() const { return *bounds_; }
  // Not cumulative; the last one counts what is above every bound.
  const std::array<std::uint64_t, Size + 1>& counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  const Bounds* bounds_;
  std::array<std::uint64_t, Size + 1> counts_{};
  double sum_ = 0;
};

}  // namespace sluice::gateway
