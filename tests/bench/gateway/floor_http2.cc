// The floor with gRPC behind it: what floor_gateway does, and nghttp2 to carry each request as a call.
//
//   floor_http2 BACKEND_PORT        prints its port
//
// The body that comes is the call's message, and the message that comes back is the body of the answer: nothing is
// parsed, matched, converted, limited or counted, and the headers are those of one method. What this costs beyond the
// floor is HTTP/2 itself, for a gateway whose calls nghttp2 frames.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/bench/gateway/floor_front.h"

namespace sluice::bench {
namespace {

constexpr std::size_t kPrefix = 5;  // of a gRPC message
constexpr std::size_t kIdSize = 36;

struct Call {
  int client = -1;
  std::string request;  // with its prefix
  std::size_t sent = 0;
  std::string answer;
  std::string id = std::string(kIdSize, '0');
};

nghttp2_nv field(std::string_view name, std::string_view value, int flags = 0) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  flags |= NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
  return {bytes(name), bytes(value), name.size(), value.size(), static_cast<std::uint8_t>(flags)};
}

ssize_t read_request(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t room, std::uint32_t* flags,
                     nghttp2_data_source* source, void*) {
  Call& call = *static_cast<Call*>(source->ptr);
  const std::size_t count = std::min(room, call.request.size() - call.sent);
  std::memcpy(to, call.request.data() + call.sent, count);
  call.sent += count;
  if (call.sent == call.request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

class FloorHttp2 final : public FloorFront {
 public:
  explicit FloorHttp2(std::uint16_t backend_port) : FloorFront(backend_port) {
    nghttp2_session_callbacks* callbacks;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry window = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &window, 1);
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, 1 << 24);
  }
  ~FloorHttp2() override { nghttp2_session_del(session_); }

 private:
  static constexpr std::size_t kBackendRoom = 512 * 1024;

  void forward(int client, std::string_view request) override {
    constexpr std::string_view kEndOfHead = "\r\n\r\n";
    Call& call = *take_call();
    call.client = client;
    const std::string_view body = request.substr(request.find(kEndOfHead) + kEndOfHead.size());
    call.request.assign(kPrefix, '\0');
    for (int i = 0; i < 4; ++i) call.request[1 + i] = static_cast<char>(body.size() >> (24 - 8 * i));
    call.request.append(body);
    for (char& digit : call.id) digit = "0123456789abcdef"[ids_() >> 28];
    // As sluice sends them, with an id that no two requests share.
    const std::array<nghttp2_nv, 12> fields = {
        field(":path", "/sluice.bench.Shop/SendPing"),
        field(":method", "POST"),
        field(":scheme", "http"),
        field(":authority", "127.0.0.1:9090"),
        field("te", "trailers"),
        field("content-type", "application/grpc"),
        field("user-agent", "floor"),
        field("grpc-accept-encoding", "identity,deflate,gzip"),
        field("grpc-timeout", "30S"),
        field("x-forwarded-for", "127.0.0.1"),
        field("x-forwarded-proto", "http"),
        field("x-request-id", call.id, NGHTTP2_NV_FLAG_NO_INDEX),
    };
    nghttp2_data_provider body_source;
    body_source.source.ptr = &call;
    body_source.read_callback = read_request;
    nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &body_source, &call);
  }

  Call* take_call() {
    if (free_.empty()) {
      calls_.push_back(std::make_unique<Call>());
      return calls_.back().get();
    }
    Call* const call = free_.back();
    free_.pop_back();
    call->sent = 0;
    call->answer.clear();
    return call;
  }

  void end_turn() override {
    const std::uint8_t* bytes;
    while (true) {
      const ssize_t count = nghttp2_session_mem_send(session_, &bytes);
      if (count < 0) std::exit(1);
      if (count == 0) break;
      backend().out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    }
    if (!backend().out.empty()) flush_backend();
  }

  void read_answers() override {
    if (!receive(backend(), kBackendRoom)) std::exit(1);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(backend().in.data());
    if (nghttp2_session_mem_recv(session_, bytes, backend().in.size()) < 0) std::exit(1);
    backend().in.clear();
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t count, void*) {
    auto* const call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
    call->answer.append(reinterpret_cast<const char*>(bytes), count);
    return 0;
  }

  static int on_close(nghttp2_session* session, std::int32_t stream, std::uint32_t, void* self) {
    auto* const call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
    static_cast<FloorHttp2*>(self)->finish(*call);
    return 0;
  }

  void finish(Call& call) {
    free_.push_back(&call);
    if (call.answer.size() < kPrefix) return;
    const std::string_view body = std::string_view(call.answer).substr(kPrefix);
    answer(call.client,
           "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: " + call.id +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n",
           body);
  }

  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> free_;
  std::mt19937 ids_;
};

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sluice::bench::FloorHttp2(static_cast<std::uint16_t>(std::atoi(argv[1]))).run();
}
