// ClientCall: the client's side of one RPC over an HTTP/2 stream.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/pool.h"
#include "rpc_core/base/stop.h"
#include "rpc_core/call/call.h"
#include "rpc_core/http2/stream.h"
#include "rpc_core/wire/compression.h"
#include "rpc_core/wire/message_receiver.h"

namespace sluice::rpc {

namespace http2 {
class Connection;
}
class Channel;

// The stream is opened by the first operation, once the channel has a connection. From then on the call only looks at
// the stream's state, whenever that has changed, and draws its one status from it. A stream that the server has not
// looked at is replaced by another one, and nobody notices:
// https://github.com/grpc/proposal/blob/master/A6-client-retries.md
// ("Transparent Retries").
class ClientCall final : public Call, public Pooled {
 public:
  ClientCall(Channel& channel, std::string_view path, const CallOptions& options);
  ~ClientCall() override;

  using Call::write;
  Task<bool> write(Buffer message, WriteOptions options) override;
  Task<void> finish_writing() override;
  Task<const Metadata*> headers() override;
  Task<std::optional<Buffer>> read() override;
  bool last_message_compressed() const override { return receiver_.last_compressed(); }
  Task<Status> finish() override;
  const Metadata& trailers() const override { return trailers_; }

 private:
  class Deadline final : public Timer {
   public:
    explicit Deadline(ClientCall& call) : call_(call) {}

   private:
    void on_timer() override { call_.deadline_passed(); }
    ClientCall& call_;
  };

  ClientCall(Channel& channel, std::string_view path, const CallOptions& options, TimePoint now);

  // Whether there is a stream to look at: this is asked before each look, and open() awaited when there is none.
  bool is_open() const { return stream_ && !status_ && !may_replace_stream(); }
  // Opens the stream, the first or the next. False: the call is over.
  Task<bool> open();
  // The same where nothing is to be waited for; false: something is.
  bool open_now();
  // Adds the metadata of the credentials. False: the call is over.
  Task<bool> authorize();
  void start_stream(http2::Connection& connection);
  bool may_replace_stream() const;
  void write_block(std::string_view path, const Metadata* metadata);

  // Draws conclusions from what the stream has received.
  void look();
  void check_headers(const Metadata& block);
  // The peer has ended the call, and every message has been read.
  void conclude();
  Status status_of_end() const;
  Status status_of_reset() const;

  // Ends the call from here, by a reset of the stream if it still runs.
  void end(Status status);
  void deadline_passed();
  void stopped();

  Channel& channel_;
  Metadata block_;  // the header fields of the request
  const std::optional<TimePoint> deadline_;
  Compression compression_;
  const bool wait_for_ready_;
  const std::size_t max_send_bytes_;
  const CallCredentials* credentials_;  // until they have been asked
  bool opening_ = false;
  bool writing_finished_ = false;
  bool headers_checked_ = false;
  http2::StreamPtr stream_;
  std::vector<http2::StreamPtr> replaced_;  // kept because another operation may still wait on one
  bool refused_ = false;                    // the server did not want one of them
  MessageReceiver receiver_;
  Metadata headers_;
  Metadata trailers_;
  std::optional<Status> status_;
  StopSource over_;  // ends the wait for a connection
  Waiter opened_;    // an operation waits here for another one's open()
  Deadline deadline_timer_{*this};
};

}  // namespace sluice::rpc
