// RequestReader: the body of a REST request as encoded messages: one, or a stream of them as the bytes arrive.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>

#include "gateway/http/handler.h"
#include "gateway/protocol/request_binding.h"
#include "gateway/protocol/rest_route.h"
#include "gateway/transcode/json_splitter.h"
#include "rpc_core/base/buffer.h"
#include "rpc_core/base/result.h"
#include "rpc_core/base/task.h"

namespace sluice::gateway {

// Where the client streams, the body is a JSON array, a value a line, or values one behind the other, and each is a
// message as soon as it is complete; raw bytes are a message each piece that arrives. Memory is that of one message. A
// route without a body has one message, of path and query.
class RequestReader {
 public:
  // All is borrowed.
  RequestReader(Request& request, const RestRoute& route, RequestBinding& binding);

  // The next message; nothing: there are no more.
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read();
  // Of the error of read(), where it is the gateway's own.
  std::optional<int> http_status() const { return http_status_; }

 private:
  enum class Shape { One, Values, Pieces };
  using Message = rpc::Result<std::optional<rpc::Buffer>>;

  rpc::Result<void> check_head() const;
  rpc::Task<Message> read_one();
  rpc::Task<Message> read_value();
  rpc::Task<Message> read_piece();
  rpc::Task<Message> failed(std::unexpected<rpc::Status> error);
  // Of each chunk that came, or did not: an error is that of the request.
  rpc::Result<void> note(const rpc::Result<BodyChunk>& chunk);
  Message encode(const RequestBinding::Text& body);
  std::unexpected<rpc::Status> refuse(int http_status, const rpc::Status& error);

  Request& request_;
  const RestRoute& route_;
  RequestBinding& binding_;
  const Shape shape_;
  JsonSplitter splitter_;
  rpc::Result<void> type_;  // what is wrong with the head, unless there is no body
  bool started_ = false;
  bool ended_ = false;
  std::optional<int> http_status_;
};

}  // namespace sluice::gateway
