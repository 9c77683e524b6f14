#include "linter/cluster_operators.h"

#include <catch2/catch.hpp>

#include "linter/shell_words.h"
#include "tests/found_clusters.h"

namespace meshlint {
namespace {

Found in_file(std::string path, std::string text) {
  Files files;
  files.emplace_back(std::move(path), std::move(text));
  return Found(files);
}

Found in_yaml(std::string text) {
  return in_file("file.yaml", std::move(text));
}

std::string pools_of(const ClusterDefinition& cluster) {
  std::string result;
  for (const NodePool& pool : cluster.pools) {
    result += fmt::format("{}, {}, {}, {};", show(pool.name), show(pool.mode), show(pool.os_type),
                          show(pool.kubernetes_version));
  }
  return result;
}

constexpr std::string_view aso_cluster = R"(
apiVersion: containerservice.azure.com/v20260501
kind: ManagedCluster
metadata: { name: shop, namespace: aso }
spec: { azureName: shop-weu, kubernetesVersion: "1.31" }
)";

std::string aso_pool(const std::string& metadata, const std::string& spec) {
  return "---\napiVersion: containerservice.azure.com/v20260501\nkind: ManagedClustersAgentPool\nmetadata: {" +
         metadata + "}\nspec: {" + spec + "}\n";
}

}  // namespace

TEST_CASE("pools of the Service Operator belong to the cluster that they name", "[cluster]") {
  const auto with = [](const std::string& pools) { return in_yaml(std::string(aso_cluster) + pools); };
  const std::string by_name = "name: shop-win, namespace: aso";

  const auto found = with(aso_pool(by_name,
                                   "azureName: win, owner: { name: shop }, osType: Windows, "
                                   "orchestratorVersion: \"1.30\""));
  CHECK(pools_of(found.only()) == "stated win, unstated, stated Windows, stated 1.30;");
  CHECK(found.only().pools[0].place.span().start > found.only().place.span().end);
  CHECK(found.only().pools_known == Known::unresolved);  // more of them may be elsewhere

  const std::string id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/";
  CHECK(pools_of(with(aso_pool("name: gw", "owner: { armId: " + id + "SHOP-weu }, mode: Gateway")).only()) ==
        "stated gw, stated Gateway, unstated, unstated;");
  CHECK(with(aso_pool("name: gw", "owner: { armId: " + id + "other }")).only().pools.empty());
  CHECK(with(aso_pool("name: a, namespace: elsewhere", "owner: { name: shop }")).only().pools.empty());
  CHECK(with(aso_pool(by_name, "owner: { name: shop-weu }")).only().pools.empty());  // the object's name counts
  CHECK(with(aso_pool(by_name, "mode: User")).only().pools.empty());
}

TEST_CASE("pools go to the cluster in their own folder where several have one name", "[cluster]") {
  const std::string pool = aso_pool("name: shop-a, namespace: aso", "azureName: a, owner: { name: shop }");
  const Found found({{"dev/aks.yaml", std::string(aso_cluster)},
                     {"prod/aks.yaml", std::string(aso_cluster)},
                     {"prod/pool.yaml", pool}});
  REQUIRE(found.clusters.size() == 2);
  CHECK(found.clusters[0].pools.empty());
  CHECK(found.clusters[1].pools.size() == 1);
}

TEST_CASE("the version that a cluster of the Service Operator runs counts more than what is asked for", "[cluster]") {
  const auto found = in_yaml(std::string(aso_cluster) + "status: { currentKubernetesVersion: 1.31.7 }\n");
  CHECK(at(found.only().kubernetes_version) == "stated 1.31.7 at 6:37");
  CHECK(at(in_yaml(std::string(aso_cluster)).only().kubernetes_version) == "stated 1.31 at 5:49");
}

