#include "linter/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace meshlint {
namespace {

constexpr std::string_view revision_label_key = "istio.io/rev";

// The revision in the name of an object of the add-on, such as istiod-asm-1-29 or
// istio-validator-asm-1-29-aks-istio-system.
std::optional<Minor> revision_in(std::string_view name) {
  if (!name.starts_with("istio") && !name.starts_with("aks-istio")) return std::nullopt;
  const auto at = name.find("asm-");
  if (at == std::string_view::npos || (at > 0 && name[at - 1] != '-')) return std::nullopt;
  const auto major_end = name.find('-', at + 4);
  if (major_end == std::string_view::npos) return std::nullopt;
  return parse_revision(name.substr(at, name.find('-', major_end + 1) - at));
}

bool turns_mesh_on(const ClusterDefinition& cluster) {
  const bool lists_revision =
      std::ranges::any_of(cluster.revisions, [](const auto& revision) { return revision.has_value(); });
  return cluster.mesh_mode.has_value() ? cluster.mesh_mode.value == "Istio" : lists_revision;
}

// App Routing's own Istio cannot run beside the add-on, so a cluster that has it has no add-on.
bool turns_mesh_off(const ClusterDefinition& cluster) {
  const bool disabled = cluster.mesh_mode.known == Known::stated && cluster.mesh_mode.value != "Istio";
  const bool app_routing = cluster.app_routing_istio.known == Known::stated &&
                           cluster.app_routing_istio.value == "Enabled" && !turns_mesh_on(cluster);
  return disabled || app_routing;
}

// Something that only exists where the add-on runs.
bool is_evidence(const Resource& resource, const ManagedNames& names) {
  if (revision_label(resource)) return true;
  if (const Node pod_revision = pod_metadata(resource)["labels"][revision_label_key];
      parse_revision(pod_revision.text()))
    return true;
  const auto name = resource.name.text();
  const auto name_space = resource.name_space.text();
  if (revision_in(name) || name.starts_with(names.shared_config_map_prefix)) return true;
  if (name == names.external_ingress || name == names.internal_ingress) return true;
  const auto is_add_on_namespace = [&](std::string_view text) {
    return text == names.ingress_namespace || text == names.egress_namespace;
  };
  if (is_add_on_namespace(name_space) || (resource.is("", "Namespace") && is_add_on_namespace(name))) return true;
  const auto selector = resource.root["spec"]["selector"]["istio"].text();
  return resource.is("networking.istio.io", "Gateway") &&
         (selector == names.external_ingress || selector == names.internal_ingress);
}

// Something that only exists where people install Istio themselves.
bool is_self_managed(const Resource& resource) {
  if (resource.kind == "IstioOperator") return true;
  const bool is_control_plane_object = resource.kind == "Deployment" || resource.is("", "ConfigMap");
  if (is_control_plane_object && resource.name_space.text() == "istio-system") return true;
  if (resource.is("", "Namespace") && resource.name.text() == "istio-system") return true;
  const Node spec = resource.root["spec"];
  const auto chart = resource.kind == "HelmRelease"   ? spec["chart"]["spec"]["chart"].text()
                     : resource.kind == "Application" ? spec["source"]["chart"].text()
                                                      : std::string_view();
  return chart == "istiod" || chart == "istio-base";
}

}  // namespace

std::optional<Minor> revision_label(const Resource& resource) {
  return parse_revision(resource.labels[revision_label_key].text());
}

std::string describe(const ClusterDefinition& cluster) {
  return cluster.name.has_value() ? fmt::format("cluster {}", cluster.name.value) : "the cluster";
}

Context::Context(const Manifests& manifests, const std::vector<ClusterDefinition>& clusters,
                 const Configuration& configuration, Governances governances, const Policy& policy,
                 const Options& options)
    : manifests_(&manifests),
      clusters_(&clusters),
      policy_(&policy),
      options_(&options),
      own_repositories_(governances.own_repositories()) {
  make_areas(governances, configuration);
  collect_evidence(governances);
}

void Context::make_areas(Governances& governances, const Configuration& configuration) {
  std::map<std::tuple<std::vector<const ClusterDefinition*>, bool, std::optional<bool>>, std::size_t> known;
  for (const InputFile& file : manifests_->files()) {
    const std::string& path = file.source->path();
    Governance governance = governances.of(path);
    const auto* entry = configuration.cluster_of(path);
    const auto configured = entry != nullptr ? entry->add_on : std::nullopt;
    const bool is_certain = governance.is_certain();
    const auto [number, is_new] = known.try_emplace({governance.clusters, is_certain, configured}, areas_.size());
    if (is_new) areas_.push_back({governance.clusters, is_certain, configured, false});
    governance_by_file_.emplace(file.source.get(), std::move(governance));
    area_by_file_.emplace(file.source.get(), number->second);
  }
}

