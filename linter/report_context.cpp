#include "linter/report_context.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "linter/cluster_names.h"
#include "linter/report.h"
#include "linter/sanitize.h"
#include "linter/terraform.h"
#include "linter/words.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Known known) {
  switch (known) {
    case Known::unstated: return "not stated";
    case Known::unresolved: return "not known";
    case Known::defaulted: return "default";
    case Known::stated: return "stated";
  }
  return "";
}

std::string value_text(const Fact<std::string>& fact) {
  return sanitize(fact.value);
}

std::string value_text(const Fact<bool>& fact) {
  return fact.value ? "on" : "off";
}

// One line of a cluster's table.
struct Row {
  std::string_view setting;
  std::string value;
  std::string place;
};

template <class T>
Row make_row(std::string_view setting, const Fact<T>& fact) {
  std::string value = value_text(fact);
  if (fact.known == Known::defaulted) value += " (a default, which a deployment may override)";
  return {setting, std::move(value), place_of(fact.node)};
}

// Whether a setting's value stands in a file, and not only a place for it.
bool is_written(Node node) {
  return node.is_scalar() && node.unresolved() && node.file() != nullptr;
}

// What a file says where nobody can know what comes of it.
std::string expression_words(Node node) {
  constexpr std::size_t most = 40;  // bytes
  const Span span = node.span();
  auto text = node.file()->text().substr(span.start, span.end - span.start);
  const bool is_cut = text.size() > most || text.find('\n') != std::string_view::npos;
  text = text.substr(0, std::min(most, text.find('\n')));
  return fmt::format("{}{} (not known)", sanitize(text), is_cut ? "..." : "");
}

struct ClusterTable {
  std::vector<Row> rows;
  std::vector<std::string> unresolved;  // of the settings that decide most
  std::vector<std::string> unstated;
};

// Whether people want to hear that a setting is not known, or that it is not stated.
bool is_decisive(std::string_view setting, Known known) {
  constexpr std::string_view for_all[] = {"Kubernetes version", "support plan", "service mesh", "mesh revisions"};
  constexpr std::string_view for_gateways[] = {"external ingress", "internal ingress", "egress gateways", "node pools"};
  return std::ranges::find(for_all, setting) != std::end(for_all) ||
         (known == Known::unresolved && std::ranges::find(for_gateways, setting) != std::end(for_gateways));
}

ClusterTable make_table(const ClusterDefinition& cluster) {
  ClusterTable table;
  const auto add_unknown = [&table](std::string_view setting, Known known) {
    if (!is_decisive(setting, known)) return;
    (known == Known::unresolved ? table.unresolved : table.unstated).emplace_back(setting);
  };
  const auto add_list = [&](std::string_view setting, Known whole, auto add_items) {
    const std::size_t before = table.rows.size();
    add_items();
    if (table.rows.size() == before || whole == Known::unresolved) add_unknown(setting, whole);
  };
  const auto add_expression = [&table](std::string_view setting, Node node) {
    table.rows.push_back({setting, expression_words(node), place_of(node)});
  };
  for_each_setting(cluster, [&](std::string_view setting, const auto& fact) {
    if (setting == "name") return;
    if (fact.has_value()) {
      table.rows.push_back(make_row(setting, fact));
    } else if (fact.known == Known::unresolved && is_written(fact.node)) {
      add_expression(setting, fact.node);
    } else {
      add_unknown(setting, fact.known);
    }
  });
  add_list("mesh revisions", cluster.revisions_known, [&] {
    for (const auto& revision : cluster.revisions) {
      if (revision.has_value()) table.rows.push_back(make_row("mesh revision", revision));
      if (!revision.has_value() && is_written(revision.node)) add_expression("mesh revision", revision.node);
    }
  });
  add_list("egress gateways", cluster.egress_known, [&] {
    for (const auto& gateway : cluster.egress_gateways) {
      if (gateway.name.has_value()) table.rows.push_back(make_row("egress gateway", gateway.name));
    }
  });
  add_list("node pools", cluster.pools_known, [&] {
    for (const auto& pool : cluster.pools) {
      if (!pool.name.has_value()) continue;
      Row row = make_row("node pool", pool.name);
      if (pool.mode.has_value()) row.value += fmt::format(", {}", sanitize(pool.mode.value));
      if (pool.os_type.has_value()) row.value += fmt::format(", {}", sanitize(pool.os_type.value));
      table.rows.push_back(std::move(row));
    }
  });
  return table;
}

