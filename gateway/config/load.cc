// The layers, one over the other.
#include "gateway/config/load.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "gateway/config/command_line.h"
#include "gateway/config/commands.h"
#include "gateway/config/environment.h"
#include "gateway/config/fixed_settings.h"
#include "gateway/config/options.h"
#include "gateway/config/print.h"
#include "gateway/config/sections.h"
#include "gateway/config/yaml_file.h"

namespace sluice::gateway {
namespace {

using Role = Setting::Role;

const GivenSetting* find_role(const Layer& layer, Role role) {
  const auto has_role = [role](const GivenSetting& given) { return given.setting->role == role; };
  const auto found = std::ranges::find_if(layer.settings, has_role);
  return found == layer.settings.end() ? nullptr : &*found;
}

class Loading {
 public:
  explicit Loading(const LoadInput& input) : input_(input), table_(make_settings()) {
    defaults_.workers = std::max<std::size_t>(input.cpus, 1);
    loaded_.config = defaults_;
  }

  std::expected<LoadedConfig, Problems> run() && {
    const Layer flags = read_command_line(input_.arguments, table_);
    const Problems wrong_words = read_operands(flags.operands, loaded_.config.command);
    const Command command = loaded_.config.command.command;
    if (find_role(flags, Role::Help) != nullptr) {
      return printed(command == Command::Serve ? help_text(table_, defaults_) : command_help(command));
    }
    if (find_role(flags, Role::Version) != nullptr) return printed(input_.version + "\n");
    const Layer variables = read_environment(input_.environment, table_);
    const GivenSetting* file = find_role(flags, Role::ConfigFile);
    if (file == nullptr) file = find_role(variables, Role::ConfigFile);
    if (file != nullptr) loaded_.file = file->values.front().text;
    if (file != nullptr) apply(read_file(*file));
    apply(variables);
    apply(flags);
    problems_.insert(problems_.end(), wrong_words.begin(), wrong_words.end());
    derive();
    if (input_.running != nullptr) keep_running(*input_.running);
    const bool print = find_role(flags, Role::PrintConfig) != nullptr;
    if (!print) check();
    if (!problems_.empty() && command != Command::Check) return std::unexpected(std::move(problems_));
    loaded_.problems = problems_;
    loaded_.config_text = config_text(table_, loaded_.config, sources_);
    if (print) return printed(loaded_.config_text);
    return std::move(loaded_);
  }

 private:
  LoadedConfig printed(std::string text) {
    loaded_.action = LoadedConfig::Action::Print;
    loaded_.output = std::move(text);
    return std::move(loaded_);
  }

  Layer read_file(const GivenSetting& file) {
    const Given& path = file.values.front();
    const rpc::Result<std::string> text = input_.read_file(path.text);
    if (text) {
      sections_ = read_sections(path.text, *text);
      Layer layer = read_yaml(path.text, *text, table_);
      layer.problems.insert(layer.problems.end(), sections_.problems.begin(), sections_.problems.end());
      return layer;
    }
    Layer layer;
    layer.problems.push_back(path.where + ": expected a YAML file that can be read, got \"" + path.text +
                             "\": " + text.error().message());
    return layer;
  }

  void apply(const Layer& layer) {
    problems_.insert(problems_.end(), layer.problems.begin(), layer.problems.end());
    loaded_.warnings.insert(loaded_.warnings.end(), layer.warnings.begin(), layer.warnings.end());
    for (const GivenSetting& given : layer.settings) {
      if (given.setting->role != Role::Value && given.setting->role != Role::Command) continue;
      const Problems wrong = given.setting->member.set(loaded_.config, given.values);
      problems_.insert(problems_.end(), wrong.begin(), wrong.end());
      sources_[given.setting] = given.source;
    }
  }

  void derive() {
    loaded_.config.errors.pretty = loaded_.config.print.pretty;
    loaded_.config.routes = std::move(sections_.routes);
    loaded_.config.routing.rules = std::move(sections_.rules);
    merge_backends();
  }

  // The section "backends" adds to the file's own list. To a list from a flag or a variable it only gives the rest of
  // what it says of the backends that are named there.
  void merge_backends() {
    std::vector<BackendConfig>& backends = loaded_.config.backends;
    const std::string source = source_of("backend");
    const bool is_replaced = source.starts_with("--") || source.starts_with("SLUICE_");
    if (!is_replaced) {
      backends.insert(backends.end(), sections_.backends.begin(), sections_.backends.end());
      return;
    }
    for (BackendConfig& backend : backends) {
      const auto section = std::ranges::find(sections_.backends, backend.name, &BackendConfig::name);
      if (backend.name.empty() || section == sections_.backends.end()) continue;
      const std::string target = backend.target;
      backend = *section;
      backend.target = target;
    }
  }

