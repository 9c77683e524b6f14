#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "linter/cluster.h"
#include "linter/hcl.h"
#include "linter/json.h"
#include "linter/terraform.h"

namespace meshlint {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;  // path and text

// Files and the clusters that they define together.
struct Repository {
  explicit Repository(Files texts) {
    std::vector<const Document*> documents;
    for (auto& [path, text] : texts) {
      files.push_back(std::make_unique<SourceFile>(path, path, std::move(text)));
      parsed.push_back(path.ends_with(".json") ? parse_json(*files.back()) : parse_hcl(*files.back()));
      for (const Problem& problem : parsed.back().problems) FAIL(path << ": " << problem.message);
      for (const auto& document : parsed.back().documents) {
        if (is_terraform_file(path)) documents.push_back(document.get());
        if (path.ends_with(".json")) read_terraform_values(*document, made, clusters);
      }
    }
    read_terraform(documents, clusters);
  }

  const ClusterDefinition& only() const {
    REQUIRE(clusters.size() == 1);
    return clusters[0];
  }

  std::vector<std::unique_ptr<SourceFile>> files;
  std::vector<ParsedText> parsed;
  MadeDocuments made;
  std::vector<ClusterDefinition> clusters;
};

// A cluster of azurerm in main.tf whose body starts in line 2, and whatever else stands in other files.
Repository with_body(const std::string& body, Files others = {}) {
  others.emplace_back("main.tf", "resource \"azurerm_kubernetes_cluster\" \"this\" {\n" + body + "\n}\n");
  return Repository(std::move(others));
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
  const std::string& path = node.file()->path();
  return fmt::format("{}{}:{}", path == "main.tf" ? "" : path + ":", position.line, position.column);
}

std::string show(const Fact<std::string>& fact) {
  CHECK((fact.known != Known::unstated || !fact.node));
  return fmt::format("{}{} at {}", to_string(fact.known), fact.has_value() ? " " + fact.value : "", place(fact.node));
}

std::string show(const Fact<bool>& fact) {
  CHECK((fact.known != Known::unstated || !fact.node));
  return fmt::format("{}{} at {}", to_string(fact.known), fact.has_value() ? (fact.value ? " true" : " false") : "",
                     place(fact.node));
}

std::string show(const std::vector<Fact<std::string>>& facts) {
  std::string result;
  for (const auto& fact : facts) result += (result.empty() ? "" : ", ") + show(fact);
  return result;
}

constexpr std::string_view azurerm = R"(
resource "azurerm_kubernetes_cluster" "this" {
  name                         = "shop-prod"
  kubernetes_version           = "1.31"
  sku_tier                     = "Premium"
  support_plan                 = "AKSLongTermSupport"
  automatic_upgrade_channel    = "patch"
  open_service_mesh_enabled    = false
  identity { type = "SystemAssigned" }
  default_node_pool {
    name                 = "system"
    vm_size              = "Standard_D4s_v5"
    orchestrator_version = "1.30"
    auto_scaling_enabled = true
  }
  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
    ip_versions         = ["IPv4", "IPv6"]
  }
  service_mesh_profile {
    mode                             = "istio"
    revisions                        = ["asm-1-27", "asm-1-28"]
    external_ingress_gateway_enabled = true
    certificate_authority {
      key_vault_id           = azurerm_key_vault.this.id
      root_cert_object_name  = "root"
      cert_chain_object_name = "chain"
      cert_object_name       = "cert"
      key_object_name        = "key"
    }
  }
  key_vault_secrets_provider { secret_rotation_enabled = true }
}

resource "azurerm_kubernetes_cluster_node_pool" "windows" {
  name                  = "win"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  os_type               = "Windows"
  mode                  = "User"
}

resource "azurerm_kubernetes_cluster_node_pool" "other" {
  name                  = "far"
  kubernetes_cluster_id = var.cluster_id
}
)";

}  // namespace

