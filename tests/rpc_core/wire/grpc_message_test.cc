// Percent-encoding of grpc-message.
#include "rpc_core/wire/grpc_message.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::rpc {
namespace {

struct Case {
  std::string message;
  std::string encoded;
};

const Case kCases[] = {
    {"", ""},
    {"plain text ~", "plain text ~"},
    {"100%", "100%25"},
    {"\t\r\n", "%09%0D%0A"},
    {"\x7f", "%7F"},
    {"ü", "%C3%BC"},
    {"😈", "%F0%9F%98%88"},
    {std::string("\0", 1), "%00"},
};

TEST(GrpcMessage, EncodesInUpperCase) {
  for (const Case& each : kCases) EXPECT_EQ(encode_grpc_message(each.message), each.encoded);
}

TEST(GrpcMessage, DecodesWhatItEncodes) {
  for (const Case& each : kCases) EXPECT_EQ(decode_grpc_message(each.encoded), each.message);
  for (int byte = 0; byte < 256; ++byte) {
    const std::string message(1, static_cast<char>(byte));
    EXPECT_EQ(decode_grpc_message(encode_grpc_message(message)), message);
  }
}

TEST(GrpcMessage, NeverFailsToDecode) {
  const Case kOdd[] = {
      {"a\n", "a%0a"}, {"%", "%"}, {"%4", "%4"}, {"%zz", "%zz"}, {"%%", "%%25"}, {"a%-1b", "a%-1b"}, {"ü", "ü"},
  };
  for (const Case& each : kOdd) EXPECT_EQ(decode_grpc_message(each.encoded), each.message) << each.encoded;
}

}  // namespace
}  // namespace sluice::rpc
