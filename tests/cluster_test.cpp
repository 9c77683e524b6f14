#include "linter/cluster.h"

#include <catch2/catch.hpp>

#include "linter/bicep.h"
#include "linter/cluster_arm.h"
#include "linter/json.h"
#include "linter/yaml.h"

using namespace meshlint;

namespace {

// A file together with the clusters that the readers of all formats find in it.
struct Found {
  std::unique_ptr<SourceFile> file;
  ParsedText parsed;
  std::vector<ClusterDefinition> clusters;
};

Found read(ParsedText (*parse)(const SourceFile&), std::string text) {
  Found found;
  found.file = std::make_unique<SourceFile>("file", "file", std::move(text));
  found.parsed = parse(*found.file);
  for (const auto& problem : found.parsed.problems) FAIL(problem.message);
  for (const auto& document : found.parsed.documents) {
    const Document* template_document = document.get();
    read_arm_templates({&template_document, 1}, found.clusters);
    read_az_output(*document, found.clusters);
    read_service_operator(document->root(), found.clusters);
  }
  return found;
}

Found read_json(std::string text) {
  return read([](const SourceFile& file) { return parse_json(file); }, std::move(text));
}

Found read_yaml(std::string text) {
  return read([](const SourceFile& file) { return parse_yaml(file); }, std::move(text));
}

std::string_view to_string(Known known) {
  switch (known) {
    case Known::unstated: return "unstated";
    case Known::unresolved: return "unresolved";
    case Known::defaulted: return "defaulted";
    case Known::stated: return "stated";
  }
  return "";
}

std::string place(Node node) {
  if (node.file() == nullptr) return "nowhere";
  const auto position = node.file()->position(node.span().start);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

// "stated Istio at 12:7", "unstated at 3:5".
std::string show(const Fact<std::string>& fact) {
  CHECK(fact.has_value() != fact.value.empty());
  CHECK((fact.known != Known::unstated || !fact.node));
  const std::string value = fact.has_value() ? " " + fact.value : "";
  return std::string(to_string(fact.known)) + value + " at " + place(fact.node);
}

std::string show(const Fact<bool>& fact) {
  CHECK((fact.known != Known::unstated || !fact.node));
  const std::string value = fact.has_value() ? (fact.value ? " true" : " false") : "";
  return std::string(to_string(fact.known)) + value + " at " + place(fact.node);
}

std::string show(const std::vector<Fact<std::string>>& facts) {
  std::string result;
  for (const auto& fact : facts) result += (result.empty() ? "" : ", ") + show(fact);
  return result;
}

constexpr std::string_view schema =
    R"("$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#")";

// A template of one cluster with the given properties, which start in line 7, and whatever else stands in the template.
Found read_template(const std::string& properties, const std::string& rest = "\"parameters\": {}") {
  std::string text = "{" + std::string(schema) + ",\n" + R"("resources": [{
"type": "Microsoft.ContainerService/managedClusters",
"apiVersion": "2025-09-01",
"name": "shop-prod",
"properties": {
)" + properties + "\n}}],\n" +
                     rest + "\n}";
  auto found = read_json(text);
  REQUIRE(found.clusters.size() == 1);
  return found;
}

constexpr std::string_view complete_template = R"json({
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "rev": { "type": "string", "defaultValue": "asm-1-27" }, // overridden in production
    "version": { "type": "string" }
  },
  "variables": { "plan": "akslongtermsupport", "tier": "[parameters('skuTier')]" },
  "resources": [
    { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-01-01", "name": "vnet" },
    {
      "type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2025-09-01",
      "name": "shop-prod",
      "location": "westeurope",
      "sku": { "name": "base", "tier": "premium" },
      "properties": {
        "kubernetesVersion": "v1.30.4",
        "supportPlan": "[variables('plan')]",
        "serviceMeshProfile": {
          "mode": "istio",
          "istio": {
            "revisions": [ "asm-1-26", "[parameters('rev')]" ],
            "components": {
              "ingressGateways": [ { "enabled": true, "mode": "External" }, { "enabled": false, "mode": "internal" } ],
              "egressGateways": [
                { "enabled": true, "name": "out-a", "namespace": "egress-a", "gatewayConfigurationName": "sgc-a" },
                { "enabled": true, "name": "[concat('out-', 'b')]" }
              ]
            }
          }
        },
        "ingressProfile": { "webAppRouting": { "gatewayAPIImplementations": { "appRoutingIstio": { "mode": "enabled" } } } },
        "addonProfiles": { "openservicemesh": { "enabled": false } }
      }
    }
  ]
})json";

}  // namespace

TEST_CASE("an ARM template's cluster, every fact at its place", "[cluster]") {
  const auto found = read_json(std::string(complete_template));
  REQUIRE(found.clusters.size() == 1);
  const ClusterDefinition& cluster = found.clusters[0];
  CHECK(cluster.format == "ARM template");
  CHECK(place(cluster.place) == "11:5");
  CHECK(show(cluster.name) == "stated shop-prod at 14:15");
  CHECK(show(cluster.api_version) == "stated 2025-09-01 at 13:21");
  CHECK(show(cluster.kubernetes_version) == "stated 1.30.4 at 18:30");
  CHECK(show(cluster.support_plan) == "stated AKSLongTermSupport at 8:26");
  CHECK(cluster.support_plan.node.text() == "akslongtermsupport");
  CHECK(show(cluster.sku_name) == "stated Base at 16:24");
  CHECK(show(cluster.sku_tier) == "stated Premium at 16:40");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 21:19");
  CHECK(cluster.mesh_mode.node.text() == "istio");
  CHECK(cluster.mesh_mode.node.path() == "resources[1].properties.serviceMeshProfile.mode");
  CHECK(cluster.revisions_known == Known::stated);
  CHECK(place(cluster.revisions_node) == "23:26");
  CHECK(show(cluster.revisions) == "stated asm-1-26 at 23:28, defaulted asm-1-27 at 5:48");
  CHECK(cluster.ingress_known == Known::stated);
  CHECK(show(cluster.external_ingress) == "stated true at 25:49");
  CHECK(show(cluster.internal_ingress) == "stated false at 25:90");
  CHECK(cluster.egress_known == Known::stated);
  REQUIRE(cluster.egress_gateways.size() == 2);
  CHECK(show(cluster.egress_gateways[0].name) == "stated out-a at 27:44");
  CHECK(show(cluster.egress_gateways[0].name_space) == "stated egress-a at 27:66");
  CHECK(show(cluster.egress_gateways[0].enabled) == "stated true at 27:30");
  CHECK(show(cluster.egress_gateways[1].name) == "unresolved at 28:44");
  CHECK(show(cluster.egress_gateways[1].name_space) == "unstated at 28:19");
  CHECK(show(cluster.app_routing_istio) == "stated Enabled at 33:108");
  CHECK(show(cluster.open_service_mesh) == "stated false at 34:60");
}

