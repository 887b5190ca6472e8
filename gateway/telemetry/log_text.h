// What lines of the log are made of: texts that stay on their line, and the time.
#pragma once

#include <chrono>
#include <forward_list>
#include <string>
#include <string_view>

namespace sluice::gateway {

// Appends a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
void append_json_text(std::string_view text, std::string& out);

// Texts as they stand between the quotes of JSON strings: the text itself as a rule, else a copy that lives as long as
// this.
class JsonTexts {
 public:
  std::string_view operator()(std::string_view text);

 private:
  std::forward_list<std::string> escaped_;
};

// Appends the text with control bytes as \x0a; when it stands in quotes, those and backslashes are escaped, too.
void append_plain_text(std::string_view text, bool quoted, std::string& out);

// The last three digits of a number that is not negative, with leading zeros.
std::string_view thousandths(long long number);

// "2026-01-31T12:00:00.000Z". Moments of the same second cost little.
class UtcText {
 public:
  void append(std::chrono::system_clock::time_point moment, std::string& out);

 private:
  std::time_t second_ = -1;
  std::string text_;
};

}  // namespace sluice::gateway
