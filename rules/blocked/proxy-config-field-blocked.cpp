#include <algorithm>

#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// The table lists a spelling that no field of Istio has; this is the field it surely means.
bool is_listed_misspelt(const Pass& pass, std::string_view name) {
  const auto& misspelt = pass.policy().classification().misspelt;
  return std::ranges::any_of(misspelt, [name](const auto& entry) { return entry.second == name; });
}

void report_unclear(Pass& pass, const Entry& entry) {
  Diagnostic& diagnostic =
      pass.report_key(entry.value, fmt::format("whether ProxyConfig field {} is allowed is unclear: Microsoft's table "
                                               "lists a spelling of it that Istio does not have",
                                               quoted(entry.key.text())));
  diagnostic.severity = Severity::warning;
  diagnostic.help = "try the ConfigMap on a test cluster first: kubectl apply --dry-run=server";
  diagnostic.citation = pass.policy().classification().proxy_citation;
}

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    const MeshFields& fields = pass.policy().mesh_fields();
    for (const Entry& entry : shared.mesh["defaultConfig"].entries()) {
      const auto name = entry.key.text();
      const MeshField* field = find_field(fields, "ProxyConfig", name);
      if (field == nullptr || is_classified(pass, "ProxyConfig", field->name)) continue;
      if (is_listed_misspelt(pass, field->name)) {
        report_unclear(pass, entry);
        continue;
      }
      Diagnostic& diagnostic = pass.report_key(
          entry.value,
          fmt::format("ProxyConfig field {} is blocked: the add-on's admission webhook refuses the whole ConfigMap",
                      quoted(name)));
      diagnostic.citation = pass.policy().classification().proxy_citation;
    }
  }
}

}  // namespace

extern constexpr Rule proxy_config_field_blocked = {
    .code = "MSH3002",
    .name = "proxy-config-field-blocked",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "A ProxyConfig field under defaultConfig that the add-on does not let users set",
    .why =
        "Microsoft classifies the fields of ProxyConfig by name, as it does those of MeshConfig. A field that its "
        "table does not list is blocked: the admission webhook denies the shared ConfigMap as a whole.",
    .fix = "remove the field; the add-on keeps its own value for it",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
