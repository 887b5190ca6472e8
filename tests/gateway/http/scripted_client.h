// What the session tests share: sessions on a driven clock, a client that sends raw bytes, handlers made of functions.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http/connections.h"
#include "gateway/http/error_writer.h"
#include "gateway/http/handler.h"
#include "rpc_core/base/loop.h"
#include "rpc_core/transport/memory.h"

namespace sluice::gateway {

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<rpc::Task<void>(Request&, Responder&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  rpc::Task<void> handle(Request& request, Responder& responder) override { return function_(request, responder); }

 private:
  Function function_;
};

// The whole body, or the error.
rpc::Task<rpc::Result<std::string>> read_all(Request& request);
// Answers 200 with "METHOD target authority [body]", or the error of the body.
rpc::Task<void> echo(Request& request, Responder& responder);
Response text_response(std::string_view text);

// The client's end of one connection.
class ScriptedClient {
 public:
  ScriptedClient(rpc::Loop& loop, std::unique_ptr<rpc::ByteStream> stream);

  void send(std::string_view bytes);
  void half_close() { stream_->shutdown_send(); }
  void close() { stream_->close(); }
  // Whether it reads what the server sends (from now on).
  void set_reading(bool reading);
  const std::string& received() const { return received_; }
  std::string take() { return std::exchange(received_, {}); }
  // The server has finished sending, or the connection is broken.
  bool ended() const { return ended_; }
  bool idle() const { return tasks_ == 0; }

 private:
  rpc::Task<void> write();
  rpc::Task<void> read();
  void start(rpc::Task<void> task);

  std::unique_ptr<rpc::ByteStream> stream_;
  rpc::Waiter may_read_;
  std::string received_;
  std::string unsent_;
  bool writing_ = false;
  bool reading_ = true;
  bool ended_ = false;
  int tasks_ = 0;
};

// A server without sockets, and its clients; everything happens in settle() and advance().
class TestServer {
 public:
  explicit TestServer(FunctionHandler::Function handler = echo, HttpOptions options = {});
  ~TestServer();

  ScriptedClient& connect(rpc::MemoryStreamOptions stream = {}, Session::Mode mode = Session::Mode::Serve);
  // Runs until nothing happens any more.
  void settle();
  void advance(rpc::Duration time);
  Connections& connections() { return *connections_; }
  rpc::Loop& loop() { return loop_; }
  int failures() const { return failures_; }
  // How often the limit has cut something short.
  std::uint64_t hits(Limit limit) const { return counts_.hits(limit); }
  const std::vector<std::string>& refusals() const { return refusals_; }

 private:
  rpc::ManualClock clock_;
  rpc::Loop loop_{clock_};
  HttpOptions options_;
  JsonErrorWriter errors_;
  FunctionHandler handler_;
  int failures_ = 0;
  HttpCounts counts_;
  std::vector<std::string> refusals_;
  std::vector<std::unique_ptr<ScriptedClient>> clients_;
  std::unique_ptr<Connections> connections_;
};

// The answer to `request` (all that arrives until nothing happens any more).
std::string exchange(TestServer& server, std::string request, rpc::MemoryStreamOptions stream = {});

// An answer as the session writes it: "HTTP/1.1 200 OK", the fields, then Content-Length, `more`, and the body.
std::string answer(std::string_view status_line, std::string_view fields, std::string_view body,
                   std::string_view more = "");
// The gateway's own error: JSON, and the connection closes.
std::string error_answer(std::string_view status_line, int code, std::string_view message);

}  // namespace sluice::gateway
