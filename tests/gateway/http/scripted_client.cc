// The driven server and its clients.
#include "tests/gateway/http/scripted_client.h"

#include <span>

namespace sluice::gateway {

rpc::Task<rpc::Result<std::string>> read_all(Request& request) {
  std::string body;
  while (true) {
    const rpc::Result<BodyChunk> chunk = co_await request.read_body();
    if (!chunk) co_return rpc::fail(chunk.error());
    body += chunk->text();
    if (chunk->last) co_return body;
  }
}

Response text_response(std::string_view text) {
  Response response;
  response.head.headers.add("Content-Type", "text/plain");
  response.body = rpc::Buffer::copy_of(text, kResponseHeadroom);
  return response;
}

rpc::Task<void> echo(Request& request, Responder& responder) {
  const rpc::Result<std::string> body = co_await read_all(request);
  if (!body) co_return;
  std::string text(request.method());
  text.append(" ").append(request.target()).append(" ").append(request.head().authority);
  text.append(" [").append(*body).append("]");
  co_await responder.send(text_response(text));
}

ScriptedClient::ScriptedClient(rpc::Loop& loop, std::unique_ptr<rpc::ByteStream> stream)
    : stream_(std::move(stream)), may_read_(loop) {
  start(read());
}

void ScriptedClient::start(rpc::Task<void> task) {
  ++tasks_;
  rpc::spawn(std::move(task), rpc::StopToken(), [this](std::exception_ptr) { --tasks_; });
}

void ScriptedClient::send(std::string_view bytes) {
  unsent_ += bytes;
  if (!std::exchange(writing_, true)) start(write());
}

void ScriptedClient::set_reading(bool reading) {
  reading_ = reading;
  may_read_.notify();
}

rpc::Task<void> ScriptedClient::write() {
  while (!unsent_.empty()) {
    const std::string bytes = std::exchange(unsent_, {});
    const std::span<const std::byte> piece = std::as_bytes(std::span(bytes));
    const rpc::Result<std::size_t> written = co_await stream_->write({&piece, 1});
    if (!written) ended_ = true;
  }
  writing_ = false;
}

rpc::Task<void> ScriptedClient::read() {
  std::vector<std::byte> space(64 * 1024);
  while (true) {
    while (!reading_) co_await may_read_.wait();
    const rpc::Result<std::size_t> count = co_await stream_->read_some(space);
    if (!count || *count == 0) break;
    received_.append(reinterpret_cast<const char*>(space.data()), *count);
  }
  ended_ = true;
}

TestServer::TestServer(FunctionHandler::Function handler, HttpOptions options)
    : options_(options), handler_(std::move(handler)) {
  Connections::Events events;
  events.failure = [this](std::exception_ptr) { ++failures_; };
  events.refused = [this](const std::string& why) { refusals_.push_back(why); };
  SessionServices services{loop_, handler_, errors_, options_};
  services.counts = &counts_;
  connections_ = std::make_unique<Connections>(services, std::move(events));
}

TestServer::~TestServer() {
  bool drained = false;
  connections_->drain(rpc::Duration::zero(), [&] { drained = true; });
  for (auto& client : clients_) {
    client->set_reading(true);
    client->close();
  }
  settle();
  advance(std::chrono::seconds(1));
  EXPECT_TRUE(drained);
  for (auto& client : clients_) EXPECT_TRUE(client->idle());
  EXPECT_EQ(rpc::live_task_frames, 0u);
}

ScriptedClient& TestServer::connect(rpc::MemoryStreamOptions stream, Session::Mode mode) {
  auto [server_end, client_end] = rpc::memory_pair(loop_, stream);
  clients_.push_back(std::make_unique<ScriptedClient>(loop_, std::move(client_end)));
  connections_->serve(std::move(server_end), mode);
  return *clients_.back();
}

void TestServer::settle() {
  while (loop_.poll() != 0) {
  }
}

void TestServer::advance(rpc::Duration time) {
  clock_.advance(time);
  settle();
  settle();
}

std::string exchange(TestServer& server, std::string request, rpc::MemoryStreamOptions stream) {
  ScriptedClient& client = server.connect(stream);
  client.send(std::move(request));
  server.settle();
  return client.received();
}

std::string answer(std::string_view status_line, std::string_view fields, std::string_view body,
                   std::string_view more) {
  std::string text(status_line);
  text.append("\r\n").append(fields);
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append(more).append("\r\n").append(body);
}

std::string error_answer(std::string_view status_line, int code, std::string_view message) {
  std::string body = "{\"code\":" + std::to_string(code) + ",\"message\":\"";
  body.append(message).append("\",\"details\":[]}");
  return answer(status_line, "Content-Type: application/json\r\n", body, "Connection: close\r\n");
}

}  // namespace sluice::gateway