TEST_CASE("what a template does not say is located where it would stand", "[cluster]") {
  const auto found = read_template(R"("serviceMeshProfile": {"mode": "Istio", "istio": {}}, "kubernetesVersion": "")");
  const ClusterDefinition& cluster = found.clusters[0];
  CHECK(show(cluster.mesh_mode) == "stated Istio at 7:32");
  CHECK(cluster.revisions_known == Known::unstated);
  CHECK(cluster.revisions.empty());
  CHECK_FALSE(cluster.revisions_node);
  CHECK(place(cluster.revisions_node) == "7:41");
  CHECK(show(cluster.kubernetes_version) == "unstated at 7:55");
  CHECK(show(cluster.support_plan) == "unstated at 6:1");
  CHECK(show(cluster.sku_tier) == "unstated at 3:1");
  CHECK(cluster.ingress_known == Known::unstated);
  CHECK(show(cluster.external_ingress) == "unstated at 7:41");
  CHECK(cluster.egress_known == Known::unstated);
  CHECK(show(cluster.app_routing_istio) == "unstated at 6:1");
  CHECK(show(cluster.open_service_mesh) == "unstated at 6:1");
}

TEST_CASE("the network, the pools, the certificate authority and what lives beside the mesh", "[cluster]") {
  const auto found = read_template(R"("networkProfile": {"networkPlugin": "azure", "networkDataplane": "cilium",
"networkPluginMode": "overlay", "networkPolicy": "cilium", "ipFamilies": ["IPv4", "IPv6"],
"staticEgressGatewayProfile": {"enabled": true}},
"agentPoolProfiles": [
  {"name": "win", "mode": "user", "osType": "windows", "orchestratorVersion": "v1.30", "podSubnetId": "/subscriptions/x"},
  {"name": "gw", "mode": "Gateway", "enableAutoScaling": true, "gatewayProfile": {"publicIPPrefixSize": 30}}],
"serviceMeshProfile": {"mode": "Istio", "istio": {
  "components": {"proxyRedirectionMechanism": "cnichaining"},
  "certificateAuthority": {"plugin": {"keyVaultId": "/subscriptions/kv", "certObjectName": "ca-cert",
    "keyObjectName": "ca-key", "rootCertObjectName": "[concat('root')]"}}}},
"ingressProfile": {"gatewayAPI": {"installation": "standard"}, "webAppRouting": {"enabled": true}},
"autoUpgradeProfile": {"upgradeChannel": "stable"},
"addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": true}, "aciConnectorLinux": {"enabled": false}})");
  const ClusterDefinition& cluster = found.clusters[0];
  CHECK(show(cluster.network_plugin) == "stated azure at 7:37");
  CHECK(show(cluster.network_plugin_mode) == "stated overlay at 8:22");
  CHECK(show(cluster.network_policy) == "stated cilium at 8:50");
  CHECK(show(cluster.network_dataplane) == "stated cilium at 7:66");
  CHECK(show(cluster.ip_families) == "stated IPv4 at 8:75, stated IPv6 at 8:83");
  CHECK(show(cluster.static_egress) == "stated true at 9:43");
  CHECK(cluster.pools_known == Known::stated);
  REQUIRE(cluster.pools.size() == 2);
  CHECK(place(cluster.pools[0].place) == "11:3");
  CHECK(show(cluster.pools[0].name) == "stated win at 11:12");
  CHECK(show(cluster.pools[0].mode) == "stated User at 11:27");
  CHECK(show(cluster.pools[0].os_type) == "stated Windows at 11:45");
  CHECK(show(cluster.pools[0].kubernetes_version) == "stated 1.30 at 11:79");
  CHECK(show(cluster.pools[0].pod_subnet) == "stated /subscriptions/x at 11:103");
  CHECK(show(cluster.pools[1].mode) == "stated Gateway at 12:26");
  CHECK(show(cluster.pools[1].autoscaling) == "stated true at 12:58");
  CHECK(show(cluster.pools[1].public_ip_prefix_size) == "stated 30 at 12:105");
  CHECK(show(cluster.pools[1].os_type) == "unstated at 12:4");
  CHECK(cluster.mesh_known == Known::stated);
  CHECK(place(cluster.mesh_node) == "13:23");
  CHECK(cluster.istio_known == Known::stated);
  CHECK(show(cluster.proxy_redirection) == "stated CNIChaining at 14:47");
  CHECK(cluster.certificate_authority.known == Known::stated);
  CHECK(show(cluster.certificate_authority.key_vault) == "stated /subscriptions/kv at 15:53");
  CHECK(show(cluster.certificate_authority.certificate) == "stated ca-cert at 15:92");
  CHECK(show(cluster.certificate_authority.key) == "stated ca-key at 16:22");
  CHECK(show(cluster.certificate_authority.root_certificate) == "unresolved at 16:54");
  CHECK(show(cluster.certificate_authority.certificate_chain) == "unstated at 15:28");
  CHECK(show(cluster.gateway_api_installation) == "stated Standard at 17:51");
  CHECK(show(cluster.app_routing) == "stated true at 17:93");
  CHECK(show(cluster.upgrade_channel) == "stated stable at 18:42");
  CHECK(show(cluster.secrets_provider) == "stated true at 19:63");
  CHECK(show(cluster.virtual_nodes) == "stated false at 19:103");
}

