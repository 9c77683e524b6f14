#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  const Conflict* retirement = pass.policy().conflicts().find("open-service-mesh-retirement");
  if (retirement == nullptr || !retirement->ends) return;
  const bool is_over = pass.context().as_of() > *retirement->ends;
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto& add_on = cluster.open_service_mesh;
    // Beside Istio the add-on has to go at once, which is another finding.
    if (!add_on.has_value() || !add_on.value || turns_mesh_on(cluster)) continue;
    Diagnostic& diagnostic = report_cluster(pass, cluster, add_on.node,
                                            fmt::format("{} is turned on: its support {} on {}", retirement->what,
                                                        is_over ? "ended" : "ends", day_words(*retirement->ends)));
    diagnostic.citation = retirement->citation;
    diagnostic.help = "move to the Istio add-on, which replaces it: it can be turned on once this one is turned off";
    soften_if_defaulted(diagnostic, {{"add-on's switch", add_on.known}});
  }
}

}  // namespace

extern constexpr Rule open_service_mesh_retiring = {
    .code = "MSH2012",
    .name = "open-service-mesh-retiring",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A cluster with the Open Service Mesh add-on, whose support ends",
    .why =
        "AKS ends its support of the managed Open Service Mesh add-on. The Istio add-on takes its place, does not run "
        "beside it, and has other resources: the way there needs time.",
    .fix = "migrate to the Istio add-on before that day",
    .page = "long-term-support",
    .check = check,
};

}  // namespace meshlint::rules