void Context::collect_evidence(const Governances& governances) {
  const ManagedNames& names = policy_->names();
  for (const auto& generated : manifests_->generated_config_maps()) {
    if (!is_evidence(*generated, names)) continue;
    areas_[area_by_file_.find(&generated->file())->second].has_evidence = true;
    evidence_folders_.emplace(folder_of(generated->file().path()));
  }
  for (const auto& resource : manifests_->all()) {
    const auto folder = folder_of(resource->file().path());
    if (is_self_managed(*resource)) foreign_folders_.insert(governances.territory_of(folder));
    if (!is_evidence(*resource, names)) continue;
    areas_[area_by_file_.find(&resource->file())->second].has_evidence = true;
    evidence_folders_.emplace(folder);
  }
}

const Context::Area& Context::area_of(const SourceFile& file) const {
  return areas_[area_by_file_.find(&file)->second];
}

bool Context::has_add_on(const SourceFile& file) const {
  if (!options_->revisions.empty()) return true;
  const Area& area = area_of(file);
  if (area.configured) return *area.configured;
  const auto& clusters = area.clusters;
  const auto folder = folder_of(file.path());
  const bool is_foreign =
      std::ranges::any_of(foreign_folders_, [folder](const auto& foreign) { return is_inside(folder, foreign); });
  if (is_foreign && !area.is_certain) return evidence_folders_.contains(folder);
  if (!clusters.empty()) {
    const auto is_on = [](const auto* cluster) { return turns_mesh_on(*cluster); };
    const auto is_off = [](const auto* cluster) { return turns_mesh_off(*cluster); };
    if (std::ranges::all_of(clusters, is_on)) return true;
    if (std::ranges::all_of(clusters, is_off)) return false;
  }
  return area.has_evidence;
}

std::optional<bool> Context::is_own_repository(std::string_view address) const {
  if (own_repositories_.empty()) return std::nullopt;
  return own_repositories_.contains(repository_name(address));
}

Candidates Context::candidates(const SourceFile& file) const {
  if (!options_->revisions.empty()) return {Candidates::Source::flag, options_->revisions, true, false};
  Candidates result{Candidates::Source::cluster, {}, true, false};
  std::set<Minor> revisions;
  for (const auto* cluster : governing(file)) {
    if (cluster->revisions.empty() || cluster->revisions_known == Known::unresolved) result.complete = false;
    for (const auto& revision : cluster->revisions) {
      const auto parsed = revision.has_value() ? parse_revision(revision.value) : std::nullopt;
      if (parsed) revisions.insert(*parsed);
      result.complete = result.complete && parsed;
      result.defaulted = result.defaulted || revision.known == Known::defaulted;
    }
  }
  if (revisions.empty()) return {};
  result.revisions.assign(revisions.begin(), revisions.end());
  return result;
}

Candidates Context::candidates(const Resource& resource) const {
  Candidates result = candidates(resource.file());
  if (!result.revisions.empty()) return result;
  auto own = revision_label(resource);
  if (!own) own = revision_in(resource.name.text());
  if (own) result = {Candidates::Source::resource, {*own}, false, false};
  return result;
}

Fact<std::string> Context::kubernetes_version(const ClusterDefinition& cluster) const {
  if (!options_->kubernetes_version) return cluster.kubernetes_version;
  return {Known::stated, *options_->kubernetes_version, Node()};
}

Fact<std::string> Context::support_plan(const ClusterDefinition& cluster) const {
  if (!options_->support_plan) return cluster.support_plan;
  return {Known::stated, *options_->support_plan, Node()};
}

std::string Context::describe(Node node) const {
  if (const Resource* resource = manifests_->resource_of(node)) return meshlint::describe(*resource);
  for (const auto& cluster : *clusters_) {
    const Span own = cluster.place.span();
    const Span span = node.span();
    const bool is_whole = cluster.place.index() == 0;  // the document is the cluster
    const bool inside = is_whole || (own.start <= span.start && span.end <= own.end);
    if (cluster.place.document() == node.document() && inside) return meshlint::describe(cluster);
  }
  // What a cluster's reader put together is no part of a resource, but stands where one does.
  const Resource* around = node.file() == nullptr ? nullptr : manifests_->resource_at(*node.file(), node.span());
  return around == nullptr ? std::string() : meshlint::describe(*around);
}

}  // namespace meshlint
