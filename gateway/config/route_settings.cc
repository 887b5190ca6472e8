// Field by field.
#include "gateway/config/route_settings.h"

namespace sluice::gateway {

void RouteSettings::override_by(const RouteSettings& over) {
  const auto take = [&](auto field) {
    if (over.*field) this->*field = over.*field;
  };
  take(&RouteSettings::timeout);
  take(&RouteSettings::stream_timeout);
  take(&RouteSettings::max_request_bytes);
  take(&RouteSettings::max_response_bytes);
  take(&RouteSettings::json_always_print);
  take(&RouteSettings::json_enums_as_ints);
  take(&RouteSettings::json_proto_names);
  take(&RouteSettings::json_pretty);
  take(&RouteSettings::error_format);
  take(&RouteSettings::forward_headers);
  take(&RouteSettings::return_headers);
  take(&RouteSettings::withhold_headers);
}

}  // namespace sluice::gateway
