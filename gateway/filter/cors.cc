// The header fields that tell a browser what a page may see.
#include "gateway/filter/cors.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gateway/filter/responder_filter.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kAny = "*";

bool lists(const CorsOptions& options, std::string_view origin) {
  return std::ranges::any_of(options.origins, [&](const std::string& one) { return equal_ignoring_case(one, origin); });
}

// Every field of an answer but the few that pages always see, so that they may read metadata, too.
std::string exposed(const Headers& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (equal_ignoring_case(name, "Vary") || name.substr(0, 7) == "Access-") continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names;
}

// The backend's own word on CORS, in whatever place its metadata went.
bool is_of_cors(std::string_view name) {
  constexpr std::string_view kTrailer = "Grpc-Trailer-";
  constexpr std::string_view kOfCors = "Access-Control-";
  if (equal_ignoring_case(name.substr(0, kTrailer.size()), kTrailer)) name.remove_prefix(kTrailer.size());
  return equal_ignoring_case(name.substr(0, kOfCors.size()), kOfCors);
}

void drop_foreign(Headers& headers) {
  std::size_t i = 0;
  while (i < headers.size()) {
    const std::string name(headers.at(i).first);
    if (is_of_cors(name)) {
      headers.remove(name);
    } else {
      ++i;
    }
  }
}

// Adds the fields of the CORS protocol to the answer.
class Admitted final : public ResponderFilter {
 public:
  Admitted(Responder& next, const CorsOptions& options, const Request& request)
      : ResponderFilter(next),
        options_(options),
        origin_(request.headers().get("Origin").value_or("")),
        asked_headers_(request.headers().get("Access-Control-Request-Headers")),
        preflight_(is_preflight(request)) {}

  rpc::Task<void> send(Response whole) override {
    mark(whole.head);
    return ResponderFilter::send(std::move(whole));
  }
  rpc::Task<bool> begin(ResponseHead head) override {
    mark(head);
    return ResponderFilter::begin(std::move(head));
  }
  using ResponderFilter::end;
  rpc::Task<void> end(Headers trailers) override {
    drop_foreign(trailers);
    return ResponderFilter::end(std::move(trailers));
  }

 private:
  static bool is_preflight(const Request& request) {
    return request.method() == "OPTIONS" && request.headers().contains("Access-Control-Request-Method");
  }

  void mark(ResponseHead& head) const {
    Headers& headers = head.headers;
    drop_foreign(headers);
    // What a cache keeps for one origin is not for another.
    if (options_.origins != std::vector<std::string>{std::string(kAny)}) headers.add("Vary", "Origin");
    if (!admits_origin(options_, origin_)) return;
    if (preflight_) {
      permit(headers);
    } else if (const std::string names = exposed(headers); !names.empty()) {
      headers.add("Access-Control-Expose-Headers", names);
    }
    const bool named = lists(options_, origin_);
    headers.add("Access-Control-Allow-Origin", named ? origin_ : kAny);
    if (named && options_.credentials) headers.add("Access-Control-Allow-Credentials", "true");
  }

  void permit(Headers& headers) const {
    if (const auto methods = headers.get("Allow")) {
      const std::string copy(*methods);
      headers.add("Access-Control-Allow-Methods", copy);
    }
    if (asked_headers_) headers.add("Access-Control-Allow-Headers", *asked_headers_);
    headers.add("Access-Control-Max-Age", std::to_string(options_.max_age.count()));
  }

  const CorsOptions& options_;
  const std::string_view origin_;
  const std::optional<std::string_view> asked_headers_;
  const bool preflight_;
};

}  // namespace

bool admits_origin(const CorsOptions& options, std::string_view origin) {
  return !origin.empty() && (lists(options, origin) || lists(options, kAny));
}

rpc::Task<void> Cors::handle(Request& request, Responder& responder) {
  Admitted admitted(responder, options_, request);
  co_await next_.handle(request, admitted);
}

}  // namespace sluice::gateway
