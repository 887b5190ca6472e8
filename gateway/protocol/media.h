// Which media types a client sends and takes (RFC 9110 section 8.3 and 12.5.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/http/message.h"

namespace sluice::gateway {

// application/json, or any type that ends in +json, in UTF-8.
bool is_json(std::string_view content_type);
// application/x-ndjson or application/jsonl, in UTF-8: a request stream with a value a line.
bool is_json_lines(std::string_view content_type);

// How the messages of a stream are told apart in a body.
enum class StreamFormat : std::uint8_t { Array, Lines, Events };

struct StreamMedia {
  StreamFormat format;
  std::string_view content_type;
};

// Of application/x-ndjson, application/jsonl and text/event-stream the one that the Accept fields name with the
// greatest weight, unless application/json, named or let through by a wildcard, weighs more. Where JSON is refused, a
// wildcard is enough for the others. JSON, too, where none would do.
StreamMedia stream_media(const Headers& headers);
// The same; nothing where none of them would do.
std::optional<StreamMedia> accepted_stream_media(const Headers& headers);
StreamMedia stream_media(StreamFormat format);
// Whether application/json would do: also where nothing is asked for.
bool accepts_json(const Headers& headers);

}  // namespace sluice::gateway