TEST_CASE("a cluster of azurerm, every fact at its place", "[terraform]") {
  const Repository repository(Files{{"main.tf", std::string(azurerm)}});
  const ClusterDefinition& cluster = repository.only();
  CHECK(cluster.format == "Terraform");
  CHECK(place(cluster.place) == "2:46");
  CHECK(show(cluster.name) == "stated shop-prod at 3:34");
  CHECK(show(cluster.kubernetes_version) == "stated 1.31 at 4:34");
  CHECK(show(cluster.sku_tier) == "stated Premium at 5:34");
  CHECK(show(cluster.sku_name) == "unresolved at 2:46");
  CHECK(show(cluster.support_plan) == "stated AKSLongTermSupport at 6:34");
  CHECK(show(cluster.upgrade_channel) == "stated patch at 7:34");
  CHECK(show(cluster.open_service_mesh) == "stated false at 8:34");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 24:40");
  CHECK(cluster.istio_known == Known::stated);
  CHECK(cluster.revisions_known == Known::stated);
  CHECK(show(cluster.revisions) == "stated asm-1-27 at 25:41, stated asm-1-28 at 25:53");
  CHECK(show(cluster.proxy_redirection) == "unresolved at 23:24");
  CHECK(cluster.ingress_known == Known::stated);
  CHECK(show(cluster.external_ingress) == "stated true at 26:40");
  CHECK(show(cluster.internal_ingress) == "unstated at 24:5");
  REQUIRE(cluster.ingress_gateways.size() == 1);
  CHECK(show(cluster.ingress_gateways[0].mode) == "stated External at 26:40");
  CHECK(cluster.egress_known == Known::unresolved);
  CHECK(cluster.certificate_authority.known == Known::stated);
  CHECK(show(cluster.certificate_authority.key_vault) == "unresolved at 28:32");
  CHECK(show(cluster.certificate_authority.root_certificate) == "stated root at 29:32");
  CHECK(show(cluster.certificate_authority.certificate_chain) == "stated chain at 30:32");
  CHECK(show(cluster.certificate_authority.certificate) == "stated cert at 31:32");
  CHECK(show(cluster.certificate_authority.key) == "stated key at 32:32");
  CHECK(show(cluster.network_plugin) == "stated azure at 17:27");
  CHECK(show(cluster.network_plugin_mode) == "stated overlay at 18:27");
  CHECK(show(cluster.network_dataplane) == "stated cilium at 19:27");
  CHECK(show(cluster.network_policy) == "stated cilium at 20:27");
  CHECK(show(cluster.ip_families) == "stated IPv4 at 21:28, stated IPv6 at 21:36");
  CHECK(show(cluster.static_egress) == "unresolved at 16:19");
  CHECK(show(cluster.gateway_api_installation) == "unresolved at 2:46");
  CHECK(show(cluster.app_routing) == "unstated at 2:39");
  CHECK(show(cluster.secrets_provider) == "stated true at 35:30");
  CHECK(show(cluster.virtual_nodes) == "unstated at 2:39");
  CHECK(cluster.pools_known == Known::unresolved);
  REQUIRE(cluster.pools.size() == 2);
  CHECK(show(cluster.pools[0].name) == "stated system at 11:28");
  CHECK(show(cluster.pools[0].mode) == "stated System at 10:21");
  CHECK(show(cluster.pools[0].os_type) == "stated Linux at 10:21");
  CHECK(show(cluster.pools[0].kubernetes_version) == "stated 1.30 at 13:28");
  CHECK(show(cluster.pools[0].autoscaling) == "stated true at 14:28");
  CHECK(show(cluster.pools[1].name) == "stated win at 39:27");
  CHECK(show(cluster.pools[1].os_type) == "stated Windows at 41:27");
  CHECK(place(cluster.pools[1].place) == "38:59");
}

