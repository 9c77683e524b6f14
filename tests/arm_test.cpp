#include "linter/cluster_arm.h"

#include <catch2/catch.hpp>
#include <utility>

#include "linter/bicep.h"
#include "linter/json.h"

using namespace meshlint;

namespace {

// Files of a repository together with the clusters that are found in them.
struct Found {
  std::vector<std::unique_ptr<SourceFile>> files;
  std::vector<ParsedText> parsed;
  std::vector<ClusterDefinition> clusters;
};

Found read(std::vector<std::pair<std::string, std::string>> files) {
  Found found;
  std::vector<const Document*> documents;
  for (auto& [path, text] : files) {
    found.files.push_back(std::make_unique<SourceFile>(path, path, std::move(text)));
    const SourceFile& file = *found.files.back();
    found.parsed.push_back(path.ends_with(".json") ? parse_json(file) : parse_bicep(file));
    for (const auto& problem : found.parsed.back().problems) FAIL(problem.message);
    for (const auto& document : found.parsed.back().documents) documents.push_back(document.get());
  }
  read_arm_templates(documents, found.clusters);
  return found;
}

std::string place(Node node) {
  if (node.file() == nullptr) return "nowhere";
  const auto position = node.file()->position(node.span().start);
  return node.file()->path() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string to_string(Known known) {
  constexpr const char* names[] = {"unstated", "unresolved", "defaulted", "stated"};
  return names[static_cast<std::size_t>(known)];
}

// "stated Istio", "unresolved".
std::string show(const Fact<std::string>& fact) {
  CHECK(fact.has_value() != fact.value.empty());
  return to_string(fact.known) + (fact.has_value() ? " " + fact.value : "");
}

std::string show(const Fact<bool>& fact) {
  return to_string(fact.known) + (fact.has_value() ? (fact.value ? " true" : " false") : "");
}

std::string show(const std::vector<Fact<std::string>>& facts) {
  std::string result;
  for (const auto& fact : facts) result += (result.empty() ? "" : ", ") + show(fact);
  return result;
}

std::string show(const std::vector<NodePool>& pools) {
  std::string result;
  for (const auto& pool : pools) result += (result.empty() ? "" : ", ") + show(pool.name) + " " + show(pool.os_type);
  return result;
}

// The sole cluster of one Bicep file.
ClusterDefinition sole(const Found& found) {
  REQUIRE(found.clusters.size() == 1);
  return found.clusters[0];
}

constexpr std::string_view declaration = "resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = ";

// A cluster with the given properties, and other declarations.
Found read_properties(const std::string& properties, const std::string& rest = "") {
  return read({{"main.bicep", std::string(declaration) + "{\n  name: 'shop'\n  properties: {\n" + properties +
                                  "\n  }\n}\n" + rest + "\n"}});
}

std::string plan(const std::string& value, const std::string& rest = "") {
  return show(sole(read_properties("supportPlan: " + value, rest)).support_plan);
}

constexpr std::string_view complete = R"bicep(
@description('The revision: serviceMeshProfile { revisions: asm-1-1 }')
param rev string = 'asm-1-27' // asm-1-2
param version string
var plan = 'akslongtermsupport'
var tiers = { prod: { name: 'premium' } }
resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop-prod'
  sku: {
    name: 'base'
    tier: tiers.prod.name
  }
  properties: {
    kubernetesVersion: version
    supportPlan: plan
    serviceMeshProfile: {
      mode: 'istio'
      istio: {
        revisions: [
          'asm-1-26'
          rev
        ]
        components: {
          ingressGateways: [ { enabled: true, mode: 'External' } ]
          egressGateways: [
            { enabled: true, name: 'out-${env}' }
          ]
        }
      }
    }
    agentPoolProfiles: [
      { name: 'sys', mode: 'System', osType: 'Linux' }
    ]
  }
  resource win 'agentPools' = {
    name: 'win'
    properties: { osType: 'Windows' }
  }
}
resource apart 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = {
  parent: aks
  name: 'apart'
  properties: { mode: 'User' }
}
resource elsewhere 'Microsoft.ContainerService/managedClusters@2025-09-01' existing = {
  name: 'elsewhere'
}
)bicep";

}  // namespace