TEST_CASE("Cluster API wraps objects of the Service Operator", "[cluster]") {
  const auto found = in_yaml(R"(apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureASOManagedControlPlane
metadata: { name: shop-plane, namespace: capi }
spec:
  version: v1.31.4
  resources:
  - apiVersion: resources.azure.com/v1api20200601
    kind: ResourceGroup
    metadata: { name: rg }
  - apiVersion: containerservice.azure.com/v1api20240402preview
    kind: ManagedCluster
    metadata: { name: shop }
    spec:
      kubernetesVersion: 1.30.0
      serviceMeshProfile: { mode: Istio, istio: { revisions: [asm-1-27] } }
---
apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
metadata: { name: web, namespace: capi }
spec: { controlPlaneRef: { kind: AzureASOManagedControlPlane, name: shop-plane } }
---
apiVersion: cluster.x-k8s.io/v1beta1
kind: MachinePool
metadata: { name: pool0, namespace: capi }
spec:
  clusterName: web
  template: { spec: { version: v1.30.9, infrastructureRef: { kind: AzureASOManagedMachinePool, name: pool0 } } }
---
apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1
kind: AzureASOManagedMachinePool
metadata: { name: pool0, namespace: capi }
spec:
  resources:
  - apiVersion: containerservice.azure.com/v1api20240402preview
    kind: ManagedClustersAgentPool
    metadata: { name: shop-pool0 }
    spec: { azureName: pool0, mode: System, orchestratorVersion: 1.30.0 }
)");
  const ClusterDefinition& cluster = found.only();
  CHECK(cluster.format == "Cluster API");
  CHECK(at(cluster.name) == "stated shop at 12:23");
  CHECK(at(cluster.api_version) == "stated 2024-04-02-preview at 10:17");
  CHECK(at(cluster.kubernetes_version) == "stated 1.31.4 at 5:12");  // the control plane's counts
  CHECK(at(cluster.revisions.at(0)) == "stated asm-1-27 at 15:63");
  CHECK(pools_of(cluster) == "stated pool0, stated System, unstated, stated 1.30.9;");
}

TEST_CASE("a template of Cluster API has neither a name nor always a version", "[cluster]") {
  const auto found = in_yaml(R"(apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1
kind: AzureASOManagedControlPlaneTemplate
metadata: { name: shop }
spec:
  template:
    spec:
      resources:
      - apiVersion: containerservice.azure.com/v20240901
        kind: ManagedCluster
        metadata: { name: shop }
        spec: { serviceMeshProfile: { mode: Istio } }
)");
  CHECK(show(found.only().name) == "unresolved");
  CHECK(show(found.only().kubernetes_version) == "unresolved");
  CHECK(show(found.only().mesh_mode) == "stated Istio");
}

TEST_CASE("placeholders of clusterctl are no values, but name the same cluster", "[cluster]") {
  const auto found = in_yaml(R"(apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureASOManagedControlPlane
metadata: { name: "${CLUSTER_NAME}" }
spec:
  version: ${KUBERNETES_VERSION:=v1.30.0}
  resources:
  - apiVersion: containerservice.azure.com/v1api20240901
    kind: ManagedCluster
    metadata: { name: "${CLUSTER_NAME}" }
    spec: { kubernetesVersion: "1.30" }
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureASOManagedMachinePool
metadata: { name: "${CLUSTER_NAME}-pool0" }
spec:
  resources:
  - apiVersion: containerservice.azure.com/v1api20240901
    kind: ManagedClustersAgentPool
    metadata: { name: "${CLUSTER_NAME}-pool0" }
    spec: { azureName: pool0, owner: { name: "${CLUSTER_NAME}" } }
)");
  CHECK(show(found.only().name) == "unresolved");
  CHECK(at(found.only().kubernetes_version) == "unresolved at 5:12");
  CHECK(found.only().pools.size() == 1);
}

namespace {

// A control plane of the older kind whose spec starts in line 5.
Found managed_plane(const std::string& spec, const std::string& others = "") {
  return in_yaml(
      "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedControlPlane\n"
      "metadata: { name: shop }\nspec:\n" +
      spec + others);
}

}  // namespace

TEST_CASE("patches of the Service Operator's object bring the mesh to the older kinds", "[cluster]") {
  const auto found = managed_plane(R"(  version: v1.31.2
  sku: { tier: Standard }
  asoManagedClusterPatches:
  - '{"spec": {"serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["asm-1-26"],
      "components": {"proxyRedirectionMechanism": "CNIChaining"}}}}}'
  - |
    {"spec": {"kubernetesVersion": "1.32.0", "sku": {"tier": null},
      "serviceMeshProfile": {"istio": {"revisions": ["asm-1-27", "asm-1-28"]}}}}
)");
  const ClusterDefinition& cluster = found.only();
  CHECK(at(cluster.name) == "stated shop at 3:19");
  CHECK(at(cluster.kubernetes_version) == "stated 1.32.0 at 11:36");
  CHECK(show(cluster.sku_tier) == "unstated");  // a null takes it away
  CHECK(at(cluster.mesh_mode) == "stated Istio at 8:47");
  CHECK(at(cluster.proxy_redirection) == "stated CNIChaining at 9:51");
  CHECK(show(cluster.revisions) == "stated asm-1-27, stated asm-1-28");  // a list is replaced as a whole
  CHECK(at(cluster.revisions.at(1)) == "stated asm-1-28 at 12:66");
  CHECK(show(cluster.support_plan) == "unresolved");
}

