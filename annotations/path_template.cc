// The parser of path templates: google/api/http.proto, widened by what is marked with (+).
//
//   Template  = "/" [ Segments [ ":" Verb ] ] ;             (+) "/" alone
//   Segments  = Segment { "/" Segment } ;                   at most one "**" in all of them
//   Segment   = "*" | "**" | Literal | Variable ;           (+) segments behind "**"
//   Variable  = "{" FieldPath [ "=" Segments ] "}" ;        no Variable inside
//   FieldPath = Identifier { "." Identifier } ;
//   Verb      = Literal { ":" Literal } ;                   (+) more than one part
//   Literal   = one or more of: unreserved | "%" Hex Hex | byte over 0x7F ;
#include "annotations/path_template.h"

#include <utility>

#include "annotations/percent.h"

namespace sluice::http_rule {
namespace {

using Kind = TemplateSegment::Kind;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_over_ascii(char c) {
  return static_cast<unsigned char>(c) > 0x7F;
}

std::string hex_byte(char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

// The canonical form of a literal that the scanner accepted; no request holds a byte over 0x7F unencoded.
std::string canonical_literal(std::string_view raw) {
  std::string encoded;
  for (const char c : raw) encoded += is_over_ascii(c) ? "%" + hex_byte(c) : std::string(1, c);
  std::string canonical;
  append_canonical(canonical, encoded);
  return canonical;
}

// A cursor over the text, and the error that stopped it. take_… functions return what they passed, empty for nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  bool sees(char c) const { return !at_end() && text_[at_] == c; }
  std::size_t column() const { return at_ + 1; }
  const std::string& error() const { return error_; }

  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }

  std::string_view take_identifier() {
    const std::size_t begin = at_;
    if (!at_end() && is_letter(text_[at_])) {
      while (!at_end() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::string_view take_literal() {
    const std::size_t begin = at_;
    while (!at_end()) {
      if (sees_triple()) {
        at_ += 3;
      } else if (is_unreserved(text_[at_]) || is_over_ascii(text_[at_])) {
        ++at_;
      } else {
        break;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

  // Always false, so that a parsing function can return it.
  bool fail(std::string_view expected) {
    error_ =
        "path template column " + std::to_string(column()) + ": expected " + std::string(expected) + ", got " + found();
    return false;
  }

 private:
  bool sees_triple() const {
    return sees('%') && text_.size() - at_ >= 3 && is_hex(text_[at_ + 1]) && is_hex(text_[at_ + 2]);
  }

  std::string found() const {
    if (at_end()) return "the end";
    const char c = text_[at_];
    if (c < 0x20 || c > 0x7E) return "byte 0x" + hex_byte(c);
    const std::size_t width = c == '%' ? 3 : text_.substr(at_).starts_with("**") ? 2 : 1;
    return "\"" + std::string(text_.substr(at_, width)) + "\"";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

// One function a rule of the grammar. False: the scanner holds the error.
class Parser {
 public:
  explicit Parser(std::string_view text) : scan_(text) {}

  bool parse_template() {
    if (!scan_.take('/')) return scan_.fail("\"/\"");
    if (scan_.at_end()) return true;
    if (!parse_segments()) return false;
    if (scan_.take(':') && !parse_verb()) return false;
    return scan_.at_end() || scan_.fail(path_.verb.empty() ? "\"/\", \":\" or the end" : "\":\" or the end");
  }

  const std::string& error() const { return scan_.error(); }
  PathTemplate take_result() { return std::move(path_); }

 private:
  bool parse_segments() {
    do {
      if (!parse_segment()) return false;
    } while (scan_.take('/'));
    return true;
  }

  bool parse_segment() {
    if (scan_.sees('*')) return parse_wildcard();
    if (scan_.sees('{')) return parse_variable();
    std::string literal;
    if (!parse_literal(literal, "a literal, \"*\", \"**\" or a variable")) return false;
    path_.segments.push_back({Kind::Literal, std::move(literal)});
    return true;
  }

  bool parse_literal(std::string& out, std::string_view expected) {
    out = canonical_literal(scan_.take_literal());
    if (scan_.sees('%')) return scan_.fail("two hex digits after \"%\"");
    return !out.empty() || scan_.fail(expected);
  }

  bool parse_wildcard() {
    const Scanner before = scan_;
    scan_.take('*');
    if (!scan_.take('*')) {
      path_.segments.push_back({Kind::Single, {}});
      return true;
    }
    if (std::exchange(has_multiple_, true)) {
      scan_ = before;
      return scan_.fail("at most one \"**\" in a template");
    }
    path_.segments.push_back({Kind::Multiple, {}});
    return true;
  }

  bool parse_variable() {
    if (in_variable_) return scan_.fail("no variable inside a variable");
    scan_.take('{');
    TemplateVariable variable{.field_path = {}, .begin = path_.segments.size(), .column = scan_.column()};
    if (!parse_field_path(variable.field_path)) return false;
    if (!parse_pattern()) return false;
    if (!scan_.take('}')) return scan_.fail("\"}\"");
    variable.end = path_.segments.size();
    variable.multi_segment = variable.end - variable.begin > 1 || path_.segments.back().kind == Kind::Multiple;
    path_.variables.push_back(std::move(variable));
    return true;
  }

  bool parse_pattern() {
    if (!scan_.take('=')) {
      if (!scan_.sees('}')) return scan_.fail("\".\", \"=\" or \"}\"");
      path_.segments.push_back({Kind::Single, {}});
      return true;
    }
    in_variable_ = true;
    const bool good = parse_segments();
    in_variable_ = false;
    return good;
  }

  bool parse_field_path(std::string& out) {
    do {
      const std::string_view identifier = scan_.take_identifier();
      if (identifier.empty()) return scan_.fail("identifier");
      if (!out.empty()) out += '.';
      out += identifier;
    } while (scan_.take('.'));
    return true;
  }

  bool parse_verb() {
    do {
      std::string part;
      if (!parse_literal(part, "a verb")) return false;
      if (!path_.verb.empty()) path_.verb += ':';
      path_.verb += part;
    } while (scan_.take(':'));
    return true;
  }

  Scanner scan_;
  PathTemplate path_;
  bool has_multiple_ = false;
  bool in_variable_ = false;
};

}  // namespace

rpc::Result<PathTemplate> parse_path_template(std::string_view text) {
  Parser parser(text);
  if (!parser.parse_template()) return rpc::fail(rpc::StatusCode::InvalidArgument, parser.error());
  return parser.take_result();
}

std::string path_shape(const PathTemplate& path) {
  std::string shape;
  for (const TemplateSegment& segment : path.segments) {
    shape += '/';
    switch (segment.kind) {
      case Kind::Literal:
        shape += segment.literal;
        break;
      case Kind::Single:
        shape += '*';
        break;
      case Kind::Multiple:
        shape += "**";
        break;
    }
  }
  if (shape.empty()) shape = "/";
  if (!path.verb.empty()) shape += ':' + path.verb;
  return shape;
}

}  // namespace sluice::http_rule
