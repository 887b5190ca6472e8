// Memory for nghttp2 from the thread's pool: it allocates for each stream, frame and header field.
#pragma once

#include <nghttp2/nghttp2.h>

namespace sluice::rpc::http2 {

// For nghttp2_session_client_new3() and its kin. A session is used and deleted on one thread.
nghttp2_mem* pooled_memory();

}  // namespace sluice::rpc::http2
