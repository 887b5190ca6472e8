// All sources together: who wins, what is reported, what is printed.
#include "gateway/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    input_.cpus = 3;
    input_.version = "sluice 1.2.3";
    input_.read_file = [this](const std::string& path) -> rpc::Result<std::string> {
      const auto found = files_.find(path);
      if (found == files_.end()) return rpc::fail(rpc::StatusCode::NotFound, "no such file");
      return found->second;
    };
  }

  std::expected<LoadedConfig, Problems> load(std::vector<std::string> arguments) {
    input_.arguments = std::move(arguments);
    return load_config(input_);
  }

  // With the two that are required.
  Config config(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--backend", "localhost:9090", "--descriptor-set", "api.pb"});
    const auto loaded = load(std::move(arguments));
    EXPECT_TRUE(loaded) << testing::PrintToString(loaded ? Problems() : loaded.error());
    return loaded ? loaded->config : Config();
  }

  Problems problems(std::vector<std::string> arguments) {
    const auto loaded = load(std::move(arguments));
    return loaded ? Problems() : loaded.error();
  }

  LoadInput input_;
  std::map<std::string, std::string> files_;
};

TEST_F(LoadTest, HasTheDefaultsOfConfigAndTheGrantedCpus) {
  const Config loaded = config({});
  EXPECT_EQ(loaded.listen, Config().listen);
  EXPECT_EQ(loaded.workers, 3u);
  ASSERT_EQ(loaded.backends.size(), 1u);
  EXPECT_EQ(loaded.backends[0].target, "localhost:9090");
  EXPECT_THAT(loaded.schema.descriptor_sets, ElementsAre("api.pb"));
  EXPECT_EQ(loaded.calls.timeout, rpc::Duration(std::chrono::seconds(60)));
}

TEST_F(LoadTest, LetsFlagsWinOverVariablesOverTheFileOverDefaults) {
  files_["s.yaml"] = "workers: 5\nlimits:\n  max_connections: 5\n  max_json_depth: 5\n";
  input_.environment = {{"SLUICE_WORKERS", "6"}, {"SLUICE_MAX_CONNECTIONS", "6"}};
  const Config loaded = config({"--workers", "7", "--config", "s.yaml"});
  EXPECT_EQ(loaded.workers, 7u);
  EXPECT_EQ(loaded.http.max_connections, 6u);
  EXPECT_EQ(loaded.parse.max_depth, 5);
  EXPECT_EQ(loaded.calls.max_concurrent_calls, 10000u);
}

TEST_F(LoadTest, ReplacesListsInsteadOfJoiningThem) {
  files_["s.yaml"] = "listen: [127.0.0.1:1, 127.0.0.1:2]\nschema: {service: [a, b]}\n";
  input_.environment = {{"SLUICE_LISTEN", "127.0.0.1:3"}, {"SLUICE_CONFIG", "s.yaml"}};
  const Config loaded = config({});
  ASSERT_EQ(loaded.listen.size(), 1u);
  EXPECT_EQ(loaded.listen[0].port, 3);
  EXPECT_THAT(loaded.routing.services, ElementsAre("a", "b"));
}

TEST_F(LoadTest, ReportsProblemsOfAllSourcesAtOnce) {
  files_["s.yaml"] = "workers: many\nlimits:\n  max_request_byts: 1\n  max_header_bytes: lots\n";
  input_.environment = {{"SLUICE_TIMEOUT", "soon"}};
  EXPECT_THAT(
      problems({"--config", "s.yaml", "--conflict", "rejct", "--wrokers", "1"}),
      ElementsAre("s.yaml:3: unknown key \"max_request_byts\" below \"limits\"; did you mean \"max_request_bytes\"?",
                  "s.yaml:1: workers: expected a whole number, got \"many\"",
                  "s.yaml:4: max_header_bytes: expected a size such as 4096, 64KiB or 4MiB, got \"lots\"",
                  "SLUICE_TIMEOUT: expected a duration such as 250ms, 3s or 5m, or none, got \"soon\"",
                  "command line: unknown flag \"--wrokers\"; did you mean \"--workers\"?",
                  "--conflict: expected one of reject, path_wins, got \"rejct\"; did you mean \"reject\"?",
                  "--backend: expected host:port of the gRPC server, got none"));
}

TEST_F(LoadTest, MissesNoBackendWhereAWrongOneIsGiven) {
  EXPECT_THAT(problems({"--backend=a:b:c"}),
              ElementsAre("--backend: expected host:port, dns:///host:port or unix:/path, got \"a:b:c\""));
}

