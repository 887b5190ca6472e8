// FieldList: Metadata in the form in which nghttp2 takes it.
#pragma once

#include <nghttp2/nghttp2.h>

#include <span>
#include <string_view>
#include <vector>

#include "rpc_core/base/metadata.h"

namespace sluice::rpc::http2 {

// One for each connection, and keeps its memory from one header block to the next.
class FieldList {
 public:
  // Valid until the next call. nghttp2 refers to the metadata's bytes: they stay until the block is sent. Secrets are
  // marked so that they stay out of the peer's HPACK table (RFC 7541 section 7.1.3), and so are values that differ in
  // each call, but for the first one: with it the peer learns the name. A short timeout is a common one.
  std::span<const nghttp2_nv> assign(const Metadata& metadata);

 private:
  bool is_never_indexed(std::string_view key, std::string_view value);

  std::vector<nghttp2_nv> fields_;
  unsigned names_sent_ = 0;  // of those with varying values, a bit each
};

}  // namespace sluice::rpc::http2
