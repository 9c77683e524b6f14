#include <algorithm>
#include <iterator>
#include <map>

#include "linter/cluster_body.h"
#include "linter/cluster_operators.h"
#include "linter/draft.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::string_view group = "infrastructure.cluster.x-k8s.io";
constexpr std::string_view core_group = "cluster.x-k8s.io";
constexpr std::string_view cluster_label = "cluster.x-k8s.io/cluster-name";

// What the objects of Cluster API's core say of one of Azure's objects.
class Core {
 public:
  explicit Core(const Manifests& manifests) {
    for (const Resource* cluster : manifests.of(core_group, "Cluster")) {
      planes_.emplace(key_of(cluster->root["spec"]["controlPlaneRef"]), cluster);
    }
    for (const Resource* pool : manifests.of(core_group, "MachinePool")) {
      pools_.emplace(key_of(pool->root["spec"]["template"]["spec"]["infrastructureRef"]), pool);
    }
  }

  // The name of the Cluster that a control plane belongs to; commonly its own.
  std::string_view cluster_of_plane(const Resource& plane) const {
    const auto found = planes_.find({plane.kind, plane.name.text()});
    if (found != planes_.end()) return found->second->name.text();
    const auto label = plane.labels[cluster_label].text();
    return label.empty() ? plane.name.text() : label;
  }

  // The name of that Cluster, as a link to it would state it; unstated where only the control plane's own is known.
  Fact<std::string> cluster_name_of_plane(const Resource& plane) const {
    const auto found = planes_.find({plane.kind, plane.name.text()});
    if (found == planes_.end()) return Setting(plane.labels[cluster_label]).text();
    const Resource& cluster = *found->second;
    return cluster.name_space.text() == plane.name_space.text() ? Setting(cluster.name).text() : Fact<std::string>();
  }

  std::string_view cluster_of_pool(const Resource& pool) const {
    const Resource* owner = owner_of(pool);
    return owner != nullptr ? owner->root["spec"]["clusterName"].text() : pool.labels[cluster_label].text();
  }

  // The version that the MachinePool gives to its machines; nothing where there is none.
  std::optional<Fact<std::string>> version_of_pool(const Resource& pool) const {
    const Resource* owner = owner_of(pool);
    if (owner == nullptr) return std::nullopt;
    const auto version = read_version(owner->root["spec"]["template"]["spec"]["version"]);
    return version.known == Known::unstated ? std::nullopt : std::optional(version);
  }

 private:
  using ByReference = std::map<std::pair<std::string_view, std::string_view>, const Resource*>;  // kind and name

  static ByReference::key_type key_of(Node reference) { return {reference["kind"].text(), reference["name"].text()}; }

  const Resource* owner_of(const Resource& pool) const {
    const auto found = pools_.find({pool.kind, pool.name.text()});
    return found == pools_.end() ? nullptr : found->second;
  }

  ByReference planes_;
  ByReference pools_;
};

Known certainty_of(const Manifests& manifests, const Resource& resource) {
  return manifests.may_be_patched(resource) ? Known::unresolved : Known::stated;
}

// The name of the first cluster of the Service Operator inside a control plane.
std::string_view inner_cluster_name(const Resource& plane) {
  for (const Node inner : plane.root["spec"]["resources"].items()) {
    if (inner["kind"].text() == "ManagedCluster") return inner["metadata"]["name"].text();
  }
  return {};
}

// Reads the objects of the Service Operator that those of Cluster API wrap.
class WrappedObjects {
 public:
  explicit WrappedObjects(const Manifests& manifests) : manifests_(manifests), core_(manifests) {
    for (const Resource* plane : manifests.of(group, "AzureASOManagedControlPlane")) {
      inner_names_.emplace(core_.cluster_of_plane(*plane), inner_cluster_name(*plane));
    }
    for (const auto* kind : {"AzureASOManagedCluster", "AzureASOManagedControlPlane", "AzureASOManagedMachinePool"}) {
      for (const Resource* resource : manifests.of(group, kind)) add(*resource, resource->root["spec"], true);
      for (const Resource* resource : manifests.of(group, std::string(kind) + "Template")) {
        add(*resource, resource->root["spec"]["template"]["spec"], false);
      }
    }
  }

