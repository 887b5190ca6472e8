// Structured cancellation on one thread: a StopSource is asked to stop, every StopListener behind it hears of it.
#pragma once

#include <cassert>
#include <concepts>
#include <utility>

namespace sluice::rpc {

class StopListener;
class StopSource;

// One pointer to a StopSource, or to none. The source outlives everything that holds a token of it.
class StopToken {
 public:
  StopToken() = default;
  bool stop_requested() const;
  bool stop_possible() const { return source_ != nullptr; }

 private:
  friend class StopSource;
  friend class StopListener;
  explicit StopToken(StopSource* source) : source_(source) {}

  StopSource* source_ = nullptr;
};

// Hears once of a stop that is requested after listen(); hears nothing when it already was: the caller checks that first.
// on_stop() only records and posts: it never resumes a coroutine in line.
class StopListener {
 public:
  StopListener() = default;
  StopListener(const StopListener&) = delete;
  StopListener& operator=(const StopListener&) = delete;

  void listen(StopToken token);
  void unlisten();

 protected:
  ~StopListener() { unlisten(); }
  virtual void on_stop() {}

 private:
  friend class StopSource;
  StopListener* next_ = nullptr;
  StopListener* previous_ = nullptr;
};

// Owned by a scope, neither copied nor moved. No allocation and no atomics: one thread. It may follow a parent's token:
// then stopping the parent stops it as well.
class StopSource final : private StopListener {
 public:
  StopSource() { first_.next_ = first_.previous_ = &first_; }
  explicit StopSource(StopToken parent) : StopSource() { follow(parent); }
  ~StopSource() { assert(first_.next_ == &first_ && "a StopSource outlives what listens to it"); }

  void request_stop();
  bool stop_requested() const { return requested_; }
  StopToken token() { return StopToken(this); }
  void follow(StopToken parent);

 private:
  friend class StopListener;
  void on_stop() override { request_stop(); }

  struct Anchor final : StopListener {};
  bool requested_ = false;
  Anchor first_;
};

// A StopListener that calls a function: StopCallback on_stop(token, [&] { socket.close(); });
template <std::invocable F>
class StopCallback final : private StopListener {
 public:
  StopCallback(StopToken token, F function) : function_(std::move(function)) {
    if (token.stop_requested()) {
      function_();
    } else {
      listen(token);
    }
  }

 private:
  void on_stop() override { function_(); }
  F function_;
};

inline bool StopToken::stop_requested() const { return source_ != nullptr && source_->stop_requested(); }

inline void StopListener::listen(StopToken token) {
  unlisten();
  if (token.source_ == nullptr) return;
  StopListener& first = token.source_->first_;
  previous_ = first.previous_;
  next_ = &first;
  previous_->next_ = this;
  first.previous_ = this;
}

inline void StopListener::unlisten() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

inline void StopSource::request_stop() {
  requested_ = true;
  while (first_.next_ != &first_) {
    StopListener* listener = first_.next_;
    listener->unlisten();
    listener->on_stop();
  }
}

inline void StopSource::follow(StopToken parent) {
  if (parent.stop_requested()) return request_stop();
  listen(parent);
}

}  // namespace sluice::rpc
