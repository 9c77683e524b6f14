#include "linter/terraform.h"

#include <algorithm>
#include <array>

namespace meshlint {
namespace {

// Where providers for Kubernetes keep a manifest, or several.
struct ManifestArgument {
  std::string_view type;
  std::string_view argument;
};

constexpr std::array<ManifestArgument, 4> manifest_arguments = {{{"kubectl_manifest", "yaml_body"},
                                                                 {"kubernetes_manifest", "manifest"},
                                                                 {"k8s_manifest", "content"},
                                                                 {"kustomization_resource", "manifest"}}};

struct TypedResource {
  std::string_view type;
  std::string_view kind;
  std::string_view api_version = "v1";
};

constexpr std::array<TypedResource, 9> typed_resources = {
    {{"kubernetes_config_map", "ConfigMap"},
     {"kubernetes_config_map_v1", "ConfigMap"},
     {"kubernetes_namespace", "Namespace"},
     {"kubernetes_namespace_v1", "Namespace"},
     {"kubernetes_secret", "Secret"},
     {"kubernetes_secret_v1", "Secret"},
     {"kubernetes_horizontal_pod_autoscaler", "HorizontalPodAutoscaler", "autoscaling/v1"},
     {"kubernetes_horizontal_pod_autoscaler_v1", "HorizontalPodAutoscaler", "autoscaling/v1"},
     {"kubernetes_horizontal_pod_autoscaler_v2", "HorizontalPodAutoscaler", "autoscaling/v2"}}};

bool contains_any(std::string_view text, auto... words) {
  return ((text.find(words) != std::string_view::npos) || ...);
}

void collect_blocks(Node node, std::size_t label_count, std::vector<Node>& labels,
                    std::vector<TerraformBlock>& blocks) {
  if (node.is_sequence()) {
    for (const Node item : node.items()) collect_blocks(item, label_count, labels, blocks);
  } else if (labels.size() == label_count) {
    if (node.is_mapping()) blocks.push_back({labels, node});
  } else {
    for (const Entry& entry : node.entries()) {
      labels.push_back(entry.key);
      collect_blocks(entry.value, label_count, labels, blocks);
      labels.pop_back();
    }
  }
}

void add_manifest(Node manifest, TerraformManifests& found) {
  if (manifest.is_mapping()) found.objects.push_back(manifest);
  const bool is_text = manifest.style() == ScalarStyle::literal || manifest.style() == ScalarStyle::double_quoted;
  if (manifest.is_scalar() && is_text) found.texts.push_back(manifest);
}

}  // namespace

bool is_terraform_values_file(std::string_view path) {
  return path.ends_with(".tfvars") || path.ends_with(".tfvars.json");
}

bool is_terraform_file(std::string_view path) {
  return path.ends_with(".tf") || path.ends_with(".tf.json") || is_terraform_values_file(path);
}

bool speaks_of_cluster(std::string_view terraform) {
  return contains_any(terraform, "azurerm_kubernetes_", "anagedClusters", "managedclusters",
                      "containerservice-managedcluster", "Azure/aks/azurerm", "terraform-azurerm-aks");
}

bool speaks_of_manifests(std::string_view terraform) {
  return contains_any(terraform, "kubectl_manifest", "kubernetes_manifest", "k8s_manifest", "kustomization_resource",
                      "kubectl_file_documents", "kubernetes_config_map", "kubernetes_namespace", "kubernetes_secret",
                      "kubernetes_annotations", "kubernetes_labels", "kubernetes_horizontal_pod_autoscaler",
                      "helm_release");
}

bool calls_local_modules(std::string_view terraform) {
  return contains_any(terraform, "module") && contains_any(terraform, "\"./", "\"../");
}

std::vector<TerraformBlock> blocks_of(Node body, std::string_view type, std::size_t label_count) {
  std::vector<TerraformBlock> blocks;
  std::vector<Node> labels;
  collect_blocks(body[type], label_count, labels, blocks);
  return blocks;
}

bool is_turned_off(Node block) {
  return block["count"].text() == "0";
}

std::optional<std::string_view> nearest_folder(std::string_view path, const std::set<std::string_view>& folders) {
  do {
    const auto slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    if (folders.contains(path)) return path;
  } while (!path.empty());
  return std::nullopt;
}

std::vector<Node> helm_releases_in_terraform(Node configuration) {
  std::vector<Node> releases;
  for (const TerraformBlock& resource : blocks_of(configuration, "resource", 2)) {
    if (resource.label(0) == "helm_release" && !is_turned_off(resource.body)) releases.push_back(resource.body);
  }
  return releases;
}

TerraformManifests manifests_in_terraform(const Document& configuration) {
  TerraformManifests found;
  for (const TerraformBlock& resource : blocks_of(configuration.root(), "resource", 2)) {
    if (is_turned_off(resource.body)) continue;
    const auto type = resource.label(0);
    const auto manifest = std::ranges::find(manifest_arguments, type, &ManifestArgument::type);
    if (manifest != manifest_arguments.end()) add_manifest(resource.body[manifest->argument], found);
    const auto typed = std::ranges::find(typed_resources, type, &TypedResource::type);
    if (typed != typed_resources.end()) found.typed.push_back({typed->kind, resource.body, false, typed->api_version});
    if (resource.body["api_version"].text() != "v1") continue;
    const auto kind = resource.body["kind"].text();
    if (type == "kubernetes_annotations" && kind == "Service") found.typed.push_back({"Service", resource.body, true});
    if (type == "kubernetes_labels" && kind == "Namespace") found.typed.push_back({"Namespace", resource.body, true});
  }
  for (const TerraformBlock& data : blocks_of(configuration.root(), "data", 2)) {
    if (data.label(0) == "kubectl_file_documents") add_manifest(data.body["content"], found);
  }
  return found;
}

std::string terraform_address(std::string_view path) {
  std::string address(path);
  const auto open = address.find('[');
  const auto close = address.find("].", std::min(open, address.size()));
  if (open < address.find('.') && close != std::string::npos) address.erase(open, close + 1 - open);
  constexpr std::string_view resource = "resource.";
  if (address.starts_with(resource)) address.erase(0, resource.size());
  return address;
}

}  // namespace meshlint
