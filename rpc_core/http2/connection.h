// Connection: a Session joined to a ByteStream: one coroutine reads, one writes what each turn of the loop produced.
#pragma once

#include <coroutine>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "rpc_core/base/loop.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/waiter.h"
#include "rpc_core/http2/connection_life.h"
#include "rpc_core/http2/session.h"
#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc::http2 {

// run() serves the connection until it ends; everything else may be called from other tasks of the loop meanwhile.
class Connection {
 public:
  Connection(Loop& loop, std::unique_ptr<ByteStream> bytes, Role role, const SessionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Ends when the peer closes, after close(), by a stop, or once a shut_down() is complete. Streams that still run are
  // then marked as lost. The status tells why: OK for an orderly end. It does not throw.
  Task<Status> run();

  // Woken when the peer's SETTINGS or a GOAWAY came, and at the end; it outlives the connection.
  void watch(Waiter* watcher) { watcher_ = watcher; }

  // Client: the peer's SETTINGS came, so it speaks HTTP/2.
  bool peer_ready() const { return running_ && session_.peer_ready(); }
  bool alive() const { return running_; }
  bool can_open() const { return running_ && session_.can_open(); }
  StreamPtr open() { return session_.open(); }

  // Server: the next request; none when there will be no more.
  Task<StreamPtr> accept();
  // One that has come already, or none.
  StreamPtr accept_now() { return session_.accept(); }

  // No new streams; the connection ends when those that run are done. The reason goes into the GOAWAY.
  void shut_down(std::string_view reason = {});
  // The GOAWAY behind shut_down()'s notice, whether or not that has been answered.
  void finish_notice();
  // Ends it now. A GOAWAY with that code is sent if the peer takes it within a second.
  void close(ErrorCode code);
  // Ends it now, without a word: the peer is gone.
  void give_up(Status status) { end(std::move(status)); }
  // Asks for an answer, which counters() tell the time of. Servers that see them often end the connection.
  void ping();
  bool pinged_too_much() const { return session_.pinged_too_much(); }

  bool goaway_received() const { return session_.goaway_received(); }
  std::size_t open_streams() const { return session_.open_streams(); }
  const ConnectionCounters& counters() const { return session_.counters(); }
  const PeerInfo& peer() const { return bytes_->peer(); }

 private:
  // Waits for the end of a turn in which something was submitted.
  class Flush final : public Wakeup {
   public:
    bool await_ready() noexcept { return std::exchange(pending_, false); }
    void await_suspend(std::coroutine_handle<> writer) { writer_ = writer; }
    void await_resume() const noexcept {}

   private:
    void on_wakeup() override;
    std::coroutine_handle<> writer_;
    bool pending_ = false;
  };

  class CloseTimer final : public Timer {
   public:
    explicit CloseTimer(Connection& connection) : connection_(connection) {}

   private:
    void on_timer() override { connection_.end(Status()); }
    Connection& connection_;
  };

  // A loop that throws ends the connection, so that the other one ends as well.
  Task<void> guard(Task<void> loop);
  Task<void> read_loop();
  Task<void> write_loop();
  void received(std::span<const std::byte> bytes);
  void end(Status status);
  void notify_watcher();

  Loop& loop_;
  std::unique_ptr<ByteStream> bytes_;
  Flush flush_;
  Session session_;
  Output output_;
  Waiter* watcher_ = nullptr;
  Waiter accepted_;
  CloseTimer close_timer_{*this};
  ConnectionLife life_;
  bool running_ = true;
  bool ending_ = false;  // write what there is, then close
  Status status_;
};

}  // namespace sluice::rpc::http2
