// Which backend gets which service.
#include "gateway/route/service_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/schema/schema_builder.h"

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "a.One": a file a.proto with a message and that service; all of one package share a file.
std::shared_ptr<const Schema> schema_of(const std::vector<std::string>& services) {
  std::map<std::string, google::protobuf::FileDescriptorProto> files;
  for (const std::string& name : services) {
    const std::size_t dot = name.rfind('.');
    auto& file = files[name.substr(0, dot)];
    file.set_name(name.substr(0, dot) + ".proto");
    file.set_package(name.substr(0, dot));
    file.add_service()->set_name(name.substr(dot + 1));
  }
  SchemaBuilder builder;
  for (auto& [package, file] : files) builder.add(std::move(file), "test", true);
  return *std::move(builder).build();
}

std::vector<std::string> claimed(const ServiceClaims& claims) {
  std::vector<std::string> out;
  for (const ServiceClaim& claim : claims.claims) {
    out.push_back(claim.service->full_name() + "@" + std::to_string(claim.source));
  }
  return out;
}

ServiceClaims claim(const std::vector<RouteSource>& sources, const std::vector<std::string>& wanted = {}) {
  return claim_services(sources, wanted);
}

TEST(ServiceClaims, GiveTheOnlyBackendEverything) {
  const auto schema = schema_of({"b.Two", "a.One", "b.Three"});
  const ServiceClaims claims = claim({{"x", schema, {}, {}}});
  EXPECT_THAT(claimed(claims), ElementsAre("a.One@0", "b.Two@0", "b.Three@0"));
  EXPECT_THAT(claims.problems, IsEmpty());
}

TEST(ServiceClaims, LetGlobsGoBeforeTheRest) {
  const auto schema = schema_of({"a.One", "b.Two", "c.Three"});
  const ServiceClaims claims = claim({{"x", schema, {"b.*"}, {}}, {"y", schema, {}, {}}});
  EXPECT_THAT(claimed(claims), ElementsAre("a.One@1", "b.Two@0", "c.Three@1"));
  EXPECT_THAT(claims.problems, IsEmpty());
}

TEST(ServiceClaims, NameBothBackendsOfAService) {
  const auto one = schema_of({"a.One", "b.Two"});
  const auto other = schema_of({"a.One", "c.Three"});
  const std::vector<RouteSource> sources = {{"x", one, {}, {}}, {"y", other, {}, {}}};
  const ServiceClaims claims = claim(sources);
  EXPECT_THAT(claims.problems, ElementsAre("service a.One: expected one backend, got \"x\" and \"y\"; "
                                           "backends.NAME.services says which one serves it"));
  EXPECT_THAT(claim(sources, {"b.*", "c.*"}).problems, IsEmpty()) << "nobody asks for it";
  const ServiceClaims chosen = claim({{"x", one, {}, {}}, {"y", other, {"a.*", "c.*"}, {}}});
  EXPECT_THAT(claimed(chosen), ElementsAre("a.One@1", "b.Two@0", "c.Three@1"));
  EXPECT_EQ(claim({{"x", one, {"a.*"}, {}}, {"y", other, {"*"}, {}}}).problems.size(), 1u);
}

TEST(ServiceClaims, WarnOfServicesWithoutABackend) {
  const auto schema = schema_of({"a.One", "b.Two"});
  const auto other = schema_of({"c.Three"});
  const ServiceClaims claims = claim({{"x", schema, {"a.*"}, {}}, {"y", other, {}, {}}});
  EXPECT_THAT(claimed(claims), ElementsAre("a.One@0", "c.Three@1"));
  EXPECT_THAT(claims.warnings, ElementsAre("service b.Two: no backend serves it, so it has no routes"));
}

TEST(ServiceClaims, ReportAGlobWithoutAService) {
  EXPECT_THAT(claim({{"x", schema_of({"a.One"}), {"a.*", "z.*"}, {}}}).problems,
              ElementsAre("backend x: expected a service that matches \"z.*\", got none"));
}

TEST(ServiceClaims, TakeOfATelledSchemaWhatIsListedWithoutGrpcsOwn) {
  const auto schema = schema_of({"a.One", "a.Two", "grpc.health.v1.Health"});
  const std::vector<std::string> listed = {"a.Two", "grpc.health.v1.Health"};
  EXPECT_THAT(claimed(claim({{"x", schema, {}, listed}})), ElementsAre("a.Two@0"));
  EXPECT_THAT(claimed(claim({{"x", schema, {"grpc.*"}, listed}})), ElementsAre("grpc.health.v1.Health@0"));
  EXPECT_THAT(claimed(claim({{"x", schema, {}, listed}}, {"a.*", "grpc.health.*"})),
              ElementsAre("a.Two@0", "grpc.health.v1.Health@0"));
  EXPECT_THAT(claimed(claim({{"x", schema, {}, {}}})), ElementsAre("a.One@0", "a.Two@0", "grpc.health.v1.Health@0"));
}

}  // namespace
}  // namespace sluice::gateway
