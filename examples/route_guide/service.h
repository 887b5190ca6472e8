// RouteGuideHandlers: the routeguide.RouteGuide service.
#pragma once

#include <vector>

#include "route_guide.sluice.h"

namespace route_guide {

namespace rpc = sluice::rpc;

// Belongs to one loop.
class RouteGuideHandlers final : public routeguide::RouteGuideService {
 public:
  rpc::Task<rpc::Result<routeguide::Feature>> get_feature(rpc::ServerContext& context,
                                                          const routeguide::Point& point) override;
  rpc::Task<rpc::Status> list_features(rpc::ServerContext& context, const routeguide::Rectangle& rectangle,
                                       rpc::Writer<routeguide::Feature>& writer) override;
  rpc::Task<rpc::Result<routeguide::RouteSummary>> record_route(rpc::ServerContext& context,
                                                                rpc::Reader<routeguide::Point>& reader) override;
  rpc::Task<rpc::Status> route_chat(rpc::ServerContext& context, rpc::Reader<routeguide::RouteNote>& reader,
                                    rpc::Writer<routeguide::RouteNote>& writer) override;

 private:
  std::vector<routeguide::RouteNote> notes_;  // of all chats
};

}  // namespace route_guide
