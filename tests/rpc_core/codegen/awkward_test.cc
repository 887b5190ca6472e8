// Tests that code generated from awkward names compiles, and calls what it says.
#include <gtest/gtest.h>

#include "awkward.sluice.h"
#include "imported/shared.sluice.h"
#include "no_package.sluice.h"
#include "rpc_core/call/in_process.h"
#include "tests/support/loop_fixture.h"

namespace sluice::rpc {
namespace {

namespace awkward = ::sluice_test::sluice::rpc;

class Service final : public awkward::AwkwardService_ {
 public:
  Task<Result<awkward::class_>> delete_(ServerContext& context, const awkward::class_& request) override {
    return echo(std::string(context.path()) + " " + request.text());
  }
  Task<Result<awkward::class_>> delete__(ServerContext& context, const awkward::class_& request) override {
    return echo(std::string(context.path()) + " " + request.text());
  }
  Task<Result<awkward::class_>> errno_(ServerContext& context, const awkward::class_& request) override {
    return echo(std::string(context.path()) + " " + request.text());
  }

 private:
  static Task<Result<awkward::class_>> echo(std::string text) {
    awkward::class_ reply;
    reply.set_text(std::move(text));
    co_return reply;
  }
};

class AwkwardNames : public testing::LoopFixture {
 protected:
  AwkwardNames() { channel.add(service); }

  std::string text(Result<awkward::class_> result) { return result ? result->text() : result.error().to_string(); }

  Service service;
  InProcessChannel channel{loop};
  awkward::AwkwardClient_ client{channel};
  awkward::class_ request;
};

TEST_F(AwkwardNames, ReachTheirOwnMethods) {
  request.set_text("x");
  EXPECT_EQ(text(run(client.delete_(request))), "/sluice_test.sluice.rpc.Awkward/Delete x");
  EXPECT_EQ(text(run(client.delete__(request))), "/sluice_test.sluice.rpc.Awkward/delete_ x");
  EXPECT_EQ(text(run(client.errno_(request))), "/sluice_test.sluice.rpc.Awkward/Errno x");
}

TEST_F(AwkwardNames, AnswerUnimplementedInEveryModeByDefault) {
  const std::string expected = "UNIMPLEMENTED: this server does not implement /sluice_test.sluice.rpc.Awkward/";
  EXPECT_EQ(text(run(client.caller__(request))), expected + "Caller_");
  EXPECT_EQ(text(run(client.task(request))), expected + "Task");
  auto replies = client.get_http_info(awkward::Outer_Inner_int());
  EXPECT_EQ(run(replies.finish()).to_string(), expected + "GetHTTPInfo");
  auto requests = client.get_http_info_();
  EXPECT_EQ(run(requests.finish()).error().to_string(), expected + "get_http_info");
  auto both = client.service_name_();
  EXPECT_EQ(run(both.finish()).to_string(), expected + "ServiceName");
}

TEST_F(AwkwardNames, StandInTheTableOfMethods) {
  EXPECT_EQ(service.service_name(), "sluice_test.sluice.rpc.Awkward");
  ASSERT_EQ(service.methods().size(), 12u);
  EXPECT_EQ(service.methods()[2].name, "GetHTTPInfo");
  EXPECT_EQ(service.methods()[2].mode, CallMode::ServerStreaming);
  EXPECT_EQ(service.methods()[3].mode, CallMode::ClientStreaming);
  EXPECT_EQ(service.methods()[6].mode, CallMode::BidiStreaming);
  EXPECT_TRUE(awkward::EmptyService().methods().empty());
  EXPECT_EQ(awkward::lowercaseService().methods().size(), 1u);
}

class EchoNoPackage final : public ::NoPackageService {
 public:
  Task<Result<NoPackageMessage>> echo(ServerContext&, const NoPackageMessage& request) override { co_return request; }
};

TEST_F(AwkwardNames, WorkWithoutAPackage) {
  EchoNoPackage echo;
  channel.add(echo);
  NoPackageMessage message;
  message.set_text("plain");
  EXPECT_EQ(run(::NoPackageClient(channel).echo(message))->text(), "plain");
}

TEST_F(AwkwardNames, RefuseAMessageWithoutARequiredField) {
  const auto reply = run(::NoPackageClient(channel).echo(NoPackageMessage()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().to_string(), "INTERNAL: expected all required fields of NoPackageMessage, missing: text");
}

}  // namespace
}  // namespace sluice::rpc
