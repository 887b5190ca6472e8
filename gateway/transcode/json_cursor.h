// A place in JSON text: tokens, and what is wrong with them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/transcode/json_string.h"
#include "gateway/transcode/scratch.h"
#include "rpc_core/base/status.h"

namespace sluice::gateway {

// Steps over strict RFC 8259 text. Each step returns false after noting one fault; then the cursor is of no more use.
// "At a value" means: at its first byte, white space skipped, and not at the end of the text.
class JsonCursor {
 public:
  // A place to come back to.
  struct Place {
    const char* at;
    int depth_left;
  };

  JsonCursor(std::string_view text, Scratch& scratch, int max_depth)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), scratch_(scratch), depth_left_(max_depth) {}

  const char* position() const { return at_; }
  bool at_end() const { return at_ == end_; }
  char peek() const { return *at_; }

  // To the first byte of the next token; false at the end of the text.
  bool skip_space() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) > ' ') return true;
    return skip_long_space();
  }
  // Before the one value of the text; and behind it, where nothing may follow.
  bool start() { return skip_space() || expected("a JSON value"); }
  bool finish() { return !skip_space() || expected("nothing behind the value"); }

  bool null() { return literal("null"); }
  bool literal(std::string_view word);

  // [a, b]: calls element(index) at each value.
  template <class Element>
  bool array(Element&& element) {
    if (!open('[', "an array")) return false;
    if (*at_ == ']') return close();
    for (std::size_t index = 0;; ++index) {
      if (!element(index)) return in_index(index);
      if (!skip_space()) return expected("',' or ']'");
      if (*at_ == ']') return close();
      if (!comma("',' or ']'", "a value")) return false;
    }
  }
  // {"k": a}: calls member(name) at each value; the name holds until the next key is read.
  template <class Member>
  bool object(Member&& member) {
    if (!open('{', "an object")) return false;
    if (*at_ == '}') return close();
    while (true) {
      std::string_view name;
      if (!key(name) || !member(name)) return false;
      if (!skip_space()) return expected("',' or '}'");
      if (*at_ == '}') return close();
      if (!comma("',' or '}'", "a member name")) return false;
    }
  }

  // A member's name, over the colon, to its value.
  bool key(std::string_view& name);
  // The name that key() returned last as it stands in the text, between its quotes: this view outlives the next key.
  std::string_view raw_key() const { return raw_key_; }
  // False, and a fault at the key: the scope has that name already. For the name that key() returned last.
  bool first_in_scope(std::uint32_t scope, std::string_view name);

  // The string at the cursor, decoded; the view holds until the next text() or key().
  bool text(std::string_view& text);
  // The same, appended as it is decoded.
  bool text_into(ByteOutput& out);
  // The characters of the number at the cursor.
  bool number(std::string_view& token);
  // Over one value of any kind, checked as strictly as one that is used.
  bool skip_value();

  // Notes that something else was expected at the cursor, or at another place; false.
  bool expected(std::string_view what) { return expected_at(at_, what); }
  bool expected_at(const char* at, std::string_view what);
  // Notes a fault that is not about the text at the place: `what` is the whole description.
  bool refused_at(const char* at, std::string_view what);
  // On the way out of a nested value: where it is. False.
  bool in_field(std::string_view name);
  bool in_index(std::size_t index);
  bool in_key(std::string_view key);

  // The fault as a binding error. The text began at that line and column of what the client sent.
  rpc::Status error(std::size_t line, std::size_t column) const;

 protected:
  Place place() const { return {at_, depth_left_}; }
  void restore(const Place& place) {
    at_ = place.at;
    depth_left_ = place.depth_left;
  }
  // Over the bracket, one level deeper, to what is inside; and out again.
  bool open(char bracket, std::string_view what);
  bool close() {
    ++at_;
    ++depth_left_;
    return true;
  }
  // Over a comma to the next value or name.
  bool comma(std::string_view otherwise, std::string_view then) {
    if (*at_ != ',') return expected(otherwise);
    ++at_;
    return skip_space() || expected(then);
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  Scratch& scratch_;

 private:
  bool skip_long_space();
  std::string shown_token() const;

  int depth_left_;
  std::string_view raw_key_;
  bool key_is_plain_ = false;

  const char* fault_at_ = nullptr;
  std::string fault_;
  bool fault_shows_token_ = false;
  std::string path_;
};

}  // namespace sluice::gateway
