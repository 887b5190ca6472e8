// One state machine over bytes; strings are passed over sixteen bytes at a time.
#include "gateway/transcode/json_splitter.h"

#include <bit>
#include <cstdint>

#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/byte_scan.h"

namespace sluice::gateway {

using rpc::Result;

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool in_scalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

}  // namespace

void JsonSplitter::feed(std::string_view bytes) {
  consumed_ += chunk_.size();
  chunk_ = bytes;
  at_ = 0;
  begin_ = 0;
}

Result<std::optional<JsonSplitter::Value>> JsonSplitter::next() {
  if (partial_taken_) {
    partial_.clear();
    partial_taken_ = false;
  }
  if (!error_.ok()) return rpc::fail(error_);
  if (in_value() || between()) {
    const bool complete = scan_value();
    if (partial_.size() + at_ - begin_ > max_value_bytes_) return rpc::fail(error_ = too_long());
    if (complete) return take();
    partial_.append(chunk_.substr(begin_, at_ - begin_));
    begin_ = at_;
    if (finished_) fail("the end of the value");
  }
  if (!error_.ok()) return rpc::fail(error_);
  return std::nullopt;
}

bool JsonSplitter::in_value() const {
  return phase_ == Phase::InContainer || phase_ == Phase::InString || phase_ == Phase::InScalar;
}

// To the first byte of the next value; false: the bytes end, or an error.
bool JsonSplitter::between() {
  for (; at_ < chunk_.size(); ++at_) {
    const char c = chunk_[at_];
    if (c == '\n') {
      ++line_;
      line_begin_ = consumed_ + at_ + 1;
    }
    if (is_space(c)) continue;
    switch (phase_) {
      case Phase::Start:
        if (c != '[') return begin_value(c);
        in_array_ = true;
        phase_ = Phase::ArrayFirst;
        break;
      case Phase::ArrayFirst:
        if (c != ']') return begin_value(c);
        phase_ = Phase::Done;
        break;
      case Phase::ArrayComma:
        if (c != ',' && c != ']') return fail("',' or ']'");
        phase_ = c == ',' ? Phase::ArrayElement : Phase::Done;
        break;
      case Phase::Done:
        return fail("nothing behind the array");
      default:
        return begin_value(c);
    }
  }
  if (finished_ && in_array_ && phase_ != Phase::Done) fail("',' or ']'");
  return false;
}

bool JsonSplitter::begin_value(char first) {
  begin_ = at_;
  value_line_ = line_;
  value_column_ = consumed_ + at_ - line_begin_ + 1;
  depth_ = 0;
  in_string_ = false;
  escaped_ = false;
  if (first == '{' || first == '[') {
    phase_ = Phase::InContainer;
  } else if (first == '"') {
    phase_ = Phase::InString;
  } else if (in_scalar(first)) {
    phase_ = Phase::InScalar;
  } else {
    return fail("a JSON value");
  }
  return true;
}

// To the end of the value, or of the bytes: false.
bool JsonSplitter::scan_value() {
  if (phase_ == Phase::InContainer) return scan_container();
  return phase_ == Phase::InString ? scan_string() : scan_scalar();
}

bool JsonSplitter::scan_container() {
  while (at_ < chunk_.size()) {
    const char c = chunk_[at_];
    if (in_string_ || c == '"') {
      if (!scan_string()) return false;
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      if (--depth_ == 0) return true;
    } else if (c == '\n') {
      ++line_;
      line_begin_ = consumed_ + at_;
    }
  }
  return false;
}

// From the opening quote, or from inside, over the closing one.
bool JsonSplitter::scan_string() {
  if (!in_string_) {
    in_string_ = true;
    ++at_;
  }
  while (at_ < chunk_.size()) {
    if (!escaped_ && chunk_.size() - at_ >= Block16::kSize) {
      const std::uint32_t special = Block16(chunk_.data() + at_).special();
      at_ += special == 0 ? Block16::kSize : static_cast<std::size_t>(std::countr_zero(special));
      if (special == 0) continue;
    }
    const char c = chunk_[at_++];
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
      return true;
    } else if (c == '\n') {
      ++line_;
      line_begin_ = consumed_ + at_;
    }
  }
  return false;
}

bool JsonSplitter::scan_scalar() {
  while (at_ < chunk_.size() && in_scalar(chunk_[at_])) ++at_;
  return at_ < chunk_.size() || finished_;
}

bool JsonSplitter::fail(const char* expected) {
  std::string where = "(line " + std::to_string(line_) + ", column ";
  where += std::to_string(consumed_ + at_ - line_begin_ + 1) + ")";
  const std::string got = at_ < chunk_.size() ? shown(chunk_.substr(at_, 1)) : "the end of the text";
  error_ = binding_error("", std::string("expected ") + expected + ", got " + got, where);
  return false;
}

JsonSplitter::Value JsonSplitter::take() {
  phase_ = in_array_ ? Phase::ArrayComma : Phase::Values;
  Value value{chunk_.substr(begin_, at_ - begin_), value_line_, value_column_};
  if (!partial_.empty()) {
    partial_.append(value.text);
    value.text = partial_;
    partial_taken_ = true;
  }
  begin_ = at_;
  return value;
}

rpc::Status JsonSplitter::too_long() const {
  return {rpc::StatusCode::ResourceExhausted, "expected a message of at most " + std::to_string(max_value_bytes_) +
                                                  " bytes of JSON at line " + std::to_string(value_line_) +
                                                  ", got more"};
}

}  // namespace sluice::gateway