TEST_CASE("a reference to another object in place of an ID is unresolved", "[cluster]") {
  const auto found = read_yaml(R"(apiVersion: containerservice.azure.com/v20260501
kind: ManagedCluster
metadata: {name: shop}
spec:
  agentPoolProfiles:
    - podSubnetReference: {group: network.azure.com, kind: VirtualNetworksSubnet, name: pods}
    - podSubnetReference: {armId: /subscriptions/x}
  serviceMeshProfile:
    mode: Istio
    istio:
      certificateAuthority:
        plugin:
          keyVaultReference: {group: keyvault.azure.com, kind: Vault, name: kv}
)");
  REQUIRE(found.clusters.size() == 1);
  const ClusterDefinition& cluster = found.clusters[0];
  CHECK(show(cluster.certificate_authority.key_vault) == "unresolved at 13:30");
  REQUIRE(cluster.pools.size() == 2);
  CHECK(show(cluster.pools[0].pod_subnet) == "unresolved at 6:27");
  CHECK(show(cluster.pools[1].pod_subnet) == "stated /subscriptions/x at 7:35");
}

TEST_CASE("empty lists and nulls are unstated", "[cluster]") {
  const auto found = read_template(R"("supportPlan": null, "serviceMeshProfile": {"mode": "Disabled", "istio": {
"revisions": [],
"components": {"ingressGateways": null, "egressGateways": []}}})");
  const ClusterDefinition& cluster = found.clusters[0];
  CHECK(show(cluster.mesh_mode) == "stated Disabled at 7:53");
  CHECK(show(cluster.support_plan) == "unstated at 7:1");
  CHECK(cluster.revisions_known == Known::unstated);
  CHECK(place(cluster.revisions_node) == "8:1");
  CHECK(cluster.ingress_known == Known::unstated);
  CHECK(show(cluster.internal_ingress) == "unstated at 9:16");
  CHECK(cluster.egress_known == Known::unstated);
}

TEST_CASE("schemas of ARM templates", "[cluster]") {
  const auto count = [](const std::string& name) {
    return read_json(R"({"$schema": ")" + name +
                     R"(", "resources": [{"type": "Microsoft.ContainerService/managedClusters"}]})")
        .clusters.size();
  };
  CHECK(count("https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#") == 1);
  CHECK(count("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json") == 1);
  CHECK(count("http://schema.management.azure.com/schemas/2019-04-01/DeploymentTemplate.json#") == 1);
  CHECK(count("https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#") == 1);
  CHECK(count("https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#") == 1);
  CHECK(count("https://schema.management.azure.com/schemas/2019-08-01/tenantDeploymentTemplate.json#") == 1);
  CHECK(count("https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#") == 0);
  CHECK(count("https://json-schema.org/draft/2020-12/schema#") == 0);
  CHECK(count("") == 0);
}

TEST_CASE("references in a template are followed, other expressions are unresolved", "[cluster]") {
  const auto version = [](const std::string& value, const std::string& rest = "\"x\": 1") {
    return show(read_template("\"kubernetesVersion\": " + value, rest).clusters[0].kubernetes_version);
  };
  const std::string parameters = R"("parameters": {
"v": {"type": "string", "defaultValue": "1.30"}, "none": {"type": "string"}, "empty": {"defaultValue": ""},
"P": {"defaultValue": "[parameters('v')]"}, "a": {"defaultValue": "[parameters('b')]"}, "b": {"defaultValue": "[parameters('a')]"}},
"variables": {"literal": "1.31", "viaParameter": "[ Parameters( 'V' ) ]", "loop": "[variables('loop')]",
"made": "[concat('1.', '30')]"})";

  CHECK(version("\"1.30\"") == "stated 1.30 at 7:22");
  CHECK(version("1.30") == "stated 1.30 at 7:22");
  CHECK(version("\"[parameters('v')]\"", parameters) == "defaulted 1.30 at 10:41");
  CHECK(version("\"[PARAMETERS('V')]\"", parameters) == "defaulted 1.30 at 10:41");
  CHECK(version("\"[parameters('p')]\"", parameters) == "defaulted 1.30 at 10:41");
  CHECK(version("\"[variables('literal')]\"", parameters) == "stated 1.31 at 12:26");
  CHECK(version("\"[variables('viaParameter')]\"", parameters) == "defaulted 1.30 at 10:41");

  const std::string unresolved = "unresolved at 7:22";
  CHECK(version("\"[parameters('none')]\"", parameters) == unresolved);
  CHECK(version("\"[parameters('absent')]\"", parameters) == unresolved);
  CHECK(version("\"[parameters('empty')]\"", parameters) == "unresolved at 10:104");
  CHECK(version("\"[parameters('a')]\"", parameters) == unresolved);
  CHECK(version("\"[variables('loop')]\"", parameters) == unresolved);
  CHECK(version("\"[variables('made')]\"", parameters) == unresolved);
  CHECK(version("\"[variables('v')]\"", parameters) == unresolved);
  CHECK(version("\"[parameters('v').x]\"", parameters) == unresolved);
  CHECK(version("\"[if(true(), '1.30', '1.31')]\"", parameters) == unresolved);
  CHECK(version("\"[concat(parameters('v'), '')]\"", parameters) == unresolved);
  CHECK(version("\"[parameters(variables('x'))]\"", parameters) == unresolved);
  CHECK(version("\"[parameters('v', 'w')]\"", parameters) == unresolved);
  CHECK(version("\"[parameters('']\"", parameters) == unresolved);
  CHECK(version("\"[parameters]\"", parameters) == unresolved);
  CHECK(version("\"[]\"", parameters) == unresolved);
  CHECK(version("\"${VERSION}\"") == unresolved);
  CHECK(version("{\"a\": 1}") == unresolved);

  // An escaped bracket, and text that only starts or ends with one, is literal.
  CHECK(version("\"[[parameters('v')]\"", parameters) == "stated [parameters('v')] at 7:22");
  CHECK(version("\"[1.30\"") == "stated [1.30 at 7:22");
}

