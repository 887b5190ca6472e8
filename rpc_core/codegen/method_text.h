// What generated code says of one method, by its mode.
#pragma once

#include <string_view>

#include "rpc_core/call/service.h"

namespace sluice::rpc::codegen {

// One method's text in each of the places, with variables: $name$, $path$, $Request$, $Response$.
struct MethodText {
  std::string_view handler_result;
  std::string_view handler_parameters;  // as declared
  std::string_view default_parameters;  // the same with names for those only that the default uses
  std::string_view default_result;
  std::string_view adaptor;
  std::string_view mode;
  std::string_view client_result;
  std::string_view client_parameters;  // the names in the definition are those of the declaration
  std::string_view client_defaults;    // the same with default arguments
  std::string_view client_body;
};

const MethodText& text_of(CallMode mode);

}  // namespace sluice::rpc::codegen
