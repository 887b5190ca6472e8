#include "tests/interop/cases.h"

#include <stdexcept>

#include "tests/interop/case_list.h"

namespace sluice::rpc::interop {

const std::map<std::string, Case>& all_cases() {
  static const std::map<std::string, Case> kCases = {
      {"empty_unary", empty_unary},
      {"large_unary", large_unary},
      {"client_streaming", client_streaming},
      {"server_streaming", server_streaming},
      {"ping_pong", ping_pong},
      {"empty_stream", empty_stream},
      {"cancel_after_begin", cancel_after_begin},
      {"cancel_after_first_response", cancel_after_first_response},
      {"timeout_on_sleeping_server", timeout_on_sleeping_server},
      {"status_code_and_message", status_code_and_message},
      {"special_status_message", special_status_message},
      {"custom_metadata", custom_metadata},
      {"unimplemented_method", unimplemented_method},
      {"unimplemented_service", unimplemented_service},
      {"pick_first_unary", pick_first_unary},
      {"client_compressed_unary", client_compressed_unary},
      {"client_compressed_streaming", client_compressed_streaming},
      {"server_compressed_unary", server_compressed_unary},
      {"server_compressed_streaming", server_compressed_streaming},
      {"rpc_soak", rpc_soak},
      {"channel_soak", channel_soak},
      {"goaway", goaway},
      {"max_streams", max_streams},
      {"ping", large_unary},
      {"rst_after_header", reset_by_peer},
      {"rst_during_data", reset_by_peer},
      {"rst_after_data", reset_by_peer},
      {"data_frame_padding", large_unary},
      {"no_df_padding_sanity_test", large_unary},
  };
  return kCases;
}

void expect(bool condition, const std::string& expectation) {
  if (!condition) throw std::runtime_error("expected " + expectation);
}

void expect_status(const Status& status, StatusCode code) {
  expect(status.code() == code, "status " + status_code_name(code) + ", got " + status.to_string());
}

testing::SimpleRequest simple_request(int request_size, int response_size) {
  testing::SimpleRequest request;
  request.set_response_size(response_size);
  request.mutable_payload()->set_body(std::string(static_cast<std::size_t>(request_size), '\0'));
  return request;
}

testing::StreamingOutputCallRequest output_request(int request_size, int response_size) {
  testing::StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(response_size);
  request.mutable_payload()->set_body(std::string(static_cast<std::size_t>(request_size), '\0'));
  return request;
}

void expect_body(const testing::Payload& payload, int size) {
  expect(payload.body() == std::string(static_cast<std::size_t>(size), '\0'),
         "a body of " + std::to_string(size) + " zeros, got " + std::to_string(payload.body().size()) + " bytes");
}

Task<void> large_unary(Peer& peer) {
  const auto request = simple_request(kLargeRequest, kLargeResponse);
  const auto response = co_await peer.client().unary_call(request);
  expect_body(expect_ok(response).payload(), kLargeResponse);
}

}  // namespace sluice::rpc::interop
