#include "rpc_core/call/call.h"

namespace sluice::rpc {

const Metadata& ServerCall::no_metadata() {
  static const Metadata none;
  return none;
}

}  // namespace sluice::rpc
