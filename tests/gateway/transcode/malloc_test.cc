// In the steady state neither direction allocates: malloc and its kin are replaced by counting ones.
#include <cstdlib>
#include <cstring>

#include "tests/gateway/transcode/engines.h"

// glibc's own functions under their other names.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {
std::size_t allocations = 0;
}

extern "C" {
void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* block, std::size_t bytes) {
  ++allocations;
  return __libc_realloc(block, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
}

namespace sluice::gateway {
namespace {

// Every kind of field; names and texts with escapes; maps, Struct, Any with the type behind; a query and a path.
std::string large_body() {
  std::string json = R"({"fMessage":{"born":5},"rString":["a\u00e4b","0123456789abcdef0123456789abcdef"],)"
                     R"("mInt64String":{"1":"x","2":"y"},"wTimestamp":"2000-01-01T00:00:00Z","unknown":{"a":[1,{}]},)"
                     R"("wStruct":{"a":{"\u0062":[1,2,null]},"c":"d"},"wMask":"a,bC","fBytes":"AAECAwQ=",)"
                     R"("wAny":{"name":"n","@type":"type.googleapis.com/sluice.test.Author"},"children":[)";
  for (int i = 0; i < 50; ++i) {
    if (i > 0) json += ',';
    json +=
        R"({"fDouble":1.25,"fInt64":"77","mStringInt32":{"key)" + std::to_string(i) + R"(":1,"x":2},"rInt32":[1,2,3]})";
  }
  return json + "]}";
}

TEST(Allocations, AreNoneInTheSteadyState) {
  const auto engine = engine_of({"direct", make_direct_engine});
  RouteSpec spec;
  spec.input = spec.output = test::All::descriptor();
  spec.path_variables = {"f_message.name", "f_string"};
  spec.body = "*";
  const auto transcoder = std::move(engine->plan(spec).value());
  const std::string body = large_body();
  const std::string_view captures[] = {"a name of more than fifteen bytes", "x"};
  RequestParts parts;
  parts.captures = captures;
  parts.body = body;
  rpc::Buffer wire(rpc::kMessagePrefixBytes);
  ASSERT_TRUE(transcoder->request(parts, wire));
  test::All message;  // as a backend encodes it
  ASSERT_TRUE(message.ParseFromString(std::string(wire.text())));
  const std::string answer = message.SerializeAsString();
  rpc::Buffer json;
  std::size_t before = 0;
  for (int i = 0; i < 10; ++i) {
    if (i == 3) before = allocations;
    wire.reset(rpc::kMessagePrefixBytes);
    json.reset(0);
    ASSERT_TRUE(transcoder->request(parts, wire));
    ASSERT_TRUE(transcoder->response(answer, {}, json));
  }
  EXPECT_GT(json.size(), 3000u);
  EXPECT_EQ(allocations - before, 0u);
}

TEST(Allocations, AreNoneForQueries) {
  const auto engine = engine_of({"direct", make_direct_engine});
  RouteSpec spec;
  spec.input = spec.output = test::All::descriptor();
  const auto transcoder = std::move(engine->plan(spec).value());
  RequestParts parts;
  parts.query =
      "fInt32=5&f_message.name=a%20b+c&r_string=x&r_string=y&mStringInt32%5Bk%5D=1&wTimestamp=2000-01-01T00:00:00Z";
  rpc::Buffer wire(rpc::kMessagePrefixBytes);
  std::size_t before = 0;
  for (int i = 0; i < 10; ++i) {
    if (i == 3) before = allocations;
    wire.reset(rpc::kMessagePrefixBytes);
    ASSERT_TRUE(transcoder->request(parts, wire));
  }
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace sluice::gateway
