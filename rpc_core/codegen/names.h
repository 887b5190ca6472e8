// The C++ names that generated code gives to services and methods.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace sluice::rpc::codegen {

// "SayHello" -> "say_hello", "GetHTTPInfo" -> "get_http_info".
std::string snake_case(std::string_view name);

// Whether the word may not be an identifier: a keyword of C++23, or a macro of the standard library.
bool is_reserved_word(std::string_view word);

// "foo.bar.v1" -> "foo::bar::v1": the namespace in which protoc puts a package's messages.
std::string namespace_of(std::string_view package);

// The name, with as many underscores added as it takes to be neither reserved nor taken; then it is taken.
std::string claim_name(std::string name, std::set<std::string>& taken);

}  // namespace sluice::rpc::codegen
