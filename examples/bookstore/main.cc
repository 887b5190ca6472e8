// bookstore: serves bookstore.v1.Bookstore over gRPC until SIGINT or SIGTERM.
#include "examples/bookstore/seed.h"
#include "examples/bookstore/service.h"
#include "examples/bookstore/store.h"
#include "examples/serving/serve.h"

int main(int argc, char** argv) {
  bookstore::Store store;
  bookstore::add_seed(store);
  bookstore::BookstoreHandlers handlers(store);
  return examples::serve(argc, argv, "bookstore", handlers);
}
