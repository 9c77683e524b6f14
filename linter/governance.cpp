#include "linter/governance.h"

#include <algorithm>
#include <functional>

#include "linter/ascii.h"

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

std::string repository_name(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  if (address.ends_with(".git")) address.remove_suffix(4);
  const auto start = address.find_last_of("/:");
  return lower_case(start == std::string_view::npos ? address : address.substr(start + 1));
}

bool is_inside(std::string_view folder, std::string_view outer) {
  return outer.empty() || folder == outer || (folder.starts_with(outer) && folder[outer.size()] == '/');
}

Governances::Governances(const Manifests& manifests, const std::vector<ClusterDefinition>& clusters,
                         const Configuration& configuration, const std::vector<std::string>& remotes)
    : clusters_(&clusters), configuration_(&configuration) {
  for (const auto& cluster : clusters) {
    if (cluster.place["paths"] && is_configuration_file(home_of(cluster).path())) continue;  // it says what it governs
    by_folder_[std::string(folder_of(home_of(cluster).path()))].push_back(&cluster);
  }
  if (clusters.empty()) return;
  find_own_sources(manifests, remotes);
  read_links(manifests);
}

// A path means a folder of this repository only if its source is this repository. Remotes say so, whatever the protocol
// and whoever forked it; so does a Flux Kustomization or an Argo CD Application that applies its own folder.
void Governances::find_own_sources(const Manifests& manifests, const std::vector<std::string>& remotes) {
  const auto applies_itself = [](const Resource& resource, Node path_node) {
    const auto path = repository_path(path_node);
    return path && !path->empty() && is_inside(folder_of(resource.file().path()), *path);
  };
  for (const auto& remote : remotes) own_repositories_.insert(repository_name(remote));
  for (const Resource* resource : manifests.of("argoproj.io", "Application")) {
    for (const Node source : sources_of(resource->root["spec"])) {
      const Node address = source["repoURL"];
      if (address && !address.unresolved() && applies_itself(*resource, source["path"])) {
        own_repositories_.insert(repository_name(address.text()));
      }
    }
  }
  own_flux_sources_.insert("flux-system");  // what `flux bootstrap` calls it
  for (const Resource* resource : manifests.of("kustomize.toolkit.fluxcd.io", "Kustomization")) {
    const Node spec = resource->root["spec"];
    if (applies_itself(*resource, spec["path"])) own_flux_sources_.emplace(spec["sourceRef"]["name"].text());
  }
  for (const Resource* resource : manifests.of("source.toolkit.fluxcd.io", "GitRepository")) {
    const Node address = resource->root["spec"]["url"];
    if (own_repositories_.empty() || !address || address.unresolved()) continue;
    if (is_own_address(address)) {
      own_flux_sources_.emplace(resource->name.text());
    } else {
      own_flux_sources_.erase(std::string(resource->name.text()));
    }
  }
}

bool Governances::is_own_address(Node address) const {
  return address && !address.unresolved() && own_repositories_.contains(repository_name(address.text()));
}

bool Governances::is_own_flux_source(const Resource& kustomization) const {
  const Node source = kustomization.root["spec"]["sourceRef"];
  return source["kind"].text() == "GitRepository" && own_flux_sources_.contains(source["name"].text());
}

// The clusters of a name, which may be that of Cluster API's object: the kubeconfig Secret carries it with a suffix.
Governances::Clusters Governances::named(std::string_view name) const {
  Clusters result;
  const auto is_it = [name](const Fact<std::string>& fact) { return fact.has_value() && fact.value == name; };
  for (const auto& cluster : *clusters_) {
    if (!name.empty() && (is_it(cluster.name) || is_it(cluster.cluster_api_name))) result.push_back(&cluster);
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
    if (!path || path->empty() || !is_own_address(source["repoURL"])) continue;
    const Node destination = spec["destination"];
    const bool is_elsewhere = destination["name"] || destination["server"].text() != "https://kubernetes.default.svc";
    auto clusters = named(destination["name"].text());
    if (is_elsewhere && clusters.empty()) continue;
    add_application(*path, {std::string(folder_of(resource.file().path())), std::move(clusters), place});
  }
}

void Governances::add_flux_kustomization(const Resource& resource) {
  const Node spec = resource.root["spec"];
  const Node place = spec["path"];
  const auto path = repository_path(place);
  if (!path || path->empty() || !is_own_flux_source(resource)) return;
  const Node remote = spec["kubeConfig"]["secretRef"]["name"];
  constexpr std::string_view suffix = "-kubeconfig";
  auto name = remote.text();
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  auto clusters = named(name);
  if (remote && clusters.empty()) return;
  add_application(*path, {std::string(folder_of(resource.file().path())), std::move(clusters), place});
}

