// Reading the JSON form of a service config, member by member.
#include "rpc_core/client/service_config.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace sluice::rpc {
namespace {

using Json = nlohmann::json;

// The longest that JSON has for protobuf's Duration, in seconds.
constexpr std::int64_t kMostSeconds = 315'576'000'000;
constexpr std::size_t kFractionDigits = 9;

// The first thing that is wrong. Reading goes on behind it, to no effect.
class Problem {
 public:
  void note(const std::string& place, std::string_view expected, const Json& got) {
    if (status_) return;
    std::string text = got.is_structured() ? (got.is_array() ? "an array" : "an object")
                                           : got.dump(-1, ' ', true, Json::error_handler_t::replace);
    if (text.size() > kMostQuoted) text = text.substr(0, kMostQuoted) + "...";
    const std::string where = place.empty() ? "service config" : place;
    status_ = Status(StatusCode::InvalidArgument, where + ": expected " + std::string(expected) + ", got " + text);
  }
  const std::optional<Status>& status() const { return status_; }

 private:
  static constexpr std::size_t kMostQuoted = 60;
  std::optional<Status> status_;
};

std::string element(const std::string& place, std::size_t index) { return place + "[" + std::to_string(index) + "]"; }

std::string member(const std::string& place, std::string_view key) {
  return place.empty() ? std::string(key) : place + "." + std::string(key);
}

// Digits alone; nothing: something else, or more than 64 bits.
std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// https://protobuf.dev/programming-guides/json/ ("Duration"), without a sign.
std::optional<Duration> parse_duration(std::string_view text) {
  if (!text.ends_with('s')) return std::nullopt;
  text.remove_suffix(1);
  const std::size_t point = text.find('.');
  const std::optional<std::uint64_t> seconds = number_of(text.substr(0, point));
  if (!seconds || *seconds > kMostSeconds) return std::nullopt;
  std::uint64_t nanoseconds = 0;
  if (point != std::string_view::npos) {
    std::string digits(text.substr(point + 1));
    if (digits.empty() || digits.size() > kFractionDigits) return std::nullopt;
    digits.resize(kFractionDigits, '0');
    const std::optional<std::uint64_t> fraction = number_of(digits);
    if (!fraction) return std::nullopt;
    nanoseconds = *fraction;
  }
  const auto most = std::chrono::floor<std::chrono::seconds>(Duration::max()).count();
  if (*seconds >= static_cast<std::uint64_t>(most)) return Duration::max();
  return std::chrono::seconds(*seconds) + std::chrono::nanoseconds(nanoseconds);
}

void read_timeout(const std::string& place, const Json& value, MethodConfig& config, Problem& problem) {
  if (value.is_string()) config.timeout = parse_duration(value.get_ref<const std::string&>());
  if (!config.timeout) problem.note(place, "a duration like \"1.5s\"", value);
}

void read_wait_for_ready(const std::string& place, const Json& value, MethodConfig& config, Problem& problem) {
  if (!value.is_boolean()) return problem.note(place, "true or false", value);
  config.wait_for_ready = value.get<bool>();
}

// A number, or the same as a string, as protobuf's JSON has it.
std::optional<std::size_t> read_bytes(const std::string& place, const Json& value, Problem& problem) {
  std::optional<std::uint64_t> bytes;
  if (value.is_number_unsigned()) bytes = value.get<std::uint64_t>();
  if (value.is_string()) bytes = number_of(value.get_ref<const std::string&>());
  if (bytes && *bytes <= std::numeric_limits<std::uint32_t>::max()) return *bytes;
  problem.note(place, "a number of bytes below 2^32", value);
  return std::nullopt;
}

void read_most_sent(const std::string& place, const Json& value, MethodConfig& config, Problem& problem) {
  config.max_send_bytes = read_bytes(place, value, problem);
}

void read_most_received(const std::string& place, const Json& value, MethodConfig& config, Problem& problem) {
  config.max_receive_bytes = read_bytes(place, value, problem);
}

struct Setting {
  std::string_view key;
  void (*read)(const std::string& place, const Json& value, MethodConfig& config, Problem& problem);
};
constexpr Setting kSettings[] = {
    {"timeout", read_timeout},
    {"waitForReady", read_wait_for_ready},
    {"maxRequestMessageBytes", read_most_sent},
    {"maxResponseMessageBytes", read_most_received},
};
// What gRPC knows beyond that: in a methodConfig, and beside the list of them.
constexpr std::string_view kPolicies[] = {"retryPolicy", "hedgingPolicy"};
constexpr std::string_view kChannelPolicies[] = {"loadBalancingConfig", "loadBalancingPolicy", "retryThrottling",
                                                 "healthCheckConfig"};

class Parser {
 public:
  void parse(const Json& root) {
    if (!root.is_object()) return problem_.note("", "an object", root);
    for (const auto& [key, value] : root.items()) {
      if (key != "methodConfig") {
        ignore(key, key, kChannelPolicies);
      } else if (!value.is_null()) {
        read_list(value);
      }
    }
  }

