#include "linter/policy_fact_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace meshlint {
namespace {

// `*` in a path stands for a name, and `{}` in the words for the same one.
struct FactWords {
  std::string_view table;
  std::string_view path;
  std::string_view words;
};

constexpr FactWords phrases[] = {
    {"arm-fields", "newest_preview", "the newest preview version of the ARM API"},
    {"arm-fields", "newest_stable", "the newest stable version of the ARM API"},
    {"arm-fields", "fields.*.preview", "the first preview version of the ARM API with `{}`"},
    {"arm-fields", "fields.*.stable", "the first stable version of the ARM API with `{}`"},
    {"arm-fields", "fields.*.gone_from_preview", "the first preview version of the ARM API without `{}`"},
    {"arm-fields", "fields.*.gone_from_stable", "the first stable version of the ARM API without `{}`"},
    {"arm-fields", "fields.*", "the ARM field `{}`"},
    {"autoscaling", "since", "the release that allowed customised autoscaling"},
    {"autoscaling", "minimum", "the least minReplicas of the add-on's autoscalers"},
    {"autoscaling", "defaults.minimum", "the minReplicas that the add-on's autoscalers have by default"},
    {"autoscaling", "defaults.maximum", "the maxReplicas that the add-on's autoscalers have by default"},
    {"autoscaling", "defaults.cpu_percent", "the CPU load in percent at which the add-on's autoscalers act by default"},
    {"autoscaling", "targets", "the autoscalers of the add-on"},
    {"autoscaling", "targets[].namespace", "the namespace"},
    {"conflicts", "conflicts.*.what", "what the conflict '{}' is about"},
    {"contradictions", "contradictions.*.because", "why one page wins in the contradiction '{}'"},
    {"contradictions", "contradictions.*.says", "the statements in the contradiction '{}'"},
    {"contradictions", "contradictions.*", "the contradiction '{}'"},
    {"contradictions", "contradictions.*.says[].wins", "whether this statement wins"},
    {"egress-gateways", "at_most", "the number of egress gateways that a cluster may have"},
    {"egress-gateways", "name.shortest", "the least length of an egress gateway's name"},
    {"egress-gateways", "name.longest", "the greatest length of an egress gateway's name"},
    {"egress-gateways", "name.pattern", "the pattern of an egress gateway's name"},
    {"egress-gateways", "exposed.ports", "a port of an egress gateway's Service"},
    {"egress-gateways", "exposed.health_port", "the port of an egress gateway that answers health probes"},
    {"egress-gateways", "service_entry.resolution", "the resolution of a ServiceEntry behind an egress gateway"},
    {"egress-gateways", "static_egress.pool_mode", "the mode of a gateway node pool"},
    {"egress-gateways", "static_egress.prefix_size.smallest",
     "the smallest size of a public IP prefix for static egress"},
    {"egress-gateways", "static_egress.prefix_size.largest",
     "the largest size of a public IP prefix for static egress"},
    {"egress-gateways", "static_egress.prefix_size.nodes", "the limits of nodes for a prefix"},
    {"egress-gateways", "static_egress.prefix_size.nodes[].at_most",
     "the number of nodes that a gateway pool with such a prefix may have"},
    {"egress-gateways", "static_egress.prefix_size.available_nodes",
     "the number of nodes with which a gateway pool outlives the loss of one"},
    {"egress-gateways", "static_egress.windows", "whether a gateway node pool may run Windows"},
    {"egress-gateways", "static_egress.autoscaler", "whether a gateway node pool may use the cluster autoscaler"},
    {"egress-gateways", "static_egress.dual_stack", "whether static egress works on dual-stack clusters"},
    {"egress-gateways", "static_egress.pod_subnet", "whether static egress works with pod subnets"},
    {"egress-gateways", "static_egress.private_addresses.vm_set_type",
     "the type of a gateway node pool with private addresses"},
    {"egress-gateways", "static_egress.private_addresses.kubernetes",
     "the first Kubernetes version for private addresses of a gateway node pool"},
    {"egress-gateways", "static_egress.annotation.name", "the annotation of pods that use static egress"},
    {"egress-gateways", "static_egress.host_network", "whether static egress works for pods in the host's network"},
    {"egress-gateways", "static_egress.same_namespace",
     "whether an egress gateway stands in the namespace of its StaticGatewayConfiguration"},
    {"egress-gateways", "static_egress.api_version", "the API version of StaticGatewayConfiguration"},
    {"envoy-filters", "support", "the class of EnvoyFilters"},
    {"envoy-filters", "types.*", "a package of Envoy that holds the type '{}'"},
    {"envoy-filters", "periods", "the periods of EnvoyFilters"},
    {"envoy-filters", "periods[].types", "an allowed type of EnvoyFilters"},
    {"features", "features[].what", "what it is called"},
    {"features", "features[].since", "the release that announced it"},
    {"features", "features[].label", "the label"},
    {"features", "features[].replacement", "the label that takes its place"},
    {"gateway-api", "classes.*.use", "the use of Gateway class '{}'"},
    {"gateway-api", "classes.*.what", "what Gateway class '{}' is for"},
    {"gateway-api", "classes.*", "Gateway class '{}'"},
    {"gateway-api", "naming.shorter_than", "the length that names of what a Gateway makes must stay below"},
    {"gateway-api", "naming.override", "the annotation that sets the name of what a Gateway makes"},
    {"gateway-api", "class_defaults.name", "the name of the ConfigMap with the defaults of Gateways"},
    {"gateway-api", "class_defaults.namespace", "the namespace of the ConfigMap with the defaults of Gateways"},
    {"gateway-api", "class_defaults.label", "the label of the ConfigMap with the defaults of Gateways"},
    {"gateway-api", "class_defaults.label_value",
     "the value of the label of the ConfigMap with the defaults of Gateways"},
    {"gateway-api", "class_defaults.at_most", "the number of ConfigMaps with defaults for one class of Gateways"},
    {"gateway-api", "bundles.channel", "the channel of Gateway API definitions that AKS installs"},
    {"gateway-api", "bundles.versions.*.first", "the first Kubernetes version with Gateway API bundle {}"},
    {"gateway-api", "bundles.versions.*.last", "the last Kubernetes version with Gateway API bundle {}"},
    {"gateway-api", "bundles.versions.*", "Gateway API bundle {}"},
    {"gateway-api", "support.managed_definitions_only",
     "whether support needs the Gateway API definitions of the managed installation"},
    {"gateway-api", "support.own_implementations",
     "whether support covers implementations of the Gateway API of one's own"},
    {"gateway-api", "support", "what Azure support covers of the Gateway API"},
    {"gateway-customizations", "resources[].kind", "the kind"},
    {"gateway-customizations", "unset_when_local.annotations",
     "an annotation that must be unset when externalTrafficPolicy is Local"},
    {"ingress-service", "annotations_since.day", "the release that allowed annotations of the ingress Services"},
    {"ingress-service", "annotations_since", "the release that allowed annotations of the ingress Services"},
    {"ingress-service", "probes.ports", "a port in the health probe annotations of the ingress Services"},
    {"ingress-service", "probes.forms", "a health probe annotation of the ingress Services"},
    {"ingress-service", "spec.as_made.*", "the value of `spec.{}` that the ingress Services have anyway"},
    {"ingress-service", "spec.as_made", "what the ingress Services have anyway"},
    {"ingress-service", "spec.substitutes.*",
     "the annotation that takes the place of `spec.{}` of the ingress Services"},
    {"ingress-service", "spec.substitutes", "what takes the place of fields of the ingress Services"},
    {"ingress-service", "exposed.ports", "a port of the ingress Services"},
    {"ingress-service", "exposed.health_port", "the port of the ingress Services that answers health probes"},
    {"istio-annotations", "oldest", "the oldest Istio minor with known annotations and labels"},
    {"istio-annotations", "newest", "the newest Istio minor with known annotations and labels"},
    {"istio-fields", "oldest", "the oldest Istio minor with known fields of custom resources"},
    {"istio-fields", "newest", "the newest Istio minor with known fields of custom resources"},
    {"istio-kinds", "oldest", "the oldest Istio minor with known custom resources"},
    {"istio-kinds", "newest", "the newest Istio minor with known custom resources"},
    {"istio-kinds", "kinds[].plural", "the plural"},
    {"managed-names", "root_namespace", "the root namespace of the mesh"},
    {"managed-names", "injection.label", "the label that turns sidecar injection on"},
    {"managed-names", "injection.ineffective", "a label without effect on sidecar injection"},
    {"managed-names", "shared_config_map.prefix", "the beginning of the shared ConfigMap's name"},
    {"managed-names", "shared_config_map.key", "the key of the mesh configuration in the shared ConfigMap"},
    {"managed-names", "ingress.namespace", "the namespace of the managed ingress gateways"},
    {"managed-names", "ingress.external", "the name of the external ingress gateway"},
    {"managed-names", "ingress.internal", "the name of the internal ingress gateway"},
    {"managed-names", "egress.namespace", "the namespace of egress gateways that state none"},
    {"managed-names", "upstream_gateway_selectors.values", "a gateway label of a self-managed Istio alone"},
    {"managed-names", "upstream_gateway_selectors.service", "the ingress gateway's Service of a self-managed Istio"},
    {"managed-names", "mesh_wide.kinds", "a kind that is for the whole mesh in the root namespace"},
    {"managed-names", "mesh_wide.upstream_root_namespace", "the root namespace of a self-managed Istio"},
    {"managed-names", "passed_over_by_webhooks.label", "the label that keeps webhooks away from a namespace"},
    {"managed-names", "reverted", "the objects that AKS reconciles"},
    {"managed-names", "reverted[].what", "what it is"},
    {"managed-names", "reverted[].namespace", "the namespace"},
    {"mesh-config-classification", "misspelt.*", "the field that the page's spelling `{}` means"},
    {"mesh-fields", "oldest", "the oldest Istio minor with known fields of MeshConfig"},
    {"mesh-fields", "newest", "the newest Istio minor with known fields of MeshConfig"},
    {"mesh-fields", "enums.*", "a value of {} in the mesh configuration"},
    {"native-sidecars", "kubernetes_feature", "the first Kubernetes version on AKS with native sidecar containers"},
    {"native-sidecars", "nodes.oldest", "the oldest version of nodes for native sidecars by default"},
    {"native-sidecars", "nodes", "what nodes must be for native sidecars by default"},
    {"native-sidecars", "rows", "the defaults of native sidecars"},
    {"native-sidecars", "rows[].on_install", "whether native sidecars are the default after an installation"},
    {"native-sidecars", "rows[].on_upgrade", "whether native sidecars are the default after an upgrade"},
    {"node-affinity", "label", "the label of nodes that gateways prefer"},
    {"node-affinity", "system_label", "the label of system nodes"},
    {"node-affinity", "rows", "the weights of nodes that gateways prefer"},
    {"node-affinity", "rows[].labelled", "the weight of labelled nodes"},
    {"node-affinity", "rows[].system", "the weight of system nodes"},
    {"plugin-ca", "since", "the release that brought certificate authorities of one's own"},
    {"plugin-ca", "settings.*", "the Azure CLI's parameter for `{}` of a certificate authority"},
    {"plugin-ca", "add_on", "the add-on that a certificate authority of one's own needs"},
    {"plugin-ca", "self_signed.can_be_switched",
     "whether a mesh with Istio's own root certificate can be switched to another one"},
    {"plugin-ca", "rotation.leaf_hours", "the number of hours for which a workload's certificate is valid"},
    {"revision-rules", "window.at_least", "the number of revisions that are supported at any time"},
    {"revision-rules", "window.weeks_after_newest",
     "the number of weeks for which the third-newest revision stays supported"},
    {"revision-rules", "default.behind_newest", "the number of revisions that the default is behind the newest"},
    {"revision-rules", "upgrade.largest_step", "the number of revisions that one upgrade may go forward"},
    {"revision-rules", "upgrade.since", "the day from which an upgrade may skip revisions"},
    {"revision-rules", "installed.at_most", "the number of revisions that may be installed beside each other"},
    {"revision-rules", "empty_list.since", "the day from which a change may state an empty list of revisions"},
    {"revision-rules", "empty_list", "empty lists of revisions"},
    {"revision-rules", "kubernetes.oldest", "the oldest Kubernetes version on which the add-on can be enabled"},
    {"revision-rules", "checked_on_upgrade.since",
     "the day from which AKS checks compatibility only when something is upgraded"},
    {"revision-rules", "recovery_by_cluster_upgrade.since",
     "the day from which a cluster may be upgraded although its revision does not fit"},
    {"revision-rules", "long_term_support.plan", "the name of the support plan for long-term support"},
    {"revision-rules", "long_term_support.standard_plan", "the name of the standard support plan"},
    {"revision-rules", "long_term_support.tier", "the tier that long-term support needs"},
    {"revision-rules", "mesh_with_long_term_support.first_revision",
     "the first revision for clusters with long-term support"},
    {"revision-rules", "mesh_with_long_term_support.first_kubernetes",
     "the first Kubernetes version with a revision for long-term support"},
    {"revision-rules", "mesh_with_long_term_support.since",
     "the day from which clusters with long-term support have revisions that fit"},
    {"sources", "date", "the day of the newest page"},
    {"telemetry-fields", "supported_providers.*", "a supported provider in Telemetry field `{}`"},
    {"telemetry-fields", "unclassified", "a Telemetry field that no page classifies"},
    {"traffic-redirection", "rows", "the mechanisms of traffic redirection"},
    {"traffic-redirection", "rows[].mechanisms", "a mechanism of traffic redirection"},
    {"traffic-redirection", "rows[].on_install", "the mechanism of a new installation"},
    {"traffic-redirection", "upgrade_keeps", "whether an upgrade keeps the mechanism of traffic redirection"},
    {"traffic-redirection", "capabilities", "a capability that sidecars' init containers need"},
    {"traffic-redirection", "refused_by.label", "the label by which a namespace enforces a pod security standard"},
    {"traffic-redirection", "refused_by.levels", "a pod security standard that refuses these init containers"},
};

struct TableWords {
  std::string_view table;
  std::string_view words;
};

constexpr TableWords subjects[] = {
    {"arm-fields", "versions of the ARM API"},
    {"autoscaling", "autoscaling"},
    {"blocked-kinds", "blocked kinds"},
    {"conflicts", "conflicts"},
    {"contradictions", "contradictions"},
    {"egress-gateways", "egress gateways"},
    {"envoy-filters", "EnvoyFilters"},
    {"features", "features"},
    {"gateway-api", "the Gateway API"},
    {"gateway-customizations", "customization of Gateways"},
    {"ingress-service", "the ingress Services"},
    {"istio-annotations", "annotations and labels of Istio"},
    {"istio-deprecations", "deprecations of Istio"},
    {"istio-fields", "fields of Istio's custom resources"},
    {"istio-kinds", "Istio's custom resources"},
    {"kubernetes-calendar", "the Kubernetes calendar"},
    {"kubernetes-removals", "API versions of Kubernetes"},
    {"managed-names", "names of the add-on"},
    {"mesh-config-classification", "the classification of mesh configuration"},
    {"mesh-fields", "fields of the mesh configuration"},
    {"native-sidecars", "native sidecars"},
    {"node-affinity", "nodes of the gateways"},
    {"plugin-ca", "certificate authorities of one's own"},
    {"release-calendar", "the release calendar"},
    {"revision-rules", "rules of revisions"},
    {"sources", "the sources"},
    {"telemetry-fields", "Telemetry fields"},
    {"traffic-redirection", "traffic redirection"},
};

}  // namespace

std::string fact_words(std::string_view table, std::string_view path) {
  for (const FactWords& fact : phrases) {
    if (fact.table != table) continue;
    const std::size_t star = fact.path.find('*');
    if (star == std::string_view::npos) {
      if (fact.path == path) return std::string(fact.words);
      continue;
    }
    const std::string_view before = fact.path.substr(0, star);
    const std::string_view behind = fact.path.substr(star + 1);
    if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind)) continue;
    const std::string_view name = path.substr(before.size(), path.size() - before.size() - behind.size());
    return fmt::format(fmt::runtime(fact.words), name);
  }
  return {};
}

std::string table_words(std::string_view table) {
  const auto found = std::ranges::find(subjects, table, &TableWords::table);
  return std::string(found == std::end(subjects) ? table : found->words);
}

}  // namespace meshlint