void Governances::read_links(const Manifests& manifests) {
  for (const auto& cluster : *clusters_) {
    for (const GitOpsPath& applied : cluster.gitops_paths) {
      const bool is_known = applied.path.has_value() && applied.repository.has_value();
      if (!is_known || !own_repositories_.contains(repository_name(applied.repository.value))) continue;
      if (const auto path = repository_path(applied.path.node)) {
        add_application(*path, {"", {&cluster}, applied.path.node});
      }
    }
  }
  for (const Resource* resource : manifests.of("kustomize.toolkit.fluxcd.io", "Kustomization")) {
    add_flux_kustomization(*resource);
  }
  for (const Resource* resource : manifests.of("argoproj.io", "Application")) add_argo_application(*resource);
  for (const Inclusion& inclusion : manifests.inclusions()) {
    add_application(inclusion.path, {inclusion.folder, {}, inclusion.place});
  }
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

// What the applications of a path come to; nothing when it is not known to which cluster one of them goes.
std::optional<Governance> Governances::resolve(const std::vector<Application>& applications) {
  Governance result{.clusters = {}, .reason = GovernedBy::link, .place = applications.front().place};
  for (const Application& application : applications) {
    Clusters clusters = application.clusters;
    if (clusters.empty()) {
      const Governance from = find(application.from + "/.");
      // Flux keeps what it applies to a cluster in a folder of its name.
      const bool is_known = from.is_certain() || from.reason == GovernedBy::folder_name;
      if (!is_known || from.clusters.empty()) return std::nullopt;
      clusters = from.clusters;
      result.reason = GovernedBy::applied_from;
      if (from.reason == GovernedBy::applied_from) result.place = from.place;  // where the chain starts
    }
    result.clusters.insert(result.clusters.end(), clusters.begin(), clusters.end());
  }
  std::ranges::sort(result.clusters, std::less<>());
  result.clusters.erase(std::ranges::unique(result.clusters).begin(), result.clusters.end());
  return result;
}

bool Governances::is_applied(std::string_view path) const {
  return any_outwards(path, [&](std::string_view outer) { return applications_.contains(outer); });
}

// By what applies the path, or the nearest folder around it that something applies; null when nothing does, or when it
// is not known to which cluster. A path that is applied by way of itself applies nothing.
const Governance* Governances::applied(std::string_view path) {
  auto found = applications_.end();
  any_outwards(path, [&](std::string_view outer) {
    found = applications_.find(outer);
    return found != applications_.end();
  });
  if (found == applications_.end()) return nullptr;
  const auto [known, is_new] = applied_.try_emplace(found->first);
  if (is_new) {
    auto resolved = resolve(found->second);
    known->second = std::move(resolved);
  }
  return known->second ? &*known->second : nullptr;
}

// Of several clusters, the one that folders around the file are called after. Where they are called after several,
// one of the folders is an application that happens to have a cluster's name.
void Governances::narrow_by_name(std::string_view path, Governance& result) {
  if (result.clusters.size() < 2) return;
  Clusters called;
  std::set<std::string_view> names;
  any_outwards(folder_of(path), [&](std::string_view outer) {
    const auto name = outer.substr(outer.rfind('/') + 1);
    for (const auto* cluster : result.clusters) {
      if (name.empty() || !cluster->name.has_value() || cluster->name.value != name) continue;
      if (names.insert(name).second || names.size() == 1) called.push_back(cluster);
    }
    return false;
  });
  if (names.size() != 1 || called.size() == result.clusters.size()) return;
  result.clusters = std::move(called);
  result.reason = GovernedBy::folder_name;
}

// Clusters may be defined apart from what runs there: next to one of them, a folder may be called as another is.
void Governances::find_by_name(std::string_view path, Governance& result) const {
  Governance all;
  for (const auto& cluster : *clusters_) all.clusters.push_back(&cluster);
  narrow_by_name(path, all);
  const auto is_near = [&result](const auto* cluster) { return std::ranges::count(result.clusters, cluster) > 0; };
  if (all.reason != GovernedBy::folder_name || std::ranges::any_of(all.clusters, is_near)) return;
  result = std::move(all);
}

Governance Governances::find(std::string_view path) {
  Governance result;
  if (find_configured(path, result)) return result;
  Governance defined = find_defined(path);
  if (const Governance* application = applied(path)) {
    const bool is_nearer =
        defined.reason == GovernedBy::definition_above && application->reason == GovernedBy::applied_from;
    if (!is_nearer || defined.clusters.size() > 1) return *application;
  }
  if (!is_applied(path)) {
    narrow_by_name(path, defined);
    if (defined.reason == GovernedBy::definition_below && !defined.clusters.empty()) find_by_name(path, defined);
  }
  return defined;
}

std::string Governances::territory_of(std::string_view folder) const {
  const auto holds_cluster = [this](std::string_view outer) {
    return std::ranges::any_of(by_folder_, [outer](const auto& entry) { return is_inside(entry.first, outer); });
  };
  while (!folder.empty() && !holds_cluster(folder_of(folder))) folder = folder_of(folder);
  return std::string(folder);
}

}  // namespace meshlint
