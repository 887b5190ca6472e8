#include "rpc_core/naming/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <map>
#include <memory>
#include <string>

#include "rpc_core/base/task_group.h"
#include "rpc_core/transport/use_task.h"

namespace sluice::rpc {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::basic_stream_descriptor<asio::io_context::executor_type>;

// c-ares is a process-wide library: set up once, at first use, and kept.
bool library_ready() {
  static const bool ready = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  return ready;
}

// One look-up: c-ares names the sockets that it wants watched, and is told when they are ready or its time is up.
class Query {
 public:
  Query(Loop& loop, const Endpoint& endpoint) : loop_(loop), endpoint_(endpoint), answered_(loop) {}
  ~Query() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  Task<Result<std::vector<Endpoint>>> run() {
    ares_options options{};
    options.sock_state_cb = on_socket;
    options.sock_state_cb_data = this;
    if (!library_ready() || ares_init_options(&channel_, &options, ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS) {
      co_return fail(StatusCode::Unavailable, "the DNS resolver could not be set up");
    }
    const auto body = [this](TaskGroup& group) { return look_up(group); };
    co_await run_in_group(loop_, body);
    if (!endpoints_.empty()) co_return std::move(endpoints_);
    co_return fail(
        Status(StatusCode::Unavailable, "cannot resolve \"" + endpoint_.host + "\": " + ares_strerror(error_))
            .with_origin(Status::Origin::Transport));
  }

 private:
  // Shared by the map below and the tasks that watch it; a duplicate of c-ares' descriptor, so that each closes its
  // own.
  using Socket = std::shared_ptr<Descriptor>;

  Task<void> look_up(TaskGroup& group) {
    group_ = &group;
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, endpoint_.host.c_str(), nullptr, &hints, on_answer, this);
    group.spawn(keep_time());
    while (!done_) {
      if (bool notified = co_await answered_.wait(); !notified) break;
    }
    ares_cancel(channel_);
    group.request_stop();
  }

  // c-ares resends and gives up by its own schedule.
  Task<void> keep_time() {
    while (!done_) {
      timeval longest{1, 0};
      timeval wait{};
      ares_timeout(channel_, &longest, &wait);
      const Duration time =
          std::chrono::seconds(wait.tv_sec) + std::chrono::microseconds(wait.tv_usec) + TimerWheel::kTick;
      if (bool slept = co_await sleep_for(loop_, time); !slept) co_return;
      ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
  }

  Task<void> watch(Socket socket, ares_socket_t descriptor, bool for_reading) {
    const auto what = for_reading ? Descriptor::wait_read : Descriptor::wait_write;
    while (socket->is_open()) {
      auto [error] = co_await socket->async_wait(what, use_task);
      if (error || !socket->is_open()) co_return;
      ares_process_fd(channel_, for_reading ? descriptor : ARES_SOCKET_BAD, for_reading ? ARES_SOCKET_BAD : descriptor);
      if (!for_reading) co_return;
    }
  }

  static void on_socket(void* self, ares_socket_t descriptor, int readable, int writable) {
    auto& query = *static_cast<Query*>(self);
    Socket& socket = query.sockets_[descriptor];
    if (readable == 0 && writable == 0) {
      if (socket) socket->close();
      query.sockets_.erase(descriptor);
      return;
    }
    const bool is_new = socket == nullptr;
    if (is_new) socket = std::make_shared<Descriptor>(query.loop_.context(), ::dup(descriptor));
    if (is_new && readable != 0) query.group_->spawn(query.watch(socket, descriptor, true));
    if (writable != 0) query.group_->spawn(query.watch(socket, descriptor, false));
  }

  static void on_answer(void* self, int status, int, ares_addrinfo* answer) {
    auto& query = *static_cast<Query*>(self);
    query.done_ = true;
    query.error_ = status;
    for (const ares_addrinfo_node* node = answer == nullptr ? nullptr : answer->nodes; node != nullptr;
         node = node->ai_next) {
      query.add(*node);
    }
    ares_freeaddrinfo(answer);
    query.answered_.notify();
  }

  void add(const ares_addrinfo_node& node) {
    char text[INET6_ADDRSTRLEN] = {};
    const void* address =
        node.ai_family == AF_INET6
            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(node.ai_addr)->sin6_addr)
            : &reinterpret_cast<const sockaddr_in*>(node.ai_addr)->sin_addr;
    if (inet_ntop(node.ai_family, address, text, sizeof(text)) == nullptr) return;
    endpoints_.push_back(Endpoint{Endpoint::Kind::Tcp, text, endpoint_.port});
  }

  Loop& loop_;
  const Endpoint& endpoint_;
  Waiter answered_;
  ares_channel channel_ = nullptr;
  TaskGroup* group_ = nullptr;
  std::map<ares_socket_t, Socket> sockets_;
  std::vector<Endpoint> endpoints_;
  int error_ = ARES_SUCCESS;
  bool done_ = false;
};

}  // namespace

Task<Result<std::vector<Endpoint>>> DnsResolver::resolve() {
  Query query(loop_, endpoint_);
  co_return co_await query.run();
}

}  // namespace sluice::rpc
