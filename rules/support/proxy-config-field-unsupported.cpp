#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    for (const Entry& entry : shared.mesh["defaultConfig"].entries()) report_unsupported(pass, "ProxyConfig", entry);
  }
}

}  // namespace

extern constexpr Rule proxy_config_field_unsupported = {
    .code = "MSH5002",
    .name = "proxy-config-field-unsupported",
    .family = Family::support,
    .severity = Severity::note,
    .summary = "A ProxyConfig field under defaultConfig that works, but is outside Azure support",
    .why =
        "Microsoft classifies the fields of ProxyConfig as supported, allowed or blocked. An allowed field takes "
        "effect on all proxies of the mesh, but Azure support does not help with what comes of it.",
    .fix = "nothing needs to change; know that Azure support does not cover it",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
