// A client and a server of TLS joined in memory, with certificates made for the test.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "rpc_core/transport/memory.h"
#include "rpc_core/transport/tls.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/print_status.h"
#include "tests/support/stream_io.h"
#include "tests/support/test_certificates.h"

namespace sluice::rpc::testing {

class TlsFixture : public LoopFixture {
 protected:
  using Stream = std::unique_ptr<ByteStream>;
  using Secured = Result<Stream>;

  static std::shared_ptr<const TlsContext> context(TlsRole role, const TlsOptions& options) {
    const auto made = TlsContext::create(role, options);
    if (!made) throw std::runtime_error(made.error().to_string());
    return *made;
  }

  // For "server.test", from the CA that clients trust; both ask for h2.
  TlsOptions server_options() {
    const SignedCertificate own = ca.sign({.common_name = "server", .names = {"DNS:server.test", "IP:127.0.0.1"}});
    TlsOptions options;
    options.certificates = own.certificate;
    options.private_key = own.private_key;
    return options;
  }
  TlsOptions client_options() {
    TlsOptions options;
    options.authorities = ca.certificate();
    return options;
  }
  TlsOptions client_options(const SignedCertificate& own) {
    TlsOptions options = client_options();
    options.certificates = own.certificate;
    options.private_key = own.private_key;
    return options;
  }

  struct Ends {
    Secured client = fail(StatusCode::Unknown, "not done");
    Secured server = fail(StatusCode::Unknown, "not done");
  };

  // Both sides' results, good or bad; a side that is never answered is stopped.
  Ends shake_hands(const TlsOptions& client, const TlsOptions& server, const std::string& name = "server.test",
                   MemoryStreamOptions memory = {}) {
    auto [near, far] = memory_pair(loop, memory);
    Started<Secured> connecting(tls_connect(loop, std::move(near), context(TlsRole::Client, client), name));
    Started<Secured> accepting(tls_accept(loop, std::move(far), context(TlsRole::Server, server)));
    loop.poll();
    connecting.request_stop();
    accepting.request_stop();
    loop.poll();
    Ends ends;
    ends.client = connecting.get();
    ends.server = accepting.get();
    return ends;
  }

  Ends shake_hands() { return shake_hands(client_options(), server_options()); }

  TestAuthority ca;
};

}  // namespace sluice::rpc::testing