TEST_CASE("a chain of references has a limit", "[cluster]") {
  std::string variables = "\"variables\": {\"v0\": \"1.30\"";
  for (int i = 1; i <= 50; ++i) {
    variables += ", \"v" + std::to_string(i) + "\": \"[variables('v" + std::to_string(i - 1) + "')]\"";
  }
  const auto version = [&](int i) {
    const std::string value = "\"kubernetesVersion\": \"[variables('v" + std::to_string(i) + "')]\"";
    return read_template(value, variables + "}").clusters[0].kubernetes_version.known;
  };
  CHECK(version(20) == Known::stated);
  CHECK(version(50) == Known::unresolved);
}

TEST_CASE("whole objects and lists behind expressions", "[cluster]") {
  SECTION("a parameter's default list: each item is a default") {
    const auto found = read_template(
        R"("serviceMeshProfile": {"mode": "[parameters('mode')]", "istio": {"revisions": "[parameters('revs')]"}})",
        R"("parameters": {"mode": {"defaultValue": "Istio"},
"revs": {"type": "array", "defaultValue": ["asm-1-26", "[parameters('gone')]"]}})");
    const auto& cluster = found.clusters[0];
    CHECK(show(cluster.mesh_mode) == "defaulted Istio at 9:41");
    CHECK(cluster.revisions_known == Known::defaulted);
    CHECK(place(cluster.revisions_node) == "10:43");
    CHECK(show(cluster.revisions) == "defaulted asm-1-26 at 10:44, unresolved at 10:56");
  }
  SECTION("an empty default can be filled by a deployment") {
    const auto found = read_template(
        R"("serviceMeshProfile": {"istio": {"revisions": "[parameters('revs')]", "components": "[parameters('none')]"}})",
        R"("parameters": {"revs": {"defaultValue": []}, "none": {"defaultValue": {}}})");
    const auto& cluster = found.clusters[0];
    CHECK(cluster.revisions_known == Known::unresolved);
    CHECK(cluster.ingress_known == Known::unresolved);
    CHECK(cluster.external_ingress.known == Known::unresolved);
  }
  SECTION("an object in a variable, with a parameter inside") {
    const auto found = read_template(R"("serviceMeshProfile": "[variables('mesh')]")",
                                     R"("parameters": {"rev": {"defaultValue": "asm-1-27"}},
"variables": {"mesh": {"mode": "Istio", "istio": {"revisions": ["[parameters('rev')]"]}}})");
    const auto& cluster = found.clusters[0];
    CHECK(show(cluster.mesh_mode) == "stated Istio at 10:32");
    CHECK(cluster.revisions_known == Known::stated);
    CHECK(show(cluster.revisions) == "defaulted asm-1-27 at 9:40");
    CHECK(cluster.ingress_known == Known::unstated);
  }
  SECTION("an expression makes everything below it unresolved") {
    const auto found =
        read_template(R"("serviceMeshProfile": "[union(createObject('mode', 'Istio'), parameters('x'))]")");
    const auto& cluster = found.clusters[0];
    CHECK(show(cluster.mesh_mode) == "unresolved at 7:1");
    CHECK(cluster.revisions_known == Known::unresolved);
    CHECK(place(cluster.revisions_node) == "7:1");
    CHECK(cluster.ingress_known == Known::unresolved);
    CHECK(show(cluster.external_ingress) == "unresolved at 7:1");
    CHECK(cluster.egress_known == Known::unresolved);
    CHECK(show(cluster.support_plan) == "unstated at 6:1");
  }
  SECTION("all properties an expression") {
    const auto found = read_json("{" + std::string(schema) + R"(,
"resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "c",
"properties": "[union(variables('a'), variables('b'))]"}]})");
    const auto& cluster = found.clusters.at(0);
    CHECK(show(cluster.name) == "stated c at 2:78");
    CHECK(cluster.kubernetes_version.known == Known::unresolved);
    CHECK(cluster.mesh_mode.known == Known::unresolved);
    CHECK(cluster.open_service_mesh.known == Known::unresolved);
    CHECK(cluster.sku_tier.known == Known::unstated);
  }
  SECTION("a property made by a copy loop") {
    const auto found = read_template(R"("serviceMeshProfile": {"mode": "Istio", "istio": {
"copy": [{"name": "revisions", "count": 2, "input": "[parameters('r')[copyIndex('revisions')]]"}]}})");
    CHECK(found.clusters[0].revisions_known == Known::unresolved);
    CHECK(found.clusters[0].revisions.empty());
    CHECK(found.clusters[0].ingress_known == Known::unstated);
  }
}

TEST_CASE("ingress gateways of a template", "[cluster]") {
  const auto gateways = [](const std::string& list, const std::string& rest = "\"x\": 1") {
    const auto found =
        read_template(R"("serviceMeshProfile": {"istio": {"components": {"ingressGateways": )" + list + "}}}", rest);
    const auto& cluster = found.clusters[0];
    return std::string(to_string(cluster.ingress_known)) + "; external " + show(cluster.external_ingress) +
           "; internal " + show(cluster.internal_ingress);
  };
  CHECK(gateways(R"([{"enabled": true, "mode": "Internal"}])") ==
        "stated; external unstated at 7:49; internal stated true at 7:81");
  CHECK(gateways(R"([{"enabled": null, "mode": "EXTERNAL"}])") ==
        "stated; external unstated at 7:70; internal unstated at 7:49");
  CHECK(gateways(R"([{"mode": "External"}])") == "stated; external unstated at 7:70; internal unstated at 7:49");
  CHECK(gateways(R"([{"enabled": "[parameters('on')]", "mode": "External"}])",
                 R"("parameters": {"on": {"defaultValue": true}})") ==
        "stated; external defaulted true at 9:39; internal unstated at 7:49");
  CHECK(gateways(R"([{"enabled": "[not(false())]", "mode": "External"}])") ==
        "stated; external unresolved at 7:81; internal unstated at 7:49");
  // Whoever may be either one leaves both open.
  CHECK(gateways(R"([{"enabled": true, "mode": "[parameters('m')]"}])") ==
        "stated; external unresolved at 7:49; internal unresolved at 7:49");
  CHECK(gateways(R"([{"enabled": true, "mode": "[parameters('m')]"}])",
                 R"("parameters": {"m": {"defaultValue": "Internal"}})") ==
        "stated; external unresolved at 7:49; internal defaulted true at 7:81");
  CHECK(gateways(R"(["[createObject()]", {"enabled": false, "mode": "Internal"}])") ==
        "stated; external unresolved at 7:49; internal stated false at 7:101");
  CHECK(gateways("\"[map(parameters('g'), lambda('x', 1))]\"") ==
        "unresolved; external unresolved at 7:49; internal unresolved at 7:49");
}

