// PathTemplate: the path of an HttpRule ("/v1/{name=shelves/*}:open") as segments, variables and a verb.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rpc_core/base/result.h"

namespace sluice::http_rule {

struct TemplateSegment {
  enum class Kind : std::uint8_t {
    Literal,   // one segment, this text
    Single,    // "*": one segment, any text but none
    Multiple,  // "**": any number of segments, none included
  };
  Kind kind = Kind::Literal;
  std::string literal;  // in canonical form (percent.h); empty for the others

  friend bool operator==(const TemplateSegment&, const TemplateSegment&) = default;
};

// A variable binds the field at `field_path` to the text of the segments [begin, end) of the template.
struct TemplateVariable {
  std::string field_path;  // "book.name"
  std::size_t begin = 0;
  std::size_t end = 0;
  bool multi_segment = false;  // its pattern has "**" or more than one segment: other rules of decoding hold
  std::size_t column = 0;      // of the field path in the text, from 1

  friend bool operator==(const TemplateVariable&, const TemplateVariable&) = default;
};

// A value, made by parse_path_template: at most one segment is Multiple, and variables neither nest nor overlap.
struct PathTemplate {
  std::vector<TemplateSegment> segments;    // none: the path "/"
  std::vector<TemplateVariable> variables;  // in the order of the text
  std::string verb;                         // without its ":", in canonical form; empty: none

  friend bool operator==(const PathTemplate&, const PathTemplate&) = default;
};

// Errors name the place: path template column 9: expected identifier, got "}". Columns count bytes from 1.
rpc::Result<PathTemplate> parse_path_template(std::string_view text);

// The template without its variables: "/v1/shelves/*:open". Two templates of one shape match the same paths.
std::string path_shape(const PathTemplate& path);

}  // namespace sluice::http_rule
