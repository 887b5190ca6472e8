// SchemaWatch: what a backend's reflection service says, now and each time the backend comes back with another schema.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpc_core/client/backoff.h"
#include "rpc_core/client/channel.h"
#include "rpc_core/services/reflection_client.h"

namespace sluice::gateway {

// Keeps a connection of its own to the backend: when it is lost, and made again, the schema is read anew. So does a
// backend's restart show, and the connection's age limit on the server's side.
class SchemaWatch {
 public:
  enum class Scope : std::uint8_t {
    Schema,        // services and files, again and again
    ServiceNames,  // the names of the services alone, once
  };
  struct Events {
    // Called at the first answer, and when an answer differs from the one before.
    std::function<void(rpc::ReflectedSchema)> schema;
    // An attempt failed. UNIMPLEMENTED: the backend has no reflection, and is asked again when it comes back; with any
    // other status it is asked again soon.
    std::function<void(const rpc::Status&)> failed;
    // A service is listed, but the backend has no description of it: it is left out.
    std::function<void(const std::string& service)> undescribed;
  };

  // Reflection itself is no part of any schema. The channel is used by nobody else, and is shut down after run() has
  // ended.
  SchemaWatch(rpc::Channel& channel, Scope scope, Events events);

  // Until a stop; of service names until they are known.
  rpc::Task<void> run();

 private:
  rpc::Task<bool> connected();
  // False: it is worth asking again over this connection.
  rpc::Task<bool> ask();
  rpc::Task<rpc::Result<rpc::ReflectedSchema>> read(rpc::CallOptions options);
  rpc::Task<rpc::Result<rpc::ReflectedSchema>> read_one_by_one(std::vector<std::string> services,
                                                               rpc::CallOptions options);
  rpc::Task<void> lost();
  void tell(rpc::ReflectedSchema schema);

  rpc::Channel& channel_;
  const Scope scope_;
  const Events events_;
  rpc::Backoff backoff_;
  std::string last_;  // the answer, encoded
};

}  // namespace sluice::gateway