TEST_CASE("resources under a condition are unresolved in every fact", "[cluster]") {
  const auto read_with = [](const std::string& line) {
    std::string text(complete_template);
    const std::string_view before = "\"apiVersion\": \"2025-09-01\",";
    text.insert(text.find(before), line + " ");
    return read_json(text);
  };
  for (const char* condition :
       {R"("condition": "[parameters('deploy')]",)", R"("condition": false,)", R"("Condition": "[equals(1, 1)]",)"}) {
    const auto found = read_with(condition);
    const auto& cluster = found.clusters.at(0);
    for (const auto* fact : {&cluster.name, &cluster.api_version, &cluster.kubernetes_version, &cluster.support_plan,
                             &cluster.sku_name, &cluster.sku_tier, &cluster.mesh_mode, &cluster.app_routing_istio}) {
      CHECK(fact->known == Known::unresolved);
    }
    CHECK(cluster.revisions_known == Known::unresolved);
    CHECK(show(cluster.revisions) == "unresolved at 23:28, unresolved at 5:48");
    CHECK(cluster.ingress_known == Known::unresolved);
    CHECK(cluster.external_ingress.known == Known::unresolved);
    CHECK(cluster.internal_ingress.known == Known::unresolved);
    CHECK(cluster.egress_known == Known::unresolved);
    CHECK(cluster.egress_gateways.at(0).name.known == Known::unresolved);
    CHECK(cluster.open_service_mesh.known == Known::unresolved);
  }
  CHECK(read_with("\"condition\": true,").clusters.at(0).mesh_mode.known == Known::stated);
  CHECK(read_with("\"condition\": null,").clusters.at(0).mesh_mode.known == Known::stated);
  CHECK(read_with("\"existing\": true,").clusters.empty());
  CHECK(read_with("\"existing\": false,").clusters.size() == 1);
}

TEST_CASE("symbolic names, child resources and odd cases of names", "[cluster]") {
  const auto found = read_json("{" + std::string(schema) + R"(, "languageVersion": "2.0",
"resources": {
  "other": {"existing": true, "type": "Microsoft.ContainerService/managedClusters", "name": "elsewhere"},
  "cluster": {"TYPE": "microsoft.containerservice/managedclusters", "Name": "a", "Properties": {"KubernetesVersion": "1.31"},
    "resources": [{"type": "agentPools", "name": "pool", "properties": {"orchestratorVersion": "1.30"}}]},
  "pool": {"type": "Microsoft.ContainerService/managedClusters/agentPools", "name": "a/pool"},
  "outer": {"type": "Microsoft.Network/virtualNetworks", "condition": "[parameters('x')]",
    "resources": [{"type": "Microsoft.ContainerService/ManagedClusters", "name": "b", "sku": {"name": "Basic", "tier": "Paid"}}]}
}})");
  REQUIRE(found.clusters.size() == 2);
  CHECK(show(found.clusters[0].name) == "stated a at 4:77");
  CHECK(show(found.clusters[0].kubernetes_version) == "stated 1.31 at 4:118");
  CHECK(place(found.clusters[0].place) == "4:14");
  CHECK(show(found.clusters[1].name) == "stated b at 8:82");
  CHECK(show(found.clusters[1].sku_name) == "stated Base at 8:103");
  CHECK(show(found.clusters[1].sku_tier) == "stated Standard at 8:120");
}

TEST_CASE("nested deployments", "[cluster]") {
  const auto text = [](const std::string& scope, const std::string& deployment = "") {
    return "{" + std::string(schema) + R"(,
"parameters": {"v": {"defaultValue": "1.30"}, "rev": {"defaultValue": "asm-1-26"}},
"resources": [{"type": "microsoft.resources/deployments", "name": "n", "apiVersion": "2022-09-01",)" +
           deployment + R"(
"properties": {)" +
           scope + R"(
"parameters": {"v": {"value": "1.31"}, "rev": {"value": "[parameters('rev')]"}, "secret": {"reference": {"secretName": "s"}}},
"template": {
"parameters": {"v": {"type": "string"}, "rev": {"type": "string"}, "tier": {"defaultValue": "Free"}, "secret": {"defaultValue": "x"}},
"variables": {"n": "inner"},
"resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "[variables('n')]", "apiVersion": "2025-09-01",
"sku": {"tier": "[parameters('tier')]", "name": "[parameters('secret')]"},
"properties": {"kubernetesVersion": "[parameters('v')]", "serviceMeshProfile": {"istio": {"revisions": ["[parameters('rev')]"]}}}
}]}}}]})";
  };
  SECTION("with a scope of their own") {
    const auto found = read_json(text(R"("expressionEvaluationOptions": {"scope": "Inner"},)"));
    const auto& cluster = found.clusters.at(0);
    CHECK(show(cluster.name) == "stated inner at 8:20");
    CHECK(show(cluster.kubernetes_version) == "stated 1.31 at 5:31");
    CHECK(show(cluster.revisions) == "defaulted asm-1-26 at 2:71");
    // Its default is final: only this file could pass another value.
    CHECK(show(cluster.sku_tier) == "stated Free at 7:93");
    CHECK(show(cluster.sku_name) == "unresolved at 10:49");
  }
  SECTION("in the scope around them") {
    for (const char* scope : {"", R"("expressionEvaluationOptions": {"scope": "outer"},)"}) {
      const auto found = read_json(text(scope));
      const auto& cluster = found.clusters.at(0);
      CHECK(cluster.name.known == Known::unresolved);
      CHECK(show(cluster.kubernetes_version) == "defaulted 1.30 at 2:38");
      CHECK(show(cluster.revisions) == "defaulted asm-1-26 at 2:71");
      CHECK(cluster.sku_tier.known == Known::unresolved);
    }
  }
  SECTION("under a condition") {
    const auto found = read_json(
        text(R"("expressionEvaluationOptions": {"scope": "inner"},)", R"("condition": "[parameters('v')]",)"));
    CHECK(found.clusters.at(0).kubernetes_version.known == Known::unresolved);
    CHECK(found.clusters.at(0).name.known == Known::unresolved);
  }
  SECTION("a module whose inputs are one expression") {
    auto changed = text(R"("expressionEvaluationOptions": {"scope": "inner"},)");
    const auto from = changed.find("{\"v\": {\"value\"");
    changed.replace(from, changed.find(",\n\"template\"") - from, "\"[variables('inputs')]\"");
    const auto found = read_json(changed);
    CHECK(found.clusters.at(0).kubernetes_version.known == Known::unresolved);
    CHECK(found.clusters.at(0).sku_tier.known == Known::unresolved);
    CHECK(found.clusters.at(0).name.known == Known::stated);
  }
}

