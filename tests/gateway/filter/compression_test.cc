// Bodies in a coding, in pieces and over the limit; which answers are encoded.
#include "gateway/filter/compression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/http/content_coding.h"
#include "tests/gateway/filter/function_handler.h"
#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

std::string gzip(std::string_view text) {
  rpc::Buffer out;
  encode_content(text, ContentCoding::Gzip, out);
  return std::string(out.text());
}

class CompressionTest : public rpc::testing::LoopFixture {
 protected:
  // What the handler reads of the body: its text, or the error.
  std::string read(std::vector<std::string> pieces, std::string_view coding = "gzip", std::size_t limit = 1 << 20) {
    std::string text;
    chunks = 0;
    FunctionHandler next([&](Request& request, Responder&) -> rpc::Task<void> {
      request.limit_body(limit);
      while (true) {
        rpc::Result<BodyChunk> chunk = co_await request.read_body();
        if (!chunk) {
          text = chunk.error().to_string();
          co_return;
        }
        ++chunks;
        text += chunk->text();
        if (chunk->last) co_return;
      }
    });
    FakeRequest request(loop, "POST", "/", {{"Content-Encoding", coding}});
    request.pieces = std::move(pieces);
    run(next, request);
    return text;
  }

  // The answer to a GET with this Accept-Encoding.
  FakeResponder answer(std::string_view accept, std::string_view type, std::string_view body) {
    FunctionHandler next([&](Request&, Responder& out) -> rpc::Task<void> {
      Response response(200);
      response.head.headers.add("Content-Type", type);
      response.body.append(body);
      co_await out.send(std::move(response));
    });
    FakeRequest request(loop, "GET", "/", {{"Accept-Encoding", accept}});
    run(next, request);
    return responder;
  }

  void run(Handler& next, FakeRequest& request) {
    Compression filter(next);
    responder = FakeResponder();
    rpc::testing::Started<void> handling(filter.handle(request, responder));
    loop.poll();
    handling.get();
  }

  int chunks = 0;
  FakeResponder responder;
};

TEST_F(CompressionTest, DecodesABodyAtEveryCut) {
  const std::string coded = gzip("{\"title\":\"Dune\"}");
  for (std::size_t cut = 0; cut <= coded.size(); ++cut) {
    EXPECT_EQ(read({coded.substr(0, cut), coded.substr(cut)}), "{\"title\":\"Dune\"}") << cut;
  }
}

TEST_F(CompressionTest, HandsOnALargeBodyInPieces) {
  const std::string text(300000, 'x');
  EXPECT_EQ(read({gzip(text)}), text);
  EXPECT_GT(chunks, 4);
}

TEST_F(CompressionTest, CountsDecodedBytes) {
  const std::string bomb = gzip(std::string(10 << 20, 'x'));
  EXPECT_EQ(read({bomb}, "gzip", 1000), "RESOURCE_EXHAUSTED: the body is larger than 1000 bytes when decoded");
  EXPECT_EQ(read({gzip(std::string(1000, 'x'))}, "gzip", 1000), std::string(1000, 'x'));
}

TEST_F(CompressionTest, RefusesABrokenBody) {
  EXPECT_EQ(read({"plain"}), "INVALID_ARGUMENT: Content-Encoding gzip: the bytes are not of this coding");
  const std::string coded = gzip("text");
  EXPECT_EQ(read({coded.substr(0, coded.size() - 1)}),
            "INVALID_ARGUMENT: the body ends in the middle of its Content-Encoding");
}

TEST_F(CompressionTest, LeavesOtherBodiesAlone) {
  EXPECT_EQ(read({"plain"}, "identity"), "plain");
  EXPECT_EQ(read({"plain"}, "unheard-of"), "plain");
  EXPECT_EQ(read({}, "gzip"), "") << "no body at all";
}

TEST_F(CompressionTest, EncodesTextOfMoreThanAKilobyte) {
  const std::string text(2000, 'x');
  for (const char* type : {"application/json", "application/problem+json", "text/plain; charset=utf-8"}) {
    const FakeResponder got = answer("gzip", type, text);
    EXPECT_EQ(got.header("Content-Encoding"), "gzip") << type;
    EXPECT_EQ(got.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(got.body, gzip(text));
  }
  EXPECT_EQ(answer("br, zstd", "application/json", text).header("Content-Encoding"), "zstd");
}

TEST_F(CompressionTest, LeavesOtherAnswersAsTheyAre) {
  const std::string text(2000, 'x');
  EXPECT_EQ(answer("", "application/json", text).body, text);
  EXPECT_EQ(answer("", "application/json", text).header("Vary"), "Accept-Encoding");
  EXPECT_EQ(answer("gzip", "application/json", "{}").body, "{}");
  EXPECT_EQ(answer("gzip", "image/png", text).body, text);
  EXPECT_EQ(answer("gzip", "image/png", text).header("Content-Encoding"), "");
}

}  // namespace
}  // namespace sluice::gateway
