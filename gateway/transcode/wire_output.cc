// Long lengths.
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {

void WireOutput::widen_length(std::size_t content, std::size_t size) {
  const std::size_t extra = varint_size(size) - 1;
  need(extra);
  char* const begin = at(content);
  std::memmove(begin + extra, begin, size);
  put_varint(begin - 1, size);
  advance_to(begin + extra + size);
}

// From the back: the bytes behind a length move by what that length and those before it need more.
void NestedLengths::apply(WireOutput& out, std::size_t entry, std::size_t extra) {
  std::size_t shift = extra_ - extra;
  out.need(shift);
  std::size_t end = out.position();
  out.rewind(end + shift);
  for (std::size_t i = entries_.size(); i-- > entry;) {
    const auto [content, size] = entries_[i];
    std::memmove(out.at(content + shift), out.at(content), end - content);
    shift -= varint_size(size) - 1;
    put_varint(out.at(content - 1 + shift), size);
    end = content - 1;
  }
  rewind(entry, extra);
}

}  // namespace sluice::gateway
