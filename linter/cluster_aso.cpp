#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "linter/cluster_body.h"
#include "linter/cluster_operators.h"

namespace meshlint {
namespace {

constexpr std::string_view group = "containerservice.azure.com/";

Fact<std::string> read_api_version(Node node) {
  const auto version = to_api_version(node.text().substr(group.size()));
  return {version ? Known::stated : Known::unresolved, version.value_or(""), node};
}

// The name in Azure. Patches hardly ever rename a cluster.
Fact<std::string> read_name(const ServiceOperatorObject& object) {
  auto name = Setting(object.root["spec"]["azureName"]).text();
  if (name.known != Known::unstated) return name;
  name = Setting(object.root["metadata"]["name"]).text();
  return object.has_final_name ? name : Fact<std::string>{Known::unresolved, {}, name.node};
}

ClusterDefinition read_cluster(const ServiceOperatorObject& object) {
  ClusterDefinition cluster;
  cluster.format = "Azure Service Operator";
  cluster.place = object.root;
  cluster.api_version = read_api_version(object.root["apiVersion"]);
  cluster.name = read_name(object);
  cluster.cluster_api_name = object.cluster_api_name;
  const Setting spec(object.root["spec"], object.certainty);
  read_sku(spec["sku"], cluster);
  read_body(spec, cluster);
  const auto running = read_version(Setting(object.root["status"])["currentKubernetesVersion"]);
  if (running.known != Known::unstated) cluster.kubernetes_version = running;
  if (object.version) cluster.kubernetes_version = *object.version;
  return cluster;
}

NodePool read_separate_pool(const ServiceOperatorObject& object) {
  NodePool pool = read_pool(Setting(object.root["spec"], object.certainty));
  pool.place = object.root;
  pool.name = read_name(object);
  if (object.version) pool.kubernetes_version = *object.version;
  return pool;
}

bool is_kind(const ServiceOperatorObject& object, std::string_view kind) {
  return object.root["kind"].text() == kind;
}

// A placeholder means the same all over a file, and nobody knows what elsewhere.
bool is_same_text(Node a, Node b) {
  const bool is_known = !a.unresolved() && !b.unresolved();
  return !a.text().empty() && a.text() == b.text() && (is_known || a.file() == b.file());
}

// How pools name their clusters: by the object's name, or by the resource ID that ends with the name in Azure.
std::string name_key(std::string_view name) {
  return fmt::format("name/{}", name);
}

std::string id_key(std::string_view id) {
  std::string key = fmt::format("id/{}", id.substr(id.rfind('/') + 1));
  std::ranges::transform(key, key.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

std::string owner_key(const ServiceOperatorObject& pool) {
  const Node owner = pool.root["spec"]["owner"];
  if (const auto id = owner["armId"].text(); !id.empty()) return id_key(id);
  return name_key(owner["name"].is_null() ? pool.owner : owner["name"].text());
}

// Whether a cluster that a pool names is the one it means.
bool owns(const ServiceOperatorObject& cluster, const ServiceOperatorObject& pool) {
  const Node owner = pool.root["spec"]["owner"];
  if (!owner["armId"].text().empty()) return true;
  const Node name = cluster.root["metadata"]["name"];
  if (cluster.name_space != pool.name_space || name.text().empty()) return false;
  return owner["name"].is_null() || is_same_text(owner["name"], name);
}

}  // namespace

std::optional<std::string> to_api_version(std::string_view version) {
  for (const std::string_view prefix : {"v1api", "v1beta", "v1alpha1api", "v"}) {
    if (!version.starts_with(prefix)) continue;
    const auto date = version.substr(prefix.size());
    const auto suffix = date.substr(std::min<std::size_t>(date.size(), 8));
    const bool is_date =
        date.size() >= 8 && date.substr(0, 8).find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_date || (!suffix.empty() && suffix != "preview")) continue;
    return fmt::format("{}-{}-{}{}", date.substr(0, 4), date.substr(4, 2), date.substr(6, 2),
                       suffix.empty() ? "" : "-preview");
  }
  return std::nullopt;
}

bool is_service_operator_object(Node root) {
  const auto kind = root["kind"].text();
  return root["apiVersion"].text().starts_with(group) &&
         (kind == "ManagedCluster" || kind == "ManagedClustersAgentPool");
}

void read_service_operator_objects(std::span<const ServiceOperatorObject> objects,
                                   std::vector<ClusterDefinition>& clusters) {
  struct Owner {
    const ServiceOperatorObject* object;
    std::size_t cluster;
  };
  std::map<std::string, std::vector<Owner>> owners;  // by how pools name them
  for (const auto& object : objects) {
    if (!is_kind(object, "ManagedCluster")) continue;
    const Owner owner{&object, clusters.size()};
    ClusterDefinition& cluster = clusters.emplace_back(read_cluster(object));
    owners[name_key(object.root["metadata"]["name"].text())].push_back(owner);
    if (cluster.name.has_value()) owners[id_key(cluster.name.value)].push_back(owner);
  }
  for (const auto& object : objects) {
    if (!is_kind(object, "ManagedClustersAgentPool")) continue;
    const auto named = owners.find(owner_key(object));
    if (named == owners.end()) continue;
    const auto folder = folder_of(object.root.file()->path());
    const auto is_owner = [&](const Owner& owner) { return owns(*owner.object, object); };
    const auto is_near = [&](const Owner& owner) {
      return is_owner(owner) && folder_of(owner.object->root.file()->path()) == folder;
    };
    // Folders of environments define clusters of the same name, each with its pools.
    const bool has_near = std::ranges::any_of(named->second, is_near);
    for (const Owner& owner : named->second) {
      if (has_near ? !is_near(owner) : !is_owner(owner)) continue;
      ClusterDefinition& cluster = clusters[owner.cluster];
      cluster.pools.push_back(read_separate_pool(object));
      if (object.certainty == Known::unresolved || cluster.pools_known == Known::unstated) {
        cluster.pools_known = Known::unresolved;
      }
    }
  }
}

void read_service_operator_clusters(const Manifests& manifests, std::vector<ClusterDefinition>& clusters) {
  std::vector<ServiceOperatorObject> objects;
  for (const auto& resource : manifests.all()) {
    if (resource->partial || !is_service_operator_object(resource->root)) continue;
    const Known certainty = manifests.may_be_patched(*resource) ? Known::unresolved : Known::stated;
    objects.push_back({.root = resource->root, .name_space = resource->name_space.text(), .certainty = certainty});
  }
  read_service_operator_objects(objects, clusters);
}

void read_service_operator(Node resource, std::vector<ClusterDefinition>& clusters, Known certainty) {
  if (!is_service_operator_object(resource)) return;
  const ServiceOperatorObject object{.root = resource, .certainty = certainty};
  read_service_operator_objects({&object, 1}, clusters);
}

}  // namespace meshlint