// Words behind a heading, broken into lines that start below the first word.
std::string wrapped(std::string_view heading, const std::vector<std::string>& words) {
  constexpr std::size_t width = 100;
  std::string text;
  std::string line(heading);
  const std::string indent(heading.size(), ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    if (line.size() > indent.size() && line.size() + 1 + word.size() > width) {
      text += line + "\n";
      line = indent;
    }
    line += (line.size() == indent.size() ? "" : " ") + word;
  }
  return text + line + "\n";
}

std::string cluster_text(const ClusterDefinition& cluster) {
  std::string text =
      fmt::format("cluster {}\n  {}, {}\n", identity_of(cluster), sanitize(cluster.format), place_of(cluster.place));
  if (cluster.deployed_by) text += fmt::format("  deployed by {}\n", place_of(cluster.deployed_by));
  if (has_own_call(cluster)) text += fmt::format("  called by {}\n", place_of(cluster.called_by));
  const ClusterTable table = make_table(cluster);
  std::size_t setting_width = 0;
  std::size_t value_width = 0;
  for (const Row& row : table.rows) {
    setting_width = std::max(setting_width, row.setting.size());
    value_width = std::max(value_width, display_width(row.value));
  }
  for (const Row& row : table.rows) {
    const std::string padding(value_width - display_width(row.value), ' ');
    text += fmt::format("    {:<{}}  {}{}  {}\n", row.setting, setting_width, row.value, padding, row.place);
  }
  if (!table.unresolved.empty()) text += wrapped("    not known:   ", table.unresolved);
  if (!table.unstated.empty()) text += wrapped("    not stated:  ", table.unstated);
  return text;
}

