// The rarer steps of writing: growth and long lengths.
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {

void WireOutput::grow(std::size_t count) {
  flush();
  attach(count);
}

void WireOutput::widen_length(std::size_t content, std::size_t size) {
  const std::size_t extra = varint_size(size) - 1;
  need(extra);
  char* const begin = base_ + content;
  std::memmove(begin + extra, begin, size);
  put_varint(begin - 1, size);
  at_ += extra;
}

}  // namespace sluice::gateway
