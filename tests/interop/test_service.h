// TestService: the server's half of gRPC's interop tests.
#pragma once

#include <string>

#include "src/proto/grpc/testing/test.sluice.h"

namespace sluice::rpc::interop {

namespace testing = grpc::testing;

// https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md ("Server"). UnimplementedCall stays so.
class TestService final : public testing::TestServiceService {
 public:
  // The id is what fill_server_id asks for.
  explicit TestService(std::string server_id) : server_id_(std::move(server_id)) {}

  Task<Result<testing::Empty>> empty_call(ServerContext& context, const testing::Empty& request) override;
  Task<Result<testing::SimpleResponse>> unary_call(ServerContext& context,
                                                   const testing::SimpleRequest& request) override;
  Task<Result<testing::SimpleResponse>> cacheable_unary_call(ServerContext& context,
                                                             const testing::SimpleRequest& request) override;
  Task<Status> streaming_output_call(ServerContext& context, const testing::StreamingOutputCallRequest& request,
                                     Writer<testing::StreamingOutputCallResponse>& writer) override;
  Task<Result<testing::StreamingInputCallResponse>> streaming_input_call(
      ServerContext& context, Reader<testing::StreamingInputCallRequest>& reader) override;
  Task<Status> full_duplex_call(ServerContext& context, Reader<testing::StreamingOutputCallRequest>& reader,
                                Writer<testing::StreamingOutputCallResponse>& writer) override;
  Task<Status> half_duplex_call(ServerContext& context, Reader<testing::StreamingOutputCallRequest>& reader,
                                Writer<testing::StreamingOutputCallResponse>& writer) override;

 private:
  const std::string server_id_;
};

}  // namespace sluice::rpc::interop
