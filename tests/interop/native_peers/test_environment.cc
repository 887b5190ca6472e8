// Two parts of gRPC's own test library that its interop programs link to and that plain connections never use.
#include "test/core/security/oauth2_utils.h"
#include "test/core/util/test_config.h"

namespace grpc::testing {
TestEnvironment::TestEnvironment(int*, char**) {}
TestEnvironment::~TestEnvironment() = default;
}  // namespace grpc::testing

char* grpc_test_fetch_oauth2_token_with_credentials(grpc_call_credentials*) { return nullptr; }
