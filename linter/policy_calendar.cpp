#include "linter/policy_calendar.h"

#include <fmt/format.h>

#include "linter/page_date.h"
#include "linter/policy_tables.h"

namespace meshlint {
namespace {

// `known`: the row that an overlay changes, which keeps what the overlay does not state; else null.
MeshRevision read_revision(Reader& reader, Node row, const MeshRevision* known) {
  if (known != nullptr) {
    reader.check_keys(
        row, {"revision"},
        {"upstream_release", "aks_release", "end_of_life", "kubernetes", "kubernetes_lts", "last_seen", "source"});
  } else {
    reader.check_keys(row,
                      {"revision", "upstream_release", "aks_release", "end_of_life", "kubernetes", "kubernetes_lts"},
                      {"last_seen", "source"});
  }
  MeshRevision revision = known != nullptr ? *known : MeshRevision();
  reader.set(revision.revision, row["revision"], &Reader::revision);
  reader.set(revision.upstream_release, row["upstream_release"], &Reader::written_month);
  reader.set(revision.aks_release, row["aks_release"], &Reader::written_month);
  if (const Node end = row["end_of_life"]) revision.end_of_life = reader.deadline(end).value_or(Deadline());
  reader.set(revision.kubernetes, row["kubernetes"], &Reader::ascending_versions);
  reader.set(revision.kubernetes_lts, row["kubernetes_lts"], &Reader::ascending_versions);
  reader.set(revision.last_seen, row["last_seen"], &Reader::day);
  return revision;
}

// `known`: as above.
KubernetesVersion read_version(Reader& reader, Node row, const KubernetesVersion* known) {
  reader.check_keys(row, {"version"},
                    {"upstream_release", "preview", "generally_available", "end_of_life", "lts_end_of_life",
                     "platform_support_until", "last_seen", "source"});
  KubernetesVersion version = known != nullptr ? *known : KubernetesVersion();
  reader.set(version.version, row["version"], &Reader::version);
  reader.set(version.upstream_release, row["upstream_release"], &Reader::written_month);
  reader.set(version.preview, row["preview"], &Reader::written_month);
  reader.set(version.generally_available, row["generally_available"], &Reader::month);
  reader.set(version.end_of_life, row["end_of_life"], &Reader::deadline);
  reader.set(version.lts_end_of_life, row["lts_end_of_life"], &Reader::deadline);
  reader.set(version.platform_support_until, row["platform_support_until"], &Reader::version);
  reader.set(version.last_seen, row["last_seen"], &Reader::day);
  if (version.end_of_life && version.lts_end_of_life && version.end_of_life->last_day != no_day &&
      version.lts_end_of_life->last_day < version.end_of_life->last_day) {
    reader.complain(row["lts_end_of_life"], "long-term support ends before community support");
  }
  const auto& end = version.end_of_life ? version.end_of_life : version.lts_end_of_life;
  if (version.generally_available && end && *version.generally_available > end->last_day) {
    reader.complain(row["generally_available"], "general availability comes after the end of life");
  }
  if (version.platform_support_until && *version.platform_support_until <= version.version) {
    reader.complain(row["platform_support_until"], "platform support ends with a later version");
  }
  return version;
}

// AKS's own ends stay known where the user's organisation sets earlier ones, and hold where it sets later ones: no rule
// in house makes AKS support anything longer.
void keep_end_on_aks(const MeshRevision& known, MeshRevision& revision) {
  if (revision.end_of_life.last_day > known.end_of_life.latest_day()) {
    revision.end_of_life = known.end_of_life;
    revision.citation = known.citation;
  } else {
    revision.aks_end_of_life = known.end_of_life;
    revision.aks_citation = known.citation;
  }
}

void keep_ends_on_aks(const KubernetesVersion& known, KubernetesVersion& version) {
  const auto keep = [](const std::optional<Deadline>& known_end, const Citation& known_citation,
                       std::optional<Deadline>& end, Citation& citation, std::optional<Deadline>& aks_end,
                       Citation& aks_citation) {
    if (!citation.in_house || !known_end || !end) return;
    if (end->last_day > known_end->latest_day()) {
      end = known_end;
      citation = known_citation;
    } else {
      aks_end = known_end;
      aks_citation = known_citation;
    }
  };
  keep(known.end_of_life, known.citation, version.end_of_life, version.citation, version.aks_end_of_life,
       version.aks_citation);
  keep(known.lts_end_of_life, known.lts_citation, version.lts_end_of_life, version.lts_citation,
       version.aks_lts_end_of_life, version.aks_lts_citation);
}

// The source that a table states under a key of its own, else its `source`.
Citation source_at(Reader& reader, Node root, std::string_view key) {
  return root[key] ? reader.source(root[key]) : reader.table_source();
}

void read_upgrades(Reader& reader, Node root, RevisionRules& rules) {
  if (const Node upgrade = root["upgrade"]) {
    reader.check_keys(upgrade, {"largest_step", "source"}, {"since"});
    rules.largest_step = reader.count(upgrade["largest_step"]);
    rules.largest_step_since = reader.day(upgrade["since"]);
    rules.upgrade = reader.source(upgrade["source"]);
  }
  if (const Node installed = root["installed"]) {
    reader.check_keys(installed, {"at_most", "source"});
    rules.installed_at_most = reader.count(installed["at_most"]);
    rules.installed = reader.source(installed["source"]);
  }
  if (const Node empty = root["empty_list"]) {
    reader.check_keys(empty, {"since", "source"});
    rules.empty_list_since = reader.day(empty["since"]);
    rules.empty_list = reader.source(empty["source"]);
  }
  if (const Node checked = root["checked_on_upgrade"]) {
    reader.check_keys(checked, {"since", "source"});
    rules.checked_on_upgrade_since = reader.day(checked["since"]);
    rules.checked_on_upgrade = reader.source(checked["source"]);
  }
  if (const Node recovery = root["recovery_by_cluster_upgrade"]) {
    reader.check_keys(recovery, {"since", "source"});
    rules.recovery_since = reader.day(recovery["since"]);
    rules.recovery = reader.source(recovery["source"]);
  }
}

void read_lts(Reader& reader, Node root, RevisionRules& rules) {
  if (const Node plan = root["long_term_support"]) {
    reader.check_keys(plan, {"plan", "standard_plan", "tier", "source"});
    rules.lts_plan = reader.text(plan["plan"]);
    rules.standard_plan = reader.text(plan["standard_plan"]);
    rules.lts_tier = reader.text(plan["tier"]);
    rules.lts = reader.source(plan["source"]);
  }
  if (const Node mesh = root["mesh_with_long_term_support"]) {
    reader.check_keys(mesh, {"first_revision", "first_kubernetes", "since", "source"});
    reader.set(rules.lts_revision, mesh["first_revision"], &Reader::known_revision);
    reader.set(rules.lts_kubernetes, mesh["first_kubernetes"], &Reader::known_version);
    rules.lts_since = reader.day(mesh["since"]);
    rules.lts_compatibility = reader.source(mesh["source"]);
  }
}

}  // namespace

void read_table(Reader& reader, Node root, ReleaseCalendar& table) {
  reader.check_table(root, {"source", "compatibility", "revisions"}, {"slip"});
  const Citation compatibility = source_at(reader, root, "compatibility");
  if (!reader.extends()) table.citation = reader.table_source();
  if (!reader.extends()) table.compatibility = compatibility;
  if (const Node slip = root["slip"]) {
    reader.check_keys(slip, {"months", "source"});
    table.slip_months = reader.count(slip["months"]);
    table.slip_citation = reader.source(slip["source"]);
  }
  std::optional<Minor> previous;
  for (const Node row : reader.items(root["revisions"])) {
    const auto name = parse_revision(row["revision"].text());
    const MeshRevision* known = name && reader.extends() ? table.find(*name) : nullptr;
    MeshRevision revision = read_revision(reader, row, known);
    if (!name) continue;
    reader.check_order(row["revision"], previous ? &*previous : nullptr, revision.revision, revision_name);
    previous = revision.revision;
    const Citation source = reader.source_of(row);
    if (known == nullptr || row["end_of_life"]) revision.citation = source;
    if (known != nullptr && revision.citation.in_house) keep_end_on_aks(*known, revision);
    if (known == nullptr || row["kubernetes"] || row["kubernetes_lts"]) {
      revision.compatibility = row["source"] ? source : compatibility;
    }
    put(table.revisions, std::move(revision), [](const MeshRevision& one) { return one.revision; });
  }
  std::ranges::stable_sort(table.revisions, {}, &MeshRevision::revision);
  for (MeshRevision& revision : table.revisions) {
    revision.end_of_life.slip_months = table.slip_months;
    if (revision.aks_end_of_life) revision.aks_end_of_life->slip_months = table.slip_months;
  }
}

void read_table(Reader& reader, Node root, KubernetesCalendar& table) {
  reader.check_table(root, {"source", "lts", "grace", "versions"}, {"skew", "long_term_step"});
  const Citation lts = source_at(reader, root, "lts");
  if (!reader.extends()) table.citation = reader.table_source();
  if (!reader.extends()) table.lts_citation = lts;
  if (const Node grace = root["grace"]) {
    reader.check_keys(grace, {"days", "source"});
    table.grace_days = reader.count(grace["days"]);
    table.grace_citation = reader.source(grace["source"]);
  }
  if (const Node skew = root["skew"]) {
    reader.check_keys(skew, {"at_most", "first", "source"});
    table.largest_skew = reader.count(skew["at_most"]);
    table.skew_from = reader.known_version(skew["first"]).value_or(Minor());
    table.skew_citation = reader.source(skew["source"]);
  }
  if (const Node step = root["long_term_step"]) {
    reader.check_keys(step, {"at_most", "source"});
    table.largest_lts_step = reader.count(step["at_most"]);
    table.lts_step_citation = reader.source(step["source"]);
  }
  std::optional<Minor> previous;
  for (const Node row : reader.items(root["versions"])) {
    const auto name = parse_minor(row["version"].text());
    const KubernetesVersion* known = name && reader.extends() ? table.find(*name) : nullptr;
    KubernetesVersion version = read_version(reader, row, known);
    reader.check_order(row["version"], previous ? &*previous : nullptr, version.version, to_string);
    previous = version.version;
    const Citation source = reader.source_of(row);
    if (known == nullptr || row["end_of_life"]) version.citation = source;
    if (known == nullptr || row["lts_end_of_life"]) version.lts_citation = row["source"] ? source : lts;
    if (known != nullptr) keep_ends_on_aks(*known, version);
    put(table.versions, std::move(version), [](const KubernetesVersion& one) { return one.version; });
  }
  std::ranges::stable_sort(table.versions, {}, &KubernetesVersion::version);
}

void read_table(Reader& reader, Node root, RevisionRules& table) {
  reader.check_table(root,
                     {"window", "default", "upgrade", "installed", "kubernetes", "checked_on_upgrade",
                      "recovery_by_cluster_upgrade", "long_term_support", "mesh_with_long_term_support"},
                     {"empty_list"});
  if (const Node window = root["window"]) {
    reader.check_keys(window, {"at_least", "weeks_after_newest", "source"});
    table.supported_at_least = reader.count(window["at_least"]);
    table.weeks_after_newest = reader.count(window["weeks_after_newest"]);
    table.window = reader.source(window["source"]);
  }
  if (const Node installation = root["default"]) {
    reader.check_keys(installation, {"behind_newest", "source"});
    table.default_behind_newest = reader.count(installation["behind_newest"]);
    table.default_revision = reader.source(installation["source"]);
  }
  if (const Node kubernetes = root["kubernetes"]) {
    reader.check_keys(kubernetes, {"oldest", "source"});
    reader.set(table.oldest_kubernetes, kubernetes["oldest"], &Reader::known_version);
    table.oldest_kubernetes_citation = reader.source(kubernetes["source"]);
  }
  read_upgrades(reader, root, table);
  read_lts(reader, root, table);
}

void read_table(Reader& reader, Node root, FeatureRevisions& table) {
  reader.check_table(root, {"features"});
  for (const Entry& entry : reader.entries(root["features"])) {
    const Node row = entry.value;
    reader.check_keys(row, {"what", "source"}, {"first", "last", "since", "since_source", "label", "replacement"});
    FeatureRevision feature{.name = std::string(entry.key.text()),
                            .what = reader.text(row["what"]),
                            .first = reader.known_revision(row["first"]),
                            .last = reader.known_revision(row["last"]),
                            .since = reader.day(row["since"]),
                            .label = reader.text(row["label"]),
                            .replacement = reader.text(row["replacement"]),
                            .citation = reader.source(row["source"]),
                            .since_citation = {}};
    reader.set(feature.since_citation, row["since_source"], &Reader::source);
    if (bool(row["since"]) != bool(row["since_source"])) {
      reader.complain(row, "state `since` and `since_source`, or none of them");
    }
    if (row.is_mapping() && !row["first"] && !row["last"]) reader.complain(row, "state `first`, `last` or both");
    put(table.features, std::move(feature), [](const FeatureRevision& one) { return one.name; });
  }
}

void read_table(Reader& reader, Node root, KubernetesRemovals& table) {
  reader.check_table(root, {"source", "removals"});
  std::set<std::string, std::less<>> known;
  for (const Node row : reader.items(root["removals"])) {
    reader.check_keys(row, {"api_version", "kinds"},
                      {"deprecated_in", "removed_in", "replacement", "replacement_in", "source"});
    KubernetesRemoval removal{.api_version = reader.text(row["api_version"]),
                              .kinds = reader.texts(row["kinds"]),
                              .deprecated_in = reader.version(row["deprecated_in"]),
                              .removed_in = reader.version(row["removed_in"]),
                              .replacement = reader.text(row["replacement"]),
                              .replacement_in = reader.version(row["replacement_in"]),
                              .citation = reader.source_of(row)};
    if (row.is_mapping() && !row["deprecated_in"] && !row["removed_in"]) {
      reader.complain(row, "state `deprecated_in`, `removed_in` or both");
    }
    for (const Node kind : row["kinds"].items()) {
      reader.check_new(kind, known, fmt::format("{} of {}", kind.text(), removal.api_version));
    }
    put(table.removals, std::move(removal),
        [](const KubernetesRemoval& one) { return std::pair(one.api_version, one.kinds); });
  }
}

Date Deadline::latest_day() const {
  if (!expected || slip_months == 0 || last_day == no_day) return last_day;
  const std::chrono::year_month_day last(last_day);
  const auto month = std::chrono::year_month(last.year(), last.month()) + std::chrono::months(slip_months);
  return Date(month / std::chrono::last);
}

const MeshRevision* ReleaseCalendar::find(Minor revision) const {
  const auto found = std::ranges::find(revisions, revision, &MeshRevision::revision);
  return found == revisions.end() ? nullptr : &*found;
}

const KubernetesVersion* KubernetesCalendar::find(Minor version) const {
  const auto found = std::ranges::find(versions, version, &KubernetesVersion::version);
  return found == versions.end() ? nullptr : &*found;
}

const FeatureRevision* FeatureRevisions::find(std::string_view name) const {
  const auto found = std::ranges::find(features, name, &FeatureRevision::name);
  return found == features.end() ? nullptr : &*found;
}

// Rows that came later, from a user's overlay, count first.
const KubernetesRemoval* KubernetesRemovals::find(std::string_view api_version, std::string_view kind) const {
  const KubernetesRemoval* last = nullptr;
  for (const KubernetesRemoval& row : removals) {
    if (row.api_version == api_version && std::ranges::find(row.kinds, kind) != row.kinds.end()) last = &row;
  }
  return last;
}

}  // namespace meshlint
