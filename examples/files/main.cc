// files: serves files.v1.Files over gRPC until SIGINT or SIGTERM.
#include "examples/files/service.h"
#include "examples/serving/serve.h"
#include "rpc_core/services/health.h"
#include "rpc_core/services/reflection.h"

int main(int argc, char** argv) {
  files_example::FilesHandlers handlers;
  sluice::rpc::HealthService health;
  health.set(handlers.service_name(), sluice::rpc::ServingStatus::Serving);
  sluice::rpc::Reflection reflection;
  reflection.list(handlers);
  reflection.list(health);
  const auto [v1, v1alpha] = reflection.services();
  return examples::serve(argc, argv, "files", {&handlers, &health, v1, v1alpha});
}