TEST_CASE("a Bicep file's cluster, every fact at its place", "[cluster]") {
  const auto found = read({{"main.bicep", std::string(complete)}});
  const ClusterDefinition cluster = sole(found);
  CHECK(cluster.format == "Bicep");
  CHECK(place(cluster.place) == "main.bicep:7:14");
  CHECK(show(cluster.name) == "stated shop-prod");
  CHECK(show(cluster.api_version) == "stated 2025-09-01");
  CHECK(place(cluster.api_version.node) == "main.bicep:7:58");
  CHECK(show(cluster.sku_name) == "stated Base");
  CHECK(show(cluster.sku_tier) == "stated Premium");
  CHECK(place(cluster.sku_tier.node) == "main.bicep:6:29");
  CHECK(show(cluster.kubernetes_version) == "unresolved");
  CHECK(place(cluster.kubernetes_version.node) == "main.bicep:14:24");
  CHECK(show(cluster.support_plan) == "stated AKSLongTermSupport");
  CHECK(show(cluster.mesh_mode) == "stated Istio");
  CHECK(cluster.revisions_known == Known::stated);
  CHECK(show(cluster.revisions) == "stated asm-1-26, defaulted asm-1-27");
  CHECK(place(cluster.revisions.at(1).node) == "main.bicep:3:20");
  CHECK(show(cluster.external_ingress) == "stated true");
  CHECK(show(cluster.internal_ingress) == "unstated");
  CHECK(show(cluster.egress_gateways.at(0).name) == "unresolved");
  CHECK(show(cluster.open_service_mesh) == "unstated");
  CHECK(show(cluster.pools) == "stated sys stated Linux, stated win stated Windows, stated apart unstated");
  CHECK(cluster.pools_known == Known::stated);
}

TEST_CASE("names in Bicep are followed, other expressions are unresolved", "[cluster]") {
  CHECK(plan("'KubernetesOfficial'") == "stated KubernetesOfficial");
  CHECK(plan("p", "param p string = 'AKSLongTermSupport'") == "defaulted AKSLongTermSupport");
  CHECK(plan("p!", "param p string? = 'AKSLongTermSupport'") == "defaulted AKSLongTermSupport");
  CHECK(plan("p", "param p string") == "unresolved");
  CHECK(plan("p", "param p string = ''") == "unresolved");
  CHECK(plan("v", "var v = 'AKSLongTermSupport'") == "stated AKSLongTermSupport");
  CHECK(plan("v", "var v = p\nparam p string = 'AKSLongTermSupport'") == "defaulted AKSLongTermSupport");
  CHECK(plan("v.a.b", "var v = { a: w }\nvar w = { b: 'AKSLongTermSupport' }") == "stated AKSLongTermSupport");
  CHECK(plan("v.a", "var v = { b: 'AKSLongTermSupport' }") == "unresolved");
  CHECK(plan("v.?a", "var v = { a: 'AKSLongTermSupport' }") == "unresolved");
  CHECK(plan("v['a']", "var v = { a: 'AKSLongTermSupport' }") == "unresolved");
  CHECK(plan("v", "var v = v") == "unresolved");
  CHECK(plan("v.a", "var v = v.a") == "unresolved");
  CHECK(plan("nothing") == "unresolved");
  CHECK(plan("'${p}'", "param p string = 'AKSLongTermSupport'") == "unresolved");
  CHECK(plan("prod ? 'AKSLongTermSupport' : 'KubernetesOfficial'") == "unresolved");
  CHECK(plan("null") == "unstated");
  CHECK(plan("any('AKSLongTermSupport')") == "stated AKSLongTermSupport");
  CHECK(plan("'[[x'") == "stated [[x");
  CHECK(plan("'[parameters(\\'p\\')]'", "param p string = 'x'") == "stated [parameters('p')]");
}

TEST_CASE("names that fan out in Bicep cost no more than they may", "[cluster]") {
  std::string rest = "var v0 = { a: 'x', b: { a: 'y' } }\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "v" + std::to_string(i - 1);
    rest += "var v" + std::to_string(i) + " = { a: " + before + ".a, b: " + before + ".b, c: " + before + ".b.a }\n";
  }
  CHECK(plan("v59.b.a", rest) == "unresolved");
  CHECK(plan("v3.b.a", rest) == "stated y");
}

