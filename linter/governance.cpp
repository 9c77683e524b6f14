#include "linter/governance.h"

#include <algorithm>
#include <functional>

namespace meshlint {
namespace {

// Calls `visit` with a path and each folder around it, the nearest first, until it returns true.
template <class Visitor>
bool any_outwards(std::string_view path, Visitor visit) {
  for (;; path = folder_of(path)) {
    if (visit(path)) return true;
    if (path.empty()) return false;
  }
}

// A path of a GitOps tool, which is relative to the repository's root whether it starts with `./`, '/' or neither.
std::optional<std::string> repository_path(Node node) {
  if (!node.is_scalar() || node.unresolved()) return std::nullopt;
  auto path = node.text();
  while (path.starts_with('/')) path.remove_prefix(1);
  return resolve_path("", path);
}

std::vector<Node> sources_of(Node spec) {
  std::vector<Node> sources = spec["sources"].items();
  if (spec["source"]) sources.push_back(spec["source"]);
  return sources;
}

}  // namespace

bool is_inside(std::string_view folder, std::string_view outer) {
  return outer.empty() || folder == outer || (folder.starts_with(outer) && folder[outer.size()] == '/');
}

Governances::Governances(const Manifests& manifests, const std::vector<ClusterDefinition>& clusters,
                         const Configuration& configuration)
    : clusters_(&clusters), configuration_(&configuration) {
  for (const auto& cluster : clusters) {
    by_folder_[std::string(folder_of(home_of(cluster).path()))].push_back(&cluster);
  }
  if (!clusters.empty()) read_links(manifests);
}

// The clusters of a name; a kubeconfig Secret of Cluster API carries it with a suffix.
Governances::Clusters Governances::named(std::string_view name) const {
  Clusters result;
  for (const auto& cluster : *clusters_) {
    if (!name.empty() && cluster.name.has_value() && cluster.name.value == name) result.push_back(&cluster);
  }
  return result;
}

void Governances::add_application(std::string_view path, Application application) {
  if (application.clusters.empty() && is_inside(application.from, path)) return;  // says nothing new
  applications_[std::string(path)].push_back(std::move(application));
}

void Governances::add_argo_application(const Resource& resource) {
  const Node spec = resource.root["spec"];
  for (const Node source : sources_of(spec)) {
    const Node place = source["path"];
    const auto path = repository_path(place);
    if (!path || path->empty()) continue;
    const Node destination = spec["destination"];
    const bool is_elsewhere = destination["name"] || destination["server"].text() != "https://kubernetes.default.svc";
    auto clusters = named(destination["name"].text());
    if (is_elsewhere && clusters.empty()) continue;
    add_application(*path, {std::string(folder_of(resource.file().path())), std::move(clusters), place});
  }
}

void Governances::read_links(const Manifests& manifests) {
  for (const auto& cluster : *clusters_) {
    for (const auto& applied : cluster.gitops_paths) {
      const auto path = applied.has_value() ? repository_path(applied.node) : std::nullopt;
      if (path) add_application(*path, {"", {&cluster}, applied.node});
    }
  }
  for (const Resource* resource : manifests.of("kustomize.toolkit.fluxcd.io", "Kustomization")) {
    const Node place = resource->root["spec"]["path"];
    const auto path = repository_path(place);
    if (!path || path->empty()) continue;
    const Node remote = resource->root["spec"]["kubeConfig"]["secretRef"]["name"];
    constexpr std::string_view suffix = "-kubeconfig";
    auto name = remote.text();
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
    auto clusters = named(name);
    if (remote && clusters.empty()) continue;
    add_application(*path, {std::string(folder_of(resource->file().path())), std::move(clusters), place});
  }
  for (const Resource* resource : manifests.of("argoproj.io", "Application")) add_argo_application(*resource);
  for (const Inclusion& inclusion : manifests.inclusions()) {
    add_application(inclusion.path, {inclusion.folder, {}, inclusion.place});
  }
}

const std::vector<Governances::Application>* Governances::applications_of(std::string_view path) const {
  const std::vector<Application>* result = nullptr;
  any_outwards(path, [&](std::string_view outer) {
    const auto found = applications_.find(outer);
    if (found != applications_.end()) result = &found->second;
    return result != nullptr;
  });
  return result;
}

bool Governances::find_configured(std::string_view path, Governance& result) const {
  const ConfiguredCluster* entry = configuration_->cluster_of(path);
  if (entry == nullptr) return false;
  for (const auto number : entry->definitions) result.clusters.push_back(&(*clusters_)[number]);
  result.reason = GovernedBy::configuration;
  result.place = entry->node;
  return true;
}

// By where the clusters are defined.
Governance Governances::find_defined(std::string_view path) const {
  Governance result;
  const auto folder = folder_of(path);
  const bool is_above = any_outwards(folder, [&](std::string_view outer) {
    const auto found = by_folder_.find(outer);
    if (found != by_folder_.end()) result.clusters = found->second;
    return found != by_folder_.end();
  });
  if (is_above) {
    result.reason = GovernedBy::definition_above;
    return result;
  }
  any_outwards(folder, [&](std::string_view outer) {
    for (const auto& [defined_in, clusters] : by_folder_) {
      if (is_inside(defined_in, outer)) result.clusters.insert(result.clusters.end(), clusters.begin(), clusters.end());
    }
    return !result.clusters.empty();
  });
  return result;
}

// By what applies the path; false when nothing does, or when it is not known to which cluster.
bool Governances::find_applied(std::string_view path, std::set<std::string>& asked, Governance& result) const {
  const auto* applications = applications_of(path);
  if (applications == nullptr || !asked.insert(std::string(path)).second) return false;
  Governance applied{.clusters = {}, .reason = GovernedBy::link, .place = applications->front().place};
  for (const Application& application : *applications) {
    Clusters clusters = application.clusters;
    if (clusters.empty()) {
      const Governance from = find(application.from + "/.", asked);
      if (!from.is_certain() || from.clusters.empty()) return false;
      clusters = from.clusters;
      applied.reason = GovernedBy::applied_from;
      if (from.reason == GovernedBy::applied_from) applied.place = from.place;  // where the chain starts
    }
    applied.clusters.insert(applied.clusters.end(), clusters.begin(), clusters.end());
  }
  std::ranges::sort(applied.clusters, std::less<>());
  applied.clusters.erase(std::ranges::unique(applied.clusters).begin(), applied.clusters.end());
  result = std::move(applied);
  return true;
}

// Of several clusters, the one that a folder around the file is called after.
void Governances::narrow_by_name(std::string_view path, Governance& result) {
  if (result.clusters.size() < 2) return;
  Clusters called;
  any_outwards(folder_of(path), [&](std::string_view outer) {
    const auto name = outer.substr(outer.rfind('/') + 1);
    for (const auto* cluster : result.clusters) {
      if (!name.empty() && cluster->name.has_value() && cluster->name.value == name) called.push_back(cluster);
    }
    return !called.empty();
  });
  if (called.empty() || called.size() == result.clusters.size()) return;
  result.clusters = std::move(called);
  result.reason = GovernedBy::folder_name;
}

Governance Governances::find(std::string_view path, std::set<std::string>& asked) const {
  Governance result;
  if (find_configured(path, result)) return result;
  Governance defined = find_defined(path);
  Governance applied;
  if (find_applied(path, asked, applied)) {
    const bool is_nearer = defined.reason == GovernedBy::definition_above && applied.reason == GovernedBy::applied_from;
    if (!is_nearer || defined.clusters.size() > 1) return applied;
  }
  narrow_by_name(path, defined);
  return defined;
}

Governance Governances::of(std::string_view path) const {
  std::set<std::string> asked;
  return find(path, asked);
}

std::string Governances::territory_of(std::string_view folder) const {
  const auto holds_cluster = [this](std::string_view outer) {
    return std::ranges::any_of(by_folder_, [outer](const auto& entry) { return is_inside(entry.first, outer); });
  };
  while (!folder.empty() && !holds_cluster(folder_of(folder))) folder = folder_of(folder);
  return std::string(folder);
}

}  // namespace meshlint
