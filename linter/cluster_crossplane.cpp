#include <algorithm>
#include <charconv>
#include <map>

#include "linter/cluster_body.h"
#include "linter/cluster_operators.h"
#include "linter/draft.h"

namespace meshlint {
namespace {

constexpr std::string_view groups[] = {"containerservice.azure.upbound.io", "containerservice.azure.m.upbound.io"};
constexpr std::string_view external_name = "crossplane.io/external-name";

// A managed resource, in a file of its own or as a part of a Composition.
struct Managed {
  Node root;  // as it is written
  Node read;  // with what patches set in doubt
  Known certainty = Known::stated;
  Node composition{};  // that makes it; missing for others
};

bool is_managed(Node root) {
  const auto api_version = root["apiVersion"].text();
  const auto kind = root["kind"].text();
  const bool is_ours = std::ranges::find(groups, api_version.substr(0, api_version.find('/'))) != std::end(groups);
  return is_ours && (kind == "KubernetesCluster" || kind == "KubernetesClusterNodePool");
}

// Whether Crossplane only looks at the resource that somebody else made.
bool is_observed(Node root) {
  const Node policies = root["spec"]["managementPolicies"];
  return root["spec"]["managementPolicy"].text() == "ObserveOnly" ||
         (policies.size() == 1 && policies[std::size_t{0}].text() == "Observe");
}

// The value that `spec.a[0].b["c.d"]` leads to, made where it is missing; null for a path in another notation.
Draft* draft_at(Draft& root, std::string_view path, Span place) {
  Draft* draft = &root;
  while (!path.empty()) {
    if (path.front() == '.') path.remove_prefix(1);
    if (!path.starts_with('[')) {
      const auto name = path.substr(0, path.find_first_of(".["));
      if (name.empty()) return nullptr;
      draft = &draft->at(name, place);
      path.remove_prefix(name.size());
      continue;
    }
    const auto close = path.find(']');
    if (close == std::string_view::npos) return nullptr;
    auto inside = path.substr(1, close - 1);
    path.remove_prefix(close + 1);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), number);
    if (error == std::errc() && end == inside.data() + inside.size()) {
      if (number > draft->children.size()) return draft;  // then the whole list is in doubt
      if (draft->kind != NodeKind::sequence) draft->children.clear();
      draft->kind = NodeKind::sequence;
      if (number >= draft->children.size()) draft->children.emplace_back().span = place;
      draft = &draft->children[number];
      continue;
    }
    if (inside == "*") return draft;
    if (inside.size() >= 2 && (inside.front() == '"' || inside.front() == '\'')) {
      inside = inside.substr(1, inside.size() - 2);
    }
    const auto same = std::ranges::find(draft->children, inside, &Draft::name);
    if (same != draft->children.end()) {
      draft = &*same;
      continue;
    }
    if (draft->kind != NodeKind::mapping) draft->children.clear();
    draft->kind = NodeKind::mapping;
    Draft& added = draft->children.emplace_back();
    added.name = inside;
    added.name_span = added.span = place;
    draft = &added;
  }
  return draft;
}

constexpr int most_patches = 1'000;  // of one resource; with more, nothing of it is known

// Puts what patches of a Composition set in doubt; `budget` says how many of them are looked at.
void withhold_patched(Node patches, Node patch_sets, Draft& base, int& budget) {
  for (const Node patch : patches.items()) {
    if (--budget < 0) return base.at("spec.forProvider", patch.span()).withhold();
    const auto type = patch["type"].text();
    if (type == "PatchSet") {
      for (const Node set : patch_sets.items()) {
        if (set["name"].text() == patch["patchSetName"].text()) withhold_patched(set["patches"], {}, base, budget);
      }
      continue;
    }
    if (type.starts_with("To") || type.starts_with("CombineTo")) continue;  // the other way
    const Node target = patch["toFieldPath"].is_null() ? patch["fromFieldPath"] : patch["toFieldPath"];
    Draft* patched =
        target.text().empty() || target.unresolved() ? nullptr : draft_at(base, target.text(), target.span());
    if (patched == nullptr) patched = &base.at("spec.forProvider", target.span());  // it may set anything
    patched->span = target.span();
    patched->withhold();
  }
}

class Reader {
 public:
  Reader(const Manifests& manifests, MadeDocuments& made, std::vector<ClusterDefinition>& clusters)
      : made_(made), clusters_(clusters) {
    for (const auto group : groups) {
      for (const auto* kind : {"KubernetesCluster", "KubernetesClusterNodePool"}) {
        for (const Resource* resource : manifests.of(group, kind)) {
          if (resource->partial || is_observed(resource->root)) continue;
          const Known certainty = manifests.may_be_patched(*resource) ? Known::unresolved : Known::stated;
          add({resource->root, with_initial_values(resource->root), certainty});
        }
      }
    }
    for (const Resource* composition : manifests.of("apiextensions.crossplane.io", "Composition")) {
      const Node spec = composition->root["spec"];
      add_composed(spec, spec, composition->root);
      for (const Node step : spec["pipeline"].items()) add_composed(step["input"], step["input"], composition->root);
    }
    for (const Managed& pool : pools_) assign_pool(pool);
  }

 private:
  struct Owner {
    Managed resource;
    std::size_t cluster;
    std::string_view name{};  // of the object
    std::string_view name_space{};
  };

