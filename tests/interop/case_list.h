// The cases by their functions, for the table.
#pragma once

#include "tests/interop/cases.h"

namespace sluice::rpc::interop {

Task<void> empty_unary(Peer& peer);
Task<void> client_streaming(Peer& peer);
Task<void> server_streaming(Peer& peer);
Task<void> ping_pong(Peer& peer);
Task<void> empty_stream(Peer& peer);
Task<void> cancel_after_begin(Peer& peer);
Task<void> cancel_after_first_response(Peer& peer);
Task<void> timeout_on_sleeping_server(Peer& peer);
Task<void> pick_first_unary(Peer& peer);

Task<void> status_code_and_message(Peer& peer);
Task<void> special_status_message(Peer& peer);
Task<void> custom_metadata(Peer& peer);
Task<void> unimplemented_method(Peer& peer);
Task<void> unimplemented_service(Peer& peer);

Task<void> client_compressed_unary(Peer& peer);
Task<void> client_compressed_streaming(Peer& peer);
Task<void> server_compressed_unary(Peer& peer);
Task<void> server_compressed_streaming(Peer& peer);

Task<void> rpc_soak(Peer& peer);
Task<void> channel_soak(Peer& peer);

Task<void> goaway(Peer& peer);
Task<void> max_streams(Peer& peer);
// For rst_after_header, rst_during_data and rst_after_data.
Task<void> reset_by_peer(Peer& peer);

}  // namespace sluice::rpc::interop
