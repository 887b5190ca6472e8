// What nghttp2 tells while it parses and packs frames: each callback records the event on its stream, and no more.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>

#include "rpc_core/http2/session.h"

namespace sluice::rpc::http2 {

class SessionCallbacks {
 public:
  static void install(nghttp2_session_callbacks* callbacks);

  // The data source of every stream: how much there is to send, and whether that is the end.
  static ssize_t read_data(nghttp2_session*, std::int32_t id, std::uint8_t*, std::size_t length, std::uint32_t* flags,
                           nghttp2_data_source* source, void* user);

 private:
  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* header, void* user);
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t flags, void* user);
  static int on_frame_recv(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame* frame, int error, void* user);
  static int on_data_chunk(nghttp2_session*, std::uint8_t flags, std::int32_t id, const std::uint8_t* data,
                           std::size_t size, void* user);
  static int on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user);
  static int on_frame_send(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* header, std::size_t length,
                       nghttp2_data_source* source, void* user);

  static Stream* find(Session& session, std::int32_t id);
  static void note_data(Session& session, const nghttp2_frame& frame);
  static void note_ping(Session& session, const nghttp2_ping& frame);
  static void note_reset_sent(Session& session, const nghttp2_rst_stream& frame);
  static void end_header_block(Session& session, Stream& stream, const nghttp2_frame& frame);
};

}  // namespace sluice::rpc::http2
