#include "linter/policy_show.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "linter/page_date.h"
#include "linter/policy_data.h"
#include "linter/policy_show_file.h"
#include "linter/policy_view.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr long near_days = 92;  // an end that is nearer is counted in days

struct Column {
  std::string key;       // in JSON
  std::string heading;   // in text; empty: in JSON only
  bool is_flag = false;  // "true" or not: a boolean in JSON
};

struct ShownTable {
  std::string_view name;
  std::string title;
  std::vector<Citation> citations;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  std::string legend;
  std::size_t gap = 2;
  bool is_calendar = false;  // the states depend on dates that may move
};

std::string iso(const std::optional<Deadline>& deadline) {
  return !deadline || deadline->last_day == no_day ? "" : to_string(deadline->last_day);
}

std::string written(const std::optional<Deadline>& deadline) {
  return deadline ? deadline->text : "";
}

std::string flag(const std::optional<Deadline>& deadline) {
  return deadline && deadline->expected ? "true" : "false";
}

std::string month(const std::optional<Date>& last_day) {
  constexpr std::string_view names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (!last_day) return "";
  const std::chrono::year_month_day date(*last_day);
  return fmt::format("{} {}", names[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

bool is_past(const std::optional<Deadline>& deadline, Date as_of) {
  return !deadline || deadline->last_day < as_of;
}

std::string state_of(const MeshRevision& revision, Date as_of) {
  const Deadline& end = revision.end_of_life;
  const auto release = parse_page_date(revision.aks_release);
  if (release && release->month && Date(*release->month / std::chrono::day(1)) > as_of) return "planned";
  if (end.last_day == no_day) return "no end known";
  if (end.last_day < as_of) return end.expected ? "expected end passed" : "ended";
  const long left = (end.last_day - as_of).count();
  return left < near_days ? fmt::format("{} left", count_words(left, "day")) : "supported";
}

// What is left to a version after community support: days to upgrade in, or platform support.
std::string_view remainder(const KubernetesCalendar& calendar, const KubernetesVersion& version, Date as_of) {
  if (!version.end_of_life) return "";
  if (as_of <= version.end_of_life->last_day + std::chrono::days(calendar.grace_days)) return "in grace";
  const auto* until = version.platform_support_until ? calendar.find(*version.platform_support_until) : nullptr;
  const bool lasts = until != nullptr && until->generally_available && as_of <= *until->generally_available;
  return lasts ? "platform" : "";
}

std::string state_of(const KubernetesCalendar& calendar, const KubernetesVersion& version, Date as_of) {
  if (version.generally_available && *version.generally_available > as_of) return "planned";
  if (!is_past(version.end_of_life, as_of)) return "supported";
  const std::string_view rest = remainder(calendar, version, as_of);
  if (is_past(version.lts_end_of_life, as_of)) return rest.empty() ? "ended" : std::string(rest);
  return rest.empty() ? "LTS only" : fmt::format("{}, LTS", rest);
}

ShownTable calendar(const Policy& policy, Date as_of) {
  ShownTable table{.name = "calendar",
                   .title = "Revisions of the add-on",
                   .citations = {policy.releases().citation},
                   .columns = {{"revision", "REVISION"},
                               {"upstream_release", "UPSTREAM"},
                               {"aks_release", "AKS"},
                               {"end_of_life", "END OF LIFE"},
                               {"last_day", ""},
                               {"expected", "", true},
                               {"state", "STATE"}},
                   .rows = {},
                   .legend = {}};
  const bool has_own_ends = std::ranges::any_of(
      policy.releases().revisions, [](const MeshRevision& revision) { return revision.aks_end_of_life.has_value(); });
  if (has_own_ends) table.columns.push_back({"aks_end_of_life", "END ON AKS"});
  for (const MeshRevision& revision : policy.releases().revisions) {
    table.rows.push_back({revision_name(revision.revision), revision.upstream_release, revision.aks_release,
                          revision.end_of_life.text, iso(revision.end_of_life), flag(revision.end_of_life),
                          state_of(revision, as_of)});
    if (has_own_ends) table.rows.back().push_back(written(revision.aks_end_of_life));
  }
  table.is_calendar = true;
  return table;
}

ShownTable kubernetes(const Policy& policy, Date as_of) {
  ShownTable table{.name = "kubernetes",
                   .title = "Kubernetes versions on AKS",
                   .citations = {policy.kubernetes().citation, policy.kubernetes().lts_citation},
                   .columns = {{"version", "VERSION"},
                               {"upstream_release", ""},
                               {"preview", ""},
                               {"generally_available", "AKS GA"},
                               {"end_of_life", "END OF LIFE"},
                               {"end_of_life_day", ""},
                               {"end_of_life_expected", "", true},
                               {"lts_end_of_life", "LTS UNTIL"},
                               {"lts_end_of_life_day", ""},
                               {"lts_end_of_life_expected", "", true},
                               {"platform_support_until", "PLATFORM"},
                               {"last_seen", "LAST SEEN"},
                               {"state", "STATE"}},
                   .rows = {},
                   .legend =
                       "PLATFORM: platform support ends with the release of this version. "
                       "LAST SEEN: the page has dropped the version since. "
                       "In grace: for clusters that upgrade. Platform: without add-ons such as the mesh."};
  if (const KubernetesCalendar& calendar = policy.kubernetes(); calendar.largest_skew > 0) {
    table.legend += fmt::format(" Node pools may be {} behind a control plane on {} or newer.",
                                count_words(calendar.largest_skew, "minor version"), to_string(calendar.skew_from));
  }
  const auto any_has = [&policy](std::optional<Deadline> KubernetesVersion::*end) {
    return std::ranges::any_of(policy.kubernetes().versions,
                               [end](const auto& version) { return (version.*end).has_value(); });
  };
  const bool has_own_ends = any_has(&KubernetesVersion::aks_end_of_life);
  const bool has_own_lts_ends = any_has(&KubernetesVersion::aks_lts_end_of_life);
  if (has_own_ends) table.columns.push_back({"aks_end_of_life", "END ON AKS"});
  if (has_own_lts_ends) table.columns.push_back({"aks_lts_end_of_life", "LTS ON AKS"});
  for (const KubernetesVersion& version : policy.kubernetes().versions) {
    table.rows.push_back(
        {to_string(version.version), version.upstream_release, version.preview, month(version.generally_available),
         written(version.end_of_life), iso(version.end_of_life), flag(version.end_of_life),
         written(version.lts_end_of_life), iso(version.lts_end_of_life), flag(version.lts_end_of_life),
         version.platform_support_until ? to_string(*version.platform_support_until) : "",
         version.last_seen ? to_string(*version.last_seen) : "", state_of(policy.kubernetes(), version, as_of)});
    if (has_own_ends) table.rows.back().push_back(written(version.aks_end_of_life));
    if (has_own_lts_ends) table.rows.back().push_back(written(version.aks_lts_end_of_life));
  }
  table.is_calendar = true;
  return table;
}

std::string compatibility_mark(const MeshRevision& revision, Minor version) {
  const bool standard = contains(revision.kubernetes, version);
  const bool lts = contains(revision.kubernetes_lts, version);
  return standard && lts ? "x" : standard ? "s" : lts ? "l" : ".";
}

ShownTable compatibility(const Policy& policy, Date as_of) {
  std::set<Minor> versions;
  for (const MeshRevision& revision : policy.releases().revisions) {
    versions.insert(revision.kubernetes.begin(), revision.kubernetes.end());
    versions.insert(revision.kubernetes_lts.begin(), revision.kubernetes_lts.end());
  }
  const bool one_major = versions.empty() || versions.begin()->major == versions.rbegin()->major;
  ShownTable table{.name = "compatibility",
                   .title = "Which revision runs on which Kubernetes version",
                   .citations = {policy.releases().compatibility},
                   .columns = {{"revision", "REVISION"}},
                   .rows = {},
                   .legend = "x: under both support plans, s: KubernetesOfficial only, l: AKSLongTermSupport only",
                   .gap = 1};
  for (const Minor version : versions) {
    const std::string name = to_string(version);
    table.columns.push_back({name, one_major ? fmt::format(".{}", version.minor) : name});
  }
  table.columns.push_back({"state", "STATE"});
  for (const MeshRevision& revision : policy.releases().revisions) {
    std::vector<std::string> row = {revision_name(revision.revision)};
    for (const Minor version : versions) row.push_back(compatibility_mark(revision, version));
    row.push_back(state_of(revision, as_of));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string_view word(FieldSupport support) {
  switch (support) {
    case FieldSupport::supported: return "supported";
    case FieldSupport::allowed: return "allowed";
    case FieldSupport::blocked: return "blocked";
  }
  return "";
}

ShownTable classification(const Policy& policy, Date as_of) {
  const MeshConfigClassification& classes = policy.classification();
  ShownTable table{.name = "classification",
                   .title = "Fields of the shared ConfigMap; a field that is not here is blocked",
                   .citations = {classes.citation, classes.proxy_citation},
                   .columns = {{"message", "MESSAGE"}, {"field", "FIELD"}, {"support", "CLASS"}, {"note", "NOTE"}},
                   .rows = {},
                   .legend = {}};
  const auto add = [&](const auto& fields, std::string_view message) {
    for (const auto& [name, field] : fields) {
      const auto meant = classes.misspelt.find(name);
      std::string note = field.note;
      if (meant != classes.misspelt.end()) note = fmt::format("the page means {}", meant->second);
      table.rows.push_back({std::string(message), name, std::string(word(field.at(as_of))), note});
    }
  };
  add(classes.mesh_config, "MeshConfig");
  add(classes.proxy_config, "ProxyConfig");
  return table;
}

ShownTable blocked_kinds(const Policy& policy, Date /*as_of*/) {
  ShownTable table{.name = "blocked-kinds",
                   .title = "Kinds that the add-on refuses",
                   .citations = {policy.blocked_kinds().citation},
                   .columns = {{"group", "GROUP"}, {"kind", "KIND"}, {"state", "STATE"}},
                   .rows = {},
                   .legend = {}};
  for (const BlockedKind& kind : policy.blocked_kinds().kinds) table.rows.push_back({kind.group, kind.kind, "blocked"});
  for (const BlockedKind& kind : policy.blocked_kinds().unclassified) {
    table.rows.push_back({kind.group, kind.kind, "no page speaks of it"});
  }
  return table;
}

using MakeTable = ShownTable (*)(const Policy&, Date);

constexpr std::pair<std::string_view, MakeTable> tables_by_name[] = {
    {"calendar", calendar},           {"kubernetes", kubernetes},
    {"compatibility", compatibility}, {"classification", classification},
    {"blocked-kinds", blocked_kinds},
};

ShownTable make_table(const Policy& policy, std::string_view name, Date as_of) {
  return std::ranges::find(tables_by_name, name, &std::pair<std::string_view, MakeTable>::first)->second(policy, as_of);
}

std::string render_table(const ShownTable& table, Date as_of) {
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : table.columns) {
    if (!column.heading.empty()) lines[0].push_back(column.heading);
  }
  for (const auto& row : table.rows) {
    std::vector<std::string> line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!table.columns[i].heading.empty()) line.push_back(sanitize(row[i]));
    }
    lines.push_back(std::move(line));
  }
  const std::vector<std::size_t> widths = column_widths(lines);
  std::set<std::string> pages;
  for (const Citation& citation : table.citations) {
    if (!citation.empty()) pages.insert(fmt::format("{}, read {}", citation.page, citation.date));
  }
  std::string text = wrapped(fmt::format("{}, on {}", table.title, to_string(as_of)), 0) + '\n';
  for (const std::string& page : pages) text += wrapped(fmt::format("from {}", page), 0) + '\n';
  // Dates of the calendars that were to come when a page was read may have moved since.
  const auto oldest = std::ranges::min_element(table.citations, {}, &Citation::date);
  if (table.is_calendar && oldest != table.citations.end() && oldest->date < to_string(as_of)) {
    text += wrapped(fmt::format("a forecast for what came after {}", oldest->date), 0) + '\n';
  }
  text += '\n';
  for (const auto& line : lines) text += render_row(line, widths, table.gap);
  if (!table.legend.empty()) text += '\n' + wrapped(table.legend, 0) + '\n';
  return text;
}

nlohmann::ordered_json table_json(const ShownTable& table) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& row : table.rows) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i) {
      auto& value = object[table.columns[i].key];
      if (table.columns[i].is_flag) {
        value = row[i] == "true";
      } else {
        value = valid_utf8(row[i]);
      }
    }
    rows.push_back(std::move(object));
  }
  nlohmann::ordered_json sources = nlohmann::ordered_json::array();
  for (const Citation& citation : table.citations) {
    sources.push_back(
        {{"page", citation.page}, {"section", citation.section}, {"url", citation.url}, {"date", citation.date}});
  }
  return {{"sources", std::move(sources)}, {"rows", std::move(rows)}};
}

