// One scratch a thread.
#include "gateway/transcode/scratch.h"

namespace sluice::gateway {

Scratch& thread_scratch() {
  static thread_local Scratch scratch;
  scratch.reset();
  return scratch;
}

}  // namespace sluice::gateway