TEST_CASE("deployments within deployments pass their values on", "[cluster]") {
  std::string text =
      R"({"type": "Microsoft.ContainerService/managedClusters", "properties": {"kubernetesVersion": "[parameters('v')]"}})";
  for (int depth = 0; depth < 20; ++depth) {
    text =
        R"({"type": "Microsoft.Resources/deployments", "properties": {"expressionEvaluationOptions": {"scope": "inner"},
"parameters": {"v": {"value": "[parameters('v')]"}}, "template": {"parameters": {"v": {}}, "resources": [)" +
        text + "]}}}";
  }
  const std::string parameters = R"(, "parameters": {"v": {"defaultValue": "1.29"}}, "resources": [)";
  const auto found = read_json("{" + std::string(schema) + parameters + text + "]}");
  CHECK(show(found.clusters.at(0).kubernetes_version) == "defaulted 1.29 at 1:133");
}

namespace {

constexpr std::string_view az_show = R"json({
  "agentPoolProfiles": [ { "name": "nodepool1", "mode": "System", "currentOrchestratorVersion": "1.30.9" } ],
  "addonProfiles": { "openServiceMesh": { "config": null, "enabled": true } },
  "currentKubernetesVersion": "1.31.5",
  "id": "/subscriptions/0/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/shop",
  "ingressProfile": null,
  "kind": "Base",
  "kubernetesVersion": "1.31",
  "name": "shop",
  "resourceGroup": "rg",
  "serviceMeshProfile": {
    "istio": {
      "certificateAuthority": null,
      "components": {
        "egressGateways": null,
        "ingressGateways": [ { "enabled": true, "mode": "Internal" }, { "enabled": null, "mode": "External" } ]
      },
      "revisions": [ "asm-1-26" ]
    },
    "mode": "Istio"
  },
  "sku": { "name": "Base", "tier": "Free" },
  "supportPlan": "KubernetesOfficial",
  "type": "Microsoft.ContainerService/ManagedClusters"
})json";

void check_shop(const ClusterDefinition& cluster) {
  CHECK(cluster.format == "az aks show output");
  CHECK(show(cluster.name) == "stated shop at 9:11");
  CHECK(cluster.api_version.known == Known::unresolved);
  CHECK(show(cluster.kubernetes_version) == "stated 1.31.5 at 4:31");
  CHECK(show(cluster.support_plan) == "stated KubernetesOfficial at 23:18");
  CHECK(show(cluster.sku_name) == "stated Base at 22:20");
  CHECK(show(cluster.sku_tier) == "stated Free at 22:36");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 20:13");
  CHECK(show(cluster.revisions) == "stated asm-1-26 at 18:22");
  CHECK(cluster.ingress_known == Known::stated);
  CHECK(show(cluster.internal_ingress) == "stated true at 16:43");
  CHECK(show(cluster.external_ingress) == "unstated at 16:73");
  CHECK(cluster.egress_known == Known::unstated);
  CHECK(show(cluster.app_routing_istio) == "unstated at 6:3");
  CHECK(show(cluster.open_service_mesh) == "stated true at 3:70");
}

}  // namespace

TEST_CASE("az aks show", "[cluster]") {
  const auto found = read_json(std::string(az_show));
  REQUIRE(found.clusters.size() == 1);
  check_shop(found.clusters[0]);
}

TEST_CASE("az aks show as PowerShell writes it: UTF-16, a mark, CRLF", "[cluster]") {
  std::string wide = "\xFF\xFE";
  for (const char c : az_show) {
    if (c == '\n') wide.append("\r\0", 2);
    wide += {c, '\0'};
  }
  const auto found = read_json(wide);
  REQUIRE(found.clusters.size() == 1);
  check_shop(found.clusters[0]);
  const auto marked = read_json("\xEF\xBB\xBF" + std::string(az_show));
  REQUIRE(marked.clusters.size() == 1);
  check_shop(marked.clusters[0]);
}

TEST_CASE("az aks list, without a mesh", "[cluster]") {
  std::string second(az_show);
  const auto from = second.find("\"serviceMeshProfile\": {");
  const auto to = second.find("\"sku\"");
  second.replace(from, to - from, "\"serviceMeshProfile\": null,\n");
  second.replace(second.find("\"currentKubernetesVersion\": \"1.31.5\""), 36, "\"currentKubernetesVersion\": null");
  const auto found = read_json("[" + std::string(az_show) + ",\n" + second + ", 1, {}, null]");
  REQUIRE(found.clusters.size() == 2);
  const auto& cluster = found.clusters[1];
  CHECK(show(cluster.mesh_mode) == "unstated at 36:3");
  CHECK(cluster.revisions_known == Known::unstated);
  CHECK(cluster.ingress_known == Known::unstated);
  CHECK(show(cluster.kubernetes_version) == "stated 1.31 at 33:24");
  CHECK(place(cluster.place) == "26:1");

  CHECK(read_json("[]").clusters.empty());
  CHECK(read_json("{\"value\": [" + std::string(az_show) + "], \"nextLink\": null}").clusters.size() == 1);
  CHECK(read_json("{\"count\": 1, \"data\": [" + std::string(az_show) + "]}").clusters.size() == 1);
}

