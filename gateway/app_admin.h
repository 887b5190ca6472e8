// Admin: the listener for operators, on a thread of its own, and where its answers come from.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gateway/admin/admin_handler.h"
#include "gateway/http/error_writer.h"
#include "gateway/http/listener.h"
#include "gateway/telemetry/log.h"
#include "gateway/worker.h"

namespace sluice::gateway {

class Admin {
 public:
  // Everything borrowed outlives this. The handler's sources are called on the admin's thread.
  Admin(AdminSources sources, std::shared_ptr<const ErrorWriter> errors, Log& log);
  ~Admin();

  // Binds every address and serves; says "admin on …" for each. The error names the address.
  rpc::Result<void> start(const std::vector<rpc::Endpoint>& endpoints);
  // Ends what runs, soon; `done` is called on the admin's thread, and then join() may be called.
  void stop(std::function<void()> done);
  void join();

 private:
  Log& log_;
  Worker worker_;
  AdminHandler handler_;
  Listener listener_;
  bool started_ = false;
};

}  // namespace sluice::gateway
