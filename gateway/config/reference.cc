// Tables as Markdown.
#include "gateway/config/reference.h"

#include <string_view>

#include "gateway/config/joined.h"
#include "gateway/config/options.h"
#include "gateway/config/sections.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view kIntroduction =
    "# Settings\n"
    "\n"
    "Made from the tables in this folder; a test compares it with them and says how to make it anew.\n"
    "\n"
    "Each setting has a flag (`--max-request-bytes`), a variable (`SLUICE_MAX_REQUEST_BYTES`; a list by commas) and a\n"
    "YAML key (`max_request_bytes`, below its group). A flag goes before a variable, a variable before the file; a "
    "list\n"
    "replaces the one of a lower source. Durations: `250ms`, `3s`, `5m`, `1h`. Sizes: `4096`, `64KiB`, `4MiB`, "
    "`1GiB`.\n"
    "`sluice --print-config` shows the values in force and where each comes from.\n";

constexpr std::string_view kSections =
    "\n## Sections of the file\n"
    "\n"
    "```yaml\n"
    "backends:\n"
    "  users: users:9090               # the target alone, or a map\n"
    "  orders:\n"
    "    target: dns:///orders:9090\n"
    "    services: [orders.v1.*]\n"
    "    headers: {x-tenant: blue}\n"
    "routes:\n"
    "  - methods: orders.v1.Orders.Export\n"
    "    timeout: 5m\n"
    "http:\n"
    "  rules:                          # of a service config: they override annotations, the last of a method counts\n"
    "    - {selector: orders.v1.Orders.Find, get: \"/v1/orders:find\"}\n"
    "```\n"
    "\n"
    "`--backend name=TARGET` gives a backend of the file another target. What a route does not set, its backend does;\n"
    "what that does not set, the gateway does. Later entries of `routes` go before earlier ones.\n";

// "|" would end a cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

template <class Owner>
std::string value_of(const MemberOf<Owner>& member) {
  if (!member.choices.empty()) return "`" + cell(joined(member.choices, "|")) + "`";
  return "`" + member.value_name + (member.shape == SettingShape::List ? " …`" : "`");
}

std::string default_of(const Setting& setting) {
  if (setting.name == "workers") return "CPUs granted";
  const std::string value = joined(setting.member.get(Config()), ",");
  return value.empty() ? "" : "`" + value + "`";
}

void add_settings(std::string& out) {
  std::string_view group = "none yet";
  for (const Setting& setting : make_settings()) {
    if (setting.role != Setting::Role::Value) continue;
    if (setting.group != group) {
      group = setting.group;
      out += group.empty() ? "\n## At the top\n" : "\n## " + std::string(group) + "\n";
      out += "\n| flag | value | default | |\n|---|---|---|---|\n";
    }
    out += "| `" + setting.flag() + "` | " + value_of(setting.member) + " | " + default_of(setting) + " | " +
           cell(setting.help) + (setting.fixed ? "; a change needs a restart" : "") + " |\n";
  }
}

template <class Owner>
void add_keys(const char* title, const std::vector<SectionKey<Owner>>& keys, std::string& out) {
  out += std::string("\n### ") + title + "\n\n| key | value | |\n|---|---|---|\n";
  for (const auto& key : keys) {
    out += "| `" + key.name + "` | " + value_of(key.member) + " | " + cell(key.help) + " |\n";
  }
}

}  // namespace

std::string reference_text() {
  std::string out(kIntroduction);
  add_settings(out);
  out += kSections;
  add_keys("backends.NAME", backend_keys(), out);
  add_keys("routes[]", route_keys(), out);
  return out;
}

}  // namespace sluice::gateway
