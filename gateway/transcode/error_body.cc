// The three shapes, and the details inside them.
#include "gateway/transcode/error_body.h"

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <nlohmann/json.hpp>

#include "gateway/transcode/base64.h"
#include "gateway/transcode/http_status.h"

namespace sluice::gateway {

namespace pb = google::protobuf;
using Json = nlohmann::ordered_json;

namespace {

std::string type_name(const pb::Any& any) {
  return any.type_url().substr(any.type_url().rfind('/') + 1);
}

google::rpc::Status parsed_details(const rpc::Status& status) {
  google::rpc::Status parsed;
  if (!parsed.ParseFromString(status.details())) parsed.Clear();
  return parsed;
}

}  // namespace

struct ErrorBody::Details {
  explicit Details(SchemaFiles files) : factory(std::make_unique<pb::DynamicMessageFactory>()) {
    for (const auto* file : files) pools.push_back(file->pool());
    pools.push_back(google::rpc::ErrorInfo::descriptor()->file()->pool());
  }

  // One detail as a JSON object with "@type".
  Json print(const pb::Any& any) const {
    for (const auto* pool : pools) {
      const pb::Descriptor* type = pool->FindMessageTypeByName(type_name(any));
      if (type == nullptr) continue;
      std::unique_ptr<pb::Message> message(factory->GetPrototype(type)->New());
      std::string text;
      if (!message->ParseFromString(any.value())) break;
      if (!pb::util::MessageToJsonString(*message, &text).ok()) break;
      const Json content = Json::parse(text);
      Json json{{"@type", any.type_url()}};
      if (content.is_object()) {
        json.update(content);
      } else {
        json["value"] = content;
      }
      return json;
    }
    return {{"@type", any.type_url()}, {"value", base64_encode(any.value())}};
  }

  std::vector<const pb::DescriptorPool*> pools;
  std::unique_ptr<pb::DynamicMessageFactory> factory;
};

const char* content_type_of(ErrorFormat format) {
  return format == ErrorFormat::Problem ? "application/problem+json" : "application/json";
}

ErrorBody::ErrorBody(SchemaFiles files, ErrorBodyOptions options)
    : details_(std::make_unique<Details>(files)), options_(options) {}

ErrorBody::~ErrorBody() = default;

void ErrorBody::write(const rpc::Status& status, int http_status, rpc::Buffer& out) const {
  Json details = Json::array();
  const google::rpc::Status parsed = parsed_details(status);
  for (const pb::Any& any : parsed.details()) {
    if (type_name(any) == "google.rpc.DebugInfo" && !options_.show_debug_info) continue;
    details.push_back(details_->print(any));
  }
  const auto code = static_cast<std::uint32_t>(status.code());
  const std::string name = rpc::status_code_name(status.code());
  Json json;
  switch (options_.format) {
    case ErrorFormat::Status:
      json = {{"code", code}, {"message", status.message()}, {"details", std::move(details)}};
      break;
    case ErrorFormat::Google:
      json["error"] = {
          {"code", http_status}, {"message", status.message()}, {"status", name}, {"details", std::move(details)}};
      break;
    case ErrorFormat::Problem:
      json = {{"type", "about:blank"}, {"title", http_reason(http_status)},
              {"status", http_status}, {"detail", status.message()},
              {"code", name},          {"details", std::move(details)}};
      break;
  }
  out.append(json.dump(options_.pretty ? 1 : -1, ' ', false, Json::error_handler_t::replace));
}

std::optional<std::chrono::seconds> retry_after(const rpc::Status& status) {
  if (status.details().empty()) return std::nullopt;
  const google::rpc::Status parsed = parsed_details(status);
  for (const pb::Any& any : parsed.details()) {
    google::rpc::RetryInfo retry;
    if (!any.Is<google::rpc::RetryInfo>() || !any.UnpackTo(&retry)) continue;
    const auto delay = retry.retry_delay();
    return std::chrono::seconds(std::max<std::int64_t>(0, delay.seconds() + (delay.nanos() > 0 ? 1 : 0)));
  }
  return std::nullopt;
}

}  // namespace sluice::gateway
