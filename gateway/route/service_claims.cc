// Every source's claims, then one winner a service.
#include "gateway/route/service_claims.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "annotations/glob.h"

namespace sluice::gateway {
namespace {

using google::protobuf::ServiceDescriptor;

bool matches_any(std::span<const std::string> globs, const std::string& name) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return http_rule::glob_matches(glob, name); });
}

// Who wants one service, and how much.
struct Candidates {
  std::vector<ServiceClaim> named;  // by a glob
  std::vector<ServiceClaim> rest;
};

class Claiming {
 public:
  Claiming(std::span<const RouteSource> sources, std::span<const std::string> wanted)
      : sources_(sources), wanted_(wanted) {}

  ServiceClaims run() && {
    for (std::size_t i = 0; i < sources_.size(); ++i) collect(i);
    for (const auto& [name, candidates] : services_) settle(name, candidates);
    std::ranges::sort(out_.claims, {}, [](const ServiceClaim& claim) {
      return std::tuple(claim.service->file()->name(), claim.service->index());
    });
    return std::move(out_);
  }

 private:
  void collect(std::size_t index) {
    const RouteSource& source = sources_[index];
    std::vector<bool> used(source.services.size(), false);
    for (const ServiceDescriptor* service : source.schema->services()) {
      const std::string& name = service->full_name();
      Candidates& candidates = services_[name];
      for (std::size_t i = 0; i < used.size(); ++i) {
        used[i] = used[i] || http_rule::glob_matches(source.services[i], name);
      }
      if (source.listed && std::ranges::count(*source.listed, name) == 0) continue;
      if (matches_any(source.services, name)) {
        candidates.named.push_back({service, index});
      } else if (source.services.empty() && !is_plumbing(source, name)) {
        candidates.rest.push_back({service, index});
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      out_.problems.push_back("backend " + source.backend + ": expected a service that matches \"" +
                              source.services[i] + "\", got none");
    }
  }

  bool is_plumbing(const RouteSource& source, const std::string& name) const {
    const auto names_it = [&](const std::string& glob) {
      return glob.starts_with("grpc.") && http_rule::glob_matches(glob, name);
    };
    return source.listed && name.starts_with("grpc.") && std::ranges::none_of(wanted_, names_it);
  }

  void settle(const std::string& name, const Candidates& candidates) {
    if (!wanted_.empty() && !matches_any(wanted_, name)) return;
    const std::vector<ServiceClaim>& claims = candidates.named.empty() ? candidates.rest : candidates.named;
    if (claims.size() > 1) {
      out_.problems.push_back("service " + name + ": expected one backend, got \"" +
                              sources_[claims[0].source].backend + "\" and \"" + sources_[claims[1].source].backend +
                              "\"; backends.NAME.services says which one serves it");
    } else if (claims.size() == 1) {
      out_.claims.push_back(claims.front());
    } else if (!name.starts_with("grpc.")) {
      out_.warnings.push_back("service " + name + ": no backend serves it, so it has no routes");
    }
  }

  std::span<const RouteSource> sources_;
  std::span<const std::string> wanted_;
  std::map<std::string, Candidates> services_;
  ServiceClaims out_;
};

}  // namespace

ServiceClaims claim_services(std::span<const RouteSource> sources, std::span<const std::string> wanted) {
  return Claiming(sources, wanted).run();
}

}  // namespace sluice::gateway
