#include "linter/cluster_body.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace meshlint {
namespace {

// The place where something is missing below a value.
Node hole_at(Node node) {
  return node ? Node(*node.document(), node.index(), false) : node;
}

constexpr int reference_limit = 32;  // variables that name variables that name variables

constexpr Spelling switches[] = {{"Enabled", "Enabled"}, {"Disabled", "Disabled"}};
constexpr Spelling installations[] = {{"Standard", "Standard"}, {"Disabled", "Disabled"}};

// One of `ingressGateways`, also into the fact of its mode.
void read_ingress_gateway(const Setting& gateway, ClusterDefinition& cluster) {
  const auto mode = read_enumerator(gateway["mode"], ingress_modes);
  const bool is_external = mode.value == "External";
  const bool is_internal = mode.value == "Internal";
  auto enabled = gateway["enabled"].boolean();
  cluster.ingress_gateways.push_back({gateway.node(), mode, enabled});
  if (enabled.has_value()) enabled.known = std::min(enabled.known, mode.known);
  if (mode.has_value() && is_external) cluster.external_ingress = enabled;
  if (mode.has_value() && is_internal) cluster.internal_ingress = enabled;

  // A gateway whose mode is not certain may also be the other one.
  if (mode.known != Known::unresolved && mode.known != Known::defaulted) return;
  for (Fact<bool>* other : {&cluster.external_ingress, &cluster.internal_ingress}) {
    if (other->known == Known::unstated) other->known = Known::unresolved;
  }
}

void read_ingress(const Setting& list, ClusterDefinition& cluster) {
  cluster.ingress_known = list.known();
  cluster.ingress_node = list.node();
  const Known silence = list.known() == Known::unresolved ? Known::unresolved : Known::unstated;
  const Node place = hole_at(list.node());
  cluster.external_ingress = {silence, false, place};
  cluster.internal_ingress = {silence, false, place};
  for (const Setting& gateway : list.items()) read_ingress_gateway(gateway, cluster);
}

void read_egress(const Setting& list, ClusterDefinition& cluster) {
  cluster.egress_known = list.known();
  cluster.egress_node = list.node();
  for (const Setting& gateway : list.items()) {
    cluster.egress_gateways.push_back({gateway.node(), gateway["name"].text(), gateway["namespace"].text(),
                                       gateway["gatewayConfigurationName"].text(), gateway["enabled"].boolean(),
                                       gateway["nodeSelector"].node()});
  }
}

// A resource's ID; a reference to an object that has one stands for a value that nobody can know.
Fact<std::string> read_resource_id(const Setting& holder, std::string_view id, std::string_view reference) {
  auto fact = holder[id].text();
  if (fact.known != Known::unstated) return fact;
  const Setting referred = holder[reference];
  auto address = referred["armId"].text();
  if (address.known != Known::unstated || referred.known() == Known::unstated) return address;
  return {Known::unresolved, {}, referred.node()};
}

void read_certificate_authority(const Setting& plugin, CertificateAuthority& authority) {
  authority.known = plugin.known();
  authority.node = plugin.node();
  authority.key_vault = read_resource_id(plugin, "keyVaultId", "keyVaultReference");
  authority.root_certificate = plugin["rootCertObjectName"].text();
  authority.certificate_chain = plugin["certChainObjectName"].text();
  authority.certificate = plugin["certObjectName"].text();
  authority.key = plugin["keyObjectName"].text();
}

void read_network(const Setting& network, ClusterDefinition& cluster) {
  cluster.network_plugin = network["networkPlugin"].text();
  cluster.network_plugin_mode = network["networkPluginMode"].text();
  cluster.network_policy = network["networkPolicy"].text();
  cluster.network_dataplane = network["networkDataplane"].text();
  cluster.static_egress = network["staticEgressGatewayProfile"]["enabled"].boolean();
  for (const Setting& family : network["ipFamilies"].items()) cluster.ip_families.push_back(family.text());
}

void read_pools(const Setting& list, ClusterDefinition& cluster) {
  cluster.pools_known = list.has_value() && !list.node().is_sequence() ? Known::unresolved : list.known();
  for (const Setting& pool : list.items()) {
    cluster.pools.push_back(read_pool(pool));
    if (pool.known() == Known::unresolved) cluster.pools_known = Known::unresolved;
  }
}

}  // namespace