TEST_F(LoadTest, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(problems({"--config", "none.yaml", "--backend=a:1", "--descriptor-set=x"}),
              ElementsAre("--config: expected a YAML file that can be read, got \"none.yaml\": no such file"));
  input_.environment = {{"SLUICE_CONFIG", "nowhere.yaml"}};
  EXPECT_THAT(problems({"--backend=a:1", "--descriptor-set=x"}),
              ElementsAre("SLUICE_CONFIG: expected a YAML file that can be read, got \"nowhere.yaml\": no such file"));
}

TEST_F(LoadTest, WantsOneSourceOfTheSchema) {
  files_["s.yaml"] = "schema:\n  descriptor_set: api.pb\n";
  EXPECT_THAT(problems({"--backend=a:1", "--config=s.yaml", "--proto", "a.proto"}),
              ElementsAre("--proto: expected no .proto files beside a descriptor set, got both (s.yaml:2)"));
  EXPECT_THAT(problems({"--backend=a:1", "--config=s.yaml", "--proto-path", "protos"}),
              ElementsAre("--proto-path: expected --proto with it, got none"));
}

TEST_F(LoadTest, TakesNamesOfBackendsAndWantsThemDistinct) {
  const Config loaded = config({"--backend", "users=dns:///users:1", "--backend", "unix:/tmp/a=b"});
  ASSERT_EQ(loaded.backends.size(), 3u);
  EXPECT_EQ(loaded.backends[0].name, "users");
  EXPECT_EQ(loaded.backends[0].target, "dns:///users:1");
  EXPECT_EQ(loaded.backends[1].target, "unix:/tmp/a=b");
  EXPECT_EQ(loaded.backends[1].label(), "unix:/tmp/a=b");
  EXPECT_THAT(problems({"--backend=x=a:1", "--backend=x=b:1"}),
              ElementsAre("--backend: expected each backend to have a name of its own (name=TARGET), "
                          "got \"x\" twice"));
}

TEST_F(LoadTest, AddsTheSectionOfBackendsToTheFilesOwnList) {
  files_["s.yaml"] = "backend: a:1\nbackends:\n  users: {target: u:1, services: [users.*]}\n";
  const auto loaded = load({"--config=s.yaml"});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->config.backends.size(), 2u);
  EXPECT_EQ(loaded->config.backends[0].target, "a:1");
  EXPECT_EQ(loaded->config.backends[1].label(), "users");
}

TEST_F(LoadTest, LetsFlagsGiveABackendOfTheFileAnotherTarget) {
  files_["s.yaml"] = "backends:\n  users: {target: u:1, services: [users.*]}\n  gone: g:1\n";
  const auto loaded = load({"--config=s.yaml", "--backend=users=v:2", "--backend=x:3"});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->config.backends.size(), 2u);
  EXPECT_EQ(loaded->config.backends[0].target, "v:2");
  EXPECT_THAT(loaded->config.backends[0].services, ElementsAre("users.*"));
  EXPECT_EQ(loaded->config.backends[1].target, "x:3");
}

TEST_F(LoadTest, ChecksBackendsOfTheFile) {
  files_["s.yaml"] =
      "backends:\n  a: {services: [x]}\n  b: {target: b:1, schema: shared}\n"
      "  c: {target: c:1, schema: reflection, descriptor_set: c.pb}\n";
  EXPECT_THAT(problems({"--config=s.yaml"}),
              ElementsAre("s.yaml:2: backends.a: expected the key \"target\", got none",
                          "s.yaml:3: backends.b.schema: expected a descriptor_set or proto below \"schema\" to share, "
                          "got none",
                          "s.yaml:4: backends.c: expected one of descriptor_set and schema, got both"));
}

TEST_F(LoadTest, WantsTlsWithItsFilesAndKeysWithTheirCertificates) {
  EXPECT_THAT(problems({"--backend=a:1", "--partial-responses", "--transcoder=reference"}),
              ElementsAre("--partial-responses: expected the direct transcoder with it, got --transcoder reference"));
  EXPECT_THAT(problems({"--backend=a:1", "--backend-ca=ca.pem"}),
              ElementsAre("--backend-ca: expected --backend-tls with it, got none"));
  EXPECT_THAT(problems({"--backend=a:1", "--backend-tls", "--backend-key=k.pem"}),
              ElementsAre("--backend-cert and --backend-key: expected a certificate with its key, got no certificate"));
  files_["s.yaml"] = "backends:\n  a: {target: a:1, tls: true, cert: c.pem}\n";
  EXPECT_THAT(problems({"--config=s.yaml", "--backend-ca=ca.pem"}),
              ElementsAre("s.yaml:2: backends.a: expected a certificate with its key, got no key"));
}

