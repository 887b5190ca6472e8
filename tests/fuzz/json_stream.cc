// A body in pieces: the values are the same as in one piece. The first byte says how long the pieces are.
#include <string>

#include "gateway/transcode/json_splitter.h"
#include "tests/fuzz/route.h"

using namespace sluice;

namespace {

constexpr std::size_t kMostValueBytes = 4096;

// The values, and the fault that ended them.
std::string values_of(std::string_view text, std::size_t piece_size) {
  gateway::JsonSplitter splitter(kMostValueBytes);
  std::string out;
  const auto drain = [&] {
    while (true) {
      const auto value = splitter.next();
      if (!value) {
        out += "!" + value.error().message();
        return false;
      }
      if (!*value) return true;
      out += std::to_string((*value)->line) + ":" + std::to_string((*value)->column) + " ";
      out += std::string((*value)->text) + "|";
    }
  };
  for (std::size_t i = 0; i < text.size(); i += piece_size) {
    splitter.feed(text.substr(i, piece_size));
    if (!drain()) return out;
  }
  splitter.feed({});
  splitter.finish();
  drain();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  gateway::promise(values_of(text, data[0] % 40 + 1u) == values_of(text, text.size() + 1));
  return 0;
}
