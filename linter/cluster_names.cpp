#include "linter/cluster_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linter/error.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// A place, or the path of a file that is meant as a whole.
std::string origin_of(Node node) {
  return node.index() == 0 ? sanitize_path(node.file()->shown()) : place_of(node);
}

}  // namespace

std::string place_of(Node node) {
  if (node.file() == nullptr) return "";
  const Position at = node.file()->position(node.span().start);
  return fmt::format("{}:{}:{}", sanitize_path(node.file()->shown()), at.line, at.column);
}

bool has_own_call(const ClusterDefinition& cluster) {
  const Node by = cluster.deployed_by;
  const Node call = cluster.called_by;
  return call && (call.document() != by.document() || call.index() != by.index());
}

std::string identity_of(const ClusterDefinition& cluster) {
  if (cluster.name.has_value()) return sanitize(cluster.name.value);
  if (!cluster.deployed_by) return fmt::format("in {}", place_of(cluster.place));
  const std::string call = has_own_call(cluster) ? fmt::format(" ({})", place_of(cluster.called_by)) : "";
  return fmt::format("of {}{}", origin_of(cluster.deployed_by), call);
}

std::string name_of(const ClusterDefinition& cluster) {
  return (cluster.name.has_value() ? "" : "the cluster ") + identity_of(cluster);
}

bool has_mesh(const ClusterDefinition& cluster) {
  if (cluster.mesh_mode.has_value()) return cluster.mesh_mode.value == "Istio";
  return cluster.revisions_known != Known::unstated || !cluster.revisions.empty();
}

Clusters clusters_asked_for(const Repository& repository) {
  std::set<const ClusterDefinition*> wanted;
  std::set<const SourceFile*> asked;
  for (const InputFile& file : repository.files) {
    if (!file.reported) continue;
    asked.insert(file.source.get());
    if (file.parsed.documents.empty()) continue;
    const auto& governing = repository.context.governing(*file.source);
    wanted.insert(governing.begin(), governing.end());
  }
  Clusters clusters;
  for (const auto& cluster : repository.clusters) {
    if (wanted.contains(&cluster) || asked.contains(cluster.place.file())) clusters.push_back(&cluster);
  }
  return clusters;
}

Clusters clusters_named(const Repository& repository, const std::string& name) {
  Clusters clusters;
  std::set<std::string> all;
  for (const auto& cluster : repository.clusters) {
    all.insert(name_of(cluster));
    if (name_of(cluster) == name) clusters.push_back(&cluster);
  }
  if (!clusters.empty()) return clusters;
  throw UsageError(fmt::format("--cluster {}: the files define no cluster of that name{}", sanitize(name),
                               all.empty() ? "" : fmt::format(", only {}", list_words({all.begin(), all.end()}))));
}

}  // namespace meshlint
