// Listening, dealing connections to the loops, and what concerns all of them.
#include "rpc_core/server/server.h"

#include <algorithm>
#include <exception>
#include <future>
#include <ranges>
#include <thread>
#include <utility>

namespace sluice::rpc {
namespace {

std::size_t number_of_workers(std::size_t asked) {
  return asked != 0 ? asked : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

Server::Server(Loop& loop, ServerOptions options)
    : state_{std::move(options), Registry()}, accepting_(loop), other_task_ended_(loop) {
  workers_.push_back(std::make_unique<ServerWorker>(loop, state_));
  for (Loop* each : state_.options.loops) workers_.push_back(std::make_unique<ServerWorker>(*each, state_));
  while (workers_.size() < number_of_workers(state_.options.workers)) {
    threads_.push_back(std::make_unique<LoopThread>());
    workers_.push_back(std::make_unique<ServerWorker>(threads_.back()->loop(), state_));
  }
}

Server::~Server() {
  for (const auto& thread : threads_) thread->stop();
}

Result<Endpoint> Server::listen(const Endpoint& endpoint) {
  Result<std::unique_ptr<SocketListener>> listener = SocketListener::open(loop(0), endpoint);
  if (!listener) return fail(listener.error());
  listeners_.push_back(*std::move(listener));
  accepting_.spawn(accept(*listeners_.back()));
  return listeners_.back()->endpoint();
}

Task<void> Server::accept(SocketListener& listener) {
  while (true) {
    const Result<int> descriptor = co_await listener.accept();
    if (!descriptor) co_return;
    deal(*descriptor);
  }
}

void Server::deal(int descriptor) {
  const auto load = [](const std::unique_ptr<ServerWorker>& worker) { return worker->load(); };
  ServerWorker& least = **std::ranges::min_element(workers_, {}, load);
  if (&least == workers_.front().get()) return least.adopt(descriptor);
  least.expect_connection();
  least.loop().run_soon([&least, descriptor] { least.adopt_expected(descriptor); });
}

std::size_t Server::connections() const {
  std::size_t count = 0;
  for (const auto& worker : workers_) count += worker->connections();
  return count;
}

// A worker that was shut down is at rest: nothing touches it any more.
void Server::ask_each(const std::function<void(const ServerWorker&)>& question) const {
  question(*workers_.front());
  for (const auto& worker : workers_ | std::views::drop(1)) {
    if (drained_) {
      question(*worker);
      continue;
    }
    std::promise<void> answered;
    worker->loop().run_soon([&] {
      question(*worker);
      answered.set_value();
    });
    answered.get_future().wait();
  }
}

std::size_t Server::open_streams() const {
  std::size_t count = 0;
  ask_each([&count](const ServerWorker& worker) { count += worker.open_streams(); });
  return count;
}

http2::ConnectionsReport Server::report() const {
  http2::ConnectionsReport report;
  ask_each([&report](const ServerWorker& worker) { worker.add_to(report); });
  return report;
}

// What was accepted has been dealt before the workers hear of the end.
Task<void> Server::shut_down(Duration grace) {
  for (const auto& listener : listeners_) listener->close();
  co_await accepting_.join();
  const StopToken token = co_await current_stop();
  {
    const StopCallback hurry(token, [this] { cancel_others(); });
    shut_down_others(grace);
    co_await workers_.front()->shut_down(grace);
    while (tasks_of_others_ != 0) co_await other_task_ended_.wait_through_stop();
  }
  drained_ = true;
}

void Server::shut_down_others(Duration grace) {
  for (const auto& worker : workers_ | std::views::drop(1))
    start_at(*worker, [each = worker.get(), grace] { return each->shut_down(grace); });
}

void Server::cancel_others() {
  for (const auto& worker : workers_ | std::views::drop(1))
    start_at(*worker, [each = worker.get()] { return each->cancel_calls(); });
}

// The task runs on the worker's loop; shut_down() waits for its end.
void Server::start_at(ServerWorker& worker, std::function<Task<void>()> start) {
  ++tasks_of_others_;
  const auto ended = [this](std::exception_ptr) {
    loop(0).run_soon([this] {
      --tasks_of_others_;
      other_task_ended_.notify();
    });
  };
  worker.loop().run_soon([start = std::move(start), ended] { spawn(start(), StopToken(), ended); });
}

}  // namespace sluice::rpc
