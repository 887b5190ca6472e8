// An exchange whose requests are scripted, and which writes down what it is told.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/protocol/exchange.h"
#include "rpc_core/base/waiter.h"

namespace sluice::gateway {

// Told is "begin" with the number of fields, each message, and then the status.
class ScriptedExchange final : public Exchange {
 public:
  explicit ScriptedExchange(rpc::Loop& loop) : given_up_(loop), more_(loop) {}

  const CallPlan& plan() const override { return the_plan; }
  rpc::Task<rpc::Result<std::optional<rpc::Buffer>>> read() override {
    ++reads;
    while (requests.empty() && pauses) {
      if (bool more = co_await more_.wait(); !more) co_return rpc::fail(rpc::StatusCode::Cancelled, "reading stopped");
    }
    if (!requests.empty()) {
      const std::string one = requests.front();
      requests.erase(requests.begin());
      co_return std::optional<rpc::Buffer>(rpc::Buffer::copy_of(one, rpc::kMessagePrefixBytes));
    }
    if (!request_end) co_return rpc::fail(request_end.error());
    co_return std::nullopt;
  }
  rpc::Task<void> attend() override {
    ++attending;
    co_await given_up_.wait();
    --attending;
  }
  rpc::Task<bool> begin(const rpc::Metadata& metadata) override {
    told += "begin " + std::to_string(metadata.size()) + "; ";
    co_return true;
  }
  rpc::Task<bool> write(rpc::Buffer message) override {
    told.append(message.text()).append("; ");
    co_return takes-- > 0;
  }
  rpc::Task<void> end(const rpc::Status& its_status, const rpc::Metadata& trailers) override {
    attending_at_end = attending;
    status = its_status;
    trailer_count = trailers.size();
    ++ends;
    co_return;
  }

  // As if the client wanted no more.
  void give_up() { given_up_.notify(); }
  // Requests were added, or pauses was reset.
  void go_on() { more_.notify(); }
  void reset() {
    the_plan = CallPlan();
    requests = {"ask"};
    request_end = {};
    takes = 100;
    told.clear();
    ends = 0;
  }

  CallPlan the_plan;
  std::vector<std::string> requests = {"ask"};
  rpc::Result<void> request_end;
  bool pauses = false;  // behind the requests nothing comes for a while
  int takes = 100;
  std::string told;
  rpc::Status status;
  std::size_t trailer_count = 0;
  int reads = 0;
  int ends = 0;
  int attending = 0;
  int attending_at_end = 0;

 private:
  rpc::Waiter given_up_;
  rpc::Waiter more_;
};

}  // namespace sluice::gateway
