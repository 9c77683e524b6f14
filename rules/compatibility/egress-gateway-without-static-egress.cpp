#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"
#include "rules/own-gateway.h"

namespace meshlint::rules {
namespace {

bool is_certain(const Fact<std::string>& fact) {
  return fact.known == Known::stated || fact.known == Known::unstated;
}

// Whether the definition holds all pools, and none of them is, or may be, one for gateways.
bool lacks_gateway_pool(const Pass& pass, const ClusterDefinition& cluster) {
  const auto& mode = pass.policy().egress_gateways().static_egress.pool_mode;
  return cluster.pools_known == Known::stated && std::ranges::all_of(cluster.pools, [&mode](const NodePool& pool) {
           return is_certain(pool.mode) && pool.mode.value != mode;
         });
}

// The configurations of a name in the cluster: where they stand, and one of them.
struct Configurations {
  std::vector<std::string> name_spaces;  // in order, distinct
  const Resource* first = nullptr;
  bool complete = true;  // false when there may be others
};

// Only files that are applied to this cluster and to no other count.
Configurations find_configurations(const Pass& pass, const ClusterDefinition& cluster, std::string_view name) {
  Configurations found;
  if (remote_flux_source(pass, cluster)) found.complete = false;
  const auto& api_version = pass.policy().egress_gateways().static_egress.api_version;
  const std::string_view group = std::string_view(api_version).substr(0, api_version.find('/'));
  for (const Resource* resource : pass.manifests().of(group, "StaticGatewayConfiguration")) {
    const Governance& governance = pass.context().governance(resource->file());
    if (std::ranges::find(governance.clusters, &cluster) == governance.clusters.end()) continue;
    const auto name_space = pass.manifests().name_space_of(*resource);
    const bool is_final = pass.manifests().has_final_name(*resource) && name_space;
    if (resource->partial || !is_final || !governance.is_certain() || governance.clusters.size() != 1) {
      found.complete = false;
    } else if (resource->name.text() == name) {
      if (found.first == nullptr) found.first = resource;
      found.name_spaces.emplace_back(*name_space);
    }
  }
  std::ranges::sort(found.name_spaces);
  const auto repeated = std::ranges::unique(found.name_spaces);
  found.name_spaces.erase(repeated.begin(), repeated.end());
  return found;
}

void check_configuration(Pass& pass, const ClusterDefinition& cluster, const EgressGateway& gateway) {
  const auto name_space = name_space_of(pass, gateway);
  if (!gateway.configuration.has_value() || !name_space) return;
  const auto found = find_configurations(pass, cluster, gateway.configuration.value);
  const bool is_there = std::ranges::find(found.name_spaces, *name_space) != found.name_spaces.end();
  if (!found.complete || found.name_spaces.empty() || is_there) return;
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, gateway.configuration.node,
      fmt::format("{} stands in namespace {}, and its StaticGatewayConfiguration {} in {}: the two must share one",
                  gateway_words(gateway), quoted(*name_space), quoted(gateway.configuration.value),
                  list_words(found.name_spaces)));
  diagnostic.citation = pass.policy().source("istio-deploy-egress", "Enable an Istio egress gateway");
  diagnostic.notes.push_back(note_at(found.first->name, "the configuration"));
  if (gateway.name_space.known == Known::unstated) {
    diagnostic.notes.push_back(note(fmt::format("an egress gateway that states no namespace goes to {}", *name_space)));
  }
  diagnostic.help = fmt::format("set the gateway's namespace to {}, or create the configuration in {}",
                                list_words(found.name_spaces, "or"), *name_space);
  soften_if_defaulted(diagnostic, {{"name of the configuration", gateway.configuration.known},
                                   {"namespace", gateway.name_space.known}});
}

// Whether something that all gateways need is missing; one finding tells it for all of them.
bool check_cluster(Pass& pass, const ClusterDefinition& cluster, const EgressGateway& gateway) {
  const auto& limits = pass.policy().egress_gateways();
  const auto& feature = cluster.static_egress;
  if (feature.has_value() && !feature.value) {
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, feature.node,
                       fmt::format("static egress gateways are turned off, and {} needs them", gateway_words(gateway)));
    diagnostic.citation = pass.policy().source("istio-deploy-egress", "Enable and configure Static Egress Gateway");
    diagnostic.notes.push_back(note_at(gateway.place, "the egress gateway"));
    diagnostic.help = "turn them on, and add a node pool of mode Gateway";
    soften_if_defaulted(diagnostic, {{"switch", feature.known}, {"gateway's switch", gateway.enabled.known}});
    return true;
  }
  if (!lacks_gateway_pool(pass, cluster)) return false;
  Diagnostic& diagnostic =
      report_cluster(pass, cluster, gateway.place,
                     fmt::format("{} has no node pool to send through: none of the pools is of mode {}",
                                 gateway_words(gateway), quoted(limits.static_egress.pool_mode)));
  diagnostic.severity = lower(diagnostic.severity);
  diagnostic.notes.push_back(note("unless something else than this definition adds such a pool"));
  diagnostic.citation = pass.policy().source("istio-deploy-egress", "Enable and configure Static Egress Gateway");
  diagnostic.help = fmt::format("add a node pool of mode {}, and name it in the StaticGatewayConfiguration",
                                limits.static_egress.pool_mode);
  return true;
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto enabled = enabled_egress_gateways(cluster);
    if (!may_run_mesh(cluster) || enabled.empty() || check_cluster(pass, cluster, *enabled.front())) continue;
    for (const EgressGateway* gateway : enabled) check_configuration(pass, cluster, *gateway);
  }
}

}  // namespace

extern constexpr Rule egress_gateway_without_static_egress = {
    .code = "MSH1011",
    .name = "egress-gateway-without-static-egress",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "An egress gateway without the static egress gateway that it sends through",
    .why =
        "An egress gateway of the add-on needs static egress gateways on the cluster, a node pool of mode Gateway, and "
        "a StaticGatewayConfiguration in its own namespace. Without them its pods get no fixed address, or do not come "
        "up.",
    .fix = "turn static egress gateways on, add the pool, and create the configuration in the gateway's namespace",
    .page = "istio-deploy-egress",
    .check = check,
};

}  // namespace meshlint::rules
