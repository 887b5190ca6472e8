#include "rpc_core/codegen/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace sluice::rpc::codegen {
namespace {

constexpr auto kReservedWords = std::to_array<std::string_view>({
    // [lex.key] and [lex.digraph] of C++23.
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
    // Macros.
    "NULL",
    "assert",
    "errno",
    "offsetof",
    "stderr",
    "stdin",
    "stdout",
});

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}

// A word starts at a capital that follows something else, or that is followed by a small letter: "HTTP|Info".
bool starts_word(std::string_view name, std::size_t i) {
  if (i == 0 || !is_upper(name[i]) || name[i - 1] == '_') return false;
  return !is_upper(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1]));
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (starts_word(name, i)) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return result;
}

bool is_reserved_word(std::string_view word) {
  return std::ranges::find(kReservedWords, word) != kReservedWords.end();
}

std::string namespace_of(std::string_view package) {
  std::string result;
  for (const char c : package) {
    if (c == '.') {
      result += "::";
    } else {
      result += c;
    }
  }
  return result;
}

std::string claim_name(std::string name, std::set<std::string>& taken) {
  while (is_reserved_word(name) || taken.contains(name)) name += '_';
  taken.insert(name);
  return name;
}

}  // namespace sluice::rpc::codegen
