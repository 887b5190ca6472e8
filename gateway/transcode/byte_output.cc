// Growth.
#include "gateway/transcode/byte_output.h"

namespace sluice::gateway {

void ByteOutput::attach(std::size_t count) {
  out_.reserve(count);
  base_ = reinterpret_cast<char*>(out_.data());
  at_ = base_ + out_.size();
  limit_ = at_ + out_.tailroom();
}

void ByteOutput::grow(std::size_t count) {
  flush();
  attach(count);
}

}  // namespace sluice::gateway
