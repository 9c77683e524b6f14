#include "linter/policy_cluster.h"

#include <fmt/format.h>

#include "linter/policy_tables.h"

namespace meshlint {
namespace {

// Whether a version lies in a range with open ends.
bool is_within(Minor version, const std::optional<Minor>& first, const std::optional<Minor>& last) {
  return (!first || *first <= version) && (!last || version <= *last);
}

void check_range(Reader& reader, Node row, const std::optional<Minor>& first, const std::optional<Minor>& last) {
  if (first && last && *last < *first) reader.complain(row, "the last version comes before the first");
}

// A version of the ARM API: its date, without `-preview`.
std::optional<Date> read_arm_version(Reader& reader, Node node, bool preview) {
  constexpr std::string_view suffix = "-preview";
  const std::string_view text = node.text();
  const bool has_suffix = text.ends_with(suffix);
  const auto date = parse_date(text.substr(0, has_suffix ? text.size() - suffix.size() : text.size()));
  if (node && (!date || has_suffix != preview)) {
    reader.complain(node, fmt::format("`{}` is no version such as 2025-09-01{}", text, preview ? suffix : ""));
    return std::nullopt;
  }
  return date;
}

}  // namespace

void read_table(Reader& reader, Node root, PluginCa& table) {
  reader.check_table(root, {"source", "since", "settings", "add_on", "self_signed", "rotation"});
  if (!reader.extends()) table.citation = reader.table_source();
  if (root["since"]) table.since = reader.day(root["since"]);
  if (root["settings"]) table.settings.clear();
  for (const Entry& entry : reader.entries(root["settings"])) {
    table.settings.push_back({std::string(entry.key.text()), reader.text(entry.value)});
  }
  reader.set(table.add_on, root["add_on"], &Reader::text);
  if (const Node self_signed = root["self_signed"]) {
    reader.check_keys(self_signed, {"can_be_switched", "source"});
    table.switch_from_self_signed = reader.flag(self_signed["can_be_switched"]);
    table.switch_citation = reader.source(self_signed["source"]);
  }
  if (const Node rotation = root["rotation"]) {
    reader.check_keys(rotation, {"leaf_hours", "source"});
    table.leaf_hours = reader.count(rotation["leaf_hours"]);
    table.rotation_citation = reader.source(rotation["source"]);
  }
}

void read_table(Reader& reader, Node root, TrafficRedirection& table) {
  reader.check_table(root, {"source", "rows", "upgrade_keeps", "capabilities", "refused_by"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.upgrade_keeps, root["upgrade_keeps"], &Reader::flag);
  reader.set(table.capabilities, root["capabilities"], &Reader::texts);
  if (const Node refused_by = root["refused_by"]) {
    reader.check_keys(refused_by, {"label", "levels", "source"});
    table.standard_label = reader.text(refused_by["label"]);
    table.refusing = reader.texts(refused_by["levels"]);
    table.refusing_citation = reader.source(refused_by["source"]);
  }
  if (root["rows"]) table.rows.clear();
  for (const Node row : reader.items(root["rows"])) {
    reader.check_keys(row, {"mechanisms", "on_install"}, {"first", "last"});
    RedirectionDefault read{.first = reader.known_revision(row["first"]),
                            .last = reader.known_revision(row["last"]),
                            .mechanisms = reader.texts(row["mechanisms"]),
                            .on_install = reader.text(row["on_install"])};
    check_range(reader, row, read.first, read.last);
    if (row["on_install"] && std::ranges::find(read.mechanisms, read.on_install) == read.mechanisms.end()) {
      reader.complain(row["on_install"], fmt::format("`{}` is not one of `mechanisms`", read.on_install));
    }
    table.rows.push_back(std::move(read));
  }
}

void read_table(Reader& reader, Node root, NativeSidecars& table) {
  reader.check_table(root, {"source", "kubernetes_feature", "rows"}, {"nodes"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.kubernetes_feature, root["kubernetes_feature"], &Reader::known_version);
  if (const Node nodes = root["nodes"]) {
    reader.check_keys(nodes, {"oldest", "source"});
    table.oldest_nodes = reader.known_version(nodes["oldest"]).value_or(Minor());
    table.nodes = reader.source(nodes["source"]);
  }
  if (root["rows"]) table.rows.clear();
  for (const Node row : reader.items(root["rows"])) {
    reader.check_keys(row, {"on_install", "on_upgrade"}, {"first_kubernetes", "last_kubernetes", "first", "last"});
    NativeSidecarDefault read{.first_kubernetes = reader.known_version(row["first_kubernetes"]),
                              .last_kubernetes = reader.known_version(row["last_kubernetes"]),
                              .first = reader.known_revision(row["first"]),
                              .last = reader.known_revision(row["last"]),
                              .on_install = reader.flag(row["on_install"]),
                              .on_upgrade = reader.flag(row["on_upgrade"])};
    check_range(reader, row, read.first_kubernetes, read.last_kubernetes);
    check_range(reader, row, read.first, read.last);
    table.rows.push_back(read);
  }
}

void read_table(Reader& reader, Node root, NodeAffinity& table) {
  reader.check_table(root, {"source", "label", "system_label", "rows"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.label, root["label"], &Reader::text);
  reader.set(table.system_label, root["system_label"], &Reader::text);
  if (root["rows"]) table.rows.clear();
  for (const Node row : reader.items(root["rows"])) {
    reader.check_keys(row, {"labelled", "system"}, {"first", "last"});
    const NodePreference read{.first = reader.known_revision(row["first"]),
                              .last = reader.known_revision(row["last"]),
                              .labelled = reader.count(row["labelled"]),
                              .system = reader.count(row["system"])};
    check_range(reader, row, read.first, read.last);
    table.rows.push_back(read);
  }
}

void read_table(Reader& reader, Node root, Autoscaling& table) {
  reader.check_table(root, {"source", "since", "minimum", "defaults", "targets"});
  if (!reader.extends()) table.citation = reader.table_source();
  if (root["since"]) table.since = reader.day(root["since"]);
  reader.set(table.minimum, root["minimum"], &Reader::count);
  if (const Node defaults = root["defaults"]) {
    reader.check_keys(defaults, {"minimum", "maximum", "cpu_percent"});
    table.default_minimum = reader.count(defaults["minimum"]);
    table.default_maximum = reader.count(defaults["maximum"]);
    table.cpu_percent = reader.count(defaults["cpu_percent"]);
  }
  for (const Node row : reader.items(root["targets"])) {
    reader.check_keys(row, {"name"}, {"namespace"});
    put(table.targets, Autoscaling::Target{reader.text(row["name"]), reader.text(row["namespace"])},
        [](const Autoscaling::Target& one) { return one.name; });
  }
}

void read_table(Reader& reader, Node root, Conflicts& table) {
  constexpr Conflict::Effect effects[] = {Conflict::Effect::refused, Conflict::Effect::unsupported,
                                          Conflict::Effect::setup, Conflict::Effect::retiring};
  reader.check_table(root, {"conflicts"});
  for (const Entry& entry : reader.entries(root["conflicts"])) {
    const Node row = entry.value;
    reader.check_keys(row, {"what", "effect", "source"},
                      {"note", "default_from", "ends", "charts", "images", "labels", "repositories"});
    Conflict conflict{.name = std::string(entry.key.text()),
                      .what = reader.text(row["what"]),
                      .effect = effects[reader.choice(row["effect"], {"refused", "unsupported", "setup", "retiring"})],
                      .note = reader.text(row["note"]),
                      .default_from = reader.known_version(row["default_from"]),
                      .ends = reader.day(row["ends"]),
                      .charts = reader.texts(row["charts"]),
                      .images = reader.texts(row["images"]),
                      .labels = reader.texts(row["labels"]),
                      .repositories = reader.texts(row["repositories"]),
                      .citation = reader.source(row["source"])};
    if (conflict.effect == Conflict::Effect::retiring && !row["ends"]) reader.complain(row, "state when it `ends`");
    put(table.conflicts, std::move(conflict), [](const Conflict& one) { return one.name; });
  }
}

void read_table(Reader& reader, Node root, ArmFields& table) {
  reader.check_table(root, {"source", "newest_preview", "newest_stable", "fields"});
  if (!reader.extends()) table.citation = reader.table_source();
  if (root["newest_preview"]) table.newest_preview = read_arm_version(reader, root["newest_preview"], true);
  if (root["newest_stable"]) table.newest_stable = read_arm_version(reader, root["newest_stable"], false);
  for (const Entry& entry : reader.entries(root["fields"])) {
    const Node row = entry.value;
    reader.check_keys(row, {"preview"}, {"stable", "gone_from_preview", "gone_from_stable"});
    ArmField field{.path = std::string(entry.key.text()),
                   .preview = read_arm_version(reader, row["preview"], true),
                   .stable = read_arm_version(reader, row["stable"], false),
                   .gone_from_preview = read_arm_version(reader, row["gone_from_preview"], true),
                   .gone_from_stable = read_arm_version(reader, row["gone_from_stable"], false)};
    put(table.fields, std::move(field), [](const ArmField& one) { return one.path; });
  }
}

const RedirectionDefault* TrafficRedirection::find(Minor revision) const {
  const auto found =
      std::ranges::find_if(rows, [&](const auto& row) { return is_within(revision, row.first, row.last); });
  return found == rows.end() ? nullptr : &*found;
}

const NativeSidecarDefault* NativeSidecars::find(Minor kubernetes, Minor revision) const {
  const auto found = std::ranges::find_if(rows, [&](const auto& row) {
    return is_within(kubernetes, row.first_kubernetes, row.last_kubernetes) && is_within(revision, row.first, row.last);
  });
  return found == rows.end() ? nullptr : &*found;
}

const NodePreference* NodeAffinity::find(Minor revision) const {
  const auto found =
      std::ranges::find_if(rows, [&](const auto& row) { return is_within(revision, row.first, row.last); });
  return found == rows.end() ? nullptr : &*found;
}

const Conflict* Conflicts::find(std::string_view name) const {
  const auto found = std::ranges::find(conflicts, name, &Conflict::name);
  return found == conflicts.end() ? nullptr : &*found;
}

const ArmField* ArmFields::find(std::string_view path) const {
  const auto found = std::ranges::find(fields, path, &ArmField::path);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace meshlint
