// Keep-alive, pipelining, and the end of a connection.
#include "gateway/http/session.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "gateway/http/session_exchange.h"

namespace sluice::gateway {
namespace {

// Reading ahead stops here: the bound on pipelined requests.
constexpr std::size_t kMostUnread = 64 * 1024;
// Room for a head to be seen to exceed its limit.
constexpr std::size_t kBesidesHead = 4 * 1024;

// How long a closing connection still reads what the client sends, so that no reset overtakes the last answer
// (RFC 9112 section 9.6): for one pause, and altogether.
constexpr rpc::Duration kLingerPause = std::chrono::seconds(2);
constexpr rpc::Duration kLingerTotal = std::chrono::seconds(10);

// How long a request may have been on its way when an idle connection is to close: a drain waits so long for it, and
// then, as after the idle timeout, lets it arrive so long, unread: the client sees an end and no reset.
constexpr rpc::Duration kOnItsWay = std::chrono::milliseconds(500);

std::size_t most_unread(const HttpOptions& options) {
  return std::max(kMostUnread, options.max_header_bytes) + kBesidesHead;
}

}  // namespace

Session::Session(SessionServices& services, std::unique_ptr<rpc::ByteStream> stream, Mode mode)
    : services_(services),
      stream_(std::move(stream)),
      mode_(mode),
      input_(services.loop, *stream_, most_unread(services.options)),
      output_(services.loop, *stream_, services.options.write_timeout) {}

rpc::Task<void> Session::run() {
  auto body = [this](rpc::TaskGroup& group) { return converse(group); };
  co_await rpc::run_in_group(services_.loop, body);
}

void Session::close_if_idle() {
  if (idle_) input_.interrupt();
}

void Session::cancel_request() {
  if (exchange_ != nullptr) exchange_->cancel();
}

rpc::Task<void> Session::converse(rpc::TaskGroup& group) {
  group.spawn(input_.pump());
  bool open = mode_ != Mode::Refuse;
  if (!open) co_await refuse();
  while (open) {
    if (input_.unread().empty()) open = co_await await_request();
    if (!open) break;
    if (services_.pace != nullptr) co_await services_.pace->turn();
    open = co_await serve_one();
  }
  if (output_.timed_out()) services_.hit(Limit::WriteTimeout);
  stream_->close();
  group.request_stop();  // of a pump that waits for room, and not for bytes
}

rpc::Task<bool> Session::await_request() {
  const rpc::Loop& loop = services_.loop;
  Input::Event event = Input::Event::Stopped;
  if (services_.phase != SessionServices::Phase::Draining) {
    idle_ = true;
    event = co_await input_.wait(rpc::deadline_after(loop.now(), services_.options.idle_timeout));
    idle_ = false;
    if (event == Input::Event::TimedOut) services_.hit(Limit::IdleTimeout);
  }
  if (event == Input::Event::Stopped) event = co_await input_.wait(rpc::deadline_after(loop.now(), kOnItsWay));
  if (event == Input::Event::Grown) co_return true;
  co_await linger(kOnItsWay, kOnItsWay);
  co_return false;
}

rpc::Task<bool> Session::serve_one() {
  std::exception_ptr failure;
  bool open = false;
  bool answered = false;
  {
    const rpc::StopToken stop = co_await rpc::current_stop();
    SessionExchange exchange(services_, input_, output_, stream_->peer(), stop);
    bool good = exchange.take_head();
    if (!good) good = co_await exchange.read_head();
    if (good) {
      exchange_ = &exchange;
      co_await rpc::Yield(services_.loop);  // as in proxy.cc: first all heads are parsed
      try {
        co_await exchange.handle();
      } catch (...) {
        failure = std::current_exception();
        exchange.handler_failed();
      }
    }
    if (good && exchange.finished()) {
      open = exchange.stays_open();
    } else {
      open = co_await exchange.finish();
    }
    exchange_ = nullptr;
    answered = exchange.started();
  }
  if (!open && answered) co_await linger(kLingerPause, kLingerTotal);
  if (failure) std::rethrow_exception(failure);
  co_return open;
}

rpc::Task<void> Session::refuse() {
  {
    const rpc::StopToken stop = co_await rpc::current_stop();
    SessionExchange exchange(services_, input_, output_, stream_->peer(), stop);
    Response response = services_.errors.write_error(503, "too many connections, try again later", nullptr);
    response.head.headers.set("Retry-After", "1");
    co_await exchange.send(std::move(response));
  }
  co_await linger(kLingerPause, kLingerTotal);
}

rpc::Task<void> Session::linger(rpc::Duration pause, rpc::Duration total) {
  if (output_.lost()) co_return;
  stream_->shutdown_send();
  const rpc::Loop& loop = services_.loop;
  const rpc::TimePoint end = rpc::deadline_after(loop.now(), total);
  Input::Event event = Input::Event::Grown;
  while (event == Input::Event::Grown) {
    input_.consume(input_.unread().size());
    event = co_await input_.wait(std::min(end, rpc::deadline_after(loop.now(), pause)));
  }
}

}  // namespace sluice::gateway