  Result<ServiceConfig> take() {
    if (problem_.status()) return fail(*problem_.status());
    return std::move(config_);
  }

 private:
  void ignore(const std::string& place, std::string_view key, std::span<const std::string_view> known) {
    const bool is_known = std::ranges::find(known, key) != known.end();
    config_.ignored.push_back(place + (is_known ? ": not supported" : ": unknown field"));
  }

  void read_list(const Json& list) {
    if (!list.is_array()) return problem_.note("methodConfig", "an array", list);
    for (std::size_t i = 0; i < list.size(); ++i) read_method_config(element("methodConfig", i), list[i]);
  }

  void read_method_config(const std::string& place, const Json& object) {
    if (!object.is_object()) return problem_.note(place, "an object", object);
    MethodConfig config;
    for (const auto& [key, value] : object.items()) read_setting(place, key, value, config);
    const auto names = object.find("name");
    if (names == object.end() || names->is_null() || names->empty()) {
      config_.ignored.push_back(place + ": without a name it is for no call");
      return;
    }
    const std::string names_place = member(place, "name");
    if (!names->is_array()) return problem_.note(names_place, "an array", *names);
    for (std::size_t i = 0; i < names->size(); ++i) add(element(names_place, i), (*names)[i], config);
  }

  void read_setting(const std::string& place, const std::string& key, const Json& value, MethodConfig& config) {
    if (key == "name") return;
    const auto setting = std::ranges::find(kSettings, key, &Setting::key);
    if (setting == std::end(kSettings)) return ignore(member(place, key), key, kPolicies);
    if (!value.is_null()) setting->read(member(place, key), value, config, problem_);
  }

  void add(const std::string& place, const Json& object, const MethodConfig& config) {
    if (!object.is_object()) return problem_.note(place, "an object", object);
    std::string service, method;
    for (const auto& [key, value] : object.items()) {
      const std::string here = member(place, key);
      if (key != "service" && key != "method") {
        ignore(here, key, {});
      } else if (!value.is_null()) {
        (key == "service" ? service : method) = read_part(here, value);
      }
    }
    if (service.empty() && !method.empty()) return problem_.note(place, "a service beside the method", method);
    add_name(place, method.empty() ? service : service + "/" + method, config);
  }

  std::string read_part(const std::string& place, const Json& value) {
    const std::string* part = value.get_ptr<const std::string*>();
    if (part != nullptr && part->find('/') == std::string::npos) return *part;
    problem_.note(place, "a name without a slash", value);
    return "";
  }

  void add_name(const std::string& place, const std::string& name, const MethodConfig& config) {
    const auto [before, is_new] = places_.emplace(name, place);
    if (!is_new) problem_.note(place, "a name that " + before->second + " has not", name);
    config_.methods.emplace(name, config);
  }

  Problem problem_;
  ServiceConfig config_;
  std::map<std::string, std::string> places_;  // of the names so far
};

}  // namespace

Result<ServiceConfig> parse_service_config(std::string_view json) {
  try {
    Parser parser;
    parser.parse(Json::parse(json));
    return parser.take();
  } catch (const Json::parse_error& error) {
    return fail(StatusCode::InvalidArgument, "service config: expected JSON: " + std::string(error.what()));
  }
}

}  // namespace sluice::rpc