TEST_CASE("a patch that nobody can read leaves everything open that it may change", "[cluster]") {
  for (const auto* patch : {"'{\"spec\": {'", "'[1]'", "${PATCH}", "'{{ .patch }}'"}) {
    CAPTURE(patch);
    const auto found = managed_plane(fmt::format("  version: v1.31.2\n  asoManagedClusterPatches: [{}]\n", patch));
    CHECK(show(found.only().mesh_mode) == "unresolved");
    CHECK(show(found.only().kubernetes_version) == "unresolved");
  }
  const auto found = managed_plane(
      "  version: v1.31.2\n  asoManagedClusterPatches: [\"{'spec': {'supportPlan': "
      "'${PLAN}'}}\"]\n");
  CHECK(show(found.only().support_plan) == "unresolved");
  CHECK(show(found.only().kubernetes_version) == "stated 1.31.2");
}

TEST_CASE("what the older kinds of Cluster API cannot say is not off", "[cluster]") {
  const ClusterDefinition cluster = managed_plane("  networkPlugin: azure\n").only();
  CHECK(show(cluster.mesh_mode) == "unresolved");
  CHECK(cluster.mesh_known == Known::unresolved);
  CHECK(cluster.egress_known == Known::unresolved);
  CHECK(show(cluster.gateway_api_installation) == "unresolved");
  CHECK(show(cluster.network_plugin) == "stated azure");
  CHECK(show(cluster.network_policy) == "unstated");
  CHECK(show(cluster.kubernetes_version) == "unstated");
  CHECK(show(cluster.open_service_mesh) == "unstated");
}

namespace {

std::string crossplane(const std::string& spec, const std::string& metadata = "name: shop") {
  return "apiVersion: containerservice.azure.upbound.io/v1beta2\nkind: KubernetesCluster\nmetadata: { " + metadata +
         " }\nspec:\n" + spec;
}

// A Composition of one cluster whose base's provider fields start in line 11; patches follow.
Found composition(const std::string& patches, const std::string& sets = "") {
  return in_yaml(R"(apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: { name: aks }
spec:
  resources:
  - name: cluster
    base:
      apiVersion: containerservice.azure.upbound.io/v1beta1
      kind: KubernetesCluster
      spec:
        forProvider:
          kubernetesVersion: "1.31"
          skuTier: Standard
          serviceMeshProfile: [{ mode: Istio, revisions: [asm-1-27] }]
    patches:
)" + patches + sets);
}

}  // namespace

TEST_CASE("a cluster of Crossplane is called what its annotation says", "[cluster]") {
  const auto provider = "  forProvider: { kubernetesVersion: \"1.31\" }\n";
  CHECK(at(in_yaml(crossplane(provider)).only().name) == "stated shop at 3:19");
  CHECK(show(in_yaml(crossplane(provider, "name: a, annotations: { crossplane.io/external-name: shop-prod }"))
                 .only()
                 .name) == "stated shop-prod");
}

TEST_CASE("a resource that Crossplane only observes is no definition", "[cluster]") {
  CHECK(in_yaml(crossplane("  managementPolicies: [Observe]\n  forProvider: {}\n")).clusters.empty());
  CHECK(in_yaml(crossplane("  managementPolicies: [Observe, Create]\n  forProvider: {}\n")).clusters.size() == 1);
  CHECK(
      in_yaml("apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\nspec: {}\n").clusters.empty());
}

TEST_CASE("initial values count only while a resource is made", "[cluster]") {
  const auto found =
      in_yaml(crossplane("  forProvider: { skuTier: Free }\n"
                         "  initProvider: { skuTier: Standard, kubernetesVersion: \"1.30\" }\n"));
  CHECK(show(found.only().sku_tier) == "stated Free");
  CHECK(show(found.only().kubernetes_version) == "unresolved");
  CHECK(show(found.only().support_plan) == "unstated");
}

