// bookstore: serves bookstore.v1.Bookstore, health and reflection over gRPC until SIGINT or SIGTERM.
#include "examples/bookstore/seed.h"
#include "examples/bookstore/service.h"
#include "examples/bookstore/store.h"
#include "examples/serving/serve.h"
#include "rpc_core/services/health.h"
#include "rpc_core/services/reflection.h"

int main(int argc, char** argv) {
  bookstore::Store store;
  bookstore::add_seed(store);
  bookstore::BookstoreHandlers handlers(store);
  sluice::rpc::HealthService health;
  health.set(handlers.service_name(), sluice::rpc::ServingStatus::Serving);
  sluice::rpc::Reflection reflection;
  reflection.list(handlers);
  reflection.list(health);
  const auto [v1, v1alpha] = reflection.services();
  return examples::serve(argc, argv, "bookstore", {&handlers, &health, v1, v1alpha});
}
