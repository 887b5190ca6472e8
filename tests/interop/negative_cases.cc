// The cases against servers that misbehave at the level of HTTP/2.
#include <chrono>
#include <vector>

#include "rpc_core/base/task_group.h"
#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {

// The server closes each connection by a GOAWAY behind its first response.
Task<void> goaway(Peer& peer) {
  co_await large_unary(peer);
  co_await sleep_for(peer.loop, std::chrono::seconds(1));
  co_await large_unary(peer);
}

// After the first call the client knows that the server takes one stream at a time.
Task<void> max_streams(Peer& peer) {
  co_await large_unary(peer);
  const auto at_once = [&peer](TaskGroup& group) -> Task<void> {
    for (int i = 0; i < 15; ++i) group.spawn(large_unary(peer));
    co_return;
  };
  co_await run_in_group(peer.loop, at_once);
}

// RST_STREAM(NO_ERROR) without trailers is INTERNAL wherever it comes (PROTOCOL-HTTP2.md, "Errors").
Task<void> reset_by_peer(Peer& peer) {
  const auto request = simple_request(kLargeRequest, kLargeResponse);
  const auto response = co_await peer.client().unary_call(request);
  expect(!response, "no response from a stream that was reset");
  expect_status(response.error(), StatusCode::Internal);
}

}  // namespace sluice::rpc::interop
