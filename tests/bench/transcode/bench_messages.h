// The messages of bench_transcode: seeded, each a little different from the next.
#pragma once

#include <string>
#include <vector>

namespace sluice::bench {

// One message in all the forms that are measured.
struct Sample {
  std::string wire;
  std::string json;  // compact
  std::string pretty;
  std::string sorted;   // members in the order of their names
  std::string escaped;  // one letter in eight as \u00XX
};

std::vector<Sample> tiny_samples();
std::vector<Sample> order_samples();   // about 1 KB of JSON
std::vector<Sample> batch_samples();   // about 70 KB
std::vector<Sample> flat_samples();    // about 64 KB of strings in one message
std::vector<Sample> deep_samples();    // the same strings in messages nested 99 deep
std::vector<Sample> double_samples();  // about 16 KB of doubles with all their digits

}  // namespace sluice::bench
