// Beast's request parser on our own buffer, and the checks that it leaves out.
#include "gateway/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <string>

#include "gateway/http/characters.h"
#include "gateway/http/request_target.h"
#include "rpc_core/base/pool.h"

namespace sluice::gateway {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

// No chunk header, together with the CRLF of the chunk before it, ends the body in fewer bytes.
constexpr std::size_t kShortestChunkHeader = 5;

std::string_view to_std(BeastView text) { return {text.data(), text.size()}; }

std::unexpected<HttpError> refuse(int status, std::string message) {
  return std::unexpected<HttpError>(HttpError{status, std::move(message)});
}

std::string message_of(const error_code& error) {
  if (error == http::error::bad_content_length) {
    return "expected one decimal Content-Length, and none beside Transfer-Encoding";
  }
  if (error == http::error::multiple_content_length) return "Content-Length given twice, with different values";
  if (error == http::error::bad_transfer_encoding) {
    return "expected Transfer-Encoding: chunked, once, and none beside Content-Length";
  }
  if (error == http::error::bad_method) return "expected a method and one space";
  if (error == http::error::bad_target) return "expected a request target without controls or spaces";
  if (error == http::error::bad_version) return "expected HTTP/1.1 or HTTP/1.0 at the end of the request line";
  if (error == http::error::bad_field) return "expected a header field name and a colon";
  if (error == http::error::bad_value) return "control byte, or no list where one is expected, in a header field value";
  if (error == http::error::bad_chunk) return "expected the size of a chunk in hexadecimal digits";
  return "malformed request: " + error.message();
}

}  // namespace

class RequestParser::Impl final : public http::basic_parser<true>, public rpc::Pooled {
 public:
  explicit Impl(std::size_t header_bytes) : most_chunk_header_bytes_(header_bytes) {
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
  }

  // `text` is a whole head, and nothing else.
  std::expected<void, HttpError> parse_head(std::string_view text, std::size_t target_bytes, RequestHead& head) {
    head_ = &head;
    head.headers.reserve(std::count(text.begin(), text.end(), '\n'), text.size());
    error_code error;
    put(boost::asio::const_buffer(text.data(), text.size()), error);
    head_ = nullptr;
    if (error) return refuse(400, message_of(error));
    if (raw_target_.size() > target_bytes) {
      return refuse(414, "request target of more than " + std::to_string(target_bytes) + " bytes");
    }
    if (auto good = read_target(raw_target_, head); !good) return good;
    return check_fields(head);
  }

  std::expected<Piece, HttpError> parse_body(std::string_view bytes) {
    Piece piece;
    while (!is_done()) {
      const std::string_view rest = bytes.substr(piece.consumed);
      // A body piece ends the call, but a chunk header behind it is still read: it may say that this was the last.
      if (rest.empty() || (!in_chunk_header_ && !body_piece_.empty())) break;
      if (in_chunk_header_ && rest.size() < kShortestChunkHeader) break;
      error_code error;
      piece.consumed += put(boost::asio::const_buffer(rest.data(), rest.size()), error);
      if (error == http::error::need_more) {
        if (rest.size() > most_chunk_header_bytes_) return refuse(400, "chunk header or trailers too long");
        break;
      }
      if (error) return refuse(400, message_of(error));
    }
    piece.bytes = std::exchange(body_piece_, {});
    piece.last = is_done();
    return piece;
  }

  bool wants_keep_alive() const { return http11_ ? !says_close_ : says_keep_alive_ && !says_close_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  std::expected<void, HttpError> check_fields(RequestHead& head) {
    if (hosts_ > 1) return refuse(400, "expected one Host, got several");
    if (hosts_ == 0 && http11_) return refuse(400, "expected a Host, got none");
    if (head.authority.empty() && hosts_ == 1) head.authority = *head.headers.get("Host");
    if (!is_authority(head.authority)) return refuse(400, "expected host[:port] as Host");
    if (codings_ != 0) {
      if (!http11_) return refuse(400, "Transfer-Encoding on HTTP/1.0");
      if (codings_ > 1 || !chunked_only_ || has_length_) {
        return refuse(400, "expected Transfer-Encoding: chunked, once, and none beside Content-Length");
      }
      in_chunk_header_ = true;
    }
    if (!plain_length_) return refuse(400, "expected one decimal Content-Length");
    if (unknown_expectation_ && http11_) return refuse(417, "expected no Expect but 100-continue");
    expects_continue_ &= http11_;
    return {};
  }

  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code&) override {
    head_->method = to_std(method);
    raw_target_ = to_std(target);
    http11_ = version == 11;
    head_->version = http11_ ? HttpVersion::Http11 : HttpVersion::Http10;
  }

  void on_field_impl(http::field field, BeastView name, BeastView given, error_code&) override {
    if (head_ == nullptr) return;
    const std::string_view value = to_std(given);
    head_->headers.add(to_std(name), value);
    switch (field) {
      case http::field::host:
        ++hosts_;
        return;
      case http::field::content_length:
        has_length_ = true;
        plain_length_ &= std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        return;
      case http::field::transfer_encoding:
        ++codings_;
        chunked_only_ = equal_ignoring_case(value, "chunked");
        return;
      case http::field::connection:
        says_close_ |= list_contains(value, "close");
        says_keep_alive_ |= list_contains(value, "keep-alive");
        return;
      case http::field::expect:
        (equal_ignoring_case(value, "100-continue") ? expects_continue_ : unknown_expectation_) = true;
        return;
      default:
        return;
    }
  }

  std::size_t on_body_impl(BeastView body, error_code&) override {
    body_piece_ = to_std(body);
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t remain, BeastView body, error_code&) override {
    body_piece_ = to_std(body);
    in_chunk_header_ = remain == body.size();
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override { in_chunk_header_ = false; }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, BeastView, int, error_code&) override {}

  const std::size_t most_chunk_header_bytes_;
  RequestHead* head_ = nullptr;  // while the head is parsed
  std::string_view raw_target_;
  std::string_view body_piece_;
  int hosts_ = 0;
  int codings_ = 0;
  bool http11_ = true;
  bool chunked_only_ = false;
  bool has_length_ = false;
  bool plain_length_ = true;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool expects_continue_ = false;
  bool unknown_expectation_ = false;
  bool in_chunk_header_ = false;
};

RequestParser::RequestParser(HeadScanner::Limits limits) : limits_(limits), scanner_(limits) {}
RequestParser::~RequestParser() = default;

std::expected<std::size_t, HttpError> RequestParser::parse_head(std::string_view bytes, RequestHead& head) {
  const auto complete = scanner_.scan(bytes);
  if (!complete) return std::unexpected<HttpError>(complete.error());
  if (!*complete) return 0;
  impl_.reset(new Impl(limits_.header_bytes));
  const std::string_view text = bytes.substr(scanner_.begin(), scanner_.end() - scanner_.begin());
  if (auto good = impl_->parse_head(text, limits_.target_bytes, head); !good) {
    return std::unexpected<HttpError>(std::move(good.error()));
  }
  return scanner_.end();
}

bool RequestParser::keep_alive() const { return impl_->wants_keep_alive(); }
bool RequestParser::expects_continue() const { return impl_->expects_continue(); }
bool RequestParser::body_done() const { return impl_->is_done(); }

std::optional<std::uint64_t> RequestParser::content_length() const {
  if (impl_->chunked()) return std::nullopt;
  const auto length = impl_->content_length();
  return length ? *length : 0;
}

std::expected<RequestParser::Piece, HttpError> RequestParser::parse_body(std::string_view bytes) {
  return impl_->parse_body(bytes);
}

}  // namespace sluice::gateway
