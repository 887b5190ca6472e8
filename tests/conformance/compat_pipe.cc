#include "tests/conformance/compat_pipe.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace sluice::rpc::conformance {

bool read_message(google::protobuf::MessageLite& message) {
  std::array<unsigned char, 4> prefix{};
  const std::size_t got = std::fread(prefix.data(), 1, prefix.size(), stdin);
  if (got == 0) return false;
  std::uint32_t length = 0;
  for (const unsigned char byte : prefix) length = length << 8 | byte;
  std::string bytes(length, '\0');
  if (got != prefix.size() || std::fread(bytes.data(), 1, length, stdin) != length) {
    throw std::runtime_error("stdin ended inside a message");
  }
  if (!message.ParseFromString(bytes)) throw std::runtime_error("stdin: expected a " + message.GetTypeName());
  return true;
}

void write_message(const google::protobuf::MessageLite& message) {
  const std::string bytes = message.SerializeAsString();
  std::string framed;
  for (int shift = 24; shift >= 0; shift -= 8) framed += static_cast<char>(bytes.size() >> shift);
  framed += bytes;
  const bool written =
      std::fwrite(framed.data(), 1, framed.size(), stdout) == framed.size() && std::fflush(stdout) == 0;
  if (!written) throw std::runtime_error("stdout: expected to write a whole message");
}

}  // namespace sluice::rpc::conformance