TEST_CASE("what a Composition patches is not known", "[cluster]") {
  const auto version = [](const Found& found) { return show(found.only().kubernetes_version); };
  const auto unpatched = composition("    - { type: ToCompositeFieldPath, fromFieldPath: a, toFieldPath: status.b }\n");
  CHECK(version(unpatched) == "stated 1.31");
  CHECK(show(unpatched.only().name) == "unresolved");  // Crossplane makes one up
  CHECK(at(unpatched.only().revisions.at(0)) == "stated asm-1-27 at 14:59");

  const auto patched = composition(
      "    - { fromFieldPath: spec.v, toFieldPath: spec.forProvider.kubernetesVersion }\n"
      "    - { fromFieldPath: spec.r, toFieldPath: 'spec.forProvider.serviceMeshProfile[0].revisions[0]' }\n"
      "    - { fromFieldPath: spec.p, toFieldPath: spec.forProvider.supportPlan }\n");
  CHECK(version(patched) == "unresolved");
  CHECK(show(patched.only().revisions) == "unresolved");
  CHECK(show(patched.only().support_plan) == "unresolved");
  CHECK(show(patched.only().mesh_mode) == "stated Istio");
  CHECK(show(patched.only().sku_tier) == "stated Standard");

  CHECK(version(composition("    - { fromFieldPath: spec.forProvider.kubernetesVersion }\n")) == "unresolved");
  CHECK(version(composition("    - { fromFieldPath: spec.a, toFieldPath: spec.forProvider }\n")) == "unresolved");
  CHECK(version(composition("    - { fromFieldPath: spec.a, toFieldPath: 'a[' }\n")) == "unresolved");
  const std::string sets =
      "  patchSets:\n  - { name: a, patches: [{ fromFieldPath: x, toFieldPath: "
      "spec.forProvider.kubernetesVersion }] }\n";
  CHECK(version(composition("    - { type: PatchSet, patchSetName: a }\n", sets)) == "unresolved");
  CHECK(version(composition("    - { type: PatchSet, patchSetName: b }\n", sets)) == "stated 1.31");
}

TEST_CASE("a pipeline of a Composition holds resources as well", "[cluster]") {
  const auto found = in_yaml(R"(apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: { name: aks }
spec:
  mode: Pipeline
  pipeline:
  - step: patch-and-transform
    functionRef: { name: function-patch-and-transform }
    input:
      resources:
      - name: cluster
        base:
          apiVersion: containerservice.azure.m.upbound.io/v1beta1
          kind: KubernetesCluster
          spec: { forProvider: { skuTier: Standard, serviceMeshProfile: { mode: Istio, revisions: [asm-1-27] } } }
        patches:
        - { fromFieldPath: spec.tier, toFieldPath: spec.forProvider.skuTier }
      - name: pool
        base:
          apiVersion: containerservice.azure.m.upbound.io/v1beta1
          kind: KubernetesClusterNodePool
          spec: { forProvider: { mode: User, kubernetesClusterIdSelector: { matchControllerRef: true } } }
)");
  CHECK(show(found.only().sku_tier) == "unresolved");
  CHECK(show(found.only().revisions) == "stated asm-1-27");
  CHECK(pools_of(found.only()) == "unresolved, stated User, unstated, unstated;");
}

TEST_CASE("a node pool of Crossplane finds its cluster by reference, label or ID", "[cluster]") {
  const auto with = [](const std::string& link) {
    return in_yaml(crossplane("  forProvider: {}\n", "name: shop, labels: { tier: web }") +
                   "---\napiVersion: containerservice.azure.upbound.io/v1beta1\nkind: KubernetesClusterNodePool\n"
                   "metadata: { name: extra }\nspec: { forProvider: { osType: Windows, " +
                   link + " } }\n");
  };
  constexpr const char* pool = "stated extra, unstated, stated Windows, unstated;";
  CHECK(pools_of(with("kubernetesClusterIdRef: { name: shop }").only()) == pool);
  CHECK(pools_of(with("kubernetesClusterIdSelector: { matchLabels: { tier: web } }").only()) == pool);
  CHECK(pools_of(with("kubernetesClusterId: /subscriptions/0/managedClusters/shop").only()) == pool);
  CHECK(pools_of(with("kubernetesClusterIdRef: { name: other }").only()).empty());
  CHECK(pools_of(with("kubernetesClusterIdSelector: { matchLabels: { tier: db } }").only()).empty());
}

