// ConformanceService: answers as each request says, and tells what it saw of the request.
#pragma once

#include "connectrpc/conformance/v1/service.sluice.h"

namespace sluice::rpc::conformance {

namespace v1 = connectrpc::conformance::v1;

// Unimplemented stays unimplemented.
class ConformanceService final : public v1::ConformanceServiceService {
 public:
  Task<Result<v1::UnaryResponse>> unary(ServerContext& context, const v1::UnaryRequest& request) override;
  Task<Result<v1::IdempotentUnaryResponse>> idempotent_unary(ServerContext& context,
                                                             const v1::IdempotentUnaryRequest& request) override;
  Task<Result<v1::ClientStreamResponse>> client_stream(ServerContext& context,
                                                       Reader<v1::ClientStreamRequest>& reader) override;
  Task<Status> server_stream(ServerContext& context, const v1::ServerStreamRequest& request,
                             Writer<v1::ServerStreamResponse>& writer) override;
  Task<Status> bidi_stream(ServerContext& context, Reader<v1::BidiStreamRequest>& reader,
                           Writer<v1::BidiStreamResponse>& writer) override;
};

}  // namespace sluice::rpc::conformance