Setting follow_expressions(const Setting& written) {
  Setting setting = written;
  for (int steps = 0; setting.scope() != nullptr && setting.scope()->is_expression(setting.node()); ++steps) {
    const auto next = steps < reference_limit ? setting.scope()->follow(setting) : std::nullopt;
    if (!next) return Setting(written.node(), Known::unresolved, written.scope());
    setting = *next;
  }
  return setting;
}

bool is_same_field(std::string_view a, std::string_view b) {
  const auto skip = [](std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of("_-", at), text.size());
  };
  std::size_t i = skip(a, 0);
  std::size_t j = skip(b, 0);
  for (; i < a.size() && j < b.size() && lower_letter(a[i]) == lower_letter(b[j]); i = skip(a, i + 1))
    j = skip(b, j + 1);
  return i == a.size() && j == b.size();
}

bool is_cluster_type(std::string_view type) {
  return equals_ignoring_case(type, "Microsoft.ContainerService/managedClusters");
}

Setting::Setting(Node written, Known certainty, const ExpressionScope* scope)
    : node_(written), certainty_(certainty), scope_(scope) {}

Known Setting::known() const {
  if (certainty_ == Known::unresolved || node_.unresolved()) return Known::unresolved;
  const bool is_empty_list = node_.is_sequence() && node_.size() == 0;
  const bool is_empty_text = node_.is_scalar() && node_.text().empty();
  if (!node_.is_null() && !is_empty_list && !is_empty_text) return certainty_;
  return certainty_ == Known::defaulted ? Known::unresolved : Known::unstated;
}

Node Setting::node() const {
  return known() == Known::unstated ? hole_at(node_) : node_;
}

Setting Setting::operator[](std::string_view field) const {
  Node found = node_[field];
  if (!found) {
    for (const Entry& entry : node_.entries()) {
      if (is_same_field(entry.key.text(), field)) found = entry.value;
    }
  }
  const bool is_made_beside = scope_ != nullptr && scope_->is_made_beside(node_, field);
  const Known certainty = is_made_beside || node_.unresolved() ? Known::unresolved : certainty_;
  return follow_expressions(Setting(found, certainty, scope_));
}

std::vector<Setting> Setting::items() const {
  std::vector<Setting> result;
  for (const Node item : node_.items()) result.push_back(follow_expressions(Setting(item, certainty_, scope_)));
  return result;
}

Fact<std::string> Setting::text() const {
  if (!has_value()) return {known(), {}, node()};
  if (!node_.is_scalar()) return {Known::unresolved, {}, node_};
  std::string_view text = node_.text();
  if (scope_ != nullptr && scope_->doubles_brackets && text.starts_with("[[")) text.remove_prefix(1);
  return {known(), std::string(text), node_};
}

Fact<bool> Setting::boolean() const {
  const auto word = text();
  if (!word.has_value()) return {word.known, false, word.node};
  const bool is_yaml_boolean = word.node.type() == ScalarType::boolean;
  const auto is_one_of = [&](std::string_view canonical, std::initializer_list<std::string_view> yaml) {
    const auto is_same = [&word](std::string_view other) { return equals_ignoring_case(word.value, other); };
    return is_same(canonical) || (is_yaml_boolean && std::ranges::any_of(yaml, is_same));
  };
  if (is_one_of("true", {"yes", "on", "y"})) return {word.known, true, word.node};
  if (is_one_of("false", {"no", "off", "n"})) return {word.known, false, word.node};
  return {Known::unresolved, false, word.node};
}

Fact<std::string> read_version(const Setting& setting) {
  auto version = setting.text();
  if (version.value.starts_with('v') || version.value.starts_with('V')) version.value.erase(0, 1);
  return version;
}

Fact<std::string> read_enumerator(const Setting& setting, std::span<const Spelling> spellings) {
  auto fact = setting.text();
  const auto known = std::ranges::find_if(
      spellings, [&](const Spelling& spelling) { return equals_ignoring_case(spelling.written, fact.value); });
  if (fact.has_value() && known != spellings.end()) fact.value = known->canonical;
  return fact;
}

