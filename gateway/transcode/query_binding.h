// Which field each query parameter binds, and the rules of who wins between query, path and body.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/transcode/route_binding.h"
#include "gateway/transcode/seen_keys.h"
#include "rpc_core/base/result.h"

namespace sluice::gateway {

// One value for one field. The last field of `path` is the one; `map_key` is its key when it is a map.
struct QueryValue {
  std::span<const FieldPlan* const> path;
  std::string_view name;  // as the client wrote it
  std::string_view map_key;
  std::string_view text;
};

// Takes the values, in the order of the query.
class QuerySink {
 public:
  virtual ~QuerySink() = default;
  virtual rpc::Result<void> bind(const QueryValue& value) = 0;
};

// Memory that is reused from call to call.
struct QueryScratch {
  std::string decoded;
  std::string key;
  FieldPath path;
};

// Names are split at dots outside of brackets; both proto and JSON names go. Errors name the parameter: it meets a
// field that the path or the body binds, comes twice, names a second member of a oneof, or is unknown where that is
// refused. `body_present`: the body has at least one byte.
class QueryBinding {
 public:
  // All are borrowed.
  QueryBinding(const RouteBinding& route, QueryScratch& scratch, SeenKeys& seen)
      : route_(route), scratch_(scratch), seen_(seen) {}

  rpc::Result<void> bind(std::string_view query, bool body_present, QuerySink& sink);

 private:
  enum class Verdict { Bind, Skip };

  rpc::Result<void> bind_one(std::string_view name, std::string_view value, QuerySink& sink);
  rpc::Result<Verdict> resolve(std::string_view name, std::string_view& map_key);
  rpc::Result<Verdict> unknown(std::string_view name) const;
  rpc::Result<Verdict> against_body_and_path(std::string_view name);
  rpc::Result<Verdict> conflict(std::string_view name, const std::string& other) const;
  rpc::Result<void> once(std::string_view name, std::string_view map_key);
  bool ignored(std::string_view name) const;

  const RouteBinding& route_;
  QueryScratch& scratch_;
  SeenKeys& seen_;
  std::uint32_t scope_ = 0;
  bool body_present_ = false;
};

}  // namespace sluice::gateway
