// Which cluster governs which files, through `meshlint context`, and the configuration file.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/run_meshlint.h"

namespace {

using nlohmann::json;

std::string cluster(const std::string& name, const std::string& revision) {
  return "apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\nmetadata: {name: " + name +
         "}\nspec:\n  kubernetesVersion: \"1.34\"\n  serviceMeshProfile:\n    mode: Istio\n    istio: {revisions: [" +
         revision + "]}\n";
}

constexpr const char* name_space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

// A repository with clusters `east` and `west`, each in a folder of its own.
class TwoClusters {
 public:
  TwoClusters() {
    add(".git/config", "[remote \"origin\"]\n\turl = git@example.com:team/Repo.git\n");
    add("infra/east/cluster.yaml", cluster("east", "asm-1-28"));
    add("infra/west/cluster.yaml", cluster("west", "asm-1-29"));
    add("apps/shop/namespace.yaml", name_space);
  }

  void add(const std::string& path, std::string_view text) const { write_file(directory_.path() / path, text); }

  RunResult run(const std::string& arguments) const { return run_meshlint(directory_.path(), arguments); }

  // "east, west by definition-below".
  std::string governs(const std::string& path = "apps/shop/namespace.yaml") const {
    const auto result = run("context . --format json");
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    const auto report = json::parse(result.output);
    for (const auto& file : report["files"]) {
      if (file["file"] != path) continue;
      std::string names;
      for (const auto& name : file["clusters"]) names += (names.empty() ? "" : ", ") + name.get<std::string>();
      return names + " by " + file["reason"].get<std::string>();
    }
    return "no such file";
  }

