#include <algorithm>

#include "linter/words.h"
#include "rules/own-gateway.h"
#include "rules/shared-config-map.h"

namespace meshlint::rules {
namespace {

struct SharedMaps {
  std::vector<std::pair<Minor, const Resource*>> by_revision;
  bool complete = true;  // false when any revision may have a ConfigMap that is not to be seen here
};

bool runs(const ClusterDefinition& cluster, Minor revision) {
  return std::ranges::any_of(cluster.revisions, [revision](const Fact<std::string>& listed) {
    return listed.has_value() && parse_revision(listed.value) == revision;
  });
}

// Whether a ConfigMap can be meant for a cluster: where several govern it, only those that run its revision.
bool is_meant_for(const Pass& pass, const SourceFile& file, const ClusterDefinition& cluster,
                  std::optional<Minor> revision) {
  const auto& governing = pass.context().governing(file);
  if (std::ranges::find(governing, &cluster) == governing.end()) return false;
  return governing.size() == 1 || !revision || runs(cluster, *revision);
}

// Whether a text that could not be read may hold a shared ConfigMap.
bool mentions_map(std::string_view text) {
  const auto has = [text](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return has("istio-shared-configmap") || (has("mesh:") && has("ConfigMap"));
}

// Generators, other repositories and files that cannot be read whole, such as templates, may hold the ConfigMap of any
// revision.
bool may_hide_maps(const Pass& pass, const ClusterDefinition& cluster) {
  if (remote_flux_source(pass, cluster)) return true;
  const auto generators = shared_config_map_generators(pass);
  const auto is_generated = [&](const SharedConfigMapGenerator& generator) {
    return is_meant_for(pass, *generator.entry.file(), cluster, std::nullopt);
  };
  const auto is_unread = [&](const InputFile& file) {
    return !file.parsed.problems.empty() && is_meant_for(pass, *file.source, cluster, std::nullopt) &&
           mentions_map(file.source->text());
  };
  return std::ranges::any_of(generators, is_generated) || std::ranges::any_of(pass.manifests().files(), is_unread);
}

SharedMaps maps_of(const Pass& pass, const ClusterDefinition& cluster) {
  SharedMaps result;
  for (const Resource* map : pass.manifests().of("", "ConfigMap")) {
    const auto name = map->name.text();
    const bool may_get_name = map->name.unresolved() && map->root["data"]["mesh"];
    if (may_get_name && is_meant_for(pass, map->file(), cluster, std::nullopt)) result.complete = false;
    if (!name.starts_with(pass.policy().names().shared_config_map_prefix)) continue;
    const auto revision = shared_config_map_revision(pass, name);
    if (!is_meant_for(pass, map->file(), cluster, revision)) continue;
    if (revision) result.by_revision.emplace_back(*revision, map);
    const bool is_final = pass.manifests().has_final_name(*map) && !pass.manifests().may_be_patched(*map);
    if (!revision || !is_final) result.complete = false;
  }
  std::ranges::sort(result.by_revision, {}, [](const auto& entry) { return entry.first; });
  result.complete = result.complete && !result.by_revision.empty() && !may_hide_maps(pass, cluster);
  return result;
}

std::vector<std::string> configured_fields(const Pass& pass, const Resource& map) {
  std::vector<std::string> fields;
  for (const EmbeddedDocument& mesh : pass.manifests().mesh_configs()) {
    if (mesh.resource != &map) continue;
    for (const Entry& entry : mesh.root.entries()) fields.emplace_back(entry.key.text());
  }
  constexpr std::size_t most = 4;
  if (fields.size() > most) {
    const auto left_out = fields.size() - most;
    fields.resize(most);
    fields.push_back(fmt::format("{} more", left_out));
  }
  return fields;
}

void report_missing(Pass& pass, const ClusterDefinition& cluster, Minor revision, Node node, const SharedMaps& maps) {
  const ManagedNames& names = pass.policy().names();
  // The nearest older ConfigMap is the one to copy; failing that, the newest of all.
  const auto newer = std::ranges::find_if(maps.by_revision, [&](const auto& entry) { return entry.first > revision; });
  const auto& [other, map] = newer == maps.by_revision.begin() ? maps.by_revision.back() : *(newer - 1);
  const auto fields = configured_fields(pass, *map);
  Diagnostic& diagnostic = pass.report(
      node, fmt::format(
                "{} has no shared ConfigMap: workloads that it serves lose {}", quoted(revision_name(revision)),
                fields.empty() ? fmt::format("what {} is configured with", revision_name(other)) : list_words(fields)));
  diagnostic.object = describe(cluster);
  diagnostic.citation = pass.policy().source("istio-meshconfig", "Mesh configuration and upgrades");
  diagnostic.notes.push_back(note_at(map->name, fmt::format("the configuration of {}", revision_name(other))));
  diagnostic.help = fmt::format("copy that ConfigMap to {}{}; apply it before an upgrade installs {}",
                                names.shared_config_map_prefix, revision_name(revision), revision_name(revision));
}

// A ConfigMap for an older revision than any that runs is left over; one for a newer revision is the right preparation
// of the next canary upgrade.
void report_left_over(Pass& pass, const ClusterDefinition& cluster, const SharedMaps& maps) {
  for (const auto& [revision, map] : maps.by_revision) {
    const bool is_older = std::ranges::none_of(cluster.revisions, [older = revision](const Fact<std::string>& listed) {
      return *parse_revision(listed.value) <= older;
    });
    if (!is_older || pass.context().governing(map->file()).size() > 1) continue;
    Diagnostic& diagnostic =
        pass.report(map->name, fmt::format("{} does not run {}: nothing reads this ConfigMap any more",
                                           describe(cluster), revision_name(revision)));
    diagnostic.severity = Severity::note;
    diagnostic.citation = pass.policy().source("istio-meshconfig", "Mesh configuration and upgrades");
    diagnostic.help = "delete it once the upgrade is complete and will not be rolled back";
  }
}

bool has_stated_revisions(const ClusterDefinition& cluster) {
  const bool is_off = cluster.mesh_mode.has_value() && cluster.mesh_mode.value != "Istio";
  return !is_off && cluster.revisions_known == Known::stated && !cluster.revisions.empty() &&
         std::ranges::all_of(cluster.revisions, [](const Fact<std::string>& revision) {
           return revision.known == Known::stated && parse_revision(revision.value);
         });
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (!has_stated_revisions(cluster)) continue;
    const SharedMaps maps = maps_of(pass, cluster);
    if (!maps.complete) continue;
    bool is_missing = false;
    for (const Fact<std::string>& listed : cluster.revisions) {
      const Minor revision = *parse_revision(listed.value);
      const auto has_revision = [revision](const auto& entry) { return entry.first == revision; };
      if (std::ranges::any_of(maps.by_revision, has_revision)) continue;
      report_missing(pass, cluster, revision, listed.node, maps);
      is_missing = true;
    }
    if (!is_missing) report_left_over(pass, cluster, maps);
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
