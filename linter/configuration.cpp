#include "linter/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

std::string place_words(Node node) {
  const Position at = node.file()->position(node.span().start);
  return fmt::format("{}:{}", sanitize_path(node.file()->shown()), at.line);
}

// Reads values and collects what is wrong with them.
class ConfigurationReader {
 public:
  explicit ConfigurationReader(const SourceFile& file) : file_(file) {}

  void complain(Node place, std::string message) {
    problems_.push_back({.file = &file_, .span = place.span(), .message = std::move(message), .help = {}, .notes = {}});
  }

  void check_keys(Node mapping, std::initializer_list<std::string_view> known) {
    if (mapping && !mapping.is_mapping()) complain(mapping, "expected a mapping");
    if (mapping.entries().size() < mapping.size()) complain(mapping, "a key stands here twice");
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
  for (const Node glob : reader.items(entry["paths"])) {
    globs += fmt::format("{}\n", reader.text(glob).text());
    if (glob.text().starts_with("../")) reader.complain(glob, "paths are those below the folder of this file");
  }
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

bool stands_in(const ClusterDefinition& cluster, std::string_view path) {
  const auto is_there = [path](const std::string& file) { return file == path || is_above(path, file); };
  return is_there(cluster.place.file()->path()) || is_there(home_of(cluster).path());
}

// What a definition does not say is taken from the configuration; it must not say something else.
void complete(Fact<std::string>& fact, const Fact<std::string>& configured, ConfigurationReader& reader) {
  if (!configured.has_value()) return;
  if (fact.known != Known::stated) {
    fact = configured;
  } else if (fact.value != configured.value && parse_minor(fact.value) != parse_minor(configured.value)) {
    reader.complain(configured.node, fmt::format("the definition of the cluster states {} ({}): say it in one place",
                                                 quoted(fact.value), place_words(fact.node)));
  }
}

bool is_known(const ClusterDefinition& cluster) {
  return cluster.revisions_known == Known::stated &&
         (cluster.revisions.empty() || std::ranges::any_of(cluster.revisions, &Fact<std::string>::has_value));
}

// Whether the entry names other revisions than the definition states.
bool contradicts(const ClusterDefinition& cluster, const ConfiguredCluster& entry) {
  const auto has = [](const auto& list, const auto& wanted) {
    return std::ranges::any_of(list, [&](const auto& fact) { return !fact.has_value() || fact.value == wanted.value; });
  };
  const auto is_new = [&](const auto& revision) { return !has(cluster.revisions, revision); };
  return std::ranges::any_of(entry.revisions, is_new);
}

void complete(ClusterDefinition& cluster, const ConfiguredCluster& entry, ConfigurationReader& reader) {
  complete(cluster.kubernetes_version, entry.kubernetes_version, reader);
  complete(cluster.support_plan, entry.support_plan, reader);
  if (!entry.revisions.empty() && is_known(cluster) && contradicts(cluster, entry)) {
    reader.complain(entry.node["revisions"], fmt::format("the definition of the cluster states others ({}): say it in "
                                                         "one place",
                                                         place_words(cluster.revisions_node)));
  } else if (!entry.revisions.empty() && !is_known(cluster)) {
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

// Whether globs select a file, itself or by a folder around it.
bool lists(const IgnoreFile& globs, std::string_view path) {
  auto verdict = globs.check(path, false);
  for (auto outer = folder_of(path); verdict == IgnoreFile::Verdict::none && !outer.empty(); outer = folder_of(outer)) {
    verdict = globs.check(outer, true);
  }
  return verdict == IgnoreFile::Verdict::ignored;
}

Configuration::File read_file(const InputFile& file) {
  if (!file.parsed.problems.empty()) refuse(file.parsed.problems);
  Configuration::File result{.folder = std::string(folder_of(file.source->path())), .clusters = {}};
  if (file.parsed.documents.empty()) return result;
  ConfigurationReader reader(*file.source);
  if (file.parsed.documents.size() > 1) {
    reader.complain(file.parsed.documents[1]->root(), "a configuration is one document");
  }
  const Node root = file.parsed.documents[0]->root();
  reader.check_keys(root, {"clusters"});
  for (const Node entry : reader.items(root["clusters"])) result.clusters.push_back(read_cluster(reader, entry));
  reader.finish();
  return result;
}

// What to say of an entry that means no cluster; `there` are the names of those in the place that it names.
std::string unmatched(const ConfiguredCluster& entry, const std::vector<std::string>& names) {
  if (!entry.definition) {
    return fmt::format(
        "no definition of a cluster {} was found: state its `definition`, or `revisions` and `kubernetes-version`",
        quoted(entry.name.text()));
  }
  std::string there = fmt::format("no cluster definition stands in {}", quoted(entry.definition.text()));
  if (!entry.name) return there;
  const std::string others = names.empty() ? "" : fmt::format(", only {}", list_words(names));
  return fmt::format("{} that can be {}{}", there, quoted(entry.name.text()), others);
}

// Only the definitions of files are looked at, which come first: not those that other entries state.
void match(ConfiguredCluster& entry, std::string_view folder, std::size_t defined,
           std::vector<ClusterDefinition>& clusters) {
  const auto path = entry.definition ? resolve_path(folder, entry.definition.text()) : std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < defined; ++i) {
    if (path && stands_in(clusters[i], *path) && clusters[i].name.has_value()) {
      names.push_back(quoted(clusters[i].name.value));
    }
    const bool is_named = clusters[i].name.has_value() && clusters[i].name.value == entry.name.text();
    // In the place that the entry names, a cluster whose name is an expression can be the one.
    const bool may_be_named = !entry.name || is_named || !clusters[i].name.has_value();
    const bool is_meant = entry.definition ? path && stands_in(clusters[i], *path) && may_be_named : is_named;
    if (is_meant) entry.definitions.push_back(i);
  }
  const bool has_facts = entry.kubernetes_version.has_value() || !entry.revisions.empty() || entry.add_on;
  if (entry.definitions.empty() && (entry.definition || !has_facts)) {
    ConfigurationReader reader(*entry.node.file());
    reader.complain(entry.definition ? entry.definition : entry.name, unmatched(entry, names));
    reader.finish();
  }
  if (entry.definitions.empty()) {
    entry.definitions.push_back(clusters.size());
    clusters.push_back(define(entry));
  }
  ConfigurationReader reader(*entry.node.file());
  for (const std::size_t number : entry.definitions) complete(clusters[number], entry, reader);
  reader.finish();
}

}  // namespace

bool is_configuration_file(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == configuration_file_name;
}

const ConfiguredCluster* Configuration::cluster_of(std::string_view path) const {
  for (const File& file : files) {
    if (!is_above(file.folder, path)) continue;
    const auto relative = file.folder.empty() ? path : path.substr(file.folder.size() + 1);
    const auto holds = [relative](const ConfiguredCluster& cluster) { return lists(cluster.paths, relative); };
    const auto found = std::ranges::find_if(file.clusters, holds);
    if (found != file.clusters.end()) return &*found;
  }
  return nullptr;
}

Configuration read_configuration(const std::vector<InputFile>& files) {
  Configuration configuration;
  for (const InputFile& file : files) {
    const std::string& path = file.source->path();
    if (is_configuration_file(path)) configuration.files.push_back(read_file(file));
  }
  std::ranges::stable_sort(configuration.files, std::greater<>(), [](const auto& file) { return file.folder.size(); });
  return configuration;
}

void match_clusters(Configuration& configuration, std::vector<ClusterDefinition>& clusters) {
  const std::size_t defined = clusters.size();
  for (Configuration::File& file : configuration.files) {
    for (ConfiguredCluster& entry : file.clusters) match(entry, file.folder, defined, clusters);
  }
}

}  // namespace meshlint