void read_revisions(const Setting& list, ClusterDefinition& cluster) {
  cluster.revisions_node = list.node();
  cluster.revisions_known = list.has_value() && !list.node().is_sequence() ? Known::unresolved : list.known();
  for (const Setting& revision : list.items()) {
    if (auto fact = revision.text(); fact.known != Known::unstated) cluster.revisions.push_back(std::move(fact));
  }
}

void read_sku(const Setting& sku, ClusterDefinition& cluster) {
  cluster.sku_name = read_enumerator(sku["name"], sku_names);
  cluster.sku_tier = read_enumerator(sku["tier"], sku_tiers);
}

void read_mesh(const Setting& profile, ClusterDefinition& cluster) {
  const Setting istio = profile["istio"];
  const Setting components = istio["components"];
  cluster.mesh_node = profile.node();
  cluster.mesh_known = profile.known();
  cluster.istio_known = istio.known();
  cluster.mesh_mode = read_enumerator(profile["mode"], mesh_modes);
  read_revisions(istio["revisions"], cluster);
  cluster.proxy_redirection = read_enumerator(components["proxyRedirectionMechanism"], redirections);
  read_ingress(components["ingressGateways"], cluster);
  read_egress(components["egressGateways"], cluster);
  read_certificate_authority(istio["certificateAuthority"]["plugin"], cluster.certificate_authority);
}

void read_body(const Setting& body, ClusterDefinition& cluster) {
  cluster.kubernetes_version = read_version(body["kubernetesVersion"]);
  cluster.support_plan = read_enumerator(body["supportPlan"], support_plans);

  read_mesh(body["serviceMeshProfile"], cluster);
  read_network(body["networkProfile"], cluster);
  read_pools(body["agentPoolProfiles"], cluster);

  const Setting ingress = body["ingressProfile"];
  const Setting app_routing = ingress["webAppRouting"];
  cluster.gateway_api_installation = read_enumerator(ingress["gatewayAPI"]["installation"], installations);
  cluster.app_routing = app_routing["enabled"].boolean();
  cluster.app_routing_istio =
      read_enumerator(app_routing["gatewayAPIImplementations"]["appRoutingIstio"]["mode"], switches);

  const Setting add_ons = body["addonProfiles"];
  cluster.open_service_mesh = add_ons["openServiceMesh"]["enabled"].boolean();
  cluster.secrets_provider = add_ons["azureKeyvaultSecretsProvider"]["enabled"].boolean();
  cluster.virtual_nodes = add_ons["aciConnectorLinux"]["enabled"].boolean();
  cluster.http_proxy = read_http_proxy(body["httpProxyConfig"]);
  cluster.upgrade_channel = body["autoUpgradeProfile"]["upgradeChannel"].text();
}

Fact<bool> read_http_proxy(const Setting& proxy) {
  const auto enabled = proxy["enabled"].boolean();
  if (enabled.known != Known::unstated) return enabled;
  return {proxy.known(), proxy.has_value(), proxy.node()};
}

NodePool read_pool(const Setting& pool) {
  NodePool result;
  result.place = pool.node();
  result.name = pool["name"].text();
  result.mode = read_enumerator(pool["mode"], pool_modes);
  result.os_type = read_enumerator(pool["osType"], operating_systems);
  result.kubernetes_version = read_version(pool["orchestratorVersion"]);
  result.pod_subnet = read_resource_id(pool, "podSubnetID", "podSubnetReference");
  result.autoscaling = pool["enableAutoScaling"].boolean();
  result.count = pool["count"].text();
  result.public_ip_prefix_size = pool["gatewayProfile"]["publicIPPrefixSize"].text();
  return result;
}

void read_gitops_paths(const Setting& properties, ClusterDefinition& cluster) {
  const auto repository = properties["gitRepository"]["url"].text();
  const Setting kustomizations = properties["kustomizations"];
  for (const Entry& entry : kustomizations.node().entries()) {
    const auto path = kustomizations[entry.key.text()]["path"].text();
    if (path.known != Known::unstated) cluster.gitops_paths.push_back({path, repository});
  }
}

void set_deployed_by(std::vector<ClusterDefinition>& clusters, std::size_t first, Node deployed_by) {
  for (std::size_t i = first; i < clusters.size(); ++i) {
    if (!clusters[i].deployed_by && clusters[i].place.file() != deployed_by.file()) {
      clusters[i].deployed_by = deployed_by;
    }
  }
}

}  // namespace meshlint
