#include <map>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

void check_cluster(Pass& pass, const ClusterDefinition& cluster) {
  std::map<std::pair<std::string, std::string>, const EgressGateway*> first;
  for (const EgressGateway* gateway : enabled_egress_gateways(cluster)) {
    const auto name_space = name_space_of(pass, *gateway);
    if (!gateway->name.has_value() || !name_space) continue;
    const auto [other, is_new] = first.try_emplace({*name_space, gateway->name.value}, gateway);
    if (is_new) continue;
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, gateway->name.node,
                       fmt::format("AKS refuses two egress gateways of one name in a namespace: {1} is in {0} twice",
                                   quoted(*name_space), quoted(gateway->name.value)));
    diagnostic.citation = pass.policy().egress_gateways().citation;
    diagnostic.notes.push_back(note_at(other->second->name.node, "the other one"));
    diagnostic.help = "give each its own name, or put them into different namespaces";
    soften_if_defaulted(diagnostic, {{"name", std::min(gateway->name.known, other->second->name.known)}});
  }
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (may_run_mesh(cluster)) check_cluster(pass, cluster);
  }
}

}  // namespace

extern constexpr Rule egress_gateway_duplicate = {
    .code = "MSH3012",
    .name = "egress-gateway-duplicate",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "Two egress gateways with the same name in one namespace",
    .why =
        "Each egress gateway becomes a Service and Deployments of its name in its namespace, so the name must be "
        "unique there. A gateway that states no namespace goes to aks-istio-egress.",
    .fix = "give each egress gateway of a namespace its own name",
    .page = "istio-deploy-egress",
    .check = check,
};

}  // namespace meshlint::rules