  // How a pool names its cluster.
  struct Link {
    std::string_view id{};    // the last part of a resource ID
    std::string_view name{};  // of the object
    Node selector{};
    std::string_view name_space{};
  };

  void add_composed(Node holder, Node sets, Node composition) {
    for (const Node part : holder["resources"].items()) {
      const Node base = part["base"];
      if (!is_managed(base) || is_observed(base)) continue;
      Draft draft = copy_of(base);
      add_initial_values(draft);
      int budget = most_patches;
      withhold_patched(part["patches"], sets["patchSets"], draft, budget);
      made_.push_back(make_document(*base.file(), draft));
      add({base, made_.back()->root(), Known::stated, composition});
    }
  }

  // What `initProvider` gives counts only while the resource is made.
  static void add_initial_values(Draft& resource) {
    Draft* spec = resource.find("spec");
    const Draft* initial = spec == nullptr ? nullptr : spec->find("initProvider");
    if (initial == nullptr) return;
    for (const Draft& value : std::vector<Draft>(initial->children)) {
      Draft& provided = spec->at("forProvider", spec->span);
      if (provided.unresolved || provided.find(value.name) != nullptr) continue;
      Draft& added = provided.children.emplace_back(value);
      provided.kind = NodeKind::mapping;
      added.withhold();
    }
  }

  Node with_initial_values(Node root) {
    if (!root["spec"]["initProvider"]) return root;
    Draft draft = copy_of(root);
    add_initial_values(draft);
    made_.push_back(make_document(*root.file(), draft));
    return made_.back()->root();
  }

  void add(Managed resource) {
    if (resource.read["kind"].text() != "KubernetesCluster") {
      pools_.push_back(resource);
      return;
    }
    ClusterDefinition cluster;
    cluster.format = "Crossplane";
    cluster.place = resource.root;
    cluster.name = name_of(resource);
    cluster.api_version = {Known::unresolved, {}, resource.read["apiVersion"]};
    read_azurerm_body(Setting(resource.read["spec"]["forProvider"], resource.certainty), cluster);
    const Node metadata = resource.read["metadata"];
    owners_.push_back({resource, clusters_.size(), metadata["name"].text(), metadata["namespace"].text()});
    clusters_.push_back(std::move(cluster));
  }

  // Crossplane makes up the names of what a Composition makes.
  static Fact<std::string> name_of(const Managed& resource) {
    const Node metadata = resource.read["metadata"];
    auto external = Setting(metadata["annotations"][external_name]).text();
    if (external.known != Known::unstated) return external;
    return Setting(metadata["name"], resource.composition ? Known::unresolved : Known::stated).text();
  }

  void assign_pool(const Managed& pool) {
    const Node provider = pool.read["spec"]["forProvider"];
    const auto folder = folder_of(pool.root.file()->path());
    const auto is_near = [&](const Owner& owner) { return folder_of(owner.resource.root.file()->path()) == folder; };
    const Link link = link_of(pool);
    std::vector<const Owner*> found;
    for (const Owner& owner : owners_) {
      if (owns(owner, pool, link)) found.push_back(&owner);
    }
    const bool has_near = std::ranges::any_of(found, [&](const Owner* owner) { return is_near(*owner); });
    for (const Owner* owner : found) {
      if (has_near && !is_near(*owner)) continue;
      NodePool& added = clusters_[owner->cluster].pools.emplace_back(read_azurerm_pool({provider, pool.certainty}));
      added.place = pool.root;
      added.name = name_of(pool);
    }
  }

  static Link link_of(const Managed& pool) {
    const Node provider = pool.read["spec"]["forProvider"];
    const auto id = provider["kubernetesClusterId"].text();
    const Node name = provider["kubernetesClusterIdRef"]["name"];
    return {.id = id.substr(id.rfind('/') + 1),
            .name = name.unresolved() ? std::string_view() : name.text(),
            .selector = provider["kubernetesClusterIdSelector"],
            .name_space = pool.read["metadata"]["namespace"].text()};
  }

  bool owns(const Owner& owner, const Managed& pool, const Link& link) const {
    const Node composition = owner.resource.composition;
    const bool is_together =
        composition.document() == pool.composition.document() && composition.index() == pool.composition.index();
    if (!is_together) return false;
    const auto& name = clusters_[owner.cluster].name;
    if (!link.id.empty()) return name.has_value() && equals_ignoring_case(link.id, name.value);
    if (owner.name_space != link.name_space) return false;
    return link.name.empty() ? is_selected(owner.resource, pool, link.selector) : link.name == owner.name;
  }

  static bool is_selected(const Managed& cluster, const Managed& pool, Node selector) {
    const auto wanted = selector["matchLabels"].entries();
    if (wanted.empty()) return pool.composition && selector["matchControllerRef"].text() == "true";
    const Node labels = cluster.read["metadata"]["labels"];
    return std::ranges::all_of(
        wanted, [labels](const Entry& label) { return labels[label.key.text()].text() == label.value.text(); });
  }

  MadeDocuments& made_;
  std::vector<ClusterDefinition>& clusters_;
  std::vector<Owner> owners_;
  std::vector<Managed> pools_;
};

}  // namespace

void read_crossplane_clusters(const Manifests& manifests, MadeDocuments& made,
                              std::vector<ClusterDefinition>& clusters) {
  Reader(manifests, made, clusters);
}

}  // namespace meshlint
