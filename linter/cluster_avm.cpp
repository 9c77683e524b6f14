#include "linter/cluster_avm.h"

#include <algorithm>
#include <utility>

namespace meshlint {
namespace {

constexpr std::string_view module_path = "avm/res/container-service/managed-cluster";
constexpr std::string_view module_title = "Azure Kubernetes Service (AKS) Managed Clusters";

template <class T>
void hide_silence(Fact<T>& fact) {
  if (fact.known == Known::unstated) fact.known = Known::unresolved;
}

Fact<bool> read_gateway(const Setting& enabled, std::string_view mode, ClusterDefinition& cluster) {
  const auto fact = enabled.boolean();
  if (fact.known == Known::unstated) return fact;
  cluster.ingress_known = std::max(cluster.ingress_known, fact.known);
  cluster.ingress_node = fact.node;
  cluster.ingress_gateways.push_back({fact.node, {Known::stated, std::string(mode), fact.node}, fact});
  return fact;
}

void read_authority(const Setting& values, CertificateAuthority& authority) {
  authority.known = values.known();
  authority.node = values.node();
  authority.key_vault = values["keyVaultResourceId"].text();
  authority.root_certificate = values["rootCertObjectName"].text();
  authority.certificate_chain = values["certChainObjectName"].text();
  authority.certificate = values["certObjectName"].text();
  authority.key = values["keyObjectName"].text();
}

// The mesh as versions before 0.12 have it: one parameter for each setting, and none for egress and redirection.
void read_flat_mesh(const ModuleArguments& arguments, ClusterDefinition& cluster) {
  const auto enabled = arguments["istioServiceMeshEnabled"].boolean();
  cluster.mesh_known = enabled.known;
  cluster.mesh_node = enabled.node;
  cluster.istio_known = enabled.known;
  cluster.mesh_mode = {enabled.known, enabled.has_value() ? (enabled.value ? "Istio" : "Disabled") : "", enabled.node};
  read_revisions(arguments["istioServiceMeshRevisions"], cluster);
  cluster.internal_ingress =
      read_gateway(arguments["istioServiceMeshInternalIngressGatewayEnabled"], "Internal", cluster);
  cluster.external_ingress =
      read_gateway(arguments["istioServiceMeshExternalIngressGatewayEnabled"], "External", cluster);
  read_authority(arguments["istioServiceMeshCertificateAuthority"], cluster.certificate_authority);
  cluster.egress_known = Known::unresolved;
  cluster.egress_node = enabled.node;
  cluster.proxy_redirection = {Known::unresolved, {}, enabled.node};
}

void read_pools(const Setting& list, ClusterDefinition& cluster) {
  if (list.known() == Known::unstated) return;
  const bool is_list = list.has_value() && list.node().is_sequence();
  if (!is_list) cluster.pools_known = Known::unresolved;
  for (const Setting& item : list.items()) {
    NodePool& pool = cluster.pools.emplace_back(read_pool(item));
    if (pool.pod_subnet.known == Known::unstated) pool.pod_subnet = item["podSubnetResourceId"].text();
    if (item.known() == Known::unresolved) cluster.pools_known = Known::unresolved;
  }
}

void read_network(const ModuleArguments& arguments, ClusterDefinition& cluster) {
  cluster.network_plugin = arguments["networkPlugin"].text();
  cluster.network_plugin_mode = arguments["networkPluginMode"].text();
  cluster.network_policy = arguments["networkPolicy"].text();
  cluster.network_dataplane = arguments["networkDataplane"].text();
  cluster.static_egress = arguments["staticEgressGatewayProfile"]["enabled"].boolean();
  for (const Setting& family : arguments["ipFamilies"].items()) cluster.ip_families.push_back(family.text());
}

}  // namespace

bool is_avm_cluster(std::string_view path) {
  if (!path.starts_with("br:") && !path.starts_with("br/")) return false;
  const auto version = path.rfind(':');
  return version > 2 && path.substr(0, version).ends_with(module_path);
}

bool is_avm_cluster(Node compiled) {
  return compiled["metadata"]["name"].text() == module_title;
}

void read_avm_cluster(const ModuleArguments& arguments, ClusterDefinition& cluster) {
  cluster.name = arguments["name"].text();
  cluster.api_version = {Known::unresolved, {}, cluster.place};  // that of the module's version
  cluster.kubernetes_version = read_version(arguments["kubernetesVersion"]);
  cluster.support_plan = read_enumerator(arguments["supportPlan"], support_plans);
  cluster.sku_name = read_enumerator(arguments["skuName"], sku_names);
  cluster.sku_tier = read_enumerator(arguments["skuTier"], sku_tiers);
  hide_silence(cluster.sku_tier);

  const Setting mesh = arguments["serviceMeshProfile"];
  const bool is_flat =
      mesh.known() == Known::unstated && arguments["istioServiceMeshEnabled"].known() != Known::unstated;
  is_flat ? read_flat_mesh(arguments, cluster) : read_mesh(mesh, cluster);

  cluster.app_routing = arguments["webApplicationRoutingEnabled"].boolean();
  cluster.app_routing_istio = {Known::unresolved, {}, cluster.place};
  cluster.gateway_api_installation = {Known::unresolved, {}, cluster.place};
  cluster.open_service_mesh = arguments["openServiceMeshEnabled"].boolean();
  cluster.secrets_provider = arguments["enableKeyvaultSecretsProvider"].boolean();
  cluster.virtual_nodes = arguments["aciConnectorLinuxEnabled"].boolean();
  cluster.http_proxy = read_http_proxy(arguments["httpProxyConfig"]);
  read_network(arguments, cluster);

  cluster.upgrade_channel = arguments["autoUpgradeProfile"]["upgradeChannel"].text();
  if (cluster.upgrade_channel.known == Known::unstated) {
    cluster.upgrade_channel = arguments["autoUpgradeProfileUpgradeChannel"].text();
  }
  hide_silence(cluster.upgrade_channel);

  cluster.pools_known = Known::stated;
  for (const char* name : {"primaryAgentPoolProfiles", "primaryAgentPoolProfile", "agentPools"}) {
    read_pools(arguments[name], cluster);
  }
}

}  // namespace meshlint
