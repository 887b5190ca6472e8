// The steps of one request on an io_context of its own.
#include "gateway/http/blocking_request.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <utility>

namespace sluice::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestAnswer = 64 * 1024;

// Each step starts the next one; the first error ends it.
class Exchange {
 public:
  Exchange(http::verb method, const HttpUrl& url, std::chrono::milliseconds timeout)
      : url_(url), request_(method, url.path, 11), resolver_(io_), stream_(io_), timeout_(timeout) {
    request_.set(http::field::host, url.host + ":" + url.port);
    request_.set(http::field::connection, "close");
    answer_.body_limit(kLongestAnswer);
  }

  void add_json(const std::string& body) {
    request_.set(http::field::content_type, "application/json");
    request_.body() = body;
    request_.prepare_payload();
  }

  rpc::Result<int> run() {
    resolver_.async_resolve(url_.host, url_.port, [this](error_code error, const tcp::resolver::results_type& found) {
      if (good(error)) connect(found);
    });
    // Looking up a name has no timeout of its own.
    io_.run_for(timeout_);
    if (!done_ && !error_) return failure("no answer in time");
    if (error_) return failure(error_.message());
    return static_cast<int>(answer_.get().result_int());
  }

 private:
  bool good(error_code error) {
    error_ = error;
    return !error;
  }

  rpc::Result<int> failure(const std::string& what) const {
    return rpc::fail(rpc::StatusCode::Unavailable, url_.host + ":" + url_.port + ": " + what);
  }

  void connect(const tcp::resolver::results_type& found) {
    stream_.async_connect(found, [this](error_code error, const tcp::endpoint&) {
      if (good(error)) send();
    });
  }

  void send() {
    http::async_write(stream_, request_, [this](error_code error, std::size_t) {
      if (good(error)) receive();
    });
  }

  void receive() {
    http::async_read(stream_, buffer_, answer_, [this](error_code error, std::size_t) { done_ = good(error); });
  }

  const HttpUrl& url_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> answer_;
  boost::beast::flat_buffer buffer_;
  asio::io_context io_;
  tcp::resolver resolver_;
  boost::beast::tcp_stream stream_;
  const std::chrono::milliseconds timeout_;
  error_code error_;
  bool done_ = false;
};

}  // namespace

rpc::Result<HttpUrl> parse_http_url(std::string_view text) {
  const auto wrong = [&] {
    return rpc::fail(rpc::StatusCode::InvalidArgument,
                     "expected http://host[:port][/path], got \"" + std::string(text) + "\"");
  };
  if (!text.starts_with(kScheme)) return wrong();
  const std::string_view rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  HttpUrl url;
  url.path = slash == rest.size() ? "/" : std::string(rest.substr(slash));
  url.port = "80";
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    url.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    if (url.port.empty() || url.port.size() > 5 || url.port.find_first_not_of("0123456789") != std::string::npos) {
      return wrong();
    }
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  url.host = authority;
  if (url.host.empty() || url.host.find_first_of("@?# ") != std::string::npos) return wrong();
  return url;
}

rpc::Result<int> get(const HttpUrl& url, std::chrono::milliseconds timeout) {
  return Exchange(http::verb::get, url, timeout).run();
}

rpc::Result<int> post_json(const HttpUrl& url, const std::string& body, std::chrono::milliseconds timeout) {
  Exchange exchange(http::verb::post, url, timeout);
  exchange.add_json(body);
  return exchange.run();
}

}  // namespace sluice::gateway
