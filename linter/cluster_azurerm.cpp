#include <algorithm>

#include "linter/cluster_body.h"

namespace meshlint {
namespace {

// The first of two names for a field that is stated, or else the first.
Setting either(const Setting& holder, std::string_view name, std::string_view old_name) {
  const Setting current = holder[name];
  const Setting old = holder[old_name];
  return current.known() == Known::unstated && old.known() != Known::unstated && old.node() ? old : current;
}

// What this resource cannot say, but others can about the same cluster.
template <class T>
Fact<T> inexpressible(const Setting& holder) {
  return {Known::unresolved, {}, holder.node()};
}

// What follows from a block or resource being there.
Fact<std::string> implied(const Setting& holder, std::string_view value) {
  if (!holder.has_value()) return {holder.known(), {}, holder.node()};
  return {holder.known(), std::string(value), holder.node()};
}

// Whether an add-on's block is there.
Fact<bool> presence(const Setting& written) {
  return {written.known(), written.has_value(), written.node()};
}

void read_ingress_gateway(const Setting& profile, std::string_view field, std::string_view mode, Fact<bool>& enabled,
                          ClusterDefinition& cluster) {
  const Setting flag = profile[field];
  enabled = flag.boolean();
  if (enabled.known == Known::unstated) return;
  cluster.ingress_known = std::max(cluster.ingress_known, enabled.known);
  cluster.ingress_gateways.push_back({flag.node(), implied(flag, mode), enabled});
}

void read_certificate_authority(const Setting& plugin, CertificateAuthority& authority) {
  authority.known = plugin.known();
  authority.node = plugin.node();
  authority.key_vault = plugin["keyVaultId"].text();
  authority.root_certificate = either(plugin, "rootCertObjectName", "rootCertificateObjectName").text();
  authority.certificate_chain = either(plugin, "certChainObjectName", "certificateChainObjectName").text();
  authority.certificate = either(plugin, "certObjectName", "certificateObjectName").text();
  authority.key = plugin["keyObjectName"].text();
}

void read_mesh_block(const Setting& profile, ClusterDefinition& cluster) {
  cluster.mesh_node = profile.node();
  cluster.mesh_known = profile.known();
  cluster.istio_known = profile.known();
  cluster.mesh_mode = read_enumerator(profile["mode"], mesh_modes);
  read_revisions(profile["revisions"], cluster);
  cluster.proxy_redirection = inexpressible<std::string>(profile);
  cluster.ingress_node = profile.node();
  read_ingress_gateway(profile, "externalIngressGatewayEnabled", "External", cluster.external_ingress, cluster);
  read_ingress_gateway(profile, "internalIngressGatewayEnabled", "Internal", cluster.internal_ingress, cluster);
  if (profile.known() == Known::unresolved) cluster.ingress_known = Known::unresolved;
  cluster.egress_known = Known::unresolved;
  cluster.egress_node = profile.node();
  read_certificate_authority(block(profile, "certificateAuthority"), cluster.certificate_authority);
}

void read_network(const Setting& network, ClusterDefinition& cluster) {
  cluster.network_plugin = network["networkPlugin"].text();
  cluster.network_plugin_mode = network["networkPluginMode"].text();
  cluster.network_policy = network["networkPolicy"].text();
  cluster.network_dataplane = either(network, "networkDataPlane", "ebpfDataPlane").text();
  cluster.static_egress = inexpressible<bool>(network);
  for (const Setting& family : network["ipVersions"].items()) cluster.ip_families.push_back(family.text());
}

void read_default_pool(const Setting& written, ClusterDefinition& cluster) {
  cluster.pools_known = Known::unresolved;  // other pools are resources of their own, in whatever file
  if (written.known() == Known::unstated) return;
  NodePool pool = read_azurerm_pool(written);
  pool.mode = implied(written, "System");
  pool.os_type = implied(written, "Linux");
  cluster.pools.push_back(std::move(pool));
}

}  // namespace

Setting block(const Setting& holder, std::string_view field) {
  const Setting written = holder[field];
  const auto items = written.items();
  return items.empty() ? written : items.front();
}

void read_azurerm_body(const Setting& body, ClusterDefinition& cluster) {
  cluster.kubernetes_version = read_version(body["kubernetesVersion"]);
  cluster.support_plan = read_enumerator(body["supportPlan"], support_plans);
  cluster.sku_name = inexpressible<std::string>(body);
  cluster.sku_tier = read_enumerator(body["skuTier"], sku_tiers);

  read_mesh_block(block(body, "serviceMeshProfile"), cluster);
  read_network(block(body, "networkProfile"), cluster);
  read_default_pool(block(body, "defaultNodePool"), cluster);

  cluster.gateway_api_installation = inexpressible<std::string>(body);
  cluster.app_routing = presence(block(body, "webAppRouting"));
  cluster.app_routing_istio = inexpressible<std::string>(body);
  cluster.open_service_mesh = body["openServiceMeshEnabled"].boolean();
  cluster.secrets_provider = presence(block(body, "keyVaultSecretsProvider"));
  cluster.virtual_nodes = presence(block(body, "aciConnectorLinux"));
  cluster.http_proxy = presence(block(body, "httpProxyConfig"));
  cluster.upgrade_channel = either(body, "automaticUpgradeChannel", "automaticChannelUpgrade").text();
}

void read_azurerm_automatic_body(const Setting& body, ClusterDefinition& cluster) {
  read_azurerm_body(body, cluster);
  cluster.kubernetes_version = inexpressible<std::string>(body);  // Azure chooses
  cluster.sku_name = implied(body, "Automatic");

  const Setting mesh = block(body, "serviceMesh");
  read_mesh_block(mesh, cluster);
  cluster.mesh_mode = implied(mesh, "Istio");
  cluster.proxy_redirection = read_enumerator(mesh["proxyRedirectMechanism"], redirections);
  if (cluster.proxy_redirection.known == Known::unstated) cluster.proxy_redirection = implied(mesh, "InitContainers");

  const Setting routing = block(body, "webAppRoutingIngress");
  const auto istio = routing["istioEnabled"].boolean();
  cluster.app_routing = presence(routing);
  cluster.app_routing_istio = {istio.known, istio.value ? "Enabled" : "Disabled", istio.node};
  if (!istio.has_value()) cluster.app_routing_istio.value.clear();
}

NodePool read_azurerm_pool(const Setting& pool) {
  NodePool result = read_pool(pool);
  result.autoscaling = either(pool, "autoScalingEnabled", "enableAutoScaling").boolean();
  result.public_ip_prefix_size = inexpressible<std::string>(pool);
  return result;
}

}  // namespace meshlint