TEST_CASE("spreads and computed keys of Bicep leave open what they may say", "[cluster]") {
  const auto mesh = [](const std::string& profile) {
    const auto cluster = sole(read_properties("serviceMeshProfile: " + profile));
    return show(cluster.mesh_mode) + ", revisions " + to_string(cluster.revisions_known);
  };
  CHECK(mesh("{ ...base, mode: 'Istio' }") == "stated Istio, revisions unresolved");
  CHECK(mesh("{ mode: 'Istio', ...base }") == "unresolved, revisions unresolved");
  CHECK(mesh("{ '${key}': 1, mode: 'Istio' }") == "stated Istio, revisions unresolved");
  CHECK(mesh("union({ mode: 'Istio' }, more)") == "unresolved, revisions unresolved");
  CHECK(mesh("{ mode: 'Istio', istio: { revisions: [for r in all: r] } }") == "stated Istio, revisions unresolved");
  CHECK(mesh("{ mode: 'Istio', istio: { revisions: [] } }") == "stated Istio, revisions unstated");
}

TEST_CASE("resources of Bicep under a condition or in a loop are unresolved", "[cluster]") {
  const auto mode = [](const std::string& body) {
    return show(sole(read({{"main.bicep", std::string(declaration) + body}})).mesh_mode);
  };
  const std::string body = "{ name: 'a', properties: { serviceMeshProfile: { mode: 'Istio' } } }";
  CHECK(mode("if (deploy) " + body) == "unresolved");
  CHECK(mode("if (false) " + body) == "unresolved");
  CHECK(mode("if (true) " + body) == "stated Istio");
  CHECK(mode("[for i in range(0, 2): " + body + "]") == "unresolved");
  CHECK(mode("[for i in range(0, 2): if (true) " + body + "]") == "unresolved");
}

TEST_CASE("pools of a cluster that others may have", "[cluster]") {
  const std::string cluster =
      std::string(declaration) + "{\n  name: 'shop'\n  properties: { agentPoolProfiles: [{ name: 'sys' }] }\n}\n";
  const std::string pool = "resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2025-09-01' = ";
  const auto read_with = [&](const std::string& more) {
    const auto definition = sole(read({{"main.bicep", cluster + more}}));
    return to_string(definition.pools_known) + ": " + show(definition.pools);
  };
  CHECK(read_with("") == "stated: stated sys unstated");
  CHECK(read_with(pool + "{\n  parent: aks\n  name: 'win'\n}") == "stated: stated sys unstated, stated win unstated");
  CHECK(read_with(pool + "{\n  name: 'shop/win'\n}") == "stated: stated sys unstated, stated win unstated");
  CHECK(read_with(pool + "{\n  name: '${name}/win'\n}") == "stated: stated sys unstated, unresolved unstated");
  CHECK(read_with(pool + "if (more) {\n  parent: aks\n  name: 'win'\n}") ==
        "unresolved: stated sys unstated, unresolved unresolved");
  CHECK(read_with(pool + "[for n in names: {\n  parent: aks\n  name: n\n}]") ==
        "unresolved: stated sys unstated, unresolved unresolved");
  CHECK(read_with(pool + "{\n  parent: other\n  name: 'win'\n}") == "unresolved: stated sys unstated");
}

namespace {

constexpr std::string_view parameterized = R"bicep(
param rev string = 'asm-1-27'
param version string
resource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {
  name: 'shop'
  properties: {
    kubernetesVersion: version
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: [rev] } }
  }
}
)bicep";

std::string json_parameters(const std::string& values) {
  return R"({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
"contentVersion": "1.0.0.0", "parameters": {)" +
         values + "}}";
}

// The versions and revisions of all clusters, one a line.
std::string show_all(const Found& found) {
  std::string result;
  for (const auto& cluster : found.clusters) {
    result += show(cluster.kubernetes_version) + " | " + show(cluster.revisions) + "\n";
  }
  return result;
}

}  // namespace

TEST_CASE("each .bicepparam file gives one definition", "[cluster]") {
  const auto found =
      read({{"infra/main.bicep", std::string(parameterized)},
            {"infra/env/dev.bicepparam", "using '../main.bicep'\nparam version = '1.30'\n"},
            {"infra/env/prod.bicepparam",
             "using '../main.bicep'\nvar minor = '1.31'\nparam version = minor\nparam rev = 'asm-1-28'\n"},
            {"other/main.bicepparam", "using './nothing.bicep'\nparam version = '1.29'\n"}});
  CHECK(show_all(found) == "stated 1.30 | defaulted asm-1-27\nstated 1.31 | stated asm-1-28\n");
  CHECK(place(found.clusters.at(1).kubernetes_version.node) == "infra/env/prod.bicepparam:2:13");
  CHECK(place(found.clusters.at(1).place) == "infra/main.bicep:4:14");
}