  void keep_running(const Config& running) {
    for (const Setting* setting : keep_fixed(table_, running, loaded_.config)) {
      loaded_.warnings.push_back(setting->flag() + " changed, which needs a restart: until then it stays as it is");
      sources_[setting] = "as at the start; a change needs a restart";
    }
  }

  // Where a setting was given; empty: nowhere.
  std::string source_of(const char* name) const {
    const auto found = sources_.find(find_setting(table_, name));
    return found == sources_.end() ? std::string() : found->second;
  }

  // What concerns several settings together, or one that is missing.
  void check() {
    const std::string sets = source_of("descriptor-set");
    const std::string protos = source_of("proto");
    const Command command = loaded_.config.command.command;
    if (command == Command::Health && loaded_.config.admin.empty())
      add_problem("--admin", "the gateway's address", "none");
    const bool needs_backend = command == Command::Serve || !loaded_.config.schema.from_files();
    const bool none_given = loaded_.config.backends.empty() && source_of("backend").empty();
    if (needs_backend && command != Command::Health && none_given) {
      add_problem("--backend", "host:port of the gRPC server", "none");
    }
    check_command();
    check_backend_names();
    check_upstream_tls();
    check_front_tls();
    check_partial_responses();
    for (const BackendConfig& backend : loaded_.config.backends) check_backend(backend);
    if (loaded_.config.listen.empty()) add_problem(source_of("listen"), "at least one address", "none");
    if (!sets.empty() && !protos.empty())
      add_problem(protos, "no .proto files beside a descriptor set", "both (" + sets + ")");
    if (protos.empty() && !source_of("proto-path").empty())
      add_problem(source_of("proto-path"), "--proto with it", "none");
  }

  void check_backend_names() {
    std::set<std::string> names;
    for (const BackendConfig& backend : loaded_.config.backends) {
      if (names.insert(backend.label()).second) continue;
      add_problem(source_of("backend"), "each backend to have a name of its own (name=TARGET)",
                  "\"" + backend.label() + "\" twice");
    }
  }

  void check_command() {
    const Command command = loaded_.config.command.command;
    if (command != Command::Routes && !source_of("format").empty()) {
      add_problem("--format", "the command routes with it", "another");
    }
    if (command != Command::Explain && !source_of("data").empty()) {
      add_problem("--data", "the command explain with it", "another");
    }
  }

  void check_front_tls() {
    const FrontTlsConfig& tls = loaded_.config.tls;
    if (tls.certificate.empty() != tls.key.empty()) add_problem("--tls-cert and --tls-key", "both or none", "one");
    if (tls.certificate.empty() && !tls.client_ca.empty()) {
      add_problem(source_of("tls-client-ca"), "--tls-cert and --tls-key with it", "none");
    }
  }

  void check_partial_responses() {
    const bool reference = loaded_.config.routing.transcoder == TranscoderKind::Reference;
    if (!reference || !loaded_.config.answers.partial_responses) return;
    add_problem(source_of("partial-responses"), "the direct transcoder with it", "--transcoder reference");
  }

  void check_upstream_tls() {
    const UpstreamConfig& upstream = loaded_.config.upstream;
    const auto wants_tls = [](const BackendConfig& backend) { return backend.tls.value_or(false); };
    const bool used = upstream.tls || std::ranges::any_of(loaded_.config.backends, wants_tls);
    for (const char* name : {"backend-ca", "backend-cert", "backend-key"}) {
      if (!used && !source_of(name).empty()) add_problem(source_of(name), "--backend-tls with it", "none");
    }
    check_pair("--backend-cert and --backend-key", upstream.tls_files);
  }

  void check_pair(const std::string& where, const BackendTlsConfig& files) {
    if (files.certificate.empty() == files.key.empty()) return;
    add_problem(where, "a certificate with its key", files.key.empty() ? "no key" : "no certificate");
  }

  void check_backend(const BackendConfig& backend) {
    const std::string where = backend.where + ": backends." + backend.name;
    check_pair(where, backend.tls_files);
    if (backend.target.empty()) add_problem(where, "the key \"target\"", "none");
    if (backend.schema == SchemaOrigin::Shared && !loaded_.config.schema.from_files()) {
      add_problem(where + ".schema", "a descriptor_set or proto below \"schema\" to share", "none");
    }
    if (backend.schema != SchemaOrigin::Auto && !backend.descriptor_sets.empty()) {
      add_problem(where, "one of descriptor_set and schema", "both");
    }
  }

  void add_problem(const std::string& where, const std::string& expected, const std::string& got) {
    problems_.push_back(where + ": expected " + expected + ", got " + got);
  }

  const LoadInput& input_;
  const std::vector<Setting> table_;
  Config defaults_;
  LoadedConfig loaded_;
  Problems problems_;
  std::map<const Setting*, std::string> sources_;
  Sections sections_;
};

}  // namespace

std::expected<LoadedConfig, Problems> load_config(const LoadInput& input) { return Loading(input).run(); }

}  // namespace sluice::gateway
