// Several workers on real sockets: every request is answered, connections are spread, limits and drains hold.
#include "gateway/http/listener.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "rpc_core/base/loop.h"
#include "rpc_core/transport/tcp.h"
#include "tests/gateway/http/scripted_client.h"

namespace sluice::gateway {
namespace {

using std::chrono::seconds;

// Workers, a listener on a free port, and their orderly end.
class ListenerTest : public testing::Test {
 protected:
  void start(std::size_t workers, FunctionHandler::Function handler, HttpOptions options = {}) {
    std::vector<Listener::Seat> seats;
    for (unsigned id = 0; id < workers; ++id) {
      workers_.push_back(std::make_unique<Worker>(id));
      handlers_.push_back(std::make_unique<FunctionHandler>(handler));
      seats.push_back({workers_.back().get(), handlers_.back().get()});
    }
    listener_ = std::make_unique<Listener>(std::move(seats), Listener::Services{errors_, nullptr}, options);
    const rpc::Result<rpc::Endpoint> bound = listener_->open({rpc::Endpoint::Kind::Tcp, "127.0.0.1", 0});
    ASSERT_TRUE(bound) << bound.error().to_string();
    endpoint_ = *bound;
    listener_->start();
    for (auto& worker : workers_) worker->start();
  }

  void drain(rpc::Duration timeout) {
    std::promise<void> drained;
    listener_->drain(timeout, [&] { drained.set_value(); });
    drained.get_future().wait();
    std::vector<std::promise<std::size_t>> frames(workers_.size());
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      workers_[i]->loop().run_soon([&, i] { frames[i].set_value(rpc::live_task_frames); });
      EXPECT_EQ(frames[i].get_future().get(), 0u);
      EXPECT_EQ(workers_[i]->connections(), 0u);
      workers_[i]->stop();
      workers_[i]->join();
    }
  }

  // One request on a connection of its own; the whole answer, up to the end of the connection or of the body.
  std::string request(rpc::Loop& loop, const std::string& text) { return loop.run(talk(loop, text)); }

  rpc::Task<std::string> talk(rpc::Loop& loop, std::string text) {
    rpc::Result<std::unique_ptr<rpc::ByteStream>> stream = co_await rpc::connect_socket(loop, endpoint_);
    if (!stream) co_return stream.error().to_string();
    const std::span<const std::byte> piece = std::as_bytes(std::span(text));
    if (!text.empty()) co_await (*stream)->write({&piece, 1});
    std::string received;
    std::vector<std::byte> space(4096);
    while (!received.ends_with("]")) {
      const rpc::Result<std::size_t> count = co_await (*stream)->read_some(space);
      if (!count || *count == 0) break;
      received.append(reinterpret_cast<const char*>(space.data()), *count);
    }
    co_return received;
  }

  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<FunctionHandler>> handlers_;
  std::shared_ptr<const ErrorWriter> errors_ = std::make_shared<JsonErrorWriter>();
  std::unique_ptr<Listener> listener_;
  rpc::Endpoint endpoint_;
};

TEST_F(ListenerTest, AnswersManyClientsOnSeveralWorkers) {
  start(3, echo);
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&, c] {
      rpc::Loop loop;
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(c) + "/" + std::to_string(i);
        const std::string answer = request(loop, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_TRUE(answer.ends_with("\r\n\r\nGET " + path + " x []")) << answer;
        EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  drain(seconds(10));
}

TEST_F(ListenerTest, DealsConnectionsToTheLeastLoadedWorker) {
  start(3, echo);
  rpc::Loop loop;
  std::vector<std::unique_ptr<rpc::ByteStream>> streams;
  for (int i = 0; i < 9; ++i) {
    auto stream = loop.run(rpc::connect_socket(loop, endpoint_));
    ASSERT_TRUE(stream);
    // An answer on this connection means that it has been dealt.
    const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    auto round_trip = [](rpc::ByteStream& stream, const std::string& text) -> rpc::Task<void> {
      const std::span<const std::byte> piece = std::as_bytes(std::span(text));
      co_await stream.write({&piece, 1});
      std::vector<std::byte> space(4096);
      co_await stream.read_some(space);
    };
    loop.run(round_trip(**stream, text));
    streams.push_back(*std::move(stream));
  }
  for (const auto& worker : workers_) EXPECT_EQ(worker->connections(), 3u);
  drain(seconds(10));
}

TEST_F(ListenerTest, RefusesConnectionsOverTheLimitAtOnce) {
  HttpOptions options;
  options.max_connections = 0;
  start(2, echo, options);
  rpc::Loop loop;
  const std::string answer = request(loop, "");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << answer;
  EXPECT_NE(answer.find("\r\nRetry-After: 1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << answer;
  drain(seconds(10));
}

TEST_F(ListenerTest, FinishesRunningRequestsWhenItDrains) {
  std::promise<std::function<void()>> finish;
  start(1, [&](Request& request, Responder& responder) -> rpc::Task<void> {
    rpc::Loop* loop = &request.loop();
    rpc::Waiter done(*loop);
    finish.set_value([loop, &done] { loop->run_soon([&done] { done.notify(); }); });
    co_await done.wait();
    co_await responder.send(text_response("[]"));
  });
  std::string idle_answer;
  std::thread idle([&] {
    rpc::Loop loop;
    idle_answer = request(loop, "");
  });
  std::string answer;
  std::thread busy([&] {
    rpc::Loop loop;
    answer = request(loop, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  });
  const std::function<void()> finish_now = finish.get_future().get();
  while (workers_[0]->connections() != 2) std::this_thread::yield();
  std::promise<void> drained;
  listener_->drain(seconds(100), [&] { drained.set_value(); });
  idle.join();  // its end shows that the drain has reached the worker
  finish_now();
  drained.get_future().wait();
  busy.join();
  EXPECT_EQ(idle_answer, "");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
  workers_[0]->stop();
  workers_[0]->join();
}

TEST_F(ListenerTest, StopsRequestsThatOutlastTheDrain) {
  std::promise<void> running;
  start(2, [&](Request& request, Responder&) -> rpc::Task<void> {
    running.set_value();
    const bool slept = co_await rpc::sleep_for(request.loop(), std::chrono::hours(1));
    EXPECT_FALSE(slept);
  });
  std::thread client([&] {
    rpc::Loop loop;
    request(loop, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  });
  running.get_future().wait();
  drain(std::chrono::milliseconds(1));
  client.join();
}

TEST_F(ListenerTest, TakesOtherLimitsWhileItServes) {
  start(2, echo);
  HttpOptions strict;
  strict.max_target_bytes = 10;
  listener_->use(strict, errors_);
  rpc::Loop loop;
  const std::string answer = request(loop, "GET /longer-than-that HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 414 ")) << answer;
  drain(seconds(1));
}

TEST_F(ListenerTest, NamesAnAddressThatIsTaken) {
  start(1, echo);
  Listener second({{workers_[0].get(), handlers_[0].get()}}, Listener::Services{errors_, nullptr}, HttpOptions());
  const rpc::Result<rpc::Endpoint> bound = second.open(endpoint_);
  ASSERT_FALSE(bound);
  EXPECT_NE(bound.error().message().find(endpoint_.to_string()), std::string::npos) << bound.error().message();
  drain(seconds(1));
}

}  // namespace
}  // namespace sluice::gateway