TEST_CASE("a .bicepparam file extends another", "[cluster]") {
  const std::string base = "using none\nparam version = '1.30'\nparam rev = 'asm-1-26'\n";
  const std::string more = "using 'main.bicep'\nextends 'base.bicepparam'\nparam rev = 'asm-1-28'\n";
  CHECK(
      show_all(read({{"main.bicep", std::string(parameterized)}, {"base.bicepparam", base}, {"x.bicepparam", more}})) ==
      "stated 1.30 | stated asm-1-28\n");
  const std::string lost = "using 'main.bicep'\nextends 'lost.bicepparam'\nparam version = '1.30'\n";
  CHECK(show_all(read({{"main.bicep", std::string(parameterized)}, {"x.bicepparam", lost}})) ==
        "stated 1.30 | unresolved\n");
  const std::string itself = "using 'main.bicep'\nextends 'x.bicepparam'\nparam version = '1.30'\n";
  CHECK(show_all(read({{"main.bicep", std::string(parameterized)}, {"x.bicepparam", itself}})) ==
        "stated 1.30 | unresolved\n");
}

TEST_CASE("JSON files of parameters belong to the template they are named after, or to the sole one", "[cluster]") {
  const std::string values = json_parameters(R"("version": {"value": "1.30"})");
  for (const char* path : {"a/main.parameters.json", "a/main.parameters.prod.json", "a/main.prod.parameters.json"}) {
    INFO(path);
    CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)},
                         {"a/two.bicep", "param version string"},
                         {path, values}})) == "stated 1.30 | defaulted asm-1-27\n");
  }
  for (const char* path : {"a/parameters.json", "a/prod.json", "a/env/prod.json"}) {
    INFO(path);
    CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)}, {path, values}})) ==
          "stated 1.30 | defaulted asm-1-27\n");
    CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)},
                         {"a/two.bicep", "param version string"},
                         {path, values}})) == "unresolved | defaulted asm-1-27\n");
  }
  CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)},
                       {"a/prod.json", json_parameters(R"("unheard": {"value": "1.30"})")}})) ==
        "unresolved | defaulted asm-1-27\n");
  CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)},
                       {"a/prod.json", json_parameters(R"("version": {"reference": {"secretName": "x"}})")}})) ==
        "unresolved | defaulted asm-1-27\n");
  CHECK(show_all(read({{"a/main.bicep", std::string(parameterized)},
                       {"a/prod.json", json_parameters(R"("rev": {"value": "[x]"}, "version": {"value": null})")}})) ==
        "unresolved | stated [x]\n");
}

TEST_CASE("local modules get their values from their callers", "[cluster]") {
  const auto call = [](const std::string& caller) {
    return show_all(read({{"infra/modules/aks.bicep", std::string(parameterized)}, {"infra/main.bicep", caller}}));
  };
  CHECK(call("module a './modules/aks.bicep' = {\n  name: 'a'\n  params: { version: '1.30', rev: 'asm-1-28' }\n}") ==
        "stated 1.30 | stated asm-1-28\n");
  CHECK(call("param v string = '1.31'\nmodule a 'modules/aks.bicep' = {\n  params: { version: v }\n}") ==
        "defaulted 1.31 | stated asm-1-27\n");
  CHECK(call("module a 'modules/aks.bicep' = {\n  params: { version: '${x}.1', rev: other.outputs.rev }\n}") ==
        "unresolved | unresolved\n");
  CHECK(call("module a 'modules/aks.bicep' = {\n  params: { version: '1.30', ...more }\n}") ==
        "unresolved | unresolved\n");
  CHECK(call("module a 'modules/aks.bicep' = {\n  params: union(x, { version: '1.30' })\n}") ==
        "unresolved | unresolved\n");
  CHECK(call("module a 'modules/aks.bicep' = if (x) {\n  params: { version: '1.30' }\n}") ==
        "unresolved | unresolved\n");
  CHECK(call("module a 'modules/aks.bicep' = [for i in x: {\n  params: { version: '1.30' }\n}]") ==
        "unresolved | unresolved\n");
  CHECK(call("module a 'modules/aks.bicep' = {\n  params: { version: '1.30' }\n}\n"
             "module b 'modules/aks.bicep' = {\n  params: { version: '1.31', rev: 'asm-1-28' }\n}") ==
        "stated 1.30 | stated asm-1-27\nstated 1.31 | stated asm-1-28\n");
  CHECK(call("module a '../../out.bicep' = {}\nmodule b 'gone.bicep' = {}") == "unresolved | defaulted asm-1-27\n");
}