TEST_CASE("az aks show -o yaml", "[cluster]") {
  const auto found = read_yaml(R"(agentPoolProfiles:
- name: nodepool1
currentKubernetesVersion: 1.30
id: /subscriptions/0/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/shop
kubernetesVersion: '1.30'
name: shop
serviceMeshProfile:
  istio:
    components:
      ingressGateways:
      - enabled: true
        mode: External
      - enabled: null
        mode: Internal
    revisions:
    - asm-1-27
    - asm-1-28
  mode: Istio
sku:
  name: Base
  tier: Premium
supportPlan: AKSLongTermSupport
type: Microsoft.ContainerService/ManagedClusters
)");
  REQUIRE(found.clusters.size() == 1);
  const auto& cluster = found.clusters[0];
  CHECK(show(cluster.kubernetes_version) == "stated 1.30 at 3:27");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 18:9");
  CHECK(show(cluster.revisions) == "stated asm-1-27 at 16:7, stated asm-1-28 at 17:7");
  CHECK(show(cluster.external_ingress) == "stated true at 11:18");
  CHECK(show(cluster.internal_ingress) == "unstated at 13:9");
  CHECK(show(cluster.support_plan) == "stated AKSLongTermSupport at 22:14");
  CHECK(show(cluster.open_service_mesh) == "unstated at 1:1");
}

TEST_CASE("az resource show", "[cluster]") {
  const auto found = read_json(R"({
  "id": "/subscriptions/0/resourceGroups/rg/providers/microsoft.containerservice/managedclusters/shop",
  "apiVersion": "2025-09-01",
  "kind": "Base", "name": "shop", "sku": {"name": "Automatic", "tier": "standard"},
  "properties": {"kubernetesVersion": "1.30", "currentKubernetesVersion": "1.30.7",
    "serviceMeshProfile": {"mode": "Disabled"}},
  "type": "microsoft.containerservice/managedclusters"
})");
  REQUIRE(found.clusters.size() == 1);
  const auto& cluster = found.clusters[0];
  CHECK(cluster.format == "az resource show output");
  CHECK(show(cluster.api_version) == "stated 2025-09-01 at 3:17");
  CHECK(show(cluster.kubernetes_version) == "stated 1.30.7 at 5:75");
  CHECK(show(cluster.mesh_mode) == "stated Disabled at 6:36");
  CHECK(show(cluster.sku_name) == "stated Automatic at 4:51");
  CHECK(show(cluster.sku_tier) == "stated Standard at 4:72");
}

TEST_CASE("Azure Service Operator", "[cluster]") {
  const auto found = read_yaml(R"(# Production
apiVersion: containerservice.azure.com/v20260501
kind: ManagedCluster
metadata: { name: shop-prod, namespace: aso }
spec:
  azureName: shop-prod-weu
  owner: { name: rg-shop }
  kubernetesVersion: 1.30
  sku: { name: Base, tier: Standard }
  serviceMeshProfile:
    mode: Istio
    istio:
      revisions: [asm-1-27, "${REVISION}"]
      components:
        proxyRedirectionMechanism: CNIChaining
        ingressGateways:
        - enabled: yes
          mode: External
        - enabled: ${INTERNAL}
          mode: Internal
        egressGateways: [{enabled: true, name: out}]
)");
  REQUIRE(found.clusters.size() == 1);
  const auto& cluster = found.clusters[0];
  CHECK(cluster.format == "Azure Service Operator");
  CHECK(place(cluster.place) == "2:1");
  CHECK(show(cluster.name) == "stated shop-prod-weu at 6:14");
  CHECK(show(cluster.api_version) == "stated 2026-05-01 at 2:13");
  CHECK(show(cluster.kubernetes_version) == "stated 1.30 at 8:22");
  CHECK(show(cluster.support_plan) == "unstated at 5:1");
  CHECK(show(cluster.sku_tier) == "stated Standard at 9:28");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 11:11");
  CHECK(cluster.revisions_known == Known::stated);
  CHECK(show(cluster.revisions) == "stated asm-1-27 at 13:19, unresolved at 13:29");
  CHECK(show(cluster.external_ingress) == "stated true at 17:20");
  CHECK(show(cluster.internal_ingress) == "unresolved at 19:20");
  REQUIRE(cluster.egress_gateways.size() == 1);
  CHECK(show(cluster.egress_gateways[0].name) == "stated out at 21:48");
}

TEST_CASE("what an overlay may patch of a cluster is not known", "[cluster]") {
  const SourceFile file("cluster.yaml", "cluster.yaml", R"(apiVersion: containerservice.azure.com/v1api20250801
kind: ManagedCluster
metadata: {name: shop}
spec: {kubernetesVersion: 1.34, serviceMeshProfile: {mode: Istio, istio: {revisions: [asm-1-29]}}}
)");
  const ParsedText parsed = parse_yaml(file);
  std::vector<ClusterDefinition> clusters;
  read_service_operator(parsed.documents.at(0)->root(), clusters, Known::unresolved);
  REQUIRE(clusters.size() == 1);
  CHECK(show(clusters[0].name) == "stated shop at 3:18");
  CHECK(show(clusters[0].kubernetes_version) == "unresolved at 4:27");
  CHECK(clusters[0].support_plan.known == Known::unresolved);
  CHECK(clusters[0].mesh_mode.known == Known::unresolved);
  CHECK(clusters[0].revisions_known == Known::unresolved);
  CHECK(std::ranges::none_of(clusters[0].revisions, [](const auto& revision) { return revision.has_value(); }));
}

