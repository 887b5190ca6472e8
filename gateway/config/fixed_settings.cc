// Values go over as text.
#include "gateway/config/fixed_settings.h"

#include <string>

namespace sluice::gateway {
namespace {

std::vector<Given> given(const std::vector<std::string>& texts) {
  std::vector<Given> values;
  for (const std::string& text : texts) values.push_back({text, "the running gateway"});
  return values;
}

}  // namespace

std::vector<const Setting*> keep_fixed(std::span<const Setting> table, const Config& running, Config& loaded) {
  std::vector<const Setting*> kept;
  for (const Setting& setting : table) {
    if (!setting.fixed) continue;
    const std::vector<std::string> values = setting.member.get(running);
    if (values == setting.member.get(loaded)) continue;
    setting.member.set(loaded, given(values));
    kept.push_back(&setting);
  }
  if (running.tls.certificate.empty() != loaded.tls.certificate.empty()) {
    loaded.tls = running.tls;
    kept.push_back(find_setting(table, "tls-cert"));
  }
  return kept;
}

}  // namespace sluice::gateway
