#include "linter/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// Reads values and collects what is wrong with them.
class ConfigurationReader {
 public:
  explicit ConfigurationReader(const SourceFile& file) : file_(file) {}

  void complain(Node place, std::string message) {
    problems_.push_back({.file = &file_, .span = place.span(), .message = std::move(message), .help = {}, .notes = {}});
  }

  void check_keys(Node mapping, std::initializer_list<std::string_view> known) {
    if (mapping && !mapping.is_mapping()) complain(mapping, "expected a mapping");
    for (const Entry& entry : mapping.entries()) {
      const auto name = entry.key.text();
      if (std::ranges::find(known, name) != known.end()) continue;
      const auto meant = closest_word(name, std::vector<std::string_view>(known));
      complain(entry.key, meant.empty() ? fmt::format("unknown key {}", quoted(name))
                                        : fmt::format("unknown key {}: did you mean '{}'?", quoted(name), meant));
    }
  }

  std::vector<Node> items(Node list) {
    if (!list.is_null() && !list.is_sequence()) complain(list, "expected a list");
    return list.items();
  }

  Node text(Node node) {
    if (node && (!node.is_scalar() || node.text().empty())) complain(node, "expected a text");
    return node;
  }

  std::optional<bool> flag(Node node) {
    if (!node) return std::nullopt;
    if (node.text() != "true" && node.text() != "false") complain(node, "expected true or false");
    return node.text() == "true";
  }

  Fact<std::string> fact(Node node, bool is_right, std::string_view expected) {
    if (!node) return {};
    if (!is_right) complain(node, fmt::format("expected {}, not {}", expected, quoted(node.text())));
    return {Known::stated, std::string(node.text()), node};
  }

  void finish() const {
    if (!problems_.empty()) refuse(problems_);
  }

 private:
  const SourceFile& file_;
  std::vector<Problem> problems_;
};

ConfiguredCluster read_cluster(ConfigurationReader& reader, Node entry) {
  reader.check_keys(entry,
                    {"name", "definition", "paths", "add-on", "revisions", "kubernetes-version", "support-plan"});
  ConfiguredCluster cluster;
  cluster.node = entry;
  cluster.name = reader.text(entry["name"]);
  cluster.definition = reader.text(entry["definition"]);
  cluster.add_on = reader.flag(entry["add-on"]);
  std::string globs;
  for (const Node glob : reader.items(entry["paths"])) globs += fmt::format("{}\n", reader.text(glob).text());
  cluster.paths = IgnoreFile(globs);

  const Node version = entry["kubernetes-version"];
  cluster.kubernetes_version = reader.fact(version, parse_minor(version.text()).has_value(), "a version such as 1.34");
  const Node plan = entry["support-plan"];
  cluster.support_plan = reader.fact(plan, plan.text() == "KubernetesOfficial" || plan.text() == "AKSLongTermSupport",
                                     "KubernetesOfficial or AKSLongTermSupport");
  for (const Node revision : reader.items(entry["revisions"])) {
    cluster.revisions.push_back(
        reader.fact(revision, parse_revision(revision.text()).has_value(), "a revision such as asm-1-29"));
  }
  if (entry.is_mapping() && !cluster.name && !cluster.definition) {
    reader.complain(entry, "a cluster needs its name, or the path of its definition");
  }
  return cluster;
}