TEST_CASE("names and versions of Azure Service Operator", "[cluster]") {
  const auto read_version = [](const std::string& version) {
    const auto found =
        read_yaml("apiVersion: containerservice.azure.com/" + version +
                  "\nkind: ManagedCluster\nmetadata: {name: plain}\nspec: {kubernetesVersion: v1.31.2}\n");
    REQUIRE(found.clusters.size() == 1);
    CHECK(show(found.clusters[0].name) == "stated plain at 3:18");
    CHECK(show(found.clusters[0].kubernetes_version) == "stated 1.31.2 at 4:27");
    return show(found.clusters[0].api_version);
  };
  CHECK(read_version("v1api20240901") == "stated 2024-09-01 at 1:13");
  CHECK(read_version("v1api20240402preview") == "stated 2024-04-02-preview at 1:13");
  CHECK(read_version("v20251002preview") == "stated 2025-10-02-preview at 1:13");
  CHECK(read_version("v1beta20210501") == "stated 2021-05-01 at 1:13");
  CHECK(read_version("v1alpha1api20210501") == "stated 2021-05-01 at 1:13");
  for (const char* odd :
       {"v1api2024090", "v1api20240901x", "v1api20240901previewx", "v1", "20240901", "v1beta", "${V}"}) {
    CHECK(read_version(odd) == "unresolved at 1:13");
  }

  const auto templated = read_yaml(
      "apiVersion: containerservice.azure.com/v1api20240901\nkind: ManagedCluster\nmetadata: {name: \"${N}\"}\n"
      "spec:\n  serviceMeshProfile: ${PROFILE}\n  azureName:\n");
  REQUIRE(templated.clusters.size() == 1);
  CHECK(show(templated.clusters[0].name) == "unresolved at 3:18");
  CHECK(templated.clusters[0].mesh_mode.known == Known::unresolved);
  CHECK(templated.clusters[0].revisions_known == Known::unresolved);
  CHECK(templated.clusters[0].kubernetes_version.known == Known::unstated);
}

TEST_CASE("what is no cluster definition", "[cluster]") {
  const std::string type = R"("type": "Microsoft.ContainerService/managedClusters")";
  const std::string id =
      R"("id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/c")";
  const char* policy_definition = R"json({
"properties": {"displayName": "Mesh on managedClusters", "policyRule": {
  "if": {"field": "type", "equals": "Microsoft.ContainerService/managedClusters"},
  "then": {"effect": "deployIfNotExists", "details": {"type": "Microsoft.ContainerService/managedClusters", "deployment": {"properties": {
    "template": {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "x"}]}}}}}}},
"id": "/providers/Microsoft.Authorization/policyDefinitions/x", "type": "Microsoft.Authorization/policyDefinitions"})json";
  const char* parameters_file = R"json({
"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
"parameters": {"type": {"value": "Microsoft.ContainerService/managedClusters"}},
"resources": [{"type": "Microsoft.ContainerService/managedClusters"}]})json";

  CHECK(read_json(policy_definition).clusters.empty());
  CHECK(read_json(parameters_file).clusters.empty());
  CHECK(
      read_json(R"({"description": "lists managedClusters", "items": ["Microsoft.ContainerService/managedClusters"]})")
          .clusters.empty());
  CHECK(read_json("{" + std::string(schema) + R"(, "variables": {"x": {)" + type + "}}, \"outputs\": {\"o\": {" + type +
                  "}}}")
            .clusters.empty());
  CHECK(read_json("{" + std::string(schema) +
                  R"(, "resources": [{"type": "Microsoft.ContainerService/managedClusters/agentPools"}]})")
            .clusters.empty());
  CHECK(read_json("{" + std::string(schema) + R"(, "resources": "[variables('all')]"})").clusters.empty());
  CHECK(read_json("{" + type + "}").clusters.empty());
  CHECK(read_json("{" + id + R"(, "agentPoolProfiles": []})").clusters.empty());
  CHECK(read_json("{" + type + "," + id + "}").clusters.empty());
  CHECK(read_json("{" + type + "," + id + R"(, "apiVersion": "v1", "agentPoolProfiles": []})").clusters.empty());
  CHECK(read_json("{" + type + "," + id + R"(, "$schema": "x", "agentPoolProfiles": []})").clusters.empty());
  CHECK(
      read_json(R"({"type": "Microsoft.ContainerService/managedClusters/agentPools", )" + id + R"(, "properties": {}})")
          .clusters.empty());
  CHECK(read_json("[1, \"x\", [], null]").clusters.empty());
  CHECK(read_json("3").clusters.empty());

  const auto kind = [](const std::string& api_version, const std::string& kind_name) {
    return read_yaml("apiVersion: " + api_version + "\nkind: " + kind_name +
                     "\nmetadata: {name: a}\nspec: {serviceMeshProfile: {mode: Istio}}\n")
        .clusters.size();
  };
  CHECK(kind("containerservice.azure.com/v1api20240901", "ManagedCluster") == 1);
  CHECK(kind("containerservice.azure.com/v1api20240901", "ManagedClustersAgentPool") == 0);
  CHECK(kind("cluster.open-cluster-management.io/v1", "ManagedCluster") == 0);
  CHECK(kind("v1", "ManagedCluster") == 0);
  CHECK(read_yaml("- a\n- b\n").clusters.empty());
  CHECK(read_yaml("text\n").clusters.empty());
}

TEST_CASE("clusters in a large file of other resources", "[cluster]") {
  std::string text = "{" + std::string(schema) + ", \"resources\": [\n";
  while (text.size() < 2 * large_json) {
    text += R"({"type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": {"subnets": [{"name": "s"}]}},)"
            "\n";
  }
  const auto at = complete_template.find("    {\n      \"type\": \"Microsoft.ContainerService");
  text += complete_template.substr(at);
  Found found;
  found.file = std::make_unique<SourceFile>("main.json", "main.json", text);
  found.parsed =
      parse_json(*found.file, [](std::string_view object) { return object.find("managedClusters") != object.npos; });
  REQUIRE(found.parsed.problems.empty());
  const Document* document = found.parsed.documents.at(0).get();
  read_arm_templates({&document, 1}, found.clusters);
  REQUIRE(found.clusters.size() == 1);
  CHECK(found.clusters[0].mesh_mode.value == "Istio");
  CHECK(found.clusters[0].external_ingress.value);
  CHECK(found.clusters[0].egress_gateways.size() == 2);
}