TEST_CASE("an automatic cluster of azurerm", "[terraform]") {
  const Repository repository(Files{{"main.tf", R"(resource "azurerm_kubernetes_automatic_cluster" "this" {
  name = "shop"
  service_mesh {
    revisions                        = ["asm-1-28"]
    internal_ingress_gateway_enabled = true
    certificate_authority { root_certificate_object_name = "root" }
  }
  web_app_routing_ingress { istio_enabled = false }
}
)"}});
  const ClusterDefinition& cluster = repository.only();
  CHECK(show(cluster.sku_name) == "stated Automatic at 1:56");
  CHECK(show(cluster.kubernetes_version) == "unresolved at 1:56");
  CHECK(show(cluster.mesh_mode) == "stated Istio at 3:16");
  CHECK(show(cluster.revisions) == "stated asm-1-28 at 4:41");
  CHECK(show(cluster.proxy_redirection) == "stated InitContainers at 3:16");
  CHECK(show(cluster.internal_ingress) == "stated true at 5:40");
  CHECK(show(cluster.certificate_authority.root_certificate) == "stated root at 6:60");
  CHECK(show(cluster.app_routing) == "stated true at 8:27");
  CHECK(show(cluster.app_routing_istio) == "stated Disabled at 8:45");
}

TEST_CASE("what a cluster of azurerm does not say", "[terraform]") {
  const Repository repository = with_body("  name = \"shop\"\n  sku_tier = null");
  const ClusterDefinition& cluster = repository.only();
  CHECK(show(cluster.kubernetes_version) == "unstated at 1:39");
  CHECK(show(cluster.sku_tier) == "unstated at 3:3");
  CHECK(show(cluster.mesh_mode) == "unstated at 1:39");
  CHECK(cluster.mesh_known == Known::unstated);
  CHECK(cluster.ingress_known == Known::unstated);
  CHECK(cluster.revisions_known == Known::unstated);
  CHECK(cluster.certificate_authority.known == Known::unstated);
  CHECK(cluster.egress_known == Known::unresolved);
}

TEST_CASE("what Terraform makes by expressions is unresolved", "[terraform]") {
  const Repository repository =
      with_body(R"(  kubernetes_version = data.azurerm_kubernetes_service_versions.current.latest_version
  sku_tier           = var.production ? "Premium" : "Free"
  support_plan       = lower("AKSLongTermSupport") # "KubernetesOfficial"
  name               = "shop-${var.environment}"
  dynamic "service_mesh_profile" {
    for_each = var.mesh ? [1] : []
    content {
      mode      = "Istio"
      revisions = ["asm-1-20"]
    }
  }
  lifecycle {
    ignore_changes = [open_service_mesh_enabled, network_profile[0].network_policy]
  }
  open_service_mesh_enabled = true
  network_profile { network_policy = "azure" }
  description = <<EOT
service_mesh_profile { mode = "Istio" }
EOT)");
  const ClusterDefinition& cluster = repository.only();
  CHECK(show(cluster.kubernetes_version) == "unresolved at 2:24");
  CHECK(show(cluster.sku_tier) == "unresolved at 3:24");
  CHECK(show(cluster.support_plan) == "unresolved at 4:24");
  CHECK(show(cluster.name) == "unresolved at 5:24");
  CHECK(cluster.mesh_known == Known::unresolved);
  CHECK(cluster.mesh_mode.known == Known::unresolved);
  CHECK(cluster.revisions_known == Known::unresolved);
  CHECK(cluster.ingress_known == Known::unresolved);
  CHECK(cluster.revisions.empty());
  CHECK(cluster.open_service_mesh.known == Known::unresolved);
  CHECK(cluster.network_policy.known == Known::unresolved);
}

TEST_CASE("resources that are repeated or turned off", "[terraform]") {
  const std::string version = "  kubernetes_version = \"1.29\"\n";
  CHECK(with_body(version + "count = 0").clusters.empty());
  CHECK(show(with_body(version + "count = 1").only().kubernetes_version) == "stated 1.29 at 2:24");
  CHECK(show(with_body(version + "count = var.on ? 1 : 0").only().kubernetes_version) == "unresolved at 2:24");
  CHECK(show(with_body(version + "for_each = toset([\"a\"])").only().kubernetes_version) == "unresolved at 2:24");
  CHECK(show(with_body(version + "count = var.n", {{"v.tf", "variable \"n\" { default = 1 }"}})
                 .only()
                 .kubernetes_version) == "unresolved at 2:24");
  const std::string changed = "resource \"azurerm_kubernetes_cluster\" \"this\" {\n kubernetes_version = \"1.31\"\n}\n";
  CHECK(show(with_body(version, {{"main_override.tf", changed}}).only().kubernetes_version) == "unresolved at 2:24");
  CHECK(Repository(Files{{"main.tf", "data \"azurerm_kubernetes_cluster\" \"this\" {\n  name = \"shop\"\n}\n"}})
            .clusters.empty());
}

TEST_CASE("variables and locals of a module", "[terraform]") {
  const auto version = [](const std::string& expression, const std::string& others) {
    return show(with_body("  kubernetes_version = " + expression, {{"v.tf", others}}).only().kubernetes_version);
  };
  CHECK(version("var.v", "variable \"v\" {\n  default = \"1.29\"\n}\n") == "defaulted 1.29 at v.tf:2:13");
  CHECK(version("\"${var.v}\"", "variable \"v\" {\n  default = \"1.29\"\n}\n") == "defaulted 1.29 at v.tf:2:13");
  CHECK(version("\"v${var.v}\"", "variable \"v\" {\n  default = \"1.29\"\n}\n") == "unresolved at 2:24");
  CHECK(version("var.v", "variable \"v\" {}\n") == "unresolved at 2:24");
  CHECK(version("var.v", "variable \"v\" {\n  default = null\n}\n") == "unresolved at v.tf:2:13");
  CHECK(version("var.v", "variable \"v\" {\n  default = \"\"\n}\n") == "unresolved at v.tf:2:13");
  CHECK(version("var.w", "variable \"v\" {\n  default = \"1.29\"\n}\n") == "unresolved at 2:24");
  CHECK(version("local.v", "locals {\n  v = \"1.29\"\n}\n") == "stated 1.29 at v.tf:2:7");
  CHECK(version("local.v", "locals {\n  v = var.w\n}\nvariable \"w\" { default = \"1.30\" }\n") ==
        "defaulted 1.30 at v.tf:4:26");
  CHECK(version("local.v.a[0][\"b\"]", "locals {\n  v = { a = [{ b = \"1.29\" }] }\n}\n") ==
        "stated 1.29 at v.tf:2:20");
  CHECK(version("local.v.a", "locals {\n  v = var.w\n}\nvariable \"w\" {\n  default = { a = \"1.30\" }\n}\n") ==
        "defaulted 1.30 at v.tf:5:19");
  CHECK(version("local.v[\"c\"]", "locals {\n  v = { a = \"1.29\" }\n}\n") == "unresolved at 2:24");
  CHECK(version("local.v[each.key]", "locals {\n  v = { a = \"1.29\" }\n}\n") == "unresolved at 2:24");
  CHECK(version("local.v", "locals {\n  v = local.w\n  w = local.v\n}\n") == "unresolved at 2:24");
  CHECK(version("local.v.a", "locals {\n  v = local.w.a\n  w = local.v.a\n}\n") == "unresolved at 2:24");
  CHECK(version("var.v", "/* variable \"v\" { default = \"1.29\" } */\n") == "unresolved at 2:24");

  const Repository whole = with_body(
      "  service_mesh_profile {\n    mode = var.mesh.mode\n    revisions = var.mesh.revisions\n  }",
      {{"v.tf", "variable \"mesh\" {\n  default = {\n    mode = \"Istio\"\n    revisions = [\"asm-1-27\"]\n  }\n}\n"}});
  CHECK(show(whole.only().mesh_mode) == "defaulted Istio at v.tf:3:12");
  CHECK(show(whole.only().revisions) == "defaulted asm-1-27 at v.tf:4:18");
}

TEST_CASE("files of variable values", "[terraform]") {
  const std::string body = "  name = var.name\n  kubernetes_version = var.v";
  const std::pair<std::string, std::string> variables{
      "v.tf", "variable \"v\" { default = \"1.28\" }\nvariable \"name\" { default = \"shop\" }\nvariable \"x\" {}\n"};
  const auto versions = [&](Files files) {
    files.push_back(variables);
    std::string result;
    for (const auto& cluster : with_body(body, std::move(files)).clusters) {
      result += fmt::format("{}; {}\n", show(cluster.name), show(cluster.kubernetes_version));
    }
    return result;
  };
  const std::string name = "defaulted shop at v.tf:2:29";
  CHECK(versions({}) == name + "; defaulted 1.28 at v.tf:1:26\n");
  CHECK(versions({{"terraform.tfvars", "v = \"1.29\"\n"}}) == name + "; stated 1.29 at terraform.tfvars:1:5\n");
  CHECK(versions({{"terraform.tfvars.json", "{\"v\": \"1.29\"}"}}) ==
        name + "; stated 1.29 at terraform.tfvars.json:1:7\n");
  CHECK(versions({{"b.auto.tfvars", "v = \"1.31\"\n"},
                  {"a.auto.tfvars", "v = \"1.30\"\n"},
                  {"terraform.tfvars", "v = \"1.29\"\n"}}) == name + "; stated 1.31 at b.auto.tfvars:1:5\n");
  CHECK(versions({{"env/dev.tfvars", "v = \"1.30\"\n"}, {"prod.tfvars", "v = \"1.29\"\n"}}) ==
        name + "; stated 1.30 at env/dev.tfvars:1:5\n" + name + "; stated 1.29 at prod.tfvars:1:5\n");
  // What one file does not set may come from another one that is named beside it.
  CHECK(versions({{"common.tfvars", "v = \"1.30\"\n"}, {"prod.tfvars", "name = \"p\"\n"}}) ==
        "unresolved at 2:10; stated 1.30 at common.tfvars:1:5\nstated p at prod.tfvars:1:8; unresolved at 3:24\n");
  CHECK(versions(
            {{"a.tfvars", "v = \"1.30\"\n"}, {"b.tfvars", "name = \"b\"\n"}, {"terraform.tfvars", "v = \"1.29\"\n"}}) ==
        "unresolved at 2:10; stated 1.30 at a.tfvars:1:5\nstated b at b.tfvars:1:8; unresolved at 3:24\n");
  CHECK(versions({{"secrets.tfvars", "x = \"1.30\"\n"}}) == name + "; defaulted 1.28 at v.tf:1:26\n");
  CHECK(versions({{"other/main.tf", "# another module\n"}, {"other/prod.tfvars", "v = \"1.30\"\n"}}) ==
        name + "; defaulted 1.28 at v.tf:1:26\n");
}

TEST_CASE("values in a folder beside the configuration leave open what they may set", "[terraform]") {
  const Repository repository(Files{{"terraform/main.tf",
                                     "resource \"azurerm_kubernetes_cluster\" \"this\" {\n  name = var.name\n"
                                     "  kubernetes_version = var.v\n}\nvariable \"v\" { default = \"1.28\" }\n"
                                     "variable \"name\" { default = \"shop\" }\n"},
                                    {"config/dev.tfvars", "v = \"1.30\"\n"}});
  CHECK(show(repository.only().kubernetes_version) == "unresolved at terraform/main.tf:3:24");
  CHECK(show(repository.only().name) == "defaulted shop at terraform/main.tf:6:29");
}

TEST_CASE("what deploys the clusters of modules", "[terraform]") {
  const auto deployments = [](Files files) {
    files.emplace_back(
        "m/main.tf",
        "resource \"azurerm_kubernetes_cluster\" \"this\" {\n  name = var.name\n}\nvariable \"name\" {}\n");
    std::string result;
    for (const auto& cluster : Repository(std::move(files)).clusters) {
      result += fmt::format("{} called by {}\n", place(cluster.deployed_by), place(cluster.called_by));
    }
    return result;
  };
  const std::string two =
      "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n  name = var.x\n}\n";
  CHECK(deployments({}) == "nowhere called by nowhere\n");
  CHECK(deployments({{"backend.tf", ""}, {"main.tf", two}}) == "1:12 called by 1:12\n4:12 called by 4:12\n");
  CHECK(deployments({{"main.tf", two}, {"prod.tfvars", "x = \"prod\"\n"}}) ==
        "1:12 called by 1:12\nprod.tfvars:1:1 called by 4:12\n");
  CHECK(deployments({{"n/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n"},
                     {"main.tf", "module \"n\" {\n  source = \"./n\"\n}\n"}}) == "1:12 called by n/main.tf:1:12\n");
  CHECK(deployments({{"main.tf", "module \"a\" {\n  source = \"./m\"\n  count = 0\n}\n"}}).empty());
}

TEST_CASE("modules that call each other, or in very many ways", "[terraform]") {
  const auto module = [](const std::string& called, int calls) {
    std::string text = "resource \"azurerm_kubernetes_cluster\" \"this\" {\n  name = \"shop\"\n}\n";
    for (int i = 0; i < calls; ++i) text += fmt::format("module \"m{}\" {{\n  source = \"../{}\"\n}}\n", i, called);
    return text;
  };
  CHECK(Repository(Files{{"a/x.tf", module("b", 8)}, {"b/x.tf", module("a", 8)}}).clusters.size() == 16);

  Files levels;
  for (int i = 0; i < 7; ++i) levels.emplace_back(fmt::format("m{}/x.tf", i), module(fmt::format("m{}", i + 1), 6));
  const Repository many(std::move(levels));
  CHECK(many.clusters.size() == 1 + 6 + 36 + 216 + 1 + 1 + 1);
  CHECK(show(many.clusters.front().name) == "stated shop at m0/x.tf:2:10");
  CHECK(show(many.clusters.back().name) == "unresolved at m6/x.tf:2:10");
}

TEST_CASE("Flux configurations of a cluster", "[terraform]") {
  const auto paths = [](const std::string& flux) {
    std::string result;
    const auto body = "  name = \"shop\"\n}\n" + flux;
    const Repository found = with_body(body.substr(0, body.rfind('}')));
    for (const auto& [path, repository] : found.only().gitops_paths) {
      result += fmt::format("{} of {}\n", show(path), show(repository));
    }
    return result;
  };
  const std::string flux =
      "resource \"azurerm_kubernetes_flux_configuration\" \"f\" {\n  cluster_id = azurerm_kubernetes_cluster.this.id\n"
      "  git_repository {\n    url = \"https://example.com/r\"\n  }\n"
      "  kustomizations {\n    name = \"a\"\n    path = \"./a\"\n  }\n  kustomizations {\n    path = var.path\n  }\n";
  CHECK(paths(flux + "}\n") ==
        "stated ./a at 11:12 of stated https://example.com/r at 7:11\n"
        "unresolved at 14:12 of stated https://example.com/r at 7:11\n");
  CHECK(paths(flux + "  count = var.on\n}\n") ==
        "unresolved at 11:12 of unresolved at 7:11\nunresolved at 14:12 of unresolved at 7:11\n");
  CHECK(paths(flux + "  count = 0\n}\n").empty());
  CHECK(paths("resource \"azapi_resource\" \"f\" {\n"
              "  type = \"Microsoft.KubernetesConfiguration/fluxConfigurations@2024-11-01\"\n"
              "  parent_id = azurerm_kubernetes_cluster.this.id\n  body = { properties = {\n"
              "    gitRepository = { url = \"https://example.com/r\" }\n    kustomizations = { a = { path = \"b\" } }\n"
              "  } }\n}\n") == "stated b at 9:37 of stated https://example.com/r at 8:29\n");
}

TEST_CASE("modules that others call", "[terraform]") {
  const std::pair<std::string, std::string> module{
      "modules/aks/main.tf",
      "variable \"v\" { default = \"1.27\" }\nvariable \"tier\" { default = \"Free\" }\n"
      "resource \"azurerm_kubernetes_cluster\" \"this\" {\n  kubernetes_version = var.v\n  sku_tier = var.tier\n}\n"};
  const auto versions = [&](Files files) {
    files.push_back(module);
    std::string result;
    for (const auto& cluster : Repository(std::move(files)).clusters) {
      result += fmt::format("{}; {}\n", show(cluster.kubernetes_version), show(cluster.sku_tier));
    }
    return result;
  };
  const std::string tier = "; stated Free at modules/aks/main.tf:2:29\n";
  CHECK(versions({}) == "defaulted 1.27 at modules/aks/main.tf:1:26; defaulted Free at modules/aks/main.tf:2:29\n");
  CHECK(versions({{"main.tf", "module \"aks\" {\n  source = \"./modules/aks\"\n  v = \"1.30\"\n}\n"}}) ==
        "stated 1.30 at 3:7" + tier);
  CHECK(versions({{"main.tf", "module \"aks\" {\n  source = \"./modules/aks\"\n}\n"}}) ==
        "stated 1.27 at modules/aks/main.tf:1:26" + tier);
  CHECK(versions(
            {{"dev/main.tf",
              "module \"aks\" {\n  source = \"../modules/aks\"\n  v = local.v\n}\nlocals { v = \"1.30\" }\n"},
             {"prod/main.tf", "module \"aks\" {\n  source = \"../modules/aks\"\n  v = var.v\n}\nvariable \"v\" {}\n"},
             {"prod/a.tfvars", "v = \"1.31\"\n"}}) ==
        "stated 1.30 at dev/main.tf:5:14" + tier + "stated 1.31 at prod/a.tfvars:1:5" + tier);
  CHECK(versions(
            {{"main.tf", "module \"aks\" {\n  source = \"./modules/aks\"\n  for_each = var.x\n  v = \"1.30\"\n}\n"}}) ==
        "unresolved at 4:7; unresolved at modules/aks/main.tf:2:29\n");
}

TEST_CASE("clusters of azapi", "[terraform]") {
  const std::string cluster_text = R"(
resource "azapi_resource" "aks" {
  type      = "Microsoft.ContainerService/managedClusters@2025-09-01"
  parent_id = azurerm_resource_group.this.id
  name      = "shop"
  body = {
    sku = { name = "Base", tier = "Standard" }
    properties = {
      kubernetesVersion = "1.31"
      serviceMeshProfile = {
        mode = "Istio"
        istio = {
          revisions = ["asm-1-27"]
          components = {
            ingressGateways = [{ enabled = true, mode = "External" }]
            egressGateways = [{ enabled = true, name = "out", namespace = "egress" }]
          }
        }
      }
    }
  }
}
resource "azapi_resource" "pool" {
  type      = "Microsoft.ContainerService/managedClusters/agentPools@2025-09-01"
  parent_id = azapi_resource.aks.id
  name      = "gw"
  body      = { properties = { mode = "gateway" } }
}
)";
  const Repository repository(Files{{"main.tf", cluster_text}});
  const ClusterDefinition& cluster = repository.only();
  CHECK(show(cluster.name) == "stated shop at 5:15");
  CHECK(show(cluster.api_version) == "stated 2025-09-01 at 3:15");
  CHECK(show(cluster.sku_tier) == "stated Standard at 7:35");
  CHECK(show(cluster.kubernetes_version) == "stated 1.31 at 9:27");
  CHECK(show(cluster.revisions) == "stated asm-1-27 at 13:24");
  CHECK(show(cluster.external_ingress) == "stated true at 15:44");
  REQUIRE(cluster.egress_gateways.size() == 1);
  CHECK(show(cluster.egress_gateways[0].name) == "stated out at 16:56");
  REQUIRE(cluster.pools.size() == 1);
  CHECK(show(cluster.pools[0].name) == "stated gw at 26:15");
  CHECK(show(cluster.pools[0].mode) == "stated Gateway at 27:39");

  const auto patch = [](const std::string& target) {
    return fmt::format(
        "resource \"azapi_update_resource\" \"mesh\" {{\n  type = "
        "\"Microsoft.ContainerService/managedClusters@2024-09-01\"\n  resource_id = {}\n  body = jsonencode({{ "
        "properties "
        "= {{ serviceMeshProfile = {{ mode = \"Istio\" }} }} }})\n}}\n",
        target);
  };
  const Repository patched =
      with_body("  kubernetes_version = \"1.30\"", {{"z.tf", patch("azurerm_kubernetes_cluster.this.id")}});
  CHECK(show(patched.only().kubernetes_version) == "stated 1.30 at 2:24");
  CHECK(show(patched.only().mesh_mode) == "stated Istio at z.tf:4:68");
  CHECK(patched.only().revisions_known == Known::unstated);
  const Repository alone(Files{{"main.tf", patch("var.id")}});
  CHECK(show(alone.only().mesh_mode) == "stated Istio at 4:68");
  CHECK(show(alone.only().api_version) == "stated 2024-09-01 at 2:10");
  CHECK(alone.only().kubernetes_version.known == Known::unresolved);
  CHECK(alone.only().revisions_known == Known::unresolved);
  CHECK(alone.only().name.known == Known::unresolved);
  CHECK(Repository(Files{{"main.tf",
                          "resource \"azapi_resource\" \"x\" {\n  type = "
                          "\"Microsoft.ContainerService/fleets@2024-04-01\"\n}\n"}})
            .clusters.empty());
}

