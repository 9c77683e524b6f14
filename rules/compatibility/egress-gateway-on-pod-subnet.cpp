#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// Whether an expression can only come to an ID: one of a resource, without a condition.
bool is_id_expression(std::string_view text) {
  const bool is_call = text.starts_with("resourceId(") || text.starts_with("[resourceId(");
  return text.find('?') == std::string_view::npos && (is_call || text.ends_with(".id"));
}

// Whether a pool states a subnet for its pods; which one need not be known. What stands under a condition has no known
// name either.
bool has_pod_subnet(const NodePool& pool) {
  const auto& subnet = pool.pod_subnet;
  if (subnet.known != Known::unresolved || pool.name.known == Known::unresolved) return subnet.has_value();
  return subnet.node.is_mapping() || is_id_expression(subnet.node.text());
}

void check(Pass& pass) {
  const Conflict* conflict = pass.policy().conflicts().find("pod-subnet-egress");
  if (conflict == nullptr) return;
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto enabled = enabled_egress_gateways(cluster);
    const auto pool = std::ranges::find_if(cluster.pools, has_pod_subnet);
    if (!may_run_mesh(cluster) || enabled.empty() || pool == cluster.pools.end()) continue;
    const std::string name = pool->name.has_value() ? fmt::format(" {}", quoted(pool->name.value)) : "";
    Diagnostic& diagnostic = report_cluster(
        pass, cluster, enabled.front()->place,
        fmt::format(
            "{} cannot work on this cluster: the pods of node pool{} have a subnet of their own, and the static "
            "egress gateways below it do not support Azure CNI Pod Subnet",
            gateway_words(*enabled.front()), name));
    diagnostic.citation = conflict->citation;
    diagnostic.notes.push_back(note_at(pool->pod_subnet.node, "the subnet for pods"));
    diagnostic.help = "use Azure CNI Overlay, or send the traffic out without an egress gateway";
    soften_if_defaulted(diagnostic, {{"gateway's switch", enabled.front()->enabled.known},
                                     {"subnet for pods", pool->pod_subnet.known}});
  }
}

}  // namespace

extern constexpr Rule egress_gateway_on_pod_subnet = {
    .code = "MSH1010",
    .name = "egress-gateway-on-pod-subnet",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "An egress gateway on a cluster whose pods have a subnet of their own",
    .why =
        "The add-on's egress gateways stand on static egress gateways, and those do not work on clusters with Azure "
        "CNI Pod Subnet. The gateway gets no fixed address to send from.",
    .fix = "build the cluster with Azure CNI Overlay, or go without egress gateways",
    .page = "istio-deploy-egress",
    .check = check,
};

}  // namespace meshlint::rules