  std::span<const ServiceOperatorObject> objects() const { return objects_; }

 private:
  void add(const Resource& holder, Node spec, bool is_final) {
    if (holder.partial) return;
    for (const Node inner : spec["resources"].items()) {
      if (!is_service_operator_object(inner)) continue;
      const auto own = inner["metadata"]["namespace"].text();
      auto& object = objects_.emplace_back();
      object = {.root = inner,
                .name_space = own.empty() ? holder.name_space.text() : own,
                .certainty = certainty_of(manifests_, holder),
                .has_final_name = is_final};
      if (inner["kind"].text() == "ManagedCluster") {
        object.version = version_of_plane(spec, inner, object.certainty, is_final);
        if (is_final) object.cluster_api_name = core_.cluster_name_of_plane(holder);
      } else {
        object.version = core_.version_of_pool(holder);
        const auto owner = inner_names_.find(core_.cluster_of_pool(holder));
        if (owner != inner_names_.end()) object.owner = owner->second;
      }
    }
  }

  // The version of the control plane counts. That of a template comes from whatever uses it.
  static std::optional<Fact<std::string>> version_of_plane(Node spec, Node inner, Known certainty, bool is_final) {
    const auto version = read_version(Setting(spec["version"], certainty));
    if (!spec["version"].is_null()) return version;
    const bool is_elsewhere = !is_final && inner["spec"]["kubernetesVersion"].is_null();
    if (is_elsewhere) return Fact<std::string>{Known::unresolved, {}, version.node};
    return std::nullopt;
  }

  const Manifests& manifests_;
  Core core_;
  std::map<std::string_view, std::string_view> inner_names_;  // by the name of the Cluster
  std::vector<ServiceOperatorObject> objects_;
};

// Copies a field into a draft, if it is there.
void take(Node from, Draft& draft, std::string_view path) {
  if (from.is_null() && !from.unresolved()) return;
  draft.at(path, from.key() ? from.key().span() : from.span()).assign(copy_of(from));
}

// Merges the patches for what Cluster API hands to the Service Operator; false when nobody can know what they say.
bool apply_patches(Node patches, Draft& spec) {
  if (patches.unresolved()) return false;
  for (const Node patch : patches.items()) {
    const ParsedText parsed = parse_embedded_yaml(patch);
    if (parsed.documents.size() != 1 || !parsed.problems.empty()) return false;
    const Node inner = parsed.documents.front()->root();
    if (!inner.is_mapping()) return false;
    if (inner["spec"]) apply_merge_patch(spec, inner["spec"]);
  }
  return true;
}

// The older kinds, which have fields of their own for the most common settings. The rest, the mesh with it, only comes
// by patches: what nobody patches is not known to be off.
class ManagedControlPlanes {
 public:
  ManagedControlPlanes(const Manifests& manifests, MadeDocuments& made, std::vector<ClusterDefinition>& clusters)
      : manifests_(manifests), core_(manifests), made_(made), clusters_(clusters) {
    for (const Resource* plane : manifests.of(group, "AzureManagedControlPlane")) {
      if (!plane->partial) read_plane(*plane, plane->root["spec"], true);
    }
    for (const Resource* plane : manifests.of(group, "AzureManagedControlPlaneTemplate")) {
      if (!plane->partial) read_plane(*plane, plane->root["spec"]["template"]["spec"], false);
    }
    for (const Resource* pool : manifests.of(group, "AzureManagedMachinePool")) {
      if (!pool->partial) read_machine_pool(*pool);
    }
  }

 private:
  static Draft to_service_operator(Node spec) {
    Draft draft;
    draft.kind = NodeKind::mapping;
    draft.span = spec.span();
    take(spec["version"], draft, "kubernetesVersion");
    take(spec["sku"]["tier"], draft, "sku.tier");
    for (const auto* field : {"networkPlugin", "networkPluginMode", "networkPolicy", "networkDataplane"}) {
      take(spec[field], draft, std::string("networkProfile.") + field);
    }
    take(spec["autoUpgradeProfile"], draft, "autoUpgradeProfile");
    for (const Node add_on : spec["addonProfiles"].items()) {
      if (add_on["name"].text().find('.') == std::string_view::npos) {
        take(add_on["enabled"], draft, "addonProfiles." + std::string(add_on["name"].text()) + ".enabled");
      }
    }
    return draft;
  }

