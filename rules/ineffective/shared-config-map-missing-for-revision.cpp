#include <algorithm>

#include "linter/words.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

struct SharedMaps {
  std::vector<std::pair<Minor, const Resource*>> by_revision;
  bool complete = true;  // false when a name is templated: any revision may have its ConfigMap
};

SharedMaps maps_of(const Pass& pass, const ClusterDefinition& cluster) {
  SharedMaps result;
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    const auto name = map->name.text();
    if (!name.starts_with(pass.policy().names().shared_config_map_prefix)) continue;
    const auto& governing = pass.context().governing(map->file());
    if (std::ranges::find(governing, &cluster) == governing.end()) continue;
    const auto revision = shared_config_map_revision(pass, name);
    if (revision) result.by_revision.emplace_back(*revision, map);
    if (map->name.unresolved() || !pass.manifests().has_final_name(*map)) result.complete = false;
  }
  std::ranges::sort(result.by_revision, {}, [](const auto& entry) { return entry.first; });
  return result;
}

std::vector<std::string> configured_fields(const Pass& pass, const Resource& map) {
  std::vector<std::string> fields;
  for (const MeshConfigMap& mesh : pass.manifests().mesh_config_maps()) {
    if (mesh.resource != &map) continue;
    for (const Entry& entry : mesh.mesh.entries()) fields.emplace_back(entry.key.text());
  }
  constexpr std::size_t most = 4;
  if (fields.size() > most) {
    const auto left_out = fields.size() - most;
    fields.resize(most);
    fields.push_back(fmt::format("{} more", left_out));
  }
  return fields;
}

std::optional<std::vector<std::pair<Minor, Node>>> stated_revisions(const ClusterDefinition& cluster) {
  if (cluster.revisions_known != Known::stated) return std::nullopt;
  std::vector<std::pair<Minor, Node>> revisions;
  for (const auto& revision : cluster.revisions) {
    const auto parsed = revision.known == Known::stated ? parse_revision(revision.value) : std::nullopt;
    if (!parsed) return std::nullopt;
    revisions.emplace_back(*parsed, revision.node);
  }
  return revisions;
}

void report_missing(Pass& pass, const ClusterDefinition& cluster, Minor revision, Node node, const SharedMaps& maps) {
  const ManagedNames& names = pass.policy().names();
  // The nearest older ConfigMap is the one to copy; failing that, the newest of all.
  const auto newer = std::ranges::find_if(maps.by_revision, [&](const auto& entry) { return entry.first > revision; });
  const auto& [other, map] = newer == maps.by_revision.begin() ? maps.by_revision.back() : *(newer - 1);
  const std::string good_name = names.shared_config_map_prefix + revision_name(revision);
  const auto fields = configured_fields(pass, *map);
  Diagnostic& diagnostic = pass.report(
      node,
      fmt::format("{} has no shared ConfigMap: its control plane starts without {}", quoted(revision_name(revision)),
                  fields.empty() ? "what the other revision is configured with" : list_words(fields)));
  diagnostic.object = describe(cluster);
  diagnostic.citation = names.shared;
  diagnostic.notes.push_back(note_at(map->name, fmt::format("only {} is configured", revision_name(other))));
  diagnostic.help = fmt::format("copy this ConfigMap to {} before the upgrade starts", good_name);
}

// A ConfigMap for an older revision than any that runs is left over; one for a newer revision is the right preparation
// of the next canary upgrade.
void report_left_over(Pass& pass, const ClusterDefinition& cluster, Minor oldest, const SharedMaps& maps) {
  for (const auto& [revision, map] : maps.by_revision) {
    if (revision >= oldest || pass.context().governing(map->file()).size() > 1) continue;
    Diagnostic& diagnostic =
        pass.report(map->name, fmt::format("{} does not run {}: nothing reads this ConfigMap any more",
                                           describe(cluster), revision_name(revision)));
    diagnostic.severity = Severity::note;
    diagnostic.citation = pass.policy().names().shared;
    diagnostic.help = "delete it once the upgrade is complete and will not be rolled back";
  }
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto revisions = stated_revisions(cluster);
    const SharedMaps maps = maps_of(pass, cluster);
    if (!revisions || revisions->empty() || maps.by_revision.empty() || !maps.complete) continue;
    for (const auto& [revision, node] : *revisions) {
      const auto has_revision = [wanted = revision](const auto& entry) { return entry.first == wanted; };
      if (std::ranges::none_of(maps.by_revision, has_revision)) report_missing(pass, cluster, revision, node, maps);
    }
    report_left_over(pass, cluster,
                     std::ranges::min_element(*revisions, {}, [](const auto& r) { return r.first; })->first, maps);
  }
}

}  // namespace

extern constexpr Rule shared_config_map_missing_for_revision = {
    .code = "MSH4004",
    .name = "shared-config-map-missing-for-revision",
    .family = Family::ineffective,
    .severity = Severity::warning,
    .summary = "A mesh revision without the shared ConfigMap that another revision has",
    .why =
        "Each revision reads only the shared ConfigMap with its own name. When a canary upgrade starts without one, "
        "the new control plane runs with the add-on's defaults: access logs, outbound policy and extension "
        "providers are silently lost for every workload that moves over.",
    .fix = "create the shared ConfigMap of the new revision before the canary upgrade starts",
    .page = "istio-meshconfig",
    .check = check,
};

}  // namespace meshlint::rules
