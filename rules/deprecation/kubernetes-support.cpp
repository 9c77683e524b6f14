#include "rules/deprecation/kubernetes-support.h"

#include "rules/calendar.h"

namespace meshlint::rules {

std::vector<KubernetesSupport> kubernetes_support(const Pass& pass) {
  std::vector<KubernetesSupport> result;
  const Context& context = pass.context();
  for (const ClusterDefinition& cluster : context.clusters()) {
    if (!context.has_add_on(*cluster.place.file())) continue;
    const KubernetesCalendar& calendar = pass.policy().kubernetes();
    if (cluster.mesh_mode.has_value() && cluster.mesh_mode.value != "Istio") continue;
    const auto stated = context.kubernetes_version(cluster);
    const auto minor = stated.has_value() ? parse_minor(stated.value) : std::nullopt;
    const KubernetesVersion* version = minor ? calendar.find(*minor) : nullptr;
    const auto plan = context.support_plan(cluster);
    if (version == nullptr || plan.known == Known::unresolved) continue;
    const bool is_lts = plan_of(plan) == Plan::lts;
    const auto& end = is_lts ? version->lts_end_of_life : version->end_of_life;
    if (!end) continue;
    result.push_back({&cluster, stated, version, *end, is_lts ? "long-term support" : "community support",
                      plan.known != Known::unstated, is_lts ? calendar.lts_citation : calendar.citation});
  }
  return result;
}

Diagnostic& report_kubernetes(Pass& pass, const KubernetesSupport& cluster, std::string message) {
  Diagnostic& diagnostic = report_cluster(pass, *cluster.cluster, cluster.stated.node, std::move(message));
  diagnostic.citation = cluster.citation;
  soften_if_defaulted(diagnostic, cluster.stated);
  return diagnostic;
}

void add_plan_note(const KubernetesSupport& cluster, Diagnostic& diagnostic) {
  if (cluster.plan_is_stated) return;
  diagnostic.notes.push_back(note("the definition states no support plan, so this is the end with KubernetesOfficial"));
}

}  // namespace meshlint::rules
