// Reading and writing whole texts over a ByteStream, for tests.
#pragma once

#include <array>
#include <span>
#include <string>

#include "rpc_core/transport/byte_stream.h"

namespace sluice::rpc::testing {

inline Task<Result<std::size_t>> write_text(ByteStream& stream, std::string text) {
  const std::array<std::span<const std::byte>, 1> pieces{std::as_bytes(std::span(text))};
  co_return co_await stream.write(pieces);
}

// What came until the end, or until the error.
struct ReadAll {
  std::string text;
  int reads = 0;  // those that gave no error, the end included
  Status status;
};

inline Task<ReadAll> read_all(ByteStream& stream) {
  ReadAll all;
  std::array<std::byte, 4096> bytes;
  bool more = true;
  while (more) {
    const Result<std::size_t> count = co_await stream.read_some(bytes);
    if (!count) {
      all.status = count.error();
      co_return all;
    }
    ++all.reads;
    all.text.append(reinterpret_cast<const char*>(bytes.data()), *count);
    more = *count != 0;
  }
  co_return all;
}

}  // namespace sluice::rpc::testing
