// route_guide_server: serves routeguide.RouteGuide over gRPC until SIGINT or SIGTERM.
#include "examples/route_guide/service.h"
#include "examples/serving/serve.h"

int main(int argc, char** argv) {
  route_guide::RouteGuideHandlers handlers;
  return examples::serve(argc, argv, "route_guide_server", {&handlers});
}