bool has_view(std::string_view name) {
  return std::ranges::find(tables_by_name, name, &std::pair<std::string_view, MakeTable>::first) !=
         std::end(tables_by_name);
}

// The tables that show what a file holds; none for a file without a view of its own.
std::vector<std::string_view> views_of(std::string_view file) {
  if (file == "release-calendar") return {"calendar", "compatibility"};
  if (file == "kubernetes-calendar") return {"kubernetes"};
  if (file == "mesh-config-classification") return {"classification"};
  if (file == "blocked-kinds") return {"blocked-kinds"};
  return {};
}

}  // namespace

std::vector<std::string_view> policy_tables() {
  std::vector<std::string_view> names;
  for (const auto& [name, make] : tables_by_name) names.push_back(name);
  return names;
}

std::vector<std::string_view> other_policy_tables() {
  std::vector<std::string_view> names;
  for (const EmbeddedPolicyFile& file : embedded_policy_files()) {
    const std::string_view name = file.name.substr(0, file.name.rfind('.'));
    if (views_of(name).empty()) names.push_back(name);
  }
  return names;
}

std::vector<std::string_view> find_policy_tables(std::string_view name) {
  if (auto views = views_of(name); !views.empty()) return views;
  for (const auto& known : {policy_tables(), other_policy_tables()}) {
    if (const auto found = std::ranges::find(known, name); found != known.end()) return {*found};
  }
  return {};
}

std::string show_policy(const Policy& policy, const PolicyFiles& files, const std::vector<std::string_view>& tables,
                        Date as_of) {
  std::string text;
  for (const std::string_view name : tables) {
    if (!text.empty()) text += '\n';
    if (has_view(name)) {
      text += render_table(make_table(policy, name, as_of), as_of);
    } else {
      const std::string file = fmt::format("{}.yaml", name);
      text += show_policy_file(file, *files.at(file));
    }
  }
  return text;
}

std::string show_policy_json(const Policy& policy, const PolicyFiles& files,
                             const std::vector<std::string_view>& tables, Date as_of) {
  nlohmann::ordered_json result = {{"policy", to_string(policy.data_date())}, {"as_of", to_string(as_of)}};
  for (const std::string_view name : tables) {
    result["tables"][std::string(name)] = has_view(name) ? table_json(make_table(policy, name, as_of))
                                                         : policy_file_json(*files.at(fmt::format("{}.yaml", name)));
  }
  result["other_tables"] = other_policy_tables();
  return result.dump(2) + '\n';
}

}  // namespace meshlint
