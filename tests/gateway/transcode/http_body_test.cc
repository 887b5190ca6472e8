// HttpBody from and to the wire, and through a route.
#include "gateway/transcode/http_body.h"

#include <google/api/httpbody.pb.h>

#include "tests/gateway/transcode/engines.h"

namespace sluice::gateway {
namespace {

rpc::Buffer written(const RawBody& body, std::uint32_t field) {
  rpc::Buffer out;
  {
    WireOutput wire(out);
    write_http_body(body, field, wire);
  }
  return out;
}

TEST(HttpBody, IsWrittenAsAMessageOrAField) {
  const rpc::Buffer whole = written({"image/png", "\x89PNG"}, 0);
  google::api::HttpBody body;
  ASSERT_TRUE(body.ParseFromString(std::string(whole.text())));
  EXPECT_EQ(body.content_type(), "image/png");
  EXPECT_EQ(body.data(), "\x89PNG");

  const rpc::Buffer field = written({"", std::string(300, 'x')}, 2);
  test::Upload upload;
  ASSERT_TRUE(upload.ParseFromString(std::string(field.text())));
  EXPECT_EQ(upload.file().data().size(), 300u);
}

TEST(HttpBody, IsReadFromTheWireWithTheLastValueWinning) {
  google::api::HttpBody first;
  first.set_content_type("a/b");
  first.set_data("1");
  google::api::HttpBody second;
  second.set_data("2");
  const std::string bytes = first.SerializeAsString() + second.SerializeAsString();
  const auto body = read_http_body(bytes, 0);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->content_type, "a/b");
  EXPECT_EQ(body->data, "2");
  EXPECT_FALSE(read_http_body(std::string_view(bytes).substr(0, 3), 0));
}

TEST(HttpBody, IsTheRawBodyOfARoute) {
  const EngineKind reference{"reference", make_reference_engine};
  const auto engine = engine_of(reference);
  RouteSpec spec;
  spec.input = spec.output = test::Upload::descriptor();
  spec.path_variables = {"name"};
  spec.body = "file";
  spec.response_body = "file";
  const auto transcoder = engine->plan(spec);
  ASSERT_TRUE(transcoder);
  EXPECT_TRUE((*transcoder)->request_is_raw());
  EXPECT_TRUE((*transcoder)->response_is_raw());
  const std::string_view captures[] = {"x"};
  RequestParts parts;
  parts.captures = captures;
  parts.body = "{not json";
  parts.content_type = "text/plain";
  rpc::Buffer out(rpc::kMessagePrefixBytes);
  ASSERT_TRUE((*transcoder)->request(parts, out));
  EXPECT_EQ(text_of(*spec.input, std::string(out.text())),
            R"(name: "x" file { content_type: "text/plain" data: "{not json" })");
  const auto raw = (*transcoder)->raw_response(out.text());
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->data, "{not json");
}

}  // namespace
}  // namespace sluice::gateway
