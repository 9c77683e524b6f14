// The same cluster, written in every format that can express it, comes to the same facts.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "tests/found_clusters.h"

namespace meshlint {
namespace {

using nlohmann::json;
// What some definition states of a cluster: names as in for_each_setting.
using Settings = std::map<std::string, std::string>;

// All facts of a cluster, by name. How sure the lists are and what is in them are facts as well.
Settings facts_of(const ClusterDefinition& cluster) {
  Settings facts;
  for_each_setting(cluster, [&facts](std::string_view name, const auto& fact) {
    if (name != "API version") facts[std::string(name)] = show(fact);  // each format has its own
  });
  facts["revisions"] = fmt::format("{}: {}", to_string(cluster.revisions_known), show(cluster.revisions));
  facts["egress"] = to_string(cluster.egress_known);
  for (const EgressGateway& gateway : cluster.egress_gateways) {
    facts["egress"] += fmt::format(", {} in {} by {} {}", show(gateway.name), show(gateway.name_space),
                                   show(gateway.configuration), show(gateway.enabled));
  }
  facts["IP families"] = show(cluster.ip_families);
  for (const NodePool& pool : cluster.pools) {
    facts["pools"] += fmt::format("{}, {}, {}, {};", show(pool.name), show(pool.mode), show(pool.os_type),
                                  show(pool.kubernetes_version));
  }
  return facts;
}

// A cluster, with the values that it states.
struct Setup {
  std::optional<std::string> version;
  std::optional<std::string> plan;
  std::optional<std::string> sku;
  std::optional<std::string> tier;
  bool has_mesh = false;
  std::vector<std::string> revisions;
  std::optional<std::string> redirection;
  std::optional<bool> external;
  std::optional<bool> internal;
  bool has_egress = false;
  bool has_authority = false;
  std::optional<std::string> gateway_api;
  bool has_app_routing = false;
  std::optional<std::string> app_routing_istio;
  bool has_open_service_mesh = false;
  bool has_secrets_provider = false;
  bool has_virtual_nodes = false;
  std::optional<std::string> plugin;
  std::optional<std::string> plugin_mode;
  std::optional<std::string> policy;
  std::optional<std::string> dataplane;
  bool has_static_egress = false;
  bool has_two_families = false;
  std::optional<std::string> channel;
  bool has_pool = false;
  std::optional<std::string> pool_version;
};

constexpr const char* key_vault = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/keys";
constexpr const char* cluster_id =
    "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop";

Setup make_setup(std::mt19937& random) {
  const auto toss = [&random] { return random() % 2 == 0; };
  const auto choose = [&](std::initializer_list<const char*> values) -> std::optional<std::string> {
    if (toss()) return std::nullopt;
    return values.begin()[random() % values.size()];
  };
  const auto choose_bool = [&]() -> std::optional<bool> {
    if (toss()) return std::nullopt;
    return toss();
  };
  Setup setup;
  setup.version = choose({"1.30", "1.31.4"});
  setup.plan = choose({"KubernetesOfficial", "AKSLongTermSupport"});
  setup.sku = choose({"Base", "Automatic"});
  setup.tier = choose({"Free", "Standard"});
  setup.has_mesh = random() % 4 != 0;
  if (setup.has_mesh) {
    if (toss()) setup.revisions.emplace_back("asm-1-27");
    if (!setup.revisions.empty() && toss()) setup.revisions.emplace_back("asm-1-28");
    setup.redirection = choose({"InitContainers", "CNIChaining"});
    setup.external = choose_bool();
    setup.internal = choose_bool();
    setup.has_egress = toss();
    setup.has_authority = toss();
  }
  setup.gateway_api = choose({"Standard", "Disabled"});
  setup.has_app_routing = toss();
  setup.app_routing_istio = choose({"Enabled", "Disabled"});
  setup.has_open_service_mesh = toss();
  setup.has_secrets_provider = toss();
  setup.has_virtual_nodes = toss();
  setup.plugin = choose({"azure", "kubenet", "none"});
  setup.plugin_mode = choose({"overlay"});
  setup.policy = choose({"azure", "calico"});
  setup.dataplane = choose({"azure", "cilium"});
  setup.has_static_egress = toss();
  setup.has_two_families = toss();
  setup.channel = choose({"patch", "stable"});
  setup.has_pool = toss();
  setup.pool_version = choose({"1.30"});
  return setup;
}

// What the facts are where nothing is said, in a format that can express everything.
Settings expected_of(const Setup& setup) {
  const auto say = [](const auto& value) { return value ? "stated " + *value : std::string("unstated"); };
  const auto say_bool = [](std::optional<bool> value) {
    return value ? (*value ? "stated true" : "stated false") : "unstated";
  };
  const auto say_if = [](bool is_said, const std::string& value) { return is_said ? "stated " + value : "unstated"; };
  Settings facts{
      {"name", "stated shop"},
      {"Kubernetes version", say(setup.version)},
      {"support plan", say(setup.plan)},
      {"SKU", say(setup.sku)},
      {"tier", say(setup.tier)},
      {"service mesh", say_if(setup.has_mesh, "Istio")},
      {"proxy redirection", say(setup.redirection)},
      {"external ingress", say_bool(setup.external)},
      {"internal ingress", say_bool(setup.internal)},
      {"Key Vault of the CA", say_if(setup.has_authority, key_vault)},
      {"root certificate", say_if(setup.has_authority, "root")},
      {"certificate chain", say_if(setup.has_authority, "chain")},
      {"CA certificate", say_if(setup.has_authority, "cert")},
      {"CA key", say_if(setup.has_authority, "key")},
      {"managed Gateway API", say(setup.gateway_api)},
      {"application routing", say_if(setup.has_app_routing, "true")},
      {"App Routing Istio", say(setup.app_routing_istio)},
      {"Open Service Mesh", say_if(setup.has_open_service_mesh, "true")},
      {"secrets provider", say_if(setup.has_secrets_provider, "true")},
      {"virtual nodes", say_if(setup.has_virtual_nodes, "true")},
      {"HTTP proxy", "unstated"},
      {"network plugin", say(setup.plugin)},
      {"network plugin mode", say(setup.plugin_mode)},
      {"network policy", say(setup.policy)},
      {"network dataplane", say(setup.dataplane)},
      {"static egress", say_if(setup.has_static_egress, "true")},
      {"upgrade channel", say(setup.channel)},
      {"egress", setup.has_egress ? "stated, stated out in stated egress-ns by stated sgc stated true" : "unstated"},
      {"IP families", setup.has_two_families ? "stated IPv4, stated IPv6" : ""},
  };
  facts["revisions"] = setup.revisions.empty() ? "unstated: " : "stated: ";
  for (const auto& revision : setup.revisions) {
    facts["revisions"] += (facts["revisions"].ends_with(": ") ? "stated " : ", stated ") + revision;
  }
  if (setup.has_pool) facts["pools"] = "stated sys, stated System, stated Linux, " + say(setup.pool_version) + ";";
  return facts;
}

void put(json& holder, const char* field, const auto& value) {
  if (value) holder[field] = *value;
}

// `properties` of Azure's API, with the Key Vault as this format names it.
json arm_properties(const Setup& setup, const char* key_vault_field = "keyVaultId", const json& vault = key_vault) {
  json body = json::object();
  put(body, "kubernetesVersion", setup.version);
  put(body, "supportPlan", setup.plan);
  if (setup.has_mesh) {
    json& profile = body["serviceMeshProfile"];
    profile["mode"] = "Istio";
    json istio = json::object();
    if (!setup.revisions.empty()) istio["revisions"] = setup.revisions;
    json components = json::object();
    put(components, "proxyRedirectionMechanism", setup.redirection);
    if (setup.external) components["ingressGateways"].push_back({{"mode", "External"}, {"enabled", *setup.external}});
    if (setup.internal) components["ingressGateways"].push_back({{"mode", "Internal"}, {"enabled", *setup.internal}});
    if (setup.has_egress) {
      components["egressGateways"] = {
          {{"enabled", true}, {"name", "out"}, {"namespace", "egress-ns"}, {"gatewayConfigurationName", "sgc"}}};
    }
    if (!components.empty()) istio["components"] = components;
    if (setup.has_authority) {
      istio["certificateAuthority"]["plugin"] = {{key_vault_field, vault},
                                                 {"rootCertObjectName", "root"},
                                                 {"certChainObjectName", "chain"},
                                                 {"certObjectName", "cert"},
                                                 {"keyObjectName", "key"}};
    }
    if (!istio.empty()) profile["istio"] = istio;
  }
  if (setup.gateway_api) body["ingressProfile"]["gatewayAPI"]["installation"] = *setup.gateway_api;
  if (setup.has_app_routing) body["ingressProfile"]["webAppRouting"]["enabled"] = true;
  if (setup.app_routing_istio) {
    body["ingressProfile"]["webAppRouting"]["gatewayAPIImplementations"]["appRoutingIstio"]["mode"] =
        *setup.app_routing_istio;
  }
  if (setup.has_open_service_mesh) body["addonProfiles"]["openServiceMesh"]["enabled"] = true;
  if (setup.has_secrets_provider) body["addonProfiles"]["azureKeyvaultSecretsProvider"]["enabled"] = true;
  if (setup.has_virtual_nodes) body["addonProfiles"]["aciConnectorLinux"]["enabled"] = true;
  json network = json::object();
  put(network, "networkPlugin", setup.plugin);
  put(network, "networkPluginMode", setup.plugin_mode);
  put(network, "networkPolicy", setup.policy);
  put(network, "networkDataplane", setup.dataplane);
  if (setup.has_static_egress) network["staticEgressGatewayProfile"]["enabled"] = true;
  if (setup.has_two_families) network["ipFamilies"] = {"IPv4", "IPv6"};
  if (!network.empty()) body["networkProfile"] = network;
  if (setup.channel) body["autoUpgradeProfile"]["upgradeChannel"] = *setup.channel;
  if (setup.has_pool) {
    json pool{{"name", "sys"}, {"mode", "System"}, {"osType", "Linux"}};
    put(pool, "orchestratorVersion", setup.pool_version);
    body["agentPoolProfiles"] = json::array({pool});
  }
  return body;
}

json sku_of(const Setup& setup) {
  json sku = json::object();
  put(sku, "name", setup.sku);
  put(sku, "tier", setup.tier);
  return sku;
}

// The arguments of an `azurerm_kubernetes_cluster`.
json azurerm_body(const Setup& setup) {
  json body{{"name", "shop"}};
  put(body, "kubernetes_version", setup.version);
  put(body, "support_plan", setup.plan);
  put(body, "sku_tier", setup.tier);
  if (setup.has_mesh) {
    json& profile = body["service_mesh_profile"];
    profile["mode"] = "Istio";
    if (!setup.revisions.empty()) profile["revisions"] = setup.revisions;
    put(profile, "external_ingress_gateway_enabled", setup.external);
    put(profile, "internal_ingress_gateway_enabled", setup.internal);
    if (setup.has_authority) {
      profile["certificate_authority"] = {{"key_vault_id", key_vault},
                                          {"root_cert_object_name", "root"},
                                          {"cert_chain_object_name", "chain"},
                                          {"cert_object_name", "cert"},
                                          {"key_object_name", "key"}};
    }
  }
  if (setup.has_app_routing) body["web_app_routing"]["dns_zone_ids"] = {"/zone"};
  if (setup.has_open_service_mesh) body["open_service_mesh_enabled"] = true;
  if (setup.has_secrets_provider) body["key_vault_secrets_provider"]["secret_rotation_enabled"] = true;
  if (setup.has_virtual_nodes) body["aci_connector_linux"]["subnet_name"] = "aci";
  json network = json::object();
  put(network, "network_plugin", setup.plugin);
  put(network, "network_plugin_mode", setup.plugin_mode);
  put(network, "network_policy", setup.policy);
  put(network, "network_data_plane", setup.dataplane);
  if (setup.has_two_families) network["ip_versions"] = {"IPv4", "IPv6"};
  if (!network.empty()) body["network_profile"] = network;
  put(body, "automatic_upgrade_channel", setup.channel);
  if (setup.has_pool) {
    body["default_node_pool"]["name"] = "sys";
    put(body["default_node_pool"], "orchestrator_version", setup.pool_version);
  }
  return body;
}

std::string camel_case(std::string_view snake) {
  std::string camel;
  for (std::size_t i = 0; i < snake.size(); ++i) {
    const bool is_word = snake[i] == '_';
    if (is_word) ++i;
    camel += is_word ? static_cast<char>(snake[i] - 'a' + 'A') : snake[i];
  }
  return camel;
}

// The same fields in camel case; with each block as an object, or as a list of one.
json camel_cased(const json& snake, bool lists) {
  json camel = json::object();
  for (const auto& [key, value] : snake.items()) {
    json inner = value.is_object() ? camel_cased(value, lists) : value;
    camel[camel_case(key)] = value.is_object() && lists ? json::array({inner}) : inner;
  }
  return camel;
}

std::string to_bicep(const json& value, int depth = 0) {
  const std::string indent(static_cast<std::size_t>(2 * depth + 2), ' ');
  const std::string outer(static_cast<std::size_t>(2 * depth), ' ');
  if (value.is_string()) return fmt::format("'{}'", value.get<std::string>());
  if (!value.is_structured()) return value.dump();
  std::string text = value.is_object() ? "{\n" : "[\n";
  for (const auto& [key, inner] : value.items()) {
    text += indent + (value.is_object() ? key + ": " : "") + to_bicep(inner, depth + 1) + "\n";
  }
  return text + outer + (value.is_object() ? "}" : "]");
}

// A value as HCL's expression.
std::string to_hcl(const json& value) {
  if (!value.is_object()) {
    if (!value.is_array()) return value.dump();
    std::string text = "[";
    for (const auto& inner : value) text += (text.size() > 1 ? ", " : "") + to_hcl(inner);
    return text + "]";
  }
  std::string text = "{\n";
  for (const auto& [key, inner] : value.items()) text += key + " = " + to_hcl(inner) + "\n";
  return text + "}";
}

// The content of a block, with objects as blocks.
std::string to_hcl_body(const json& body) {
  std::string text;
  for (const auto& [key, value] : body.items()) {
    text += value.is_object() ? key + " {\n" + to_hcl_body(value) + "}\n" : key + " = " + to_hcl(value) + "\n";
  }
  return text;
}

Files write_arm(const Setup& setup) {
  const json resource{{"type", "Microsoft.ContainerService/managedClusters"},
                      {"apiVersion", "2026-03-01"},
                      {"name", "shop"},
                      {"sku", sku_of(setup)},
                      {"properties", arm_properties(setup)}};
  const json root{{"$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
                  {"resources", json::array({resource})}};
  return {{"azuredeploy.json", root.dump(2)}};
}

Files write_bicep(const Setup& setup) {
  const json resource{{"name", "shop"}, {"sku", sku_of(setup)}, {"properties", arm_properties(setup)}};
  return {{"main.bicep",
           "resource shop 'Microsoft.ContainerService/managedClusters@2026-03-01' = " + to_bicep(resource) + "\n"}};
}

Files write_azapi(const Setup& setup) {
  const json body{{"sku", sku_of(setup)}, {"properties", arm_properties(setup)}};
  return {{"main.tf",
           "resource \"azapi_resource\" \"shop\" {\ntype = \"Microsoft.ContainerService/managedClusters@2026-03-01\"\n"
           "name = \"shop\"\nbody = " +
               to_hcl(body) + "\n}\n"}};
}

Files write_az_output(const Setup& setup) {
  json object = arm_properties(setup);
  object["name"] = "shop";
  object["id"] = cluster_id;
  object["type"] = "Microsoft.ContainerService/ManagedClusters";
  object["sku"] = sku_of(setup);
  if (!setup.has_pool) object["agentPoolProfiles"] = json::array({{{"name", "any"}, {"mode", nullptr}}});
  return {{"shop.json", object.dump()}};
}

json service_operator_object(const Setup& setup) {
  json spec = arm_properties(setup, "keyVaultReference", {{"armId", key_vault}});
  spec["sku"] = sku_of(setup);
  spec["owner"] = {{"name", "rg"}};
  return {{"apiVersion", "containerservice.azure.com/v20260301"},
          {"kind", "ManagedCluster"},
          {"metadata", {{"name", "shop"}, {"namespace", "aso"}}},
          {"spec", spec}};
}

Files write_service_operator(const Setup& setup) {
  return {{"aks.yaml", service_operator_object(setup).dump(2)}};
}

Files write_cluster_api(const Setup& setup) {
  const json root{{"apiVersion", "infrastructure.cluster.x-k8s.io/v1beta1"},
                  {"kind", "AzureASOManagedControlPlane"},
                  {"metadata", {{"name", "shop"}}},
                  {"spec", {{"resources", json::array({service_operator_object(setup)})}}}};
  return {{"capz.yaml", root.dump(2)}};
}

// The older kinds: a few fields of their own, and everything else as a patch of the Service Operator's object.
Files write_managed_control_plane(const Setup& setup) {
  json patch = arm_properties(setup, "keyVaultReference", {{"armId", key_vault}});
  json spec = json::object();
  if (setup.version) spec["version"] = "v" + *setup.version;
  if (setup.tier) spec["sku"]["tier"] = *setup.tier;
  if (setup.sku) patch["sku"]["name"] = *setup.sku;
  for (const auto* field : {"networkPlugin", "networkPluginMode", "networkPolicy", "networkDataplane"}) {
    if (!patch["networkProfile"].contains(field)) continue;
    spec[field] = patch["networkProfile"][field];
    patch["networkProfile"].erase(field);
  }
  if (setup.channel) spec["autoUpgradeProfile"]["upgradeChannel"] = *setup.channel;
  const json add_ons = patch.value("addonProfiles", json::object());
  for (const auto& [name, add_on] : add_ons.items()) {
    spec["addonProfiles"].push_back({{"name", name}, {"enabled", add_on["enabled"]}});
  }
  for (const auto* field : {"kubernetesVersion", "autoUpgradeProfile", "addonProfiles", "agentPoolProfiles"}) {
    patch.erase(field);
  }
  if (patch["networkProfile"].empty()) patch.erase("networkProfile");
  const json wrapped{{"spec", patch}};
  spec["asoManagedClusterPatches"] = json::array({wrapped.dump()});
  const std::string api = "infrastructure.cluster.x-k8s.io/v1beta1";
  const json plane{
      {"apiVersion", api}, {"kind", "AzureManagedControlPlane"}, {"metadata", {{"name", "shop"}}}, {"spec", spec}};
  std::string text = plane.dump(2);
  if (setup.has_pool) {
    json owner{{"apiVersion", "cluster.x-k8s.io/v1beta1"},
               {"kind", "MachinePool"},
               {"metadata", {{"name", "sys"}}},
               {"spec", {{"clusterName", "shop"}}}};
    json& machine = owner["spec"]["template"]["spec"];
    machine["infrastructureRef"] = {{"kind", "AzureManagedMachinePool"}, {"name", "sys"}};
    if (setup.pool_version) machine["version"] = "v" + *setup.pool_version;
    const json pool{{"apiVersion", api},
                    {"kind", "AzureManagedMachinePool"},
                    {"metadata", {{"name", "sys"}}},
                    {"spec", {{"mode", "System"}, {"osType", "Linux"}}}};
    text += "\n---\n" + owner.dump(2) + "\n---\n" + pool.dump(2) + "\n";
  }
  return {{"capz.yaml", text}};
}

Files write_terraform(const Setup& setup) {
  return {
      {"main.tf", "resource \"azurerm_kubernetes_cluster\" \"shop\" {\n" + to_hcl_body(azurerm_body(setup)) + "}\n"}};
}

Files write_terraform_json(const Setup& setup) {
  const json root{{"resource", {{"azurerm_kubernetes_cluster", {{"shop", azurerm_body(setup)}}}}}};
  return {{"main.tf.json", root.dump(2)}};
}

// A plan says null of what is not set, and leaves out what only the deployment will know.
Files write_plan(const Setup& setup) {
  json values = azurerm_body(setup);
  if (setup.has_mesh) {
    json& profile = values["service_mesh_profile"];
    for (const auto* field : {"revisions", "external_ingress_gateway_enabled", "internal_ingress_gateway_enabled"}) {
      if (!profile.contains(field)) profile[field] = nullptr;
    }
    if (profile.contains("certificate_authority")) {
      profile["certificate_authority"] = json::array({profile["certificate_authority"]});
    } else {
      profile["certificate_authority"] = json::array();
    }
  }
  for (const auto* field :
       {"kubernetes_version", "support_plan", "sku_tier", "open_service_mesh_enabled", "automatic_upgrade_channel"}) {
    if (!values.contains(field)) values[field] = nullptr;
  }
  for (const auto* field :
       {"network_plugin", "network_plugin_mode", "network_policy", "network_data_plane", "ip_versions"}) {
    if (values.contains("network_profile") && !values["network_profile"].contains(field)) {
      values["network_profile"][field] = nullptr;
    }
  }
  if (setup.has_pool && !setup.pool_version) values["default_node_pool"]["orchestrator_version"] = nullptr;
  for (const auto* block : {"service_mesh_profile", "web_app_routing", "key_vault_secrets_provider",
                            "http_proxy_config", "aci_connector_linux", "network_profile", "default_node_pool"}) {
    values[block] = values.contains(block) ? json::array({values[block]}) : json::array();
  }
  const json resource{
      {"mode", "managed"}, {"type", "azurerm_kubernetes_cluster"}, {"name", "shop"}, {"values", values}};
  const json root{{"format_version", "1.2"},
                  {"planned_values", {{"root_module", {{"resources", json::array({resource})}}}}}};
  return {{"plan.json", root.dump()}};
}

Files write_crossplane(const Setup& setup, const std::string& api_version, bool lists) {
  json provider = camel_cased(azurerm_body(setup), lists);
  provider.erase("name");
  if (setup.has_pool && lists) provider["defaultNodePool"][0]["name"] = "sys";
  const json root{{"apiVersion", api_version},
                  {"kind", "KubernetesCluster"},
                  {"metadata", {{"name", "claim"}, {"annotations", {{"crossplane.io/external-name", "shop"}}}}},
                  {"spec", {{"forProvider", provider}}}};
  return {{"cluster.yaml", root.dump(2)}};
}

Files write_pulumi(const std::string& type, json properties) {
  const json root{{"name", "shop"},
                  {"runtime", "yaml"},
                  {"resources", {{"shop", {{"type", type}, {"properties", std::move(properties)}}}}}};
  return {{"Pulumi.yaml", root.dump(2)}};
}

Files write_pulumi_native(const Setup& setup) {
  json properties = arm_properties(setup);
  properties["resourceName"] = "shop";
  properties["sku"] = sku_of(setup);
  return write_pulumi("azure-native:containerservice/v20260301:ManagedCluster", std::move(properties));
}

Files write_pulumi_classic(const Setup& setup) {
  return write_pulumi("azure:containerservice:KubernetesCluster", camel_cased(azurerm_body(setup), false));
}

Files write_command_lines(const Setup& setup) {
  std::string create = "az aks create --name shop --resource-group rg";
  const auto add = [](std::string& line, const char* flag, const auto& value) {
    if (value) line += fmt::format(" {} {}", flag, *value);
  };
  add(create, "--kubernetes-version", setup.version);
  add(create, "--k8s-support-plan", setup.plan);
  add(create, "--sku", setup.sku);
  add(create, "--tier", setup.tier);
  add(create, "--network-plugin", setup.plugin);
  add(create, "--network-plugin-mode", setup.plugin_mode);
  add(create, "--network-policy", setup.policy);
  add(create, "--network-dataplane", setup.dataplane);
  add(create, "--auto-upgrade-channel", setup.channel);
  if (setup.has_two_families) create += " --ip-families=IPv4,IPv6";
  if (setup.has_static_egress) create += " --enable-static-egress-gateway";
  if (setup.has_app_routing) create += " --enable-app-routing";
  if (setup.app_routing_istio) {
    create += setup.app_routing_istio == "Enabled" ? " --enable-app-routing-istio" : " --disable-app-routing-istio";
  }
  if (setup.gateway_api) {
    create += setup.gateway_api == "Standard" ? " --enable-gateway-api" : " --disable-gateway-api";
  }
  std::vector<const char*> add_ons;
  if (setup.has_open_service_mesh) add_ons.push_back("open-service-mesh");
  if (setup.has_secrets_provider) add_ons.push_back("azure-keyvault-secrets-provider");
  if (setup.has_virtual_nodes) add_ons.push_back("virtual-node");
  if (!add_ons.empty()) create += fmt::format(" --enable-addons {}", fmt::join(add_ons, ","));

  std::vector<std::string> lines{create};
  if (setup.has_mesh) {
    std::string enable = "az aks mesh enable -n shop -g rg";
    if (!setup.revisions.empty()) enable += " --revision " + setup.revisions[0];
    add(enable, "--proxy-redirection-mechanism", setup.redirection);
    if (setup.has_authority) {
      enable += fmt::format(
          " --key-vault-id {} --root-cert-object-name root --cert-chain-object-name chain "
          "--ca-cert-object-name cert --ca-key-object-name key",
          key_vault);
    }
    lines.push_back(enable);
  }
  const auto add_ingress = [&lines](const char* type, std::optional<bool> enabled) {
    if (!enabled) return;
    lines.push_back(fmt::format("az aks mesh {}-ingress-gateway -n shop -g rg --ingress-gateway-type {}",
                                *enabled ? "enable" : "disable", type));
  };
  add_ingress("external", setup.external);
  add_ingress("Internal", setup.internal);
  if (setup.has_egress) {
    lines.emplace_back(
        "az aks mesh enable-egress-gateway -n shop -g rg --istio-egressgateway-name out "
        "--istio-egressgateway-namespace egress-ns --gateway-configuration-name sgc");
  }
  if (setup.revisions.size() == 2) {
    lines.push_back("az aks mesh upgrade start -n shop -g rg --revision " + setup.revisions[1]);
  }
  if (setup.has_pool) {
    std::string pool = "az aks nodepool add --cluster-name shop -g rg -n sys --mode System --os-type Linux";
    add(pool, "-k", setup.pool_version);
    lines.push_back(pool);
  }
  std::string text = "on: push\njobs:\n  deploy:\n    steps:\n    - run: |\n";
  for (const auto& line : lines) text += "        " + line + "\n";
  return {{".github/workflows/deploy.yaml", text}};
}

// What an azurerm resource cannot say nobody knows; all else is as it would be in Azure's own formats.
void expect_azurerm(const Setup& /*setup*/, Settings& facts) {
  for (const auto* name :
       {"SKU", "proxy redirection", "managed Gateway API", "App Routing Istio", "static egress", "egress"}) {
    facts[name] = "unresolved";
  }
}

// What only a patch can say is not known where no patch speaks of it.
void expect_managed_control_plane(const Setup& setup, Settings& facts) {
  const auto withhold = [&facts](std::initializer_list<const char*> names) {
    for (const auto* name : names) facts[name] = "unresolved";
  };
  if (!setup.plan) withhold({"support plan"});
  if (!setup.sku) withhold({"SKU"});
  if (!setup.has_static_egress) withhold({"static egress"});
  if (!setup.gateway_api && !setup.has_app_routing && !setup.app_routing_istio) {
    withhold({"managed Gateway API", "application routing", "App Routing Istio"});
  }
  if (setup.has_mesh) return;
  facts["revisions"] = "unresolved: ";
  withhold({"service mesh", "proxy redirection", "external ingress", "internal ingress", "Key Vault of the CA",
            "root certificate", "certificate chain", "CA certificate", "CA key", "egress"});
}

// Azure never prints a cluster without a pool.
void expect_az_output(const Setup& setup, Settings& facts) {
  if (!setup.has_pool) facts["pools"] = "stated any, unstated, unstated, unstated;";
}

void expect_all(const Setup& /*setup*/, Settings& /*facts*/) {}

struct Format {
  const char* name;
  std::function<Files(const Setup&)> write;
  void (*expect)(const Setup&, Settings&);  // changes what is expected of a format that can express everything
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"ARM template", write_arm, expect_all},
      {"Bicep", write_bicep, expect_all},
      {"azapi", write_azapi, expect_all},
      {"az aks show", write_az_output, expect_az_output},
      {"Service Operator", write_service_operator, expect_all},
      {"Cluster API", write_cluster_api, expect_all},
      {"Cluster API, older kinds", write_managed_control_plane, expect_managed_control_plane},
      {"Terraform", write_terraform, expect_azurerm},
      {"Terraform in JSON", write_terraform_json, expect_azurerm},
      {"Terraform plan", write_plan, expect_azurerm},
      {"Crossplane, lists",
       [](const Setup& setup) { return write_crossplane(setup, "containerservice.azure.upbound.io/v1beta1", true); },
       expect_azurerm},
      {"Crossplane, objects",
       [](const Setup& setup) { return write_crossplane(setup, "containerservice.azure.upbound.io/v1beta2", false); },
       expect_azurerm},
      {"Crossplane, namespaced",
       [](const Setup& setup) { return write_crossplane(setup, "containerservice.azure.m.upbound.io/v1beta1", false); },
       expect_azurerm},
      {"Pulumi, native", write_pulumi_native, expect_all},
      {"Pulumi, classic", write_pulumi_classic, expect_azurerm},
      {"command lines", write_command_lines, expect_all},
  };
  return all;
}

}  // namespace

TEST_CASE("the same cluster has the same facts in every format that can express it", "[cluster]") {
  std::mt19937 random(20261124);
  for (int round = 0; round < 60; ++round) {
    const Setup setup = make_setup(random);
    for (const Format& format : formats()) {
      const Files files = format.write(setup);
      CAPTURE(round, format.name, files[0].second);
      const Found found(files);
      Settings expected = expected_of(setup);
      format.expect(setup, expected);
      Settings facts = facts_of(found.only());
      for (const auto& [name, value] : expected) {
        CAPTURE(name);
        CHECK(facts[name] == value);
      }
      CHECK(facts.size() == expected.size());
    }
  }
}

}  // namespace meshlint