  void read_plane(const Resource& plane, Node spec, bool is_final) {
    Draft draft = to_service_operator(spec);
    const bool is_known = apply_patches(spec["asoManagedClusterPatches"], draft);
    const Span place = spec.key() ? spec.key().span() : spec.span();
    withhold_missing(draft,
                     {"supportPlan", "sku.name", "serviceMeshProfile", "ingressProfile",
                      "networkProfile.staticEgressGatewayProfile", "networkProfile.ipFamilies"},
                     place);
    if (!is_final) withhold_missing(draft, {"kubernetesVersion"}, place);
    made_.push_back(make_document(plane.file(), draft));

    ClusterDefinition cluster;
    cluster.format = "Cluster API";
    cluster.place = plane.root;
    cluster.name = Setting(plane.name, is_final ? Known::stated : Known::unresolved).text();
    cluster.api_version = {Known::unresolved, {}, plane.root["apiVersion"]};
    const Setting body(made_.back()->root(), is_known ? certainty_of(manifests_, plane) : Known::unresolved);
    read_sku(body["sku"], cluster);
    read_body(body, cluster);
    cluster.pools_known = Known::unresolved;
    if (is_final) cluster.cluster_api_name = core_.cluster_name_of_plane(plane);
    by_cluster_.emplace(std::pair(core_.cluster_of_plane(plane), plane.name_space.text()), clusters_.size());
    clusters_.push_back(std::move(cluster));
  }

  void read_machine_pool(const Resource& pool) {
    const auto owner = by_cluster_.find({core_.cluster_of_pool(pool), pool.name_space.text()});
    if (owner == by_cluster_.end()) return;
    const Node spec = pool.root["spec"];
    Draft draft;
    draft.kind = NodeKind::mapping;
    draft.span = spec.span();
    take(spec["mode"], draft, "mode");
    take(spec["osType"], draft, "osType");
    const bool is_known = apply_patches(spec["asoManagedClustersAgentPoolPatches"], draft);
    withhold_missing(draft, {"podSubnetReference", "gatewayProfile"}, spec.span());
    made_.push_back(make_document(pool.file(), draft));

    const Known certainty = is_known ? certainty_of(manifests_, pool) : Known::unresolved;
    NodePool& added = clusters_[owner->second].pools.emplace_back(read_pool({made_.back()->root(), certainty}));
    added.place = pool.root;
    added.name = Setting(spec["name"]).text();
    if (added.name.known == Known::unstated) added.name = Setting(pool.name).text();
    if (const auto version = core_.version_of_pool(pool)) added.kubernetes_version = *version;
    const Setting scaling(spec["scaling"], certainty);
    if (added.autoscaling.known == Known::unstated) {
      added.autoscaling = {scaling.known(), scaling.has_value(), scaling.node()};
    }
  }

  const Manifests& manifests_;
  Core core_;
  MadeDocuments& made_;
  std::vector<ClusterDefinition>& clusters_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> by_cluster_;  // its name and namespace
};

}  // namespace

std::vector<Problem> problems_in_cluster_api_patches(Node root) {
  std::vector<Problem> problems;
  const auto kind = root["kind"].text();
  const bool is_ours = kind.starts_with("AzureManaged") && root["apiVersion"].text().starts_with(group);
  const Node spec = kind.ends_with("Template") ? root["spec"]["template"]["spec"] : root["spec"];
  for (const auto* patches : {"asoManagedClusterPatches", "asoManagedClustersAgentPoolPatches"}) {
    if (!is_ours) break;
    for (const Node patch : spec[patches].items()) {
      std::ranges::move(parse_embedded_yaml(patch).problems, std::back_inserter(problems));
    }
  }
  return problems;
}

void read_cluster_api_clusters(const Manifests& manifests, MadeDocuments& made,
                               std::vector<ClusterDefinition>& clusters) {
  const WrappedObjects wrapped(manifests);
  const std::size_t first = clusters.size();
  read_service_operator_objects(wrapped.objects(), clusters);
  for (std::size_t i = first; i < clusters.size(); ++i) clusters[i].format = "Cluster API";
  ManagedControlPlanes(manifests, made, clusters);
}

}  // namespace meshlint
