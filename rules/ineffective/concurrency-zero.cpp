#include "linter/rule.h"
#include "linter/words.h"
#include "linter/yaml.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

void check_value(Pass& pass, Node concurrency, Node annotation) {
  if (concurrency.text() != "0" || concurrency.unresolved()) return;
  Diagnostic& diagnostic = pass.report(
      concurrency, !annotation ? "'concurrency: 0' makes every proxy of the mesh use all CPU cores of its node"
                               : "'concurrency: 0' makes these pods' proxies use all CPU cores of their node");
  diagnostic.citation = pass.policy().source("istio-meshconfig", "Common errors and troubleshooting tips");
  if (!annotation) return;
  diagnostic.object = pass.context().describe(annotation);
  diagnostic.path = pass.manifests().path_of(annotation);
}

void check(Pass& pass) {
  for (const SharedConfigMap& shared : shared_config_maps(pass)) {
    check_value(pass, shared.mesh["defaultConfig"]["concurrency"], Node());
  }
  for (const auto& resource : pass.manifests().all()) {
    const Node pods = pod_metadata(*resource);
    if (opts_out_of_injection(pods)) continue;
    const Node annotation = pods["annotations"]["proxy.istio.io/config"];
    if (!annotation.is_scalar() || !pass.context().has_add_on(resource->file())) continue;
    const ParsedText config = parse_embedded_yaml(annotation);
    if (!config.documents.empty()) check_value(pass, config.documents[0]->root()["concurrency"], annotation);
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
