// Parameter by parameter.
#include "gateway/protocol/answer_wishes.h"

#include <algorithm>
#include <utility>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/query.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kMaskHeader = "X-Goog-FieldMask";
constexpr std::string_view kPlainFields = "fields";
constexpr std::string_view kEncoding = "enum-encoding=";

std::unexpected<rpc::Status> refuse(std::string_view name, const std::string& expected, std::string_view value) {
  return rpc::fail(binding_error(name, "expected " + expected + ", got " + shown(value)));
}

std::unexpected<rpc::Status> refuse_again(std::string_view name) {
  return rpc::fail(binding_error(name, "expected it once, got it again"));
}

}  // namespace

struct AnswerWishes::Parameter {
  std::string_view name;
  std::string_view value;
};

rpc::Result<std::string_view> AnswerWishes::take(std::string_view query, const Headers& headers) {
  const bool on = answers_.system_parameters || answers_.partial_responses;
  bool taken = false;
  std::string scratch;
  std::string_view pieces = on ? query : std::string_view();
  while (!pieces.empty()) {
    const std::size_t end = std::min(pieces.find('&'), pieces.size());
    const std::string_view piece = pieces.substr(0, end);
    pieces.remove_prefix(std::min(end + 1, pieces.size()));
    QueryReader reader(piece, scratch);
    const std::optional<QueryParameter> parameter = reader.next();
    bool ours = false;
    if (parameter) {
      const rpc::Result<bool> known = take_one({parameter->name, parameter->value});
      if (!known) return rpc::fail(known.error());
      ours = *known;
    }
    taken = taken || ours;
    if (!ours) rest_.append(rest_.empty() ? "" : "&").append(piece);
  }
  const auto mask = answers_.partial_responses && !selection_ ? headers.get(kMaskHeader) : std::nullopt;
  if (mask) {
    if (const rpc::Result<void> good = select(kMaskHeader, *mask); !good) return rpc::fail(good.error());
  }
  if (selection_ && !selection_->whole()) print_.fields = &*selection_;
  return taken ? std::string_view(rest_) : query;
}

// False: it is none of ours.
rpc::Result<bool> AnswerWishes::take_one(const Parameter& parameter) {
  const auto [name, value] = parameter;
  rpc::Result<void> good;
  if (answers_.system_parameters && name == "$prettyPrint") {
    good = take_pretty(name, value);
  } else if (answers_.system_parameters && name == "$alt") {
    good = take_alt(name, value);
  } else if (answers_.partial_responses && (name == "$fields" || (name == kPlainFields && !route_.binds_fields))) {
    good = selection_ ? refuse_again(name) : select(name, value);
  } else {
    return false;
  }
  if (!good) return rpc::fail(good.error());
  return true;
}

rpc::Result<void> AnswerWishes::take_pretty(std::string_view name, std::string_view value) {
  if (std::exchange(pretty_given_, true)) return refuse_again(name);
  if (value != "true" && value != "false") return refuse(name, "true or false", value);
  print_.pretty = value == "true";
  return {};
}

rpc::Result<void> AnswerWishes::take_alt(std::string_view name, std::string_view value) {
  if (std::exchange(alt_given_, true)) return refuse_again(name);
  const bool raw = route_.transcoder->response_is_raw();
  const bool framed = route_.server_streams && !raw;
  const std::size_t end = std::min(value.find(';'), value.size());
  const std::string_view format = value.substr(0, end);
  std::string_view rest = value.substr(end);
  if (format == "json" && !raw) {
    format_ = StreamFormat::Array;
  } else if (format == "sse" && framed) {
    format_ = StreamFormat::Events;
  } else if (format == "ndjson" && framed) {
    format_ = StreamFormat::Lines;
  } else if (format != "media" || !raw) {
    return refuse(name, raw ? "media" : framed ? "json, sse or ndjson" : "json", value);
  }
  if (rest.empty()) return {};
  rest.remove_prefix(1);
  const bool encodes = rest.starts_with(kEncoding) && !raw;
  if (encodes) rest.remove_prefix(kEncoding.size());
  if (!encodes || (rest != "int" && rest != "name")) {
    return refuse(name, "enum-encoding=int or enum-encoding=name behind \";\"", value);
  }
  print_.enums_as_integers = rest == "int";
  return {};
}

rpc::Result<void> AnswerWishes::select(std::string_view name, std::string_view paths) {
  rpc::Result<FieldSelection> selection = parse_field_selection(paths, route_.answer);
  if (!selection) return rpc::fail(binding_error(name, selection.error().message()));
  selection_ = *std::move(selection);
  return {};
}

}  // namespace sluice::gateway