TEST_F(LoadTest, TakesTheSchemaFromReflectionWhenNoneIsGiven) {
  const auto loaded = load({"--backend=a:1"});
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->config.schema.from_files());
  EXPECT_TRUE(config({}).schema.from_files());
}

TEST_F(LoadTest, WantsSomewhereToListen) {
  files_["s.yaml"] = "listen: []\n";
  EXPECT_THAT(problems({"--backend=a:1", "--descriptor-set=x", "--config=s.yaml"}),
              ElementsAre("s.yaml:1: expected at least one address, got none"));
}

TEST_F(LoadTest, PrintsErrorsAsPrettyAsAnswers) {
  EXPECT_TRUE(config({"--json-pretty"}).errors.pretty);
  EXPECT_FALSE(config({}).errors.pretty);
}

TEST_F(LoadTest, PassesWarningsOn) {
  input_.environment = {{"SLUICE_PORT", "tcp://10.0.0.1:80"}};
  const auto loaded = load({"--backend=a:1", "--descriptor-set=x"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->action, LoadedConfig::Action::Serve);
  ASSERT_EQ(loaded->warnings.size(), 1u);
  EXPECT_THAT(loaded->warnings[0], testing::StartsWith("SLUICE_PORT: "));
}

TEST_F(LoadTest, KeepsWhatCannotChangeWhileItServes) {
  const Config running = config({"--workers=2", "--listen=127.0.0.1:81", "--tls-cert=c", "--tls-key=k"});
  input_.running = &running;
  files_["s.yaml"] = "workers: 5\nlimits:\n  max_json_depth: 5\n";
  const auto loaded = load({"--backend=a:1", "--descriptor-set=x", "--config=s.yaml", "--listen=127.0.0.1:81"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->file, "s.yaml");
  EXPECT_EQ(loaded->config.workers, 2u);
  EXPECT_EQ(loaded->config.tls.certificate, "c");
  EXPECT_EQ(loaded->config.tls.key, "k");
  EXPECT_EQ(loaded->config.parse.max_depth, 5);
  EXPECT_THAT(loaded->warnings, ElementsAre("--workers changed, which needs a restart: until then it stays as it is",
                                            "--tls-cert changed, which needs a restart: until then it stays as it is"));
  EXPECT_THAT(loaded->config_text, HasSubstr("workers: 2  # as at the start; a change needs a restart\n"));
}

TEST_F(LoadTest, PrintsHelpAndVersionWhateverElseIsWrong) {
  const auto help = load({"--nonsense", "--help"});
  ASSERT_TRUE(help);
  EXPECT_EQ(help->action, LoadedConfig::Action::Print);
  EXPECT_THAT(help->output, HasSubstr("--workers N"));
  EXPECT_THAT(help->output, HasSubstr("[3]"));
  const auto version = load({"--version"});
  ASSERT_TRUE(version);
  EXPECT_EQ(version->action, LoadedConfig::Action::Print);
  EXPECT_EQ(version->output, "sluice 1.2.3\n");
}

TEST_F(LoadTest, PrintsTheSettingsWithTheirSources) {
  files_["s.yaml"] = "\nworkers: 5\n";
  input_.environment = {{"SLUICE_JSON_PRETTY", "true"}};
  const auto loaded = load({"--config=s.yaml", "--print-config", "--max-json-depth=9"});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->action, LoadedConfig::Action::Print);
  EXPECT_THAT(loaded->output, HasSubstr("workers: 5  # s.yaml:2\n"));
  EXPECT_THAT(loaded->output, HasSubstr("  json_pretty: true  # SLUICE_JSON_PRETTY\n"));
  EXPECT_THAT(loaded->output, HasSubstr("  max_json_depth: 9  # --max-json-depth\n"));
  EXPECT_THAT(loaded->output, HasSubstr("  timeout: 1m  # default\n"));
  files_["b.yaml"] = "backends:\n  users: {target: u:1, headers: {x-key: secret}}\n";
  const auto backends = load({"--config=b.yaml", "--print-config"});
  ASSERT_TRUE(backends);
  EXPECT_THAT(backends->output, HasSubstr("backend: []  # default\n"));
  EXPECT_THAT(backends->output,
              HasSubstr("backends:\n  users:  # b.yaml:2\n    target: u:1\n    headers: [\"x-key: (hidden)\"]\n"));
  EXPECT_THAT(problems({"--print-config", "--workers=0"}),
              ElementsAre("--workers: expected a value from 1 to 1024, got \"0\""));
}

}  // namespace
}  // namespace sluice::gateway
