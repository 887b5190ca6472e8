// The raw query string as decoded name-value pairs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc_core/base/result.h"

namespace sluice::gateway {

struct QueryParameter {
  std::string_view name;
  std::string_view value;
};

// Splits at '&', then at the first '=', then decodes: '+' is a space, %XX an octet. Empty pieces are skipped.
//
//   QueryReader reader("page_size=3&filter=a%20b", scratch);
//   while (auto parameter = reader.next()) …             // views hold until the next call
//   if (!reader.error().ok()) …
class QueryReader {
 public:
  // `scratch` holds decoded text; `query` and `scratch` outlive the reader.
  QueryReader(std::string_view query, std::string& scratch) : rest_(query), scratch_(scratch) {}

  // Nothing: the end, or an error: a '%' without two hexadecimal digits.
  std::optional<QueryParameter> next();
  const rpc::Status& error() const { return error_; }

 private:
  // `name`: of the parameter, for errors.
  std::string_view decoded(std::string_view text, std::string_view name);

  std::string_view rest_;
  std::string& scratch_;
  rpc::Status error_;
};

}  // namespace sluice::gateway