TEST_CASE("values pass through modules of modules and parameter files", "[cluster]") {
  const auto found = read({{"aks.bicep", std::string(parameterized)},
                           {"stack.bicep", "param v string = '1.1'\nmodule a 'aks.bicep' = { params: { version: v } }"},
                           {"main.bicep", "param v string\nmodule a 'stack.bicep' = { params: { v: v } }"},
                           {"main.bicepparam", "using 'main.bicep'\nparam v = '1.32'"}});
  CHECK(show_all(found) == "stated 1.32 | stated asm-1-27\n");
  CHECK(place(found.clusters.at(0).kubernetes_version.node) == "main.bicepparam:2:11");
}

TEST_CASE("modules that call each other end", "[cluster]") {
  std::string calls;
  for (int i = 0; i < 10; ++i) calls += "module m" + std::to_string(i) + " 'b.bicep' = {}\n";
  std::string back;
  for (int i = 0; i < 10; ++i) back += "module m" + std::to_string(i) + " 'c.bicep' = {}\n";
  const auto found = read({{"a.bicep", calls}, {"b.bicep", back}, {"c.bicep", calls}});
  CHECK(found.clusters.empty());
}

TEST_CASE("calls of the verified module", "[cluster]") {
  const auto call = [](const std::string& parameters) {
    return read({{"main.bicep",
                  "param rev string = 'asm-1-27'\nmodule aks "
                  "'br/public:avm/res/container-service/managed-cluster:0.12.0' = {\n  params: " +
                      parameters + "\n}\n"}});
  };
  const auto found = call(R"({
    name: 'shop'
    kubernetesVersion: '1.30'
    skuTier: 'premium'
    serviceMeshProfile: { mode: 'Istio', istio: { revisions: [rev] } }
    primaryAgentPoolProfiles: [{ name: 'sys', mode: 'System' }]
    agentPools: [{ name: 'win', osType: 'Windows', podSubnetResourceId: 'x' }]
    networkPlugin: 'azure'
    openServiceMeshEnabled: false
    staticEgressGatewayProfile: { enabled: true }
  })");
  const auto now = sole(found);
  CHECK(now.format == "Bicep");
  CHECK(place(now.place) == "main.bicep:2:12");
  CHECK(show(now.name) == "stated shop");
  CHECK(show(now.api_version) == "unresolved");
  CHECK(show(now.kubernetes_version) == "stated 1.30");
  CHECK(show(now.sku_tier) == "stated Premium");
  CHECK(show(now.mesh_mode) == "stated Istio");
  CHECK(show(now.revisions) == "defaulted asm-1-27");
  CHECK(show(now.pools) == "stated sys unstated, stated win stated Windows");
  CHECK(show(now.pools.at(1).pod_subnet) == "stated x");
  CHECK(now.pools_known == Known::stated);
  CHECK(show(now.network_plugin) == "stated azure");
  CHECK(show(now.open_service_mesh) == "stated false");
  CHECK(show(now.static_egress) == "stated true");
  CHECK(show(now.app_routing_istio) == "unresolved");

  const auto flat = call(R"({
    istioServiceMeshEnabled: true
    istioServiceMeshRevisions: ['asm-1-22']
    istioServiceMeshInternalIngressGatewayEnabled: true
    istioServiceMeshCertificateAuthority: { keyVaultResourceId: 'vault', certObjectName: 'cert' }
    agentPools: pools
  })");
  const auto before = sole(flat);
  CHECK(show(before.name) == "unstated");
  CHECK(show(before.sku_tier) == "unresolved");
  CHECK(show(before.mesh_mode) == "stated Istio");
  CHECK(before.mesh_known == Known::stated);
  CHECK(show(before.revisions) == "stated asm-1-22");
  CHECK(show(before.internal_ingress) == "stated true");
  CHECK(show(before.external_ingress) == "unstated");
  CHECK(before.egress_known == Known::unresolved);
  CHECK(show(before.certificate_authority.key_vault) == "stated vault");
  CHECK(before.pools_known == Known::unresolved);

  const auto silent = call("{}");
  CHECK(show(sole(silent).mesh_mode) == "unstated");
  const auto hidden = call("union(a, b)");
  CHECK(show(sole(hidden).mesh_mode) == "unresolved");
  CHECK(sole(hidden).pools_known == Known::unresolved);
  CHECK(read({{"main.bicep", "module a 'br/public:avm/res/network/virtual-network:0.1.0' = { params: {} }"}})
            .clusters.empty());
}

namespace {

constexpr std::string_view schema =
    R"("$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#")";

}  // namespace

