// One look at the peer.
#include "gateway/filter/client_address.h"

namespace sluice::gateway {

rpc::Task<void> ClientAddress::handle(Request& request, Responder& responder) {
  const rpc::Endpoint& peer = request.peer().endpoint;
  RequestContext& context = request.context();
  context.peer_is_trusted = contains(trusted_, peer);
  if (context.peer_is_trusted) context.client = client_address(trusted_, peer, request.headers());
  return next_.handle(request, responder);
}

}  // namespace sluice::gateway
