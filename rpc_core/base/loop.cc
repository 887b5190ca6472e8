#include "rpc_core/base/loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "rpc_core/base/pool.h"

namespace sluice::rpc {
namespace {

namespace asio = boost::asio;
using LoopTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

// How often a turn looks for what became ready during it, before sockets get their chance again.
constexpr int kRoundsPerTurn = 8;

// What waits lies in the frame that it resumes: the lines around it are asked for while the one before it runs.
void prefetch_around(const void* place) {
  constexpr int kLine = 64;
  for (int line = -6; line <= 4; ++line) __builtin_prefetch(static_cast<const char*>(place) + line * kLine);
}

const SteadyClock kSteadyClock;
thread_local const Loop::Impl* running = nullptr;

}  // namespace

void Wakeup::unqueue() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

struct Loop::Impl {
  // A handler for Asio whose memory comes from the pool.
  struct Turn {
    using allocator_type = PoolAllocator<void>;
    std::shared_ptr<Impl*> self;
    allocator_type get_allocator() const noexcept { return {}; }
    void operator()() const {
      if (*self != nullptr) (*self)->turn();
    }
  };
  struct TimerFired {
    using allocator_type = PoolAllocator<void>;
    std::shared_ptr<Impl*> self;
    allocator_type get_allocator() const noexcept { return {}; }
    void operator()(const boost::system::error_code& error) const {
      if (!error && *self != nullptr) (*self)->timer_fired();
    }
  };
  struct Queue {
    struct Anchor final : Wakeup {};
    Anchor anchor;
    Queue() { anchor.next_ = anchor.previous_ = &anchor; }
    ~Queue() {
      while (!empty()) anchor.next_->unqueue();
    }
    bool empty() const { return anchor.next_ == &anchor; }
    void push(Wakeup& wakeup) {
      wakeup.previous_ = anchor.previous_;
      wakeup.next_ = &anchor;
      anchor.previous_->next_ = &wakeup;
      anchor.previous_ = &wakeup;
    }
    // Runs what stands in the queue now; what is pushed meanwhile waits for the next call.
    void run_once() {
      if (empty()) return;
      Anchor end;
      push(end);
      while (anchor.next_ != &end) {
        Wakeup* first = anchor.next_;
        first->unqueue();
        prefetch_around(anchor.next_);
        first->on_wakeup();
      }
    }
  };

  Impl(asio::io_context* user, const Clock& the_clock)
      : context(user), clock(the_clock), manual(&the_clock != &kSteadyClock), wheel(the_clock.now()) {
    if (context == nullptr) context = &owned.emplace(1);
    timer.emplace(*context);
  }
  ~Impl() { *self = nullptr; }

  void enqueue(Queue& queue, Wakeup& wakeup) {
    if (wakeup.queued()) return;
    queue.push(wakeup);
    request_turn();
  }

  void request_turn() {
    if (turn_requested) return;
    turn_requested = true;
    asio::post(*context, Turn{self});
  }

  void turn() {
    turn_requested = false;
    for (int round = 0; round < kRoundsPerTurn && !ready.empty(); ++round) ready.run_once();
    last.run_once();
    if (!ready.empty() || !last.empty()) request_turn();
  }

  void schedule(Timer& entry, TimePoint when) {
    wheel.schedule(entry, when);
    if (!manual && when < armed_for) arm();
  }

  void arm() {
    const auto due = wheel.next_due();
    armed_for = due.value_or(TimePoint::max());
    if (!due) return;
    timer->expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(*due));
    timer->async_wait(TimerFired{self});
  }

  void timer_fired() {
    armed_for = TimePoint::max();
    wheel.advance(clock.now());
    arm();
  }

  std::optional<asio::io_context> owned;
  asio::io_context* context;
  const Clock& clock;
  const bool manual;
  TimerWheel wheel;
  std::optional<LoopTimer> timer;
  TimePoint armed_for = TimePoint::max();
  Queue ready;
  Queue last;
  bool turn_requested = false;
  // What handlers hold: those in a user's context may run when this is gone.
  const std::shared_ptr<Impl*> self = std::make_shared<Impl*>(this);
};

namespace {

// Marks the thread as inside a loop.
class Running {
 public:
  explicit Running(const Loop::Impl* impl) : before_(std::exchange(running, impl)) {}
  ~Running() { running = before_; }

 private:
  const Loop::Impl* before_;
};

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>(nullptr, kSteadyClock)) {}
Loop::Loop(asio::io_context& context) : impl_(std::make_unique<Impl>(&context, kSteadyClock)) {}
Loop::Loop(const Clock& clock) : impl_(std::make_unique<Impl>(nullptr, clock)) {}
Loop::~Loop() = default;

asio::io_context& Loop::context() { return *impl_->context; }
TimePoint Loop::now() const { return impl_->clock.now(); }
void Loop::post(Wakeup& wakeup) { impl_->enqueue(impl_->ready, wakeup); }
void Loop::post_last(Wakeup& wakeup) { impl_->enqueue(impl_->last, wakeup); }
std::optional<TimePoint> Loop::next_timer() const { return impl_->wheel.next_due(); }

void Loop::schedule(Timer& timer, TimePoint when) { impl_->schedule(timer, when); }
void Loop::run_soon(std::function<void()> function) { asio::post(*impl_->context, std::move(function)); }
void Loop::stop() { impl_->context->stop(); }
bool Loop::running_here() const { return running == impl_.get(); }

void Loop::run() {
  const Running mark(impl_.get());
  const auto work = asio::make_work_guard(*impl_->context);
  impl_->context->restart();
  impl_->context->run();
}

std::size_t Loop::poll() {
  const Running mark(impl_.get());
  impl_->context->restart();
  if (impl_->manual) impl_->wheel.advance(impl_->clock.now());
  return impl_->context->poll();
}

void Loop::run_until(const bool& done) {
  const Running mark(impl_.get());
  const auto work = asio::make_work_guard(*impl_->context);
  while (!done) {
    if (impl_->context->stopped()) impl_->context->restart();
    if (impl_->manual) impl_->wheel.advance(impl_->clock.now());
    impl_->context->run_one();
  }
}

bool SleepUntil::start(StopToken token) {
  if (token.stop_requested()) return false;
  listen(token);
  loop_.schedule(*this, when_);
  return true;
}

void SleepUntil::on_timer() {
  elapsed_ = true;
  unlisten();
  loop_.post(*this);
}

void SleepUntil::on_stop() {
  cancel();
  loop_.post(*this);
}

}  // namespace sluice::rpc
