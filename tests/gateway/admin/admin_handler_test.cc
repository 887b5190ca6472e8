// Each page, who may see it, and what a wrong request gets.
#include "gateway/admin/admin_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/gateway/protocol/fake_http.h"
#include "tests/support/loop_fixture.h"

namespace sluice::gateway {
namespace {

using testing::HasSubstr;

// The fake request comes from 192.0.2.7; over HTTP a test needs the other kind, too.
class LoopbackRequest final : public Request {
 public:
  explicit LoopbackRequest(FakeRequest& request) : request_(request) {
    peer_.endpoint = rpc::Endpoint(rpc::Endpoint::Kind::Tcp, "127.0.0.1", 1);
  }
  const RequestHead& head() const override { return request_.head(); }
  const rpc::PeerInfo& peer() const override { return peer_; }
  RequestContext& context() override { return request_.context(); }
  rpc::Loop& loop() override { return request_.loop(); }
  void limit_body(std::size_t bytes) override { request_.limit_body(bytes); }
  rpc::StopToken gone() override { return request_.gone(); }
  rpc::Task<rpc::Result<BodyChunk>> read_body() override { return request_.read_body(); }

 private:
  FakeRequest& request_;
  rpc::PeerInfo peer_;
};

class AdminHandlerTest : public rpc::testing::LoopFixture {
 protected:
  AdminSources sources() {
    AdminSources all;
    all.readiness = [this] { return readiness; };
    all.metrics = [] { return "sluice_http_requests_in_flight 0\n"; };
    all.routes = [] { return "GET /v1/a -> p.S/M\n"; };
    all.config = [] { return "listen: x\n"; };
    all.connections = [] { return "[]"; };
    all.log_level = [this] { return level; };
    all.set_log_level = [this](const std::string& wanted) -> rpc::Result<void> {
      if (wanted == "loud") return rpc::fail(rpc::StatusCode::InvalidArgument, "expected a level, got \"loud\"");
      level = wanted;
      return {};
    };
    return all;
  }

  void ask(std::string_view method, std::string_view target, bool loopback, std::vector<std::string> body = {}) {
    AdminHandler handler(sources());
    FakeRequest remote(loop, method, target);
    remote.pieces = std::move(body);
    LoopbackRequest local(remote);
    responder = FakeResponder();
    rpc::testing::Started<void> handling(handler.handle(loopback ? static_cast<Request&>(local) : remote, responder));
    loop.poll();
    handling.get();
  }

  Readiness readiness;
  std::string level = "info";
  FakeResponder responder;
};

TEST_F(AdminHandlerTest, AnswersProbesAndScrapersFromAnywhere) {
  readiness.ready = true;
  readiness.backends = {{"default", "READY"}};
  ask("GET", "/livez", false);
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(responder.body, "ok\n");
  ask("GET", "/metrics?x=1", false);
  EXPECT_EQ(responder.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(responder.body, "sluice_http_requests_in_flight 0\n");
  ask("GET", "/routes", false);
  EXPECT_EQ(responder.body, "GET /v1/a -> p.S/M\n");
  ask("GET", "/readyz", false);
  EXPECT_EQ(responder.status, 200);
  EXPECT_THAT(responder.body, HasSubstr("\"state\": \"READY\""));
}

TEST_F(AdminHandlerTest, SaysWhyItIsNotReady) {
  readiness.reason = "waiting for the schema";
  readiness.refused_reload = "sluice.yaml:3: expected a number";
  ask("GET", "/readyz", false);
  EXPECT_EQ(responder.status, 503);
  EXPECT_THAT(responder.body, HasSubstr("\"reason\": \"waiting for the schema\""));
  EXPECT_THAT(responder.body, HasSubstr("\"refused_reload\": \"sluice.yaml:3: expected a number\""));
}

TEST_F(AdminHandlerTest, KeepsSettingsAndDebuggingForThisMachine) {
  for (const char* path : {"/config", "/debug/connections", "/debug/log-level"}) {
    ask("GET", path, false);
    EXPECT_EQ(responder.status, 403) << path;
    ask("GET", path, true);
    EXPECT_EQ(responder.status, 200) << path;
  }
  ask("PUT", "/debug/log-level", false, {"debug"});
  EXPECT_EQ(responder.status, 403);
  EXPECT_EQ(level, "info");
}

TEST_F(AdminHandlerTest, ChangesTheLogLevel) {
  ask("PUT", "/debug/log-level", true, {"de", "bug\n"});
  EXPECT_EQ(responder.status, 200);
  EXPECT_EQ(level, "debug");
  ask("PUT", "/debug/log-level", true, {"loud"});
  EXPECT_EQ(responder.status, 400);
  EXPECT_EQ(responder.body, "expected a level, got \"loud\"\n");
}

TEST_F(AdminHandlerTest, RefusesOtherMethodsAndPaths) {
  ask("POST", "/metrics", true);
  EXPECT_EQ(responder.status, 405);
  EXPECT_EQ(responder.header("Allow"), "GET, HEAD");
  ask("GET", "/", true);
  EXPECT_EQ(responder.status, 404);
  EXPECT_THAT(responder.body, HasSubstr("/readyz\n"));
}

TEST(IsLoopback, KnowsThisMachine) {
  using Kind = rpc::Endpoint::Kind;
  EXPECT_TRUE(is_loopback({Kind::Tcp, "127.0.0.1", 1}));
  EXPECT_TRUE(is_loopback({Kind::Tcp, "127.9.9.9", 1}));
  EXPECT_TRUE(is_loopback({Kind::Tcp, "::1", 1}));
  EXPECT_TRUE(is_loopback({Kind::Unix, "", 0}));
  EXPECT_FALSE(is_loopback({Kind::Tcp, "10.0.0.1", 1}));
  EXPECT_FALSE(is_loopback({Kind::Tcp, "::2", 1}));
}

}  // namespace
}  // namespace sluice::gateway