namespace {

constexpr std::string_view pulumi = R"(name: shop
runtime: yaml
config:
  rev: { type: string, default: asm-1-27 }
  version: { type: string }
  plan: KubernetesOfficial
variables:
  tier: Premium
  looked: { fn::invoke: { function: azure-native:containerservice:getManagedCluster } }
resources:
  shop:
    type: azure-native:containerservice/v20250901:ManagedCluster
    properties:
      resourceName: shop-${pulumi.stack}
      kubernetesVersion: ${version}
      supportPlan: ${plan}
      sku: { tier: "${tier}", name: { fn::select: [0, [Base]] } }
      networkProfile: { networkPlugin: "${looked.plugin}" }
      serviceMeshProfile: { mode: Istio, istio: { revisions: ["${rev}"] } }
  other:
    type: azure-native:containerservice:ManagedCluster
    get: { id: somewhere }
  win:
    type: azure-native:containerservice:AgentPool
    properties: { resourceName: "${shop.name}", agentPoolName: win, osType: Windows }
)";

}  // namespace

TEST_CASE("Pulumi's configuration gives values, and everything else stays open", "[cluster]") {
  const auto found = in_file("Pulumi.yaml", std::string(pulumi));
  const ClusterDefinition& cluster = found.only();
  CHECK(cluster.format == "Pulumi");
  CHECK(at(cluster.name) == "unresolved at 14:21");
  CHECK(at(cluster.api_version) == "stated 2025-09-01 at 12:11");
  CHECK(at(cluster.kubernetes_version) == "unresolved at 15:26");
  CHECK(at(cluster.support_plan) == "stated KubernetesOfficial at 6:9");
  CHECK(at(cluster.sku_tier) == "stated Premium at 8:9");
  CHECK(show(cluster.sku_name) == "unresolved");
  CHECK(show(cluster.network_plugin) == "unresolved");
  CHECK(show(cluster.network_policy) == "unstated");
  CHECK(at(cluster.revisions.at(0)) == "defaulted asm-1-27 at 4:33");
  CHECK(pools_of(cluster) == "stated win, unstated, stated Windows, unstated;");
}

TEST_CASE("each stack of Pulumi is a definition of its own", "[cluster]") {
  const Found found({{"aks/Pulumi.yaml", std::string(pulumi)},
                     {"aks/Pulumi.dev.yaml", "config:\n  shop:version: 1.30\n  shop:rev: asm-1-28\n"},
                     {"aks/Pulumi.prod.yaml", "config:\n  shop:version: { secure: abc }\n"},
                     {"Pulumi.other.yaml", "config:\n  shop:version: \"1.29\"\n"}});
  REQUIRE(found.clusters.size() == 2);
  CHECK(show(found.clusters[0].kubernetes_version) == "stated 1.30");
  CHECK(show(found.clusters[0].revisions) == "stated asm-1-28");
  CHECK(found.clusters[0].revisions[0].node.file()->path() == "aks/Pulumi.dev.yaml");
  CHECK(show(found.clusters[1].kubernetes_version) == "unresolved");  // a secret
  CHECK(show(found.clusters[1].revisions) == "defaulted asm-1-27");
}

TEST_CASE("tokens of Pulumi come long and short", "[cluster]") {
  const auto version = [](const std::string& type) {
    const auto found = in_file("Pulumi.yaml", "resources:\n  a:\n    type: " + type + "\n    properties: {}\n");
    return found.clusters.empty() ? "none" : show(found.only().api_version);
  };
  CHECK(version("azure-native_containerservice_v20240901:containerservice:ManagedCluster") == "stated 2024-09-01");
  CHECK(version("azure-native:containerservice/v20240402preview:ManagedCluster") == "stated 2024-04-02-preview");
  CHECK(version("azure-native:containerservice:ManagedCluster") == "unresolved");
  CHECK(version("azure:containerservice/kubernetesCluster:KubernetesCluster") == "unresolved");
  CHECK(version("azure-native:storage:StorageAccount") == "none");
  CHECK(version("aws:eks:Cluster") == "none");
}