TEST_CASE("the verified module compiled into an ARM template", "[cluster]") {
  const auto found = read({{"main.json", "{" + std::string(schema) + R"json(, "resources": {"aks": {
    "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "aks",
    "properties": { "expressionEvaluationOptions": {"scope": "inner"},
      "parameters": { "name": {"value": "shop"}, "serviceMeshProfile": {"value": {"mode": "Istio"}} },
      "template": { "metadata": {"name": "Azure Kubernetes Service (AKS) Managed Clusters"},
        "parameters": {"name": {"type": "string"}},
        "resources": {"c": {"type": "Microsoft.ContainerService/managedClusters", "name": "[parameters('name')]"}} }
    } } } })json"}});
  const auto cluster = sole(found);
  CHECK(show(cluster.name) == "stated shop");
  CHECK(show(cluster.mesh_mode) == "stated Istio");
  CHECK(cluster.egress_known == Known::unstated);
}

TEST_CASE("members of parameters, copy loops, pools and linked templates of ARM templates", "[cluster]") {
  const auto found = read({{"infra/main.json", "{" + std::string(schema) + R"json(,
    "parameters": {"mesh": {"type": "object", "defaultValue": {"rev": "asm-1-27"}}},
    "resources": [
      {"type": "Microsoft.ContainerService/managedClusters", "name": "shop", "properties": {
        "agentPoolProfiles": [{"name": "sys"}],
        "serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["[parameters('mesh').rev]"]}}},
       "resources": [{"type": "agentPools", "name": "inner", "properties": {}}]},
      {"type": "Microsoft.ContainerService/managedClusters/agentPools", "name": "shop/win",
       "properties": {"osType": "Windows"}},
      {"type": "Microsoft.ContainerService/managedClusters", "name": "[concat('x', copyIndex())]",
       "copy": {"name": "many", "count": 2}, "properties": {"kubernetesVersion": "1.30"}},
      {"type": "Microsoft.Resources/deployments", "name": "linked", "properties": {
        "templateLink": {"relativePath": "../nested/aks.json"}, "parameters": {"v": {"value": "1.31"}}}}
    ] })json"},
                           {"nested/aks.json", "{" + std::string(schema) + R"json(,
    "parameters": {"v": {"type": "string", "defaultValue": "1.1"}},
    "resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "linked",
                   "properties": {"kubernetesVersion": "[parameters('v')]"}}] })json"}});
  REQUIRE(found.clusters.size() == 3);
  CHECK(show(found.clusters[0].revisions) == "defaulted asm-1-27");
  CHECK(show(found.clusters[0].pools) == "stated sys unstated, stated inner unstated, stated win stated Windows");
  CHECK(show(found.clusters[1].kubernetes_version) == "unresolved");
  CHECK(show(found.clusters[2].kubernetes_version) == "stated 1.31");
}

TEST_CASE("what Bicep made of a file beside it is not read again", "[cluster]") {
  const std::string compiled = "{" + std::string(schema) + R"json(, "metadata": {"_generator": {"name": "bicep"}},
    "resources": [{"type": "Microsoft.ContainerService/managedClusters", "name": "shop"}] })json";
  CHECK(read({{"main.bicep", std::string(parameterized)}, {"main.json", compiled}}).clusters.size() == 1);
  CHECK(read({{"other.bicep", std::string(parameterized)}, {"main.json", compiled}}).clusters.size() == 2);
}

TEST_CASE("Flux configurations say which folders go to a cluster", "[cluster]") {
  const auto paths = [](const std::string& scope) {
    std::vector<Fact<std::string>> facts;
    const auto found = sole(read_properties(
        "",
        "param folder string = './apps'\n"
        "resource flux "
        "'Microsoft.KubernetesConfiguration/fluxConfigurations@2023-05-01' = {\n"
        "  name: 'flux'\n  scope: " +
            scope +
            "\n  properties: {\n    scope: 'cluster'\n    gitRepository: { url: 'https://example.com/shop' }\n"
            "    kustomizations: {\n"
            "      infra: { path: './infra' }\n      apps: { path: folder }\n"
            "      all: { prune: true }\n    }\n  }\n}"));
    for (const GitOpsPath& applied : found.gitops_paths) {
      facts.push_back(applied.path);
      facts.push_back(applied.repository);
    }
    return show(facts);
  };
  CHECK(paths("aks") ==
        "stated ./infra, stated https://example.com/shop, defaulted ./apps, stated https://example.com/shop");
  CHECK(paths("other").empty());
}
