#include <algorithm>

#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

// The table's spelling of a field, where that is no field of Istio and this one is surely meant; else empty.
std::string_view listed_spelling(const Pass& pass, std::string_view name) {
  const auto& misspelt = pass.policy().classification().misspelt;
  const auto meant = std::ranges::find_if(misspelt, [name](const auto& entry) { return entry.second == name; });
  return meant == misspelt.end() ? std::string_view() : meant->first;
}

void report_unclear(Pass& pass, const Entry& entry, std::string_view listed) {
  Diagnostic& diagnostic =
      pass.report_key(entry.value, fmt::format("ProxyConfig field {} may be blocked: Microsoft's table lists {} in its "
                                               "place, which Istio does not have",
                                               quoted(entry.key.text()), quoted(listed)));
  diagnostic.severity = Severity::warning;
  diagnostic.help = "try the ConfigMap on a test cluster first: kubectl apply --dry-run=server";
  diagnostic.citation = pass.policy().classification().proxy_citation;
}

// The page speaks of defaultConfig alone: whether its table holds for annotations as well is not known.
void check_annotation(Pass& pass, const PodProxyConfig& pods) {
  for (const Entry& entry : pods.config.entries()) {
    const MeshField* field = find_field(pass.policy().mesh_fields(), "ProxyConfig", entry.key.text());
    if (field == nullptr || is_classified(pass, "ProxyConfig", field->name)) continue;
    if (!listed_spelling(pass, field->name).empty()) continue;
    Diagnostic& diagnostic = pass.report_key(
        entry.value, fmt::format("ProxyConfig field {} is blocked under defaultConfig; in the annotation of pods it is "
                                 "not classified by Microsoft",
                                 quoted(entry.key.text())));
    diagnostic.severity = Severity::note;
    diagnostic.citation = pass.policy().classification().proxy_citation;
    diagnostic.help = "do not rely on it: the add-on may come to refuse it; remove the field where you can";
  }
}

void check(Pass& pass) {
  for (const PodProxyConfig& pods : pod_proxy_configs(pass)) check_annotation(pass, pods);
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    const MeshFields& fields = pass.policy().mesh_fields();
    for (const Entry& entry : shared.mesh["defaultConfig"].entries()) {
      const auto name = entry.key.text();
      const MeshField* field = find_field(fields, "ProxyConfig", name);
      if (field == nullptr || is_classified(pass, "ProxyConfig", field->name)) continue;
      if (const auto listed = listed_spelling(pass, field->name); !listed.empty()) {
        report_unclear(pass, entry, listed);
        continue;
      }
      report_blocked(pass, "ProxyConfig", entry, field->name);
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
        "table does not list is blocked: the admission webhook denies the shared ConfigMap as a whole. The annotation "
        "proxy.istio.io/config sets the same fields for single pods, and Microsoft does not say what holds there.",
    .fix = "remove the field; the add-on keeps its own value for it",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
