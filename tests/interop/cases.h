// The client's half of gRPC's interop tests: a table of cases, each of which throws when the peer fails it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "rpc_core/client/channel.h"
#include "src/proto/grpc/testing/test.sluice.h"
#include "tests/interop/flags.h"

namespace sluice::rpc::interop {

namespace testing = grpc::testing;

// What a case works with.
struct Peer {
  Loop& loop;
  Channel& channel;
  const std::string& target;  // these two for cases that want channels of their own
  const ChannelOptions& options;
  const Flags& flags;

  testing::TestServiceClient client() const { return testing::TestServiceClient(channel); }
};

using Case = std::function<Task<void>(Peer&)>;
// https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md, and the cases of
// https://github.com/grpc/grpc/blob/master/doc/negative-http2-interop-test-descriptions.md
const std::map<std::string, Case>& all_cases();

// Throws std::runtime_error with what was expected.
void expect(bool condition, const std::string& expectation);
void expect_status(const Status& status, StatusCode code);
template <class T>
const T& expect_ok(const Result<T>& result) {
  if (!result) expect_status(result.error(), StatusCode::Ok);
  return *result;
}

inline constexpr int kLargeRequest = 271828;
inline constexpr int kLargeResponse = 314159;

testing::SimpleRequest simple_request(int request_size, int response_size);
testing::StreamingOutputCallRequest output_request(int request_size, int response_size);
void expect_body(const testing::Payload& payload, int size);
// One large unary call that succeeds.
Task<void> large_unary(Peer& peer);

}  // namespace sluice::rpc::interop
