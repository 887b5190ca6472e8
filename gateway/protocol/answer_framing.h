// AnswerFraming: the bytes around the messages of an answer: one message, an array, lines, events, or raw bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gateway/http/handler.h"
#include "gateway/protocol/error_answer.h"
#include "gateway/protocol/media.h"
#include "gateway/protocol/rest_route.h"
#include "rpc_core/base/buffer.h"

namespace sluice::gateway {

// Bytes only. Each event has a running number as its id, and the last one, good or bad, has "end".
class AnswerFraming {
 public:
  enum class Kind : std::uint8_t { One, Array, Lines, Events, Raw };

  AnswerFraming(const Request& request, const RestRoute& route);

  // In place of what Accept asks for; only before the first byte, and of a stream that is framed.
  void use(StreamFormat format);

  Kind kind() const { return kind_; }
  bool is_stream() const { return kind_ != Kind::One && kind_ != Kind::Raw; }
  // One value must stay on one line.
  bool on_one_line() const { return kind_ == Kind::Lines || kind_ == Kind::Events; }
  // What says how to read the body; of raw bytes nobody knows it before the first message.
  void add_headers(Headers& headers) const;

  // What can go out before the first message.
  void open(rpc::Buffer& out);
  void before_message(rpc::Buffer& out);
  void after_message(rpc::Buffer& out) const;
  // Means nothing, but shows that the stream lives; empty where there is no such thing.
  rpc::Buffer heartbeat() const;
  // After the last message. An error shows in-band where there is a place for it.
  rpc::Buffer end(const rpc::Status& status, const ErrorAnswers& errors);

 private:
  StreamMedia media_;
  Kind kind_;
  bool opened_ = false;
  std::size_t messages_ = 0;
};

}  // namespace sluice::gateway