TEST_CASE("modules of the registry", "[terraform]") {
  const Repository verified(Files{{"main.tf", R"(module "aks" {
  source  = "Azure/avm-res-containerservice-managedcluster/azurerm"
  version = "0.4.0"
  name    = "shop"
  kubernetes_version = "1.31"
  sku = { name = "Base", tier = "Premium" }
  network_profile = { network_plugin = "azure", network_data_plane = "cilium" }
  service_mesh_profile = {
    mode  = "Istio"
    istio = { revisions = ["asm-1-27"] }
  }
}
)"}});
  CHECK(show(verified.only().sku_tier) == "stated Premium at 6:33");
  CHECK(show(verified.only().revisions) == "stated asm-1-27 at 10:28");
  CHECK(show(verified.only().network_dataplane) == "stated cilium at 7:70");
  CHECK(verified.only().pools_known == Known::unresolved);

  const Repository classic(Files{{"main.tf", R"(module "aks" {
  source  = "Azure/aks/azurerm"
  version = "9.1.0"
  prefix  = "shop"
  kubernetes_version = "1.31"
  network_plugin = "azure"
  key_vault_secrets_provider_enabled = true
  service_mesh_profile = {
    mode  = "Istio"
    external_ingress_gateway_enabled = false
  }
}
)"}});
  CHECK(show(classic.only().kubernetes_version) == "stated 1.31 at 5:24");
  CHECK(show(classic.only().network_plugin) == "stated azure at 6:20");
  CHECK(show(classic.only().secrets_provider) == "stated true at 7:40");
  CHECK(show(classic.only().mesh_mode) == "stated Istio at 9:13");
  CHECK(show(classic.only().external_ingress) == "stated false at 10:40");
  CHECK(classic.only().internal_ingress.known == Known::unresolved);
  CHECK(classic.only().name.known == Known::unresolved);
  CHECK(
      Repository(Files{{"main.tf", "module \"x\" {\n  source = \"Azure/avm-res-network-virtualnetwork/azurerm\"\n}\n"}})
          .clusters.empty());
}

TEST_CASE("Terraform's JSON", "[terraform]") {
  const Repository repository(Files{{"cdk.tf.json", R"({
  "variable": { "v": { "default": "1.30" } },
  "locals": { "revision": "asm-1-27" },
  "resource": { "azurerm_kubernetes_cluster": { "this": {
    "name": "shop",
    "kubernetes_version": "${var.v}",
    "sku_tier": "${var.on ? \"Free\" : \"Premium\"}",
    "service_mesh_profile": { "mode": "Istio", "revisions": ["${local.revision}"] },
    "network_profile": [{ "network_plugin": "azure" }]
  } } }
})"},
                                    {"prod.auto.tfvars.json", "{\"v\": \"1.31\"}"}});
  const ClusterDefinition& cluster = repository.only();
  CHECK(show(cluster.name) == "stated shop at cdk.tf.json:5:13");
  CHECK(show(cluster.kubernetes_version) == "stated 1.31 at prod.auto.tfvars.json:1:7");
  CHECK(show(cluster.sku_tier) == "unresolved at cdk.tf.json:7:17");
  CHECK(show(cluster.revisions) == "stated asm-1-27 at cdk.tf.json:3:27");
  CHECK(show(cluster.network_plugin) == "stated azure at cdk.tf.json:9:45");
}

TEST_CASE("plans and states of Terraform", "[terraform]") {
  const std::string resources = R"([
    { "mode": "managed", "type": "azurerm_kubernetes_cluster", "name": "this", "values": {
      "id": "/a", "name": "shop", "kubernetes_version": "1.30", "current_kubernetes_version": "1.30.4",
      "sku_tier": null, "service_mesh_profile": [ { "mode": "Istio", "revisions": ["asm-1-27"],
      "external_ingress_gateway_enabled": true, "internal_ingress_gateway_enabled": null, "certificate_authority": [] } ],
      "web_app_routing": [], "network_profile": [ { "network_plugin": "azure" } ] } },
    { "mode": "managed", "type": "azurerm_kubernetes_cluster_node_pool", "name": "p", "values": {
      "kubernetes_cluster_id": "/A", "name": "win", "os_type": "Windows" } },
    { "mode": "data", "type": "azurerm_kubernetes_cluster", "name": "other", "values": { "name": "other" } } ])";
  const Repository plan(
      {{"plan.json",
        R"({"format_version": "1.2", "planned_values": { "root_module": { "child_modules": [ { "resources": )" +
            resources + R"(} ] } }, "prior_state": { "values": { "root_module": { "resources": )" + resources +
            R"(} } }, "resource_changes": [ { "type": "azurerm_kubernetes_cluster",
    "change": { "after_unknown": { "kubernetes_version": true } } } ] })"}});
  const ClusterDefinition& planned = plan.only();
  CHECK(planned.format == "Terraform plan");
  CHECK(show(planned.name) == "stated shop at plan.json:3:27");
  CHECK(planned.kubernetes_version.value == "1.30");
  CHECK(planned.sku_tier.known == Known::unstated);
  CHECK(planned.support_plan.known == Known::unresolved);  // known only after the plan was applied
  CHECK(planned.mesh_mode.value == "Istio");
  CHECK(planned.revisions_known == Known::stated);
  CHECK(planned.external_ingress.value);
  CHECK(planned.internal_ingress.known == Known::unstated);
  CHECK(planned.certificate_authority.known == Known::unstated);
  CHECK(planned.app_routing.known == Known::unstated);
  CHECK(planned.network_policy.known == Known::unresolved);
  REQUIRE(planned.pools.size() == 2);  // of the first one nothing is known
  CHECK(planned.pools[0].name.known == Known::unresolved);
  CHECK(planned.pools[1].os_type.value == "Windows");

  const Repository state(Files{
      {"state.json", R"({"format_version": "1.0", "values": { "root_module": { "resources": )" + resources + "} } }"}});
  CHECK(state.only().format == "Terraform state");
  CHECK(state.only().kubernetes_version.value == "1.30.4");

  const Repository raw(Files{{"x.json", R"({"version": 4, "serial": 3, "lineage": "x", "resources": [
    { "mode": "managed", "type": "azapi_resource", "name": "aks", "instances": [ { "attributes": {
      "type": "Microsoft.ContainerService/managedClusters@2025-09-01", "name": "shop",
      "body": { "type": ["object", {}], "value": { "properties": { "kubernetesVersion": "1.31" } } } } } ] },
    { "mode": "managed", "type": "azapi_resource", "name": "old", "instances": [ { "attributes": {
      "type": "Microsoft.ContainerService/managedClusters@2023-01-01", "name": "old",
      "body": "{\"properties\": {\"kubernetesVersion\": \"1.25\"}}" } } ] } ] })"}});
  REQUIRE(raw.clusters.size() == 2);
  CHECK(raw.clusters[0].kubernetes_version.value == "1.31");
  CHECK(raw.clusters[0].api_version.value == "2025-09-01");
  CHECK(raw.clusters[0].mesh_mode.known == Known::unstated);
  CHECK(show(raw.clusters[1].kubernetes_version) == "stated 1.25 at x.json:7:57");
  CHECK(Repository(Files{{"x.json", R"({"format_version": "1.0"})"}}).clusters.empty());
}