bool is_above(std::string_view folder, std::string_view path) {
  return folder.empty() || (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

// The nearest configuration file above all files asked for.
const InputFile* find_configuration(const std::vector<InputFile>& files) {
  const InputFile* nearest = nullptr;
  for (const InputFile& file : files) {
    const std::string& path = file.source->path();
    if (path.substr(path.rfind('/') + 1) != configuration_file_name) continue;
    const auto folder = folder_of(path);
    const bool is_above_all = std::ranges::all_of(
        files, [folder](const auto& other) { return !other.reported || is_above(folder, other.source->path()); });
    if (is_above_all && (nearest == nullptr || path.size() > nearest->source->path().size())) nearest = &file;
  }
  return nearest;
}

bool stands_in(const ClusterDefinition& cluster, std::string_view path) {
  const auto is_there = [path](const std::string& file) { return file == path || is_above(path, file); };
  return is_there(cluster.place.file()->path()) || is_there(home_of(cluster).path());
}

// What a definition does not say is taken from the configuration.
void complete(Fact<std::string>& fact, const Fact<std::string>& configured) {
  if (configured.has_value() && fact.known != Known::stated) fact = configured;
}

void complete(ClusterDefinition& cluster, const ConfiguredCluster& entry) {
  complete(cluster.kubernetes_version, entry.kubernetes_version);
  complete(cluster.support_plan, entry.support_plan);
  if (!entry.revisions.empty() && cluster.revisions_known != Known::stated) {
    cluster.revisions_known = Known::stated;
    cluster.revisions = entry.revisions;
    cluster.revisions_node = entry.node["revisions"];
  }
  const bool mesh_is_on = entry.add_on.value_or(!entry.revisions.empty());
  if ((entry.add_on || mesh_is_on) && cluster.mesh_mode.known != Known::stated) {
    const Node place = entry.add_on ? entry.node["add-on"] : entry.node["revisions"];
    cluster.mesh_mode = {Known::stated, mesh_is_on ? "Istio" : "Disabled", place};
  }
}

ClusterDefinition define(const ConfiguredCluster& entry) {
  ClusterDefinition cluster;
  for_each_setting(cluster, [](std::string_view, auto& fact) { fact.known = Known::unresolved; });
  for (Known* whole : {&cluster.mesh_known, &cluster.istio_known, &cluster.revisions_known, &cluster.ingress_known,
                       &cluster.egress_known, &cluster.pools_known, &cluster.certificate_authority.known}) {
    *whole = Known::unresolved;
  }
  cluster.format = "meshlint configuration";
  cluster.place = entry.node;
  cluster.name = {Known::stated, std::string(entry.name.text()), entry.name};
  return cluster;
}

}  // namespace

const ConfiguredCluster* Configuration::cluster_of(std::string_view path) const {
  if (!is_above(folder, path)) return nullptr;
  const auto relative = folder.empty() ? path : path.substr(folder.size() + 1);
  for (const ConfiguredCluster& cluster : clusters) {
    auto verdict = cluster.paths.check(relative, false);
    for (auto outer = folder_of(relative); verdict == IgnoreFile::Verdict::none && !outer.empty();
         outer = folder_of(outer)) {
      verdict = cluster.paths.check(outer, true);
    }
    if (verdict == IgnoreFile::Verdict::ignored) return &cluster;
  }
  return nullptr;
}

Configuration read_configuration(const std::vector<InputFile>& files) {
  Configuration configuration;
  const InputFile* file = find_configuration(files);
  if (file == nullptr) return configuration;
  if (!file->parsed.problems.empty()) refuse(file->parsed.problems);
  configuration.folder = folder_of(file->source->path());
  if (file->parsed.documents.empty()) return configuration;
  ConfigurationReader reader(*file->source);
  if (file->parsed.documents.size() > 1) {
    reader.complain(file->parsed.documents[1]->root(), "a configuration is one document");
  }
  const Node root = file->parsed.documents[0]->root();
  reader.check_keys(root, {"clusters"});
  for (const Node entry : reader.items(root["clusters"])) {
    configuration.clusters.push_back(read_cluster(reader, entry));
  }
  reader.finish();
  return configuration;
}

void match_clusters(Configuration& configuration, std::vector<ClusterDefinition>& clusters) {
  const std::size_t defined = clusters.size();
  for (ConfiguredCluster& entry : configuration.clusters) {
    ConfigurationReader reader(*entry.node.file());
    const auto path = entry.definition ? resolve_path(configuration.folder, entry.definition.text()) : std::nullopt;
    for (std::size_t i = 0; i < defined; ++i) {
      const bool is_named =
          !entry.name || (clusters[i].name.has_value() && clusters[i].name.value == entry.name.text());
      const bool is_there = entry.definition ? path && stands_in(clusters[i], *path) : bool(entry.name);
      // One cluster in the place that the entry names is meant, even when its name is an expression.
      const bool name_may_fit = is_named || !clusters[i].name.has_value();
      if (is_there && (entry.definition ? name_may_fit : is_named)) entry.definitions.push_back(i);
    }
    const bool has_facts = entry.kubernetes_version.has_value() || !entry.revisions.empty() || entry.add_on;
    if (entry.definitions.empty() && (entry.definition || !has_facts)) {
      reader.complain(entry.definition ? entry.definition : entry.name,
                      entry.definition
                          ? fmt::format("no cluster definition stands in {}{}", quoted(entry.definition.text()),
                                        entry.name ? fmt::format(" that can be {}", quoted(entry.name.text())) : "")
                          : fmt::format("no definition of a cluster {} was found: state its `definition`, "
                                        "or `revisions` and `kubernetes-version`",
                                        quoted(entry.name.text())));
      reader.finish();
    }
    if (entry.definitions.empty()) {
      entry.definitions.push_back(clusters.size());
      clusters.push_back(define(entry));
    }
    for (const std::size_t number : entry.definitions) complete(clusters[number], entry);
  }
}

}  // namespace meshlint
