#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  const EgressGateways& limits = pass.policy().egress_gateways();
  const auto at_most = static_cast<std::size_t>(limits.at_most);
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto enabled = enabled_egress_gateways(cluster);
    if (!may_run_mesh(cluster) || enabled.size() <= at_most) continue;
    const EgressGateway& first_beyond = *enabled[at_most];
    Diagnostic& diagnostic = report_cluster(
        pass, cluster, first_beyond.place,
        fmt::format("the cluster turns on {} egress gateways, and the add-on has at most {} in a cluster; {} is the "
                    "first beyond that",
                    enabled.size(), at_most, gateway_words(first_beyond)));
    diagnostic.citation = limits.citation;
    diagnostic.help = "let several workloads or namespaces share a gateway";
    bool is_default = false;
    for (const EgressGateway* gateway : enabled) is_default |= gateway->enabled.known == Known::defaulted;
    soften_if_defaulted(diagnostic, {{"list of gateways", is_default ? Known::defaulted : Known::stated}});
  }
}

}  // namespace

extern constexpr Rule egress_gateways_too_many = {
    .code = "MSH3011",
    .name = "egress-gateways-too-many",
    .family = Family::blocked,
    .severity = Severity::error,
    .summary = "More egress gateways than a cluster can have",
    .why = "The add-on has a limit of egress gateways in a cluster. AKS does not turn on what goes beyond it.",
    .fix = "share egress gateways between workloads or namespaces",
    .page = "istio-deploy-egress",
    .check = check,
};

}  // namespace meshlint::rules
