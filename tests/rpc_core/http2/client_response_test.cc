// What a client makes of responses, good ones and bad ones.
#include <gmock/gmock.h>

#include <functional>

#include "tests/rpc_core/http2/client_fixture.h"

namespace sluice::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using ClientResponseTest = ClientFixture;

TEST_F(ClientResponseTest, SendsAProperRequest) {
  start();
  const auto running = started("hi");
  const auto frames = peer().take();
  Metadata head;
  for (const Frame& each : frames) {
    if (each.type == NGHTTP2_HEADERS) head = each.fields;
  }
  std::vector<std::string> keys;
  for (const auto& [key, value] : head) keys.emplace_back(key);
  EXPECT_THAT(keys, ElementsAre(":path", ":method", ":scheme", ":authority", "te", "content-type", "user-agent",
                                "grpc-accept-encoding"));
  EXPECT_EQ(head.get("te"), "trailers");
  EXPECT_EQ(body(frames, 1), framed("hi"));
  peer().headers(1, response_head(), false);
  peer().data(1, framed("ho"), false);
  peer().headers(1, status_trailers(0), true);
  EXPECT_EQ(running->get().status, Status());
}

struct ResponseCase {
  const char* name;
  std::function<void(ScriptedPeer&)> respond;
  StatusCode code;
  std::size_t messages;
};

const ResponseCase kResponses[] = {
    {"Good",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("a") + framed("b"), false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Ok, 2},
    {"TrailersOnly",
     [](ScriptedPeer& peer) {
       Metadata block = response_head();
       block.add("grpc-status", "5");
       peer.headers(1, block, true);
     },
     StatusCode::NotFound, 0},
    {"StatusInTheHeadersOfAStream",
     [](ScriptedPeer& peer) {
       Metadata block = response_head();
       block.add("grpc-status", "5");
       peer.headers(1, block, false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Ok, 0},
    {"InformationalFirst",
     [](ScriptedPeer& peer) {
       peer.headers(1, Metadata{{":status", "103"}, {"link", "x"}}, false);
       peer.headers(1, response_head(), false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Ok, 0},
    {"DataEndsTheStream",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("a"), true);
     },
     StatusCode::Internal, 1},
    {"TrailersWithoutStatus",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.headers(1, Metadata{{"x-other", "1"}}, true);
     },
     StatusCode::Unknown, 0},
    {"SecondHeadersThatDoNotEndIt",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.headers(1, status_trailers(0), false);
     },
     StatusCode::Internal, 0},
    {"HalfAMessage",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("abc").substr(0, 6), false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Internal, 0},
    {"ErrorBehindHalfAMessage",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("abc").substr(0, 6), false);
       peer.headers(1, status_trailers(9), true);
     },
     StatusCode::FailedPrecondition, 0},
    {"UnknownFlag",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("a") + std::string("\3\0\0\0\0", 5), false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Internal, 1},
    {"CompressedWithoutEncoding",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("a", true), false);
       peer.headers(1, status_trailers(0), true);
     },
     StatusCode::Internal, 0},
    {"OtherContentType",
     [](ScriptedPeer& peer) {
       peer.headers(1, Metadata{{":status", "200"}, {"content-type", "text/html"}}, false);
       peer.data(1, "<html>", true);
     },
     StatusCode::Unknown, 0},
    {"BadGateway",
     [](ScriptedPeer& peer) {
       peer.headers(1, Metadata{{":status", "502"}}, true);
     },
     StatusCode::Unavailable, 0},
    {"StatusBesideAnHttpError",
     [](ScriptedPeer& peer) {
       peer.headers(1, Metadata{{":status", "400"}, {"grpc-status", "12"}}, true);
     },
     StatusCode::Unimplemented, 0},
    {"ResetBehindTheTrailers",
     [](ScriptedPeer& peer) {
       peer.headers(1, response_head(), false);
       peer.data(1, framed("a"), false);
       peer.headers(1, status_trailers(0), true);
       peer.reset(1, NGHTTP2_NO_ERROR);
     },
     StatusCode::Ok, 1},
};

class ClientResponses : public ClientFixture, public ::testing::WithParamInterface<ResponseCase> {};

TEST_P(ClientResponses, GiveOneStatus) {
  start();
  const auto running = started();
  GetParam().respond(peer());
  ASSERT_TRUE(running->done());
  const Outcome outcome = running->get();
  EXPECT_EQ(outcome.status.code(), GetParam().code) << outcome.status.to_string();
  EXPECT_THAT(outcome.messages, SizeIs(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Kinds, ClientResponses, ::testing::ValuesIn(kResponses),
                         [](const auto& info) { return info.param.name; });

TEST_F(ClientResponseTest, TurnsResetsIntoStatuses) {
  struct ResetCase {
    std::uint32_t code;
    StatusCode status;
  };
  constexpr ResetCase kResets[] = {
      {NGHTTP2_NO_ERROR, StatusCode::Internal},
      {NGHTTP2_PROTOCOL_ERROR, StatusCode::Internal},
      {NGHTTP2_INTERNAL_ERROR, StatusCode::Internal},
      {NGHTTP2_FLOW_CONTROL_ERROR, StatusCode::Internal},
      {NGHTTP2_CANCEL, StatusCode::Cancelled},
      {NGHTTP2_ENHANCE_YOUR_CALM, StatusCode::ResourceExhausted},
      {NGHTTP2_INADEQUATE_SECURITY, StatusCode::PermissionDenied},
  };
  start();
  std::int32_t stream = 1;
  for (const ResetCase& each : kResets) {
    for (const bool after_headers : {false, true}) {
      const auto running = started();
      if (after_headers) peer().headers(stream, response_head(), false);
      peer().reset(stream, each.code);
      ASSERT_TRUE(running->done());
      const Status status = running->get().status;
      EXPECT_EQ(status.code(), each.status);
      EXPECT_EQ(status.reset_code(), each.code);
      EXPECT_EQ(status.origin(), Status::Origin::Transport);
      stream += 2;
    }
  }
}

TEST_F(ClientResponseTest, BlamesThePeerForMessagesThatAreNone) {
  start();
  std::int32_t stream = 1;
  for (const std::string& data : {framed("x", true), "\7" + framed("x").substr(1)}) {
    const auto running = started();
    peer().headers(stream, response_head(), false);
    peer().data(stream, data, false);
    ASSERT_TRUE(running->done());
    const Status status = running->get().status;
    EXPECT_EQ(status.code(), StatusCode::Internal);
    EXPECT_EQ(status.origin(), Status::Origin::Transport);
    stream += 2;
  }
}

TEST_F(ClientResponseTest, RefusesHeaderListsBeyondTheLimit) {
  start();
  const auto running = started();
  Metadata head = response_head();
  for (int i = 0; i < 10; ++i) head.add("x-" + std::to_string(i), std::string(7000, 'x'));
  peer().headers(1, head, false);
  ASSERT_TRUE(running->done());
  EXPECT_EQ(running->get().status.code(), StatusCode::ResourceExhausted);
  EXPECT_EQ(peer().take(NGHTTP2_RST_STREAM, 1).size(), 1u);
}

}  // namespace
}  // namespace sluice::rpc::testing
