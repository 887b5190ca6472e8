// Cuts the body of a request stream into its JSON values as the bytes arrive.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace sluice::gateway {

// Takes a JSON array, one value a line (NDJSON), or values one behind the other: a body whose first byte is '[' is an
// array of messages. It finds where values end and no more; whoever reads a value checks it. No byte is copied, unless
// a value comes in several pieces: then memory is that of one value.
//
//   splitter.feed(bytes);
//   while (true) {
//     auto value = splitter.next();          // error: malformed between values, or a value that is too long
//     if (!value || !*value) break;          // nothing: feed() more, or the end after finish()
//     …
//   }
class JsonSplitter {
 public:
  struct Value {
    std::string_view text;  // holds until the next call of next() or feed()
    std::size_t line;       // where it begins in the body, counted from 1; columns count bytes
    std::size_t column;
  };

  // A longer value is RESOURCE_EXHAUSTED.
  explicit JsonSplitter(std::size_t max_value_bytes) : max_value_bytes_(max_value_bytes) {}

  // More bytes, borrowed until next() answers nothing. Only then, too, may more be fed.
  void feed(std::string_view bytes);
  // There are no more bytes.
  void finish() { finished_ = true; }

  rpc::Result<std::optional<Value>> next();

 private:
  enum class Phase {
    Start,         // nothing seen
    Values,        // between values that have no array around them
    ArrayFirst,    // behind '['
    ArrayElement,  // behind ','
    ArrayComma,    // behind an element
    InContainer,
    InString,  // a value that is a string
    InScalar,  // a number, true, false, null
    Done,      // behind ']'
  };

  bool in_value() const;
  bool between();
  bool begin_value(char first);
  bool scan_value();
  bool scan_container();
  bool scan_string();
  bool scan_scalar();
  bool fail(const char* expected);
  Value take();
  rpc::Status too_long() const;

  std::size_t max_value_bytes_;
  bool finished_ = false;
  bool in_array_ = false;
  Phase phase_ = Phase::Start;

  std::string_view chunk_;
  std::size_t at_ = 0;     // in chunk_
  std::size_t begin_ = 0;  // of the value, in chunk_
  std::string partial_;    // its bytes of earlier chunks
  bool partial_taken_ = false;

  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;

  std::size_t line_ = 1;
  std::size_t consumed_ = 0;    // bytes of earlier chunks
  std::size_t line_begin_ = 0;  // counted in bytes of the whole body
  std::size_t value_line_ = 1;
  std::size_t value_column_ = 1;
  rpc::Status error_;
};

}  // namespace sluice::gateway
