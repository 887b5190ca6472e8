// JSON arrays, lines, and the event streams of HTML's server-sent events.
#include "gateway/protocol/answer_framing.h"

#include <string>
#include <utility>

namespace sluice::gateway {
namespace {

AnswerFraming::Kind kind_of(StreamFormat format) {
  switch (format) {
    case StreamFormat::Lines:
      return AnswerFraming::Kind::Lines;
    case StreamFormat::Events:
      return AnswerFraming::Kind::Events;
    default:
      return AnswerFraming::Kind::Array;
  }
}

AnswerFraming::Kind kind_of(const RestRoute& route, StreamFormat format) {
  if (!route.server_streams) return AnswerFraming::Kind::One;
  return route.transcoder->response_is_raw() ? AnswerFraming::Kind::Raw : kind_of(format);
}

}  // namespace

void AnswerFraming::use(StreamFormat format) {
  if (!is_stream()) return;
  media_ = stream_media(format);
  kind_ = kind_of(format);
}

AnswerFraming::AnswerFraming(const Request& request, const RestRoute& route)
    : media_(route.server_streams ? stream_media(request.headers()) : StreamMedia()),
      kind_(kind_of(route, media_.format)) {}

void AnswerFraming::add_headers(Headers& headers) const {
  if (kind_ == Kind::Raw) return;
  headers.add("Content-Type", is_stream() ? media_.content_type : "application/json");
  if (kind_ == Kind::Events && !headers.contains("Cache-Control")) headers.add("Cache-Control", "no-cache");
}

void AnswerFraming::open(rpc::Buffer& out) {
  if (!std::exchange(opened_, true) && kind_ == Kind::Array) out.push_back('[');
}

void AnswerFraming::before_message(rpc::Buffer& out) {
  open(out);
  ++messages_;
  if (kind_ == Kind::Array && messages_ > 1) out.push_back(',');
  if (kind_ == Kind::Events) {
    out.append("id: ");
    out.append(std::to_string(messages_));
    out.append("\ndata: ");
  }
}

void AnswerFraming::after_message(rpc::Buffer& out) const {
  if (kind_ == Kind::Lines) out.push_back('\n');
  if (kind_ == Kind::Events) out.append("\n\n");
}

rpc::Buffer AnswerFraming::heartbeat() const {
  rpc::Buffer out;
  if (kind_ == Kind::Events) out.append(":\n\n");
  return out;
}

rpc::Buffer AnswerFraming::end(const rpc::Status& status, const ErrorAnswers& errors) {
  rpc::Buffer out;
  switch (kind_) {
    case Kind::Array:
      if (!status.ok()) break;
      open(out);
      out.push_back(']');
      break;
    case Kind::Lines:
      if (status.ok()) break;
      out = errors.in_band(status);
      out.push_back('\n');
      break;
    case Kind::Events: {
      const rpc::Buffer error = status.ok() ? rpc::Buffer::copy_of("{}") : errors.one_line(status);
      out.append(status.ok() ? "event: end\nid: end\ndata: " : "event: error\nid: end\ndata: ");
      out.append(error.text());
      out.append("\n\n");
      break;
    }
    default:
      break;
  }
  return out;
}

}  // namespace sluice::gateway
