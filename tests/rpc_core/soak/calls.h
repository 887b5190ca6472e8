// perform: carries out one planned call of the soak test, and tells how it ended.
#pragma once

#include <optional>
#include <string>

#include "tests/rpc_core/soak/plan.h"
#include "tests/rpc_core/soak/soak.sluice.h"

namespace sluice::soak {

struct Ending {
  // None: the call was abandoned.
  std::optional<rpc::Status> status;
  // What does not fit the plan; empty: it all does.
  std::string wrong;
  // As whom the server knows the client, where it answered.
  std::string caller;
};

// A call that goes on for five minutes is stopped, and wrong.
rpc::Task<Ending> perform(rpc::Loop& loop, SoakClient& client, const Plan& plan);

}  // namespace sluice::soak