std::vector<std::string> names_of(const std::vector<const ClusterDefinition*>& clusters) {
  std::vector<std::string> names;
  for (const auto* cluster : clusters) {
    if (auto name = name_of(*cluster); std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string reason_text(const Governance& governance) {
  if (governance.clusters.empty()) return "no cluster definition in this repository";
  const auto names = names_of(governance.clusters);
  const bool are_named =
      std::ranges::all_of(governance.clusters, [](const auto* cluster) { return cluster->name.has_value(); });
  const std::string any = names.size() == 1 ? fmt::format("cluster {}", identity_of(*governance.clusters.front()))
                                            : list_words(names, "or");
  const std::string all = names.size() == 1 ? any : (are_named ? "clusters " : "") + list_words(names);
  switch (governance.reason) {
    case GovernedBy::configuration: return fmt::format("{}: so says {}", all, place_of(governance.place));
    case GovernedBy::link: return fmt::format("{}: applied by {}", all, place_of(governance.place));
    case GovernedBy::definition_above: return fmt::format("{}: defined in this folder or above it", all);
    case GovernedBy::applied_from: return fmt::format("{}: included by {}", all, place_of(governance.place));
    case GovernedBy::folder_name: return fmt::format("{}: a folder is called so", all);
    case GovernedBy::definition_below:
      return names.size() == 1 ? fmt::format("{}: the only one defined around it", any)
                               : fmt::format("{}: nothing says which", any);
  }
  return "";
}

// What is said of a file.
struct Answer {
  std::string governance;
  std::string revisions;
  std::string add_on;

  friend auto operator<=>(const Answer&, const Answer&) = default;
};

Answer answer_for(const Context& context, const SourceFile& file) {
  const Candidates candidates = context.candidates(file);
  std::string revisions = "not known";
  if (!candidates.revisions.empty()) {
    revisions = list_revisions(candidates.revisions, "or");
    if (candidates.source == Candidates::Source::flag) revisions += ", by --revision";
    if (!candidates.complete) revisions += ", and perhaps others";
    if (candidates.defaulted) revisions += " (rests on a default)";
  }
  return {reason_text(context.governance(file)), std::move(revisions),
          context.has_add_on(file) ? "runs there" : "nothing shows that it runs there"};
}

// The files asked for, by what is said of them. A folder stands for all files in it and below when the same is said of
// all of them.
class FileGroups {
 public:
  explicit FileGroups(const Repository& repository) {
    for (const InputFile& file : repository.files) {
      if (!file.reported || file.parsed.documents.empty()) continue;
      const std::string& path = file.source->path();
      const Answer answer = answer_for(repository.context, *file.source);
      answers_[path] = answer;
      for (auto folder = folder_of(path);; folder = folder_of(folder)) {
        auto& said = folders_[std::string(folder)];
        said[answer] += 1;
        if (folder.empty()) break;
      }
    }
  }

  std::map<Answer, std::vector<std::string>> lines() const {
    std::map<Answer, std::vector<std::string>> result;
    for (const auto& [folder, said] : folders_) {
      const bool is_uniform = said.size() == 1;
      const bool is_covered = !folder.empty() && folders_.find(folder_of(folder))->second.size() == 1;
      if (!is_uniform || is_covered) continue;
      const auto& [answer, count] = *said.begin();
      result[answer].push_back(fmt::format("{}/ ({})", folder.empty() ? "." : sanitize_path(folder),
                                           count_words(static_cast<long>(count), "file")));
    }
    for (const auto& [path, answer] : answers_) {
      if (folders_.find(folder_of(path))->second.size() > 1) result[answer].push_back(sanitize_path(path));
    }
    return result;
  }

 private:
  std::map<std::string, Answer, std::less<>> answers_;
  std::map<std::string, std::map<Answer, std::size_t>, std::less<>> folders_;
};

Json position_json(Node node) {
  if (node.file() == nullptr) return {};
  const Position at = node.file()->position(node.span().start);
  return {{"file", valid_utf8(node.file()->path())}, {"line", at.line}, {"column", at.column}};
}

Json value_json(const Fact<std::string>& fact) {
  return fact.has_value() ? Json(sanitize(fact.value)) : Json();
}

Json value_json(const Fact<bool>& fact) {
  return fact.has_value() ? Json(fact.value) : Json();
}

template <class T>
Json fact_json(const Fact<T>& fact) {
  return {{"known", to_string(fact.known)}, {"value", value_json(fact)}, {"location", position_json(fact.node)}};
}

Json cluster_json(const ClusterDefinition& cluster) {
  Json settings = Json::object();
  for_each_setting(cluster, [&](std::string_view setting, const auto& fact) { settings[setting] = fact_json(fact); });
  Json revisions = Json::array();
  for (const auto& revision : cluster.revisions) revisions.push_back(fact_json(revision));
  Json gateways = Json::array();
  for (const auto& gateway : cluster.egress_gateways) gateways.push_back(fact_json(gateway.name));
  Json pools = Json::array();
  for (const auto& pool : cluster.pools) {
    pools.push_back({{"name", fact_json(pool.name)}, {"mode", fact_json(pool.mode)}, {"os", fact_json(pool.os_type)}});
  }
  return {{"name", value_json(cluster.name)},
          {"format", cluster.format},
          {"location", position_json(cluster.place)},
          {"deployed_by", cluster.deployed_by ? position_json(cluster.deployed_by) : Json()},
          {"called_by", cluster.called_by ? position_json(cluster.called_by) : Json()},
          {"settings", std::move(settings)},
          {"revisions", {{"known", to_string(cluster.revisions_known)}, {"items", std::move(revisions)}}},
          {"egress_gateways", {{"known", to_string(cluster.egress_known)}, {"items", std::move(gateways)}}},
          {"node_pools", {{"known", to_string(cluster.pools_known)}, {"items", std::move(pools)}}}};
}

std::string_view to_string(GovernedBy reason) {
  switch (reason) {
    case GovernedBy::configuration: return "configuration";
    case GovernedBy::link: return "link";
    case GovernedBy::definition_above: return "definition-above";
    case GovernedBy::applied_from: return "applied-from";
    case GovernedBy::folder_name: return "folder-name";
    case GovernedBy::definition_below: return "definition-below";
  }
  return "";
}

Json file_json(const Context& context, const SourceFile& file) {
  const Governance& governance = context.governance(file);
  const Candidates candidates = context.candidates(file);
  Json revisions = Json::array();
  for (const Minor revision : candidates.revisions) revisions.push_back(revision_name(revision));
  return {{"file", valid_utf8(file.path())},
          {"clusters", names_of(governance.clusters)},
          {"reason", governance.clusters.empty() ? Json() : Json(to_string(governance.reason))},
          {"said_at", position_json(governance.place)},
          {"revisions", std::move(revisions)},
          {"revisions_complete", candidates.complete},
          {"add_on", context.has_add_on(file)}};
}

// Files of variable values that no configuration stands beside or above, in a repository with clusters of Terraform.
std::vector<std::string> stray_values_files(const Repository& repository) {
  std::vector<std::string> stray;
  const auto is_terraform = [](const auto* cluster) { return cluster->format == "Terraform"; };
  if (std::ranges::none_of(clusters_asked_for(repository), is_terraform)) return stray;
  std::set<std::string_view> configured;
  for (const InputFile& file : repository.files) {
    const std::string_view path = file.source->path();
    if (is_terraform_file(path) && !is_terraform_values_file(path)) configured.insert(folder_of(path));
  }
  for (const InputFile& file : repository.files) {
    const std::string_view path = file.source->path();
    const bool is_stray = is_terraform_values_file(path) && !nearest_folder(path, configured);
    if (is_stray) stray.push_back(sanitize_path(file.source->shown()));
  }
  return stray;
}

}  // namespace

std::string report_context_text(const Repository& repository) {
  std::string text;
  const auto clusters = clusters_asked_for(repository);
  for (const auto* cluster : clusters) text += cluster_text(*cluster) + "\n";
  if (clusters.empty()) {
    text +=
        "no cluster definition found: rules that depend on the cluster stay silent; state it with --revision,\n"
        "--kubernetes-version and --support-plan, or under `clusters` in .meshlint.yaml\n\n";
  }
  if (const auto stray = stray_values_files(repository); !stray.empty()) {
    text += wrapped("not known which configuration these set variables of: ", stray);
    text +=
        "    what they set counts as not known; keep them in a folder of the configuration or below it, or state the\n"
        "    facts under `clusters` in .meshlint.yaml\n\n";
  }
  for (const auto& [answer, paths] : FileGroups(repository).lines()) {
    text += fmt::format("files of {}\n", answer.governance);
    text += fmt::format("    revisions     {}\n    Istio add-on  {}\n", answer.revisions, answer.add_on);
    for (const auto& path : paths) text += fmt::format("      {}\n", path);
    text += "\n";
  }
  text.pop_back();
  return text;
}

std::string report_context_json(const Repository& repository) {
  Json clusters = Json::array();
  for (const auto* cluster : clusters_asked_for(repository)) clusters.push_back(cluster_json(*cluster));
  Json files = Json::array();
  for (const InputFile& file : repository.files) {
    if (file.reported && !file.parsed.documents.empty()) files.push_back(file_json(repository.context, *file.source));
  }
  const Json log = {{"version", 1}, {"clusters", std::move(clusters)}, {"files", std::move(files)}};
  return break_commands(log.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
