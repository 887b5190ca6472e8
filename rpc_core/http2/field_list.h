// FieldList: Metadata in the form in which nghttp2 takes it.
#pragma once

#include <nghttp2/nghttp2.h>

#include <span>
#include <vector>

#include "rpc_core/base/metadata.h"

namespace sluice::rpc::http2 {

// Keeps its memory from one header block to the next.
class FieldList {
 public:
  // Valid until the next call, and as long as the metadata. Secrets, and values that differ in each call, are marked so
  // that they stay out of the peer's HPACK table (RFC 7541 section 7.1.3).
  std::span<const nghttp2_nv> assign(const Metadata& metadata);

 private:
  std::vector<nghttp2_nv> fields_;
};

}  // namespace sluice::rpc::http2
