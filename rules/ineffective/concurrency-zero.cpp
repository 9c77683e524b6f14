#include "linter/fix.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

void check_value(Pass& pass, Node concurrency, std::string_view whose) {
  if (concurrency.text() != "0" || concurrency.unresolved()) return;
  Diagnostic& diagnostic =
      pass.report(concurrency, fmt::format("'concurrency: 0' makes {} use all CPU cores of its node", whose));
  diagnostic.citation = pass.policy().source("istio-meshconfig", "Common errors and troubleshooting tips");
  diagnostic.fix = fix_by("remove concurrency", false, remove_entry(concurrency));
}

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    check_value(pass, shared.mesh["defaultConfig"]["concurrency"], "every proxy of the mesh");
  }
  for (const PodProxyConfig& pods : pod_proxy_configs(pass)) {
    check_value(pass, pods.config["concurrency"], "the proxy of each of these pods");
  }
}

}  // namespace

extern constexpr Rule concurrency_zero = {
    .code = "MSH4007",
    .name = "concurrency-zero",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A proxy concurrency of 0, which uses all CPU cores",
    .why =
        "Envoy starts one worker thread a core when concurrency is 0, whatever CPU the proxy's container may use. "
        "Left out, the number follows from the container's CPU request and limit.",
    .fix = "remove concurrency, or set the number of worker threads that you want",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