TEST_CASE("plans whose azapi resources change clusters", "[terraform]") {
  const auto plan = [](const std::string& resources) {
    return Repository(
        Files{{"plan.json",
               R"({"format_version": "1.2", "planned_values": {"root_module": {"resources": [)" + resources + "]}}}"}});
  };
  const auto cluster = [](const std::string& id) {
    return R"({"mode": "managed", "type": "azurerm_kubernetes_cluster", "values": {"kubernetes_version": "1.34", )" +
           id + R"("service_mesh_profile": []}})";
  };
  const auto patch = [](const std::string& id) {
    return R"(, {"mode": "managed", "type": "azapi_update_resource", "values": {)" + id +
           R"("type": "Microsoft.ContainerService/managedClusters@2025-09-01", "body":
      {"properties": {"serviceMeshProfile": {"mode": "Istio", "istio": {"revisions": ["asm-1-29"]}}}}}})";
  };
  const auto mesh = [](const ClusterDefinition& found) {
    return fmt::format("{}; {}; {}", show(found.mesh_mode), show(found.revisions), show(found.kubernetes_version));
  };
  const std::string on =
      "stated Istio at plan.json:2:54; stated asm-1-29 at plan.json:2:87; stated 1.34 at plan.json:1:";
  CHECK(mesh(plan(cluster("")).only()).starts_with("unstated"));
  CHECK(mesh(plan(cluster("") + patch("")).only()).starts_with(on));  // the only one that can be meant
  const auto ids =
      plan(cluster(R"("id": "/a", )") + "," + cluster(R"("id": "/b", )") + patch(R"("resource_id": "/B", )"));
  REQUIRE(ids.clusters.size() == 2);
  CHECK(ids.clusters[0].mesh_mode.known == Known::unstated);
  CHECK(mesh(ids.clusters[1]).starts_with(on));
  const auto open = plan(cluster("") + "," + cluster("") + patch(""));
  REQUIRE(open.clusters.size() == 2);
  for (const auto& either : open.clusters) {
    CHECK(either.mesh_mode.known == Known::unresolved);
    CHECK(either.mesh_known == Known::unresolved);
    CHECK(either.revisions_known == Known::unresolved);
    CHECK(show(either.revisions).starts_with("unresolved"));
    CHECK(either.kubernetes_version.known == Known::stated);
  }

  const auto pools = plan(cluster("") + R"(, {"mode": "managed", "type": "azapi_resource", "values": {"name": "win",
      "type": "Microsoft.ContainerService/managedClusters/agentPools@2025-09-01",
      "body": "{\"properties\": {\"osType\": \"Windows\"}}"}})");
  REQUIRE(pools.only().pools.size() == 2);
  CHECK(pools.only().pools[1].name.value == "win");
  CHECK(show(pools.only().pools[1].os_type) == "stated Windows at plan.json:3:46");
}

}  // namespace meshlint