 private:
  TemporaryDirectory directory_;
};

std::string flux(const std::string& path, const std::string& rest = "", const std::string& source = "flux-system") {
  return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n"
         "  sourceRef: {kind: GitRepository, name: " +
         source + "}\n  path: " + path + "\n" + rest;
}

std::string git_repository(const std::string& name, const std::string& address) {
  return "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: " + name +
         "}\nspec: {url: " + address + "}\n";
}

std::string argo(const std::string& destination, const std::string& address = "https://example.com/team/repo") {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  source: {repoURL: " +
         address + ", path: apps/shop}\n  destination: " + destination + "\n";
}

}  // namespace

TEST_CASE("the clusters that govern a file", "[context]") {
  const TwoClusters repository;

  SECTION("a definition above, and definitions elsewhere") {
    CHECK(repository.governs("infra/east/cluster.yaml") == "east by definition-above");
    CHECK(repository.governs() == "east, west by definition-below");
  }
  SECTION("a folder with a cluster's name") {
    repository.add("gitops/west/namespace.yaml", name_space);
    repository.add("gitops/western/namespace.yaml", name_space);
    CHECK(repository.governs("gitops/west/namespace.yaml") == "west by folder-name");
    CHECK(repository.governs("gitops/western/namespace.yaml") == "east, west by definition-below");
  }
  SECTION("a folder with a cluster's name beside the definition of another cluster") {
    repository.add("gitops/north/cluster.yaml", cluster("north", "asm-1-29"));
    repository.add("gitops/west/namespace.yaml", name_space);
    repository.add("gitops/north/west/namespace.yaml", name_space);
    repository.add("gitops/apps/namespace.yaml", name_space);
    CHECK(repository.governs("gitops/west/namespace.yaml") == "west by folder-name");
    CHECK(repository.governs("gitops/north/west/namespace.yaml") == "north by definition-above");
    CHECK(repository.governs("gitops/apps/namespace.yaml") == "north by definition-below");
  }
  SECTION("a folder with the name of a cluster near it and of one far away") {
    repository.add("gitops/definitions/cluster.yaml", cluster("west", "asm-1-27"));
    repository.add("gitops/west/namespace.yaml", name_space);
    CHECK(repository.governs("gitops/west/namespace.yaml") == "west by definition-below");
  }
  SECTION("a Flux Kustomization beside a definition applies a path") {
    repository.add("infra/west/flux.yaml", flux("./apps"));
    CHECK(repository.governs() == "west by applied-from");
    repository.add("infra/east/flux.yaml", flux("./apps/shop"));
    CHECK(repository.governs() == "east by applied-from");
    repository.add("infra/west/more.yaml", flux("/apps/shop/"));
    CHECK(repository.governs() == "east, west by applied-from");
  }
  SECTION("a Flux Kustomization for another cluster") {
    repository.add("infra/west/flux.yaml", flux("./apps", "  kubeConfig: {secretRef: {name: east-kubeconfig}}\n"));
    CHECK(repository.governs() == "east by link");
  }
  SECTION("a Flux Kustomization for a cluster that nobody knows, or with a path that nobody knows") {
    repository.add("infra/west/flux.yaml", flux("./apps", "  kubeConfig: {secretRef: {name: south-kubeconfig}}\n"));
    repository.add("infra/west/templated.yaml", flux("./${FOLDER}/shop"));
    CHECK(repository.governs() == "east, west by definition-below");
  }
  SECTION("a Flux Kustomization in a folder whose cluster is not known") {
    repository.add("flux/apps.yaml", flux("./apps"));
    CHECK(repository.governs() == "east, west by definition-below");
  }
  SECTION("a Flux Kustomization whose source is another repository, or of which nobody knows what it is") {
    repository.add("infra/west/flux.yaml", flux("./apps", "", "vendor"));
    CHECK(repository.governs() == "east, west by definition-below");
    repository.add("infra/west/flux.yaml",
                   flux("./apps", "", "vendor") + git_repository("vendor", "https://example.com/vendor/thing"));
    CHECK(repository.governs() == "east, west by definition-below");
    repository.add("infra/west/flux.yaml", flux("./apps", "", "vendor") +
                                               git_repository("flux-system", "https://example.com/team/other") +
                                               "---\n" + flux("./apps"));
    CHECK(repository.governs() == "east, west by definition-below");
  }
  SECTION("a Flux source that a remote or a Kustomization of its own folder shows to be this repository") {
    repository.add("infra/west/flux.yaml",
                   flux("./apps", "", "mine") + git_repository("mine", "https://example.com/fork/repo"));
    CHECK(repository.governs() == "west by applied-from");
    repository.add("infra/west/flux.yaml", flux("./apps", "", "own") + "---\n" + flux("./infra/west", "", "own"));
    CHECK(repository.governs() == "west by applied-from");
  }
  SECTION("several ways from one place, which are no cycle") {
    repository.add("infra/west/flux.yaml", flux("./root"));
    repository.add("root/kustomization.yaml", "resources: [../x, ../y]\n");
    repository.add("x/kustomization.yaml", "resources: [../apps/shop]\n");
    repository.add("y/kustomization.yaml", "resources: [../apps/shop]\n");
    repository.add("apps/shop/kustomization.yaml", "resources: [namespace.yaml]\n");
    CHECK(repository.governs() == "west by applied-from");
  }
  SECTION("Argo CD Applications") {
    repository.add("infra/west/shop.yaml", argo("{name: east}", "https://example.com/vendor/thing"));
    CHECK(repository.governs() == "east, west by definition-below");
    repository.add("infra/west/shop.yaml", argo("{name: east}"));
    CHECK(repository.governs() == "east by link");
    repository.add("infra/west/shop.yaml", argo("{server: https://kubernetes.default.svc}"));
    CHECK(repository.governs() == "west by applied-from");
    repository.add("infra/west/shop.yaml", argo("{server: https://other.example.com}"));
    CHECK(repository.governs() == "east, west by definition-below");
  }
  SECTION("a chain of kustomizations") {
    repository.add("apps/shop/kustomization.yaml", "resources: [namespace.yaml]\n");
    repository.add("overlays/shop/kustomization.yaml", "resources: [../../apps/shop]\n");
    CHECK(repository.governs() == "east, west by definition-below");
    repository.add("infra/west/kustomization.yaml", "resources: [cluster.yaml, ../../overlays/shop]\n");
    CHECK(repository.governs() == "west by applied-from");
    CHECK(repository.governs("overlays/shop/kustomization.yaml") == "west by applied-from");
    repository.add("infra/east/kustomization.yaml", "resources: [cluster.yaml, ../../apps/shop]\n");
    CHECK(repository.governs() == "east, west by applied-from");
  }
  SECTION("the folder that calls a Terraform module, and not the module's own") {
    repository.add("terraform/modules/aks/main.tf",
                   "variable \"name\" {}\nresource \"azurerm_kubernetes_cluster\" \"this\" { name = var.name }\n");
    repository.add("terraform/north/main.tf",
                   "module \"aks\" {\n  source = \"../modules/aks\"\n  name = \"north\"\n}\n");
    repository.add("terraform/north/namespace.yaml", name_space);
    CHECK(repository.governs("terraform/north/namespace.yaml") == "north by definition-above");
  }
  SECTION("the folder of a file of parameters") {
    repository.add("bicep/main.bicep",
                   "param name string\nresource aks 'Microsoft.ContainerService/managedClusters@2025-09-01' = {\n"
                   "  name: name\n  properties: {}\n}\n");
    repository.add("bicep/prod/prod.bicepparam", "using '../main.bicep'\nparam name = 'prod'\n");
    repository.add("bicep/test/test.bicepparam", "using '../main.bicep'\nparam name = 'test'\n");
    repository.add("bicep/prod/namespace.yaml", name_space);
    CHECK(repository.governs("bicep/prod/namespace.yaml") == "prod by definition-above");
  }
  SECTION("what the folder of a cluster's name applies, as Flux lays it out") {
    repository.add("clusters/west/apps.yaml", flux("./apps"));
    CHECK(repository.governs("clusters/west/apps.yaml") == "west by folder-name");
    CHECK(repository.governs() == "west by applied-from");
    repository.add("clusters/east/apps.yaml", flux("./apps"));
    CHECK(repository.governs() == "east, west by applied-from");
  }
  SECTION("an application that is called like a cluster") {
    repository.add("apps/west/namespace.yaml", name_space);
    repository.add("clusters/east/apps.yaml", flux("./apps/west"));
    repository.add("clusters/east/tenants/west/namespace.yaml", name_space);
    CHECK(repository.governs("apps/west/namespace.yaml") == "east by applied-from");
    CHECK(repository.governs("clusters/east/tenants/west/namespace.yaml") == "east, west by definition-below");
    repository.add("clusters/east/apps.yaml", "");
    repository.add("somewhere/apps.yaml", flux("./apps/west"));
    CHECK(repository.governs("apps/west/namespace.yaml") == "east, west by definition-below");
  }
  SECTION("a Flux configuration of Terraform names the cluster") {
    repository.add("terraform/main.tf",
                   "resource \"azurerm_kubernetes_cluster\" \"a\" { name = \"north\" }\n"
                   "resource \"azurerm_kubernetes_flux_configuration\" \"f\" {\n"
                   "  cluster_id = azurerm_kubernetes_cluster.a.id\n"
                   "  git_repository { url = \"https://example.com/team/repo\" }\n"
                   "  kustomizations { path = \"./apps/shop\" }\n}\n");
    CHECK(repository.governs() == "north by link");
  }
  SECTION("a kubeconfig Secret of Cluster API names the Cluster, which need not be called as in Azure") {
    const auto cluster_api = [](const std::string& name_space) {
      return "apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: {name: south, namespace: " + name_space +
             "}\nspec: {controlPlaneRef: {kind: AzureASOManagedControlPlane, name: south-plane}}\n---\n"
             "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureASOManagedControlPlane\n"
             "metadata: {name: south-plane, namespace: a}\nspec:\n  resources:\n"
             "  - apiVersion: containerservice.azure.com/v20260301\n    kind: ManagedCluster\n"
             "    metadata: {name: south-aks}\n";
    };
    repository.add("infra/west/flux.yaml", flux("./apps", "  kubeConfig: {secretRef: {name: south-kubeconfig}}\n"));
    repository.add("infra/south/cluster.yaml", cluster_api("a"));
    CHECK(repository.governs() == "south-aks by link");
    repository.add("infra/south/cluster.yaml", cluster_api("b"));
    CHECK(repository.governs() == "east, south-aks, west by definition-below");
  }
  SECTION("kustomizations that include each other") {
    repository.add("apps/shop/kustomization.yaml", "resources: [namespace.yaml, ../other]\n");
    repository.add("apps/other/kustomization.yaml", "resources: [../shop]\n");
    CHECK(repository.governs() == "east, west by definition-below");
  }
}

TEST_CASE("clusters without a known name are called after what deploys them", "[context]") {
  const TemporaryDirectory directory;
  const auto add = [&](const char* path, std::string_view text) { write_file(directory.path() / path, text); };
  add("terraform/m/main.tf",
      "variable \"name\" {}\nresource \"azurerm_kubernetes_cluster\" \"this\" { name = var.name }\n");
  add("terraform/main.tf", "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n}\n");
  add("config/dev.tfvars", "name = \"dev\"\n");
  add("apps/namespace.yaml", name_space);
  const auto text = run_meshlint(directory.path(), "context .").output;
  INFO(text);
  CHECK(text.find("cluster of terraform/main.tf:1:12\n") != std::string::npos);
  CHECK(text.find("cluster of terraform/main.tf:4:12\n") != std::string::npos);
  CHECK(
      text.find("the cluster of terraform/main.tf:1:12 or the cluster of terraform/main.tf:4:12: nothing says which") !=
      std::string::npos);
  CHECK(text.find("not known which configuration these set variables of: config/dev.tfvars\n") != std::string::npos);

  add("terraform/main.tf", "module \"a\" {\n  source = \"./m\"\n  name = \"${var.x}-aks\"\n}\n");
  add("terraform/prod.tfvars", "x = \"prod\"\n");
  const auto values = run_meshlint(directory.path(), "context .").output;
  INFO(values);
  CHECK(values.find("cluster of terraform/main.tf:1:12\n") != std::string::npos);
}

TEST_CASE("what the configuration says of clusters", "[context]") {
  const TwoClusters repository;
  constexpr const char* file = ".meshlint.yaml";

  SECTION("the files of a cluster, by its name") {
    repository.add(file, "clusters:\n  - {name: west, paths: [apps, '!apps/other']}\n");
    repository.add("apps/other/namespace.yaml", name_space);
    CHECK(repository.governs() == "west by configuration");
    CHECK(repository.governs("apps/other/namespace.yaml") == "east, west by definition-below");
  }
  SECTION("by the place of its definition") {
    repository.add(file, "clusters:\n  - {definition: infra/east, paths: [apps/**]}\n");
    CHECK(repository.governs() == "east by configuration");
  }
  SECTION("the nearest file with an entry, whatever paths are asked for") {
    repository.add(file, "clusters:\n  - {name: west, paths: [apps]}\n");
    repository.add("apps/.meshlint.yaml", "clusters:\n  - {definition: ../infra/east/cluster.yaml, paths: [shop]}\n");
    repository.add("apps/other/namespace.yaml", name_space);
    CHECK(repository.governs() == "east by configuration");
    CHECK(repository.governs("apps/other/namespace.yaml") == "west by configuration");
    const auto part = repository.run("context apps");
    CHECK(part.output.find("files of cluster east: so says apps/.meshlint.yaml:2:5") != std::string::npos);
  }
  SECTION("facts of a cluster that no file defines") {
    repository.add(file,
                   "clusters:\n  - name: south\n    paths: [apps]\n    revisions: [asm-1-27]\n"
                   "    kubernetes-version: \"1.36\"\n    support-plan: KubernetesOfficial\n");
    CHECK(repository.governs() == "south by configuration");
    const auto result = repository.run("--only MSH1001 --format concise --as-of 2026-08-21");
    CHECK(result.output.find(".meshlint.yaml:4:17: error[MSH1001") != std::string::npos);
  }
  SECTION("a cluster of the configuration governs its paths alone, or else what is below") {
    repository.add(file, "clusters:\n  - {name: south, paths: [edge], revisions: [asm-1-27]}\n");
    repository.add("edge/namespace.yaml", name_space);
    CHECK(repository.governs() == "east, west by definition-below");
    CHECK(repository.governs("edge/namespace.yaml") == "south by configuration");
    repository.add(file, "clusters:\n  - {name: south, revisions: [asm-1-27]}\n");
    CHECK(repository.governs() == "south by definition-above");
  }
  SECTION("revisions that the definition states by expressions") {
    repository.add("infra/west/cluster.yaml", cluster("west", "'${REVISION}'"));
    const auto before = repository.run("context infra/west/cluster.yaml");
    CHECK(before.output.find("mesh revision       '${REVISION}' (not known)") != std::string::npos);
    CHECK(before.output.find("not stated:  support plan\n") != std::string::npos);
    repository.add(file, "clusters:\n  - {name: west, paths: [apps], revisions: [asm-1-28]}\n");
    const auto after = repository.run("context infra/west/cluster.yaml");
    CHECK(after.output.find("mesh revision       asm-1-28") != std::string::npos);
  }
  SECTION("facts that the definition leaves open") {
    repository.add("infra/north.yaml",
                   "apiVersion: containerservice.azure.com/v20260301\nkind: ManagedCluster\nmetadata: {name: north}\n"
                   "spec:\n  kubernetesVersion: ${VERSION}\n  serviceMeshProfile: {mode: Istio}\n");
    repository.add(file, "clusters:\n  - {name: north, kubernetes-version: 1.35.2, revisions: [asm-1-28]}\n");
    const auto result = repository.run("context infra/north.yaml");
    CHECK(result.output.find("Kubernetes version  1.35.2      .meshlint.yaml:2:39") != std::string::npos);
    CHECK(result.output.find("mesh revision       asm-1-28    .meshlint.yaml:2:59") != std::string::npos);
  }
  SECTION("whether the add-on runs there") {
    repository.add("apps/shop/labels.yaml",
                   "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n");
    repository.add(file, "clusters:\n  - {name: west, paths: [apps], add-on: false}\n");
    CHECK(repository.run("--only MSH4001 apps").output.find("MSH4001") == std::string::npos);
    repository.add(file, "clusters:\n  - {name: west, paths: [apps], add-on: true}\n");
    CHECK(repository.run("--only MSH4001 apps").output.find("MSH4001") != std::string::npos);
  }
}

TEST_CASE("mistakes in the configuration are positioned, and end the run", "[context]") {
  const TwoClusters repository;
  const auto errors_of = [&](const std::string& text) {
    repository.add(".meshlint.yaml", text);
    const auto result = repository.run("apps");
    CHECK(result.exit_code == 2);
    CHECK(result.output.empty());
    return result.errors;
  };
  CHECK(errors_of("cluster: []\n") ==
        "meshlint: .meshlint.yaml:1:1: unknown key 'cluster': did you mean 'clusters'?\n");
  CHECK(errors_of("clusters:\n  - {name: west, path: [apps]}\n") ==
        "meshlint: .meshlint.yaml:2:18: unknown key 'path': did you mean 'paths'?\n");
  CHECK(errors_of("clusters:\n  - {name: west, add-on: maybe, kubernetes-version: new, revisions: [1.28]}\n") ==
        "meshlint: .meshlint.yaml:2:26: expected true or false\n"
        ".meshlint.yaml:2:53: expected a version such as 1.34, not 'new'\n"
        ".meshlint.yaml:2:70: expected a revision such as asm-1-29, not '1.28'\n");
  CHECK(errors_of("clusters:\n  - paths: [apps]\n") ==
        "meshlint: .meshlint.yaml:2:5: a cluster needs its name, or the path of its definition\n");
  CHECK(errors_of("clusters:\n  - {name: south, paths: [apps]}\n") ==
        "meshlint: .meshlint.yaml:2:12: no definition of a cluster 'south' was found: state its `definition`, or "
        "`revisions` and `kubernetes-version`\n");
  CHECK(
      errors_of("clusters:\n  - {name: east, definition: infra/west, paths: [apps]}\n") ==
      "meshlint: .meshlint.yaml:2:30: no cluster definition stands in 'infra/west' that can be 'east', only 'west'\n");
  CHECK(
      errors_of("clusters:\n  - {name: east, revisions: [asm-1-29], kubernetes-version: 1.35.1}\n") ==
      "meshlint: .meshlint.yaml:2:61: the definition of the cluster states '1.34' (infra/east/cluster.yaml:5): say it "
      "in one place\n"
      ".meshlint.yaml:2:29: the definition of the cluster states others (infra/east/cluster.yaml:8): say it in one "
      "place\n");
  CHECK(errors_of("clusters:\n  - {name: east, paths: [../apps]}\n") ==
        "meshlint: .meshlint.yaml:2:26: paths are those below the folder of this file\n");
  CHECK(errors_of("clusters: []\nclusters: []\n") == "meshlint: .meshlint.yaml:1:1: a key stands here twice\n");
  CHECK(errors_of("clusters: [\n").find(".meshlint.yaml:") != std::string::npos);
}

TEST_CASE("the context of the sample repository", "[context]") {
  const TemporaryDirectory copy;
  run_command(copy.path(), "cp -r '" SOURCE_DIRECTORY "/testdata/sample/.' . && mkdir .git");
  const auto result = run_meshlint(copy.path(), "context --as-of 2026-08-21");
  CHECK(result.exit_code == 0);
  CHECK(result.output == read_file(SOURCE_DIRECTORY "/testdata/sample-context.expected"));
}