namespace {

// A workflow of GitHub with one script, whose first line is line 5 from column 11 on.
Found workflow(const std::string& script, const std::string& head = "") {
  std::string text = head + "jobs:\n  deploy:\n    steps:\n      - run: |\n";
  for (std::size_t at = 0; at < script.size();) {
    const auto end = std::min(script.find('\n', at), script.size());
    text += "          " + script.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return in_file(".github/workflows/deploy.yaml", text);
}

std::string revisions_of(const Found& found) {
  const auto& cluster = found.only();
  return fmt::format("{}: {}", to_string(cluster.revisions_known), show(cluster.revisions));
}

}  // namespace

TEST_CASE("facts of a command line stand at their words", "[cluster]") {
  const auto found = workflow(R"(az group create -n rg
sudo az aks create --name 'shop' -g rg \
  --kubernetes-version=1.30 --enable-addons monitoring,open-service-mesh \
  --enable-asm --revision "asm-1-27" && az aks update -n shop --tier standard)");
  const ClusterDefinition& cluster = found.only();
  CHECK(at(cluster.name) == "stated shop at 6:37");
  CHECK(at(cluster.kubernetes_version) == "stated 1.30 at 7:34");
  CHECK(at(cluster.open_service_mesh) == "stated true at 7:55");
  CHECK(show(cluster.secrets_provider) == "unstated");
  CHECK(at(cluster.mesh_mode) == "stated Istio at 8:13");
  CHECK(at(cluster.revisions.at(0)) == "stated asm-1-27 at 8:37");
  CHECK(at(cluster.sku_tier) == "stated Standard at 8:80");
}

TEST_CASE("documentation and commands of other programs set nothing", "[cluster]") {
  const auto none = [](const std::string& script) { return workflow(script).clusters.empty(); };
  CHECK(none("# az aks create -n shop --enable-asm"));
  CHECK(none("echo az aks create -n shop --enable-asm"));
  CHECK(none("echo 'run az aks create -n shop'"));
  CHECK(none("cat <<EOF > README\naz aks create -n shop --enable-asm\nEOF"));
  CHECK(none("ID=$(az aks create -n shop --enable-asm)"));
  CHECK(none("ffmpeg --enable-asm"));
  CHECK(none("az aks show -n shop"));
  CHECK(none("az aks create --enable-asm"));
  CHECK(none("az aks update -n shop --tier free"));  // says too little to be a definition
  CHECK(in_file("a.yaml", "description: az aks create -n shop --enable-asm\n").clusters.empty());
  CHECK(
      in_file("a.yaml", "apiVersion: v1\nkind: ConfigMap\nsteps: [{ run: az aks create -n shop }]\n").clusters.empty());
  CHECK_FALSE(none("cat <<EOF\nEOF\naz aks create -n shop"));
  CHECK_FALSE(none("az aks create -n shop # --enable-asm"));
  CHECK(show(workflow("az aks create -n shop # --enable-asm").only().mesh_mode) == "unstated");
}

TEST_CASE("expressions in command lines are not known", "[cluster]") {
  const auto revision = [](const std::string& word, const std::string& head = "") {
    return show(workflow("az aks create -n shop --revision " + word, head).only().revisions);
  };
  CHECK(revision("$REV") == "unresolved");
  CHECK(revision("\"${REV}\"") == "unresolved");
  CHECK(revision("$(cat rev)") == "unresolved");
  CHECK(revision("asm-1-$MINOR") == "unresolved");
  CHECK(revision("${{ inputs.revision }}") == "unresolved");
  const std::string env = "env: { REV: asm-1-27, BAD: '${{ inputs.x }}' }\n";
  CHECK(revision("$REV", env) == "stated asm-1-27");
  CHECK(revision("\"${REV}\"", env) == "stated asm-1-27");
  CHECK(revision("${{ env.REV }}", env) == "stated asm-1-27");
  CHECK(revision("$REV-x", env) == "unresolved");
  CHECK(revision("$BAD", env) == "unresolved");
  CHECK(revision("'$REV'", env) == "stated $REV");  // single quotes keep the shell from it
  CHECK(show(workflow("REV=asm-1-28\naz aks create -n shop --revision $REV", env).only().revisions) == "unresolved");

  const auto more = workflow("az aks create -n shop --enable-asm $EXTRA");
  CHECK(show(more.only().mesh_mode) == "stated Istio");
  CHECK(show(more.only().support_plan) == "unresolved");
  CHECK(show(workflow("az aks create -n $NAME --enable-asm").only().name) == "unresolved");
}

TEST_CASE("a cluster whose name nobody knows may be one of several", "[cluster]") {
  CHECK(revisions_of(workflow("az aks mesh enable -n shop --revision asm-1-28")) == "stated: stated asm-1-28");
  CHECK(revisions_of(workflow("az aks mesh enable -n ${{ inputs.name }} --revision asm-1-28")) ==
        "unresolved: stated asm-1-28");
  CHECK(revisions_of(workflow("az aks create -n $NAME --revision asm-1-28")) == "unresolved: stated asm-1-28");
}

TEST_CASE("commands under a condition are not known to run", "[cluster]") {
  const auto mode = [](const std::string& script) { return show(workflow(script).only().mesh_mode); };
  const std::string create = "az aks create -n shop --enable-asm";
  CHECK(mode(create) == "stated Istio");
  CHECK(mode("if true; then\n  " + create + "\nfi") == "unresolved");
  CHECK(mode("make_cluster() {\n  " + create + "\n}") == "unresolved");
  CHECK(mode("for x in a b; do " + create + "; done") == "unresolved");
  CHECK(mode("az aks show -n shop || " + create) == "unresolved");
  CHECK(mode("test -n \"$X\" &&\n  " + create) == "unresolved");
  CHECK(mode("set -e; az login && " + create) == "stated Istio");
  CHECK(mode("if true; then echo; fi\n" + create) == "stated Istio");
  const auto step = in_file("a.yaml", "jobs: { a: { steps: [{ if: success(), run: " + create + " }] } }\n");
  CHECK(show(step.only().mesh_mode) == "unresolved");
  const auto job = in_file("a.yaml", "jobs: { a: { if: success(), steps: [{ run: " + create + " }] } }\n");
  CHECK(show(job.only().mesh_mode) == "unresolved");
}

TEST_CASE("two revisions run between the start and the end of an upgrade", "[cluster]") {
  const std::string create = "az aks create -n shop --enable-asm --revision asm-1-27\n";
  const std::string start = "az aks mesh upgrade start -n shop --revision asm-1-28\n";
  CHECK(revisions_of(workflow(create + start)) == "stated: stated asm-1-27, stated asm-1-28");
  CHECK(revisions_of(workflow(create + start + "az aks mesh upgrade complete -n shop\n")) == "stated: stated asm-1-28");
  CHECK(revisions_of(workflow(create + start + "az aks mesh upgrade rollback -n shop\n")) == "stated: stated asm-1-27");
  CHECK(revisions_of(workflow(start)) == "unresolved: stated asm-1-28");  // beside one that is not known
  CHECK(revisions_of(workflow(start + "az aks mesh upgrade complete -n shop\n")) == "stated: stated asm-1-28");

  const auto other_file = [&](const std::string& name) {
    return Found(
        {{"a.yaml", "jobs: { a: { steps: [{ run: az aks create -n shop --enable-asm --revision asm-1-27 }] } }\n"},
         {"b.yaml",
          "jobs: { a: { steps: [{ run: 'az aks mesh upgrade start -n " + name + " --revision asm-1-28' }] } }\n"}});
  };
  for (const auto* name : {"shop", "$NAME"}) {
    const auto found = other_file(name);
    REQUIRE(found.clusters.size() == 2);
    CHECK(found.clusters[0].revisions_known == Known::unresolved);
    CHECK(found.clusters[1].revisions_known == Known::unresolved);
    CHECK(show(found.clusters[0].mesh_mode) == "stated Istio");
  }
  CHECK(show(other_file("other").clusters[0].revisions) == "stated asm-1-27");

  const auto jobs = in_file("a.yaml",
                            "jobs:\n  a: { steps: [{ run: az aks create -n shop --revision asm-1-27 }] }\n"
                            "  b: { steps: [{ run: az aks mesh upgrade start -n shop --revision asm-1-28 }] }\n");
  CHECK(jobs.only().revisions_known == Known::unresolved);
}

TEST_CASE("a cluster that commands only change keeps its secrets", "[cluster]") {
  const auto found = workflow(
      "az aks mesh enable -n shop -g rg\n"
      "az aks mesh enable-ingress-gateway -n shop --ingress-gateway-type internal");
  const ClusterDefinition& cluster = found.only();
  CHECK(show(cluster.mesh_mode) == "stated Istio");
  CHECK(show(cluster.internal_ingress) == "stated true");
  CHECK(show(cluster.external_ingress) == "unresolved");
  CHECK(show(cluster.kubernetes_version) == "unresolved");
  CHECK(cluster.revisions_known == Known::unresolved);
  CHECK(cluster.egress_known == Known::unresolved);
}

TEST_CASE("other sources say better what a cluster is", "[cluster]") {
  const std::string run = "jobs: { a: { steps: [{ run: az aks mesh enable -n shop-weu --revision asm-1-27 }] } }\n";
  const auto with_mesh =
      std::string(aso_cluster).replace(aso_cluster.rfind(" }"), 2, ", serviceMeshProfile: {mode: Istio} }");
  CHECK(Found({{"aks.yaml", with_mesh}, {"ci.yaml", run}}).clusters.size() == 1);
  CHECK(Found({{"aks.yaml", std::string(aso_cluster)}, {"ci.yaml", run}}).clusters.size() == 2);
}

TEST_CASE("scripts of GitHub's actions, Azure DevOps and GitLab", "[cluster]") {
  const auto mode = [](const std::string& text) {
    const auto found = in_file("ci.yaml", text);
    return found.clusters.empty() ? "none" : show(found.only().mesh_mode);
  };
  const std::string script = "az aks create -n shop --enable-asm";
  CHECK(mode("jobs: { a: { steps: [{ uses: azure/CLI@v1, with: { inlineScript: " + script + " } }] } }") ==
        "stated Istio");
  CHECK(mode("jobs: { a: { steps: [{ uses: other/action@v1, with: { inlineScript: " + script + " } }] } }") == "none");
  CHECK(mode("runs: { using: composite, steps: [{ run: " + script + " }] }") == "stated Istio");
  const std::string task = "{ task: AzureCLI@2, inputs: { inlineScript: " + script + " } }";
  CHECK(mode("steps: [" + task + "]") == "stated Istio");
  CHECK(mode("jobs: [{ job: a, steps: [" + task + "] }]") == "stated Istio");
  CHECK(mode("stages: [{ jobs: [{ deployment: a, strategy: { runOnce: { deploy: { steps: [" + task + "] } } } }] }]") ==
        "stated Istio");
  CHECK(mode("stages: [{ condition: failed(), jobs: [{ steps: [" + task + "] }] }]") == "unresolved");
  CHECK(mode("deploy: { script: [az login, " + script + "] }") == "stated Istio");
  CHECK(mode("deploy: { rules: [{ when: manual }], script: [" + script + "] }") == "unresolved");
  const auto variable = in_file("ci.yaml",
                                "variables: { rev: asm-1-27 }\nsteps: [{ script: 'az aks create -n shop --revision "
                                "$(rev)' }]\n");
  CHECK(show(variable.only().revisions) == "stated asm-1-27");
}

TEST_CASE("words of the shell", "[cluster]") {
  const auto words = [](std::string_view script) {
    std::string result;
    for (const ShellCommand& command : read_shell_commands(script)) {
      for (const ShellWord& word : command.words) {
        result += fmt::format("{}[{}]", word.is_literal ? "" : "~", word.text);
      }
      result += ";";
    }
    return result;
  };
  CHECK(words("a 'b c' \"d \\\"e\" f\\ g") == "[a][b c][d \"e][f g];");
  CHECK(words("a \\\n  b `\n c ^\r\n d") == "[a][b][c][d];");
  CHECK(words("a; b | c && d & e") == "[a];[b];[c];[d];[e];");
  CHECK(words("a > out 2>&1 < in b") == "[a][2][b];");
  CHECK(words("X=1 a $X ${Y} $(z \")\" q) `w v`") == "[a]~[$X]~[${Y}]~[$(z \")\" q)]~[`w v`];");
  CHECK(words("cat <<-'END' b\n\tinside\n\tEND\nc") == "[cat][b];[c];");
  CHECK(words("a 'open") == "[a][open];");
  CHECK(words("a \"open") == "[a][open];");
  CHECK(words("a $(open") == "[a]~[$(open];");
  CHECK(words("a `open") == "[a]~[`open];");
  CHECK(words("cat <<END\nopen") == "[cat];");
  CHECK(words("") == "");
}

}  // namespace meshlint
