// google.protobuf.Timestamp as RFC 3339 text, google.protobuf.Duration as seconds with an 's'.
#include <cstdint>
#include <cstring>

#include "gateway/transcode/json_number.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/well_known.h"
#include "gateway/transcode/wire_output.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kTimestamp = "a timestamp such as 2001-02-03T04:05:06.789Z";
constexpr std::string_view kDuration = "a duration such as 3.5s";
constexpr std::int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr std::int64_t kMostSeconds = 315576000000;  // 10,000 years
constexpr std::int32_t kNanosPerSecond = 1'000'000'000;

// Both types: seconds = 1, nanos = 2.
struct Time {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};

void write_time(const Time& time, WireOutput& out) {
  if (time.seconds != 0) {
    out.byte('\x08');
    out.varint(static_cast<std::uint64_t>(time.seconds));
  }
  if (time.nanos != 0) {
    out.byte('\x10');
    out.varint(static_cast<std::uint64_t>(static_cast<std::int64_t>(time.nanos)));
  }
}

bool read_time(std::string_view content, Time& time) {
  WireInput in(content);
  while (!in.done()) {
    std::uint32_t number;
    WireType type;
    std::uint64_t value;
    if (!in.tag(number, type)) return false;
    if (type != WireType::Varint || number > 2) {
      if (!in.skip(number, type, kGroupDepth)) return false;
      continue;
    }
    if (!in.varint(value)) return false;
    if (number == 1) time.seconds = static_cast<std::int64_t>(value);
    if (number == 2) time.nanos = static_cast<std::int32_t>(value);
  }
  return true;
}

// Reads pieces of fixed shape from the front of a text; any miss makes it bad for good.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int digit = i < rest_.size() ? rest_[i] - '0' : -1;
      if (digit < 0 || digit > 9) return fail();
      value = value * 10 + digit;
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) fail();
  }
  // One to nine digits behind a point, when there is one.
  int fraction() {
    if (!take('.')) return 0;
    int nanos = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 9) nanos = nanos * 10 + (rest_[count] - '0');
    }
    if (count == 0 || count > 9) return fail();
    rest_.remove_prefix(count);
    for (; count < 9; ++count) nanos *= 10;
    return nanos;
  }
  std::string_view rest() const { return rest_; }
  bool good() const { return good_; }

 private:
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that a leap day is the
// last.
std::int64_t days_of(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = y / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Date {
  int year;
  int month;
  int day;
};

Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = days / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const auto month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0), month, day};
}

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// "Z", or +hh:mm: what is to be subtracted from the local time.
int offset_seconds(Pieces& text) {
  if (text.take('Z')) return 0;
  const bool west = text.take('-');
  if (!west) text.need('+');
  const int hours = text.digits(2);
  text.need(':');
  const int minutes = text.digits(2);
  if (hours > 23 || minutes > 59) text.need('\0');
  const int seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

char* put_digits(char* to, int value, int count) {
  for (int i = count; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + count;
}

// Nothing, or a point and three, six or nine digits.
char* put_fraction(char* to, int nanos) {
  if (nanos == 0) return to;
  *to++ = '.';
  if (nanos % 1'000'000 == 0) return put_digits(to, nanos / 1'000'000, 3);
  if (nanos % 1'000 == 0) return put_digits(to, nanos / 1'000, 6);
  return put_digits(to, nanos, 9);
}

}  // namespace

std::string_view read_timestamp(std::string_view text, bool, WireOutput& out) {
  Pieces pieces(text);
  const int year = pieces.digits(4);
  pieces.need('-');
  const int month = pieces.digits(2);
  pieces.need('-');
  const int day = pieces.digits(2);
  pieces.need('T');
  const int hour = pieces.digits(2);
  pieces.need(':');
  const int minute = pieces.digits(2);
  pieces.need(':');
  const int second = pieces.digits(2);
  const int nanos = pieces.fraction();
  const int offset = offset_seconds(pieces);
  if (!pieces.good() || !pieces.rest().empty()) return kTimestamp;
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return kTimestamp;
  if (hour > 23 || minute > 59 || second > 59) return kTimestamp;
  const std::int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
  if (seconds < kFirstSecond || seconds > kLastSecond) return "a timestamp in the years 1 to 9999";
  write_time({seconds, nanos}, out);
  return {};
}

bool write_timestamp(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  Time time;
  if (!read_time(content, time)) return writer.malformed(plan);
  const bool good =
      time.seconds >= kFirstSecond && time.seconds <= kLastSecond && time.nanos >= 0 && time.nanos < kNanosPerSecond;
  if (!good) return writer.refused(plan, "the time is not in the years 1 to 9999");
  const std::int64_t since = time.seconds - kFirstSecond;
  const Date date = date_of(since / 86400 + kFirstSecond / 86400);
  const auto second = static_cast<int>(since % 86400);
  char* to = writer.out().need(40);
  *to++ = '"';
  to = put_digits(to, date.year, 4);
  *to++ = '-';
  to = put_digits(to, date.month, 2);
  *to++ = '-';
  to = put_digits(to, date.day, 2);
  *to++ = 'T';
  to = put_digits(to, second / 3600, 2);
  *to++ = ':';
  to = put_digits(to, second / 60 % 60, 2);
  *to++ = ':';
  to = put_digits(to, second % 60, 2);
  to = put_fraction(to, time.nanos);
  *to++ = 'Z';
  *to++ = '"';
  writer.out().advance_to(to);
  return true;
}

std::string_view read_duration(std::string_view text, bool, WireOutput& out) {
  Pieces pieces(text);
  const bool negative = pieces.take('-');
  std::size_t digits = 0;
  while (digits < pieces.rest().size() && pieces.rest()[digits] >= '0' && pieces.rest()[digits] <= '9') ++digits;
  if (digits == 0) return kDuration;
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    seconds = seconds * 10 + pieces.digits(1);
    if (seconds > kMostSeconds) return "a duration of at most 315576000000s";
  }
  const int nanos = pieces.fraction();
  pieces.need('s');
  if (!pieces.good() || !pieces.rest().empty()) return kDuration;
  write_time(negative ? Time{-seconds, -nanos} : Time{seconds, nanos}, out);
  return {};
}

bool write_duration(JsonWriter& writer, const MessagePlan& plan, std::string_view content) {
  Time time;
  if (!read_time(content, time)) return writer.malformed(plan);
  const bool in_range = time.seconds >= -kMostSeconds && time.seconds <= kMostSeconds &&
                        time.nanos > -kNanosPerSecond && time.nanos < kNanosPerSecond;
  const bool one_sign = !(time.seconds > 0 && time.nanos < 0) && !(time.seconds < 0 && time.nanos > 0);
  if (!in_range || !one_sign) return writer.refused(plan, "seconds and nanos are no duration");
  const bool negative = time.seconds < 0 || time.nanos < 0;
  char* to = writer.out().need(40);
  *to++ = '"';
  to = print_integer(static_cast<std::uint64_t>(negative ? -time.seconds : time.seconds), negative, to);
  to = put_fraction(to, negative ? -time.nanos : time.nanos);
  *to++ = 's';
  *to++ = '"';
  writer.out().advance_to(to);
  return true;
}

}  // namespace sluice::gateway
