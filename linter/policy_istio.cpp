// Reads the tables about Istio itself: its kinds, what it deprecates, and its annotations and labels.
#include <fmt/format.h>

#include "linter/policy_tables.h"

namespace meshlint {
namespace {

// A range of Istio minors: both ends are optional and stand for those of the table.
struct Range {
  Minor first;
  Minor last;
};

Range read_range(Reader& reader, Node row, Minor oldest, Minor newest) {
  const Range range{reader.version(row["since"]).value_or(oldest), reader.version(row["until"]).value_or(newest)};
  if (range.first < oldest || range.last > newest || range.first > range.last) {
    reader.complain(row, fmt::format("the table covers {} to {}, not {} to {}", to_string(oldest), to_string(newest),
                                     to_string(range.first), to_string(range.last)));
  }
  return range;
}

IstioKind read_kind(Reader& reader, Node row, const IstioKinds& table) {
  reader.check_keys(row, {"group", "kind", "plural", "versions"});
  IstioKind kind{.group = reader.text(row["group"]),
                 .kind = reader.text(row["kind"]),
                 .plural = reader.text(row["plural"]),
                 .versions = {}};
  for (const Entry& version : reader.entries(row["versions"])) {
    if (!version.value.is_null()) reader.check_keys(version.value, {}, {"since", "until"});
    const Range range = read_range(reader, version.value, table.oldest, table.newest);
    kind.versions.push_back({std::string(version.key.text()), range.first, range.last});
  }
  return kind;
}

using Annotations = std::map<std::string, IstioAnnotation, std::less<>>;

void read_annotations(Reader& reader, Node list, const IstioAnnotations& table, Annotations& result) {
  for (const Entry& entry : reader.entries(list)) {
    reader.check_keys(entry.value, {"kinds"}, {"since", "until", "deprecated", "source"});
    const Range range = read_range(reader, entry.value, table.oldest, table.newest);
    IstioAnnotation annotation{.name = std::string(entry.key.text()),
                               .resources = reader.texts(entry.value["kinds"]),
                               .first = range.first,
                               .last = range.last,
                               .deprecated_since = reader.version(entry.value["deprecated"]),
                               .citation = reader.source_of(entry.value)};
    result.insert_or_assign(annotation.name, std::move(annotation));
  }
}

}  // namespace

void read_table(Reader& reader, Node root, IstioKinds& table) {
  reader.check_table(root, {"source", "oldest", "newest", "kinds"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  std::set<std::string, std::less<>> known;
  for (const Node row : reader.items(root["kinds"])) {
    IstioKind kind = read_kind(reader, row, table);
    reader.check_new(row["kind"], known, fmt::format("{} of {}", kind.kind, kind.group));
    put(table.kinds, std::move(kind), [](const IstioKind& one) { return std::pair(one.group, one.kind); });
  }
}

void read_table(Reader& reader, Node root, IstioDeprecations& table) {
  reader.check_table(root, {"source", "deprecations"});
  if (!reader.extends()) table.citation = reader.table_source();
  for (const Node row : reader.items(root["deprecations"])) {
    reader.check_keys(row, {"group", "kind", "paths", "since"}, {"value", "replacement", "source"});
    for (const std::string& path : reader.texts(row["paths"])) {
      IstioDeprecation deprecation{.group = reader.text(row["group"]),
                                   .kind = reader.text(row["kind"]),
                                   .path = path,
                                   .value = reader.text(row["value"]),
                                   .since = reader.version(row["since"]).value_or(Minor()),
                                   .replacement = reader.text(row["replacement"]),
                                   .citation = reader.source_of(row)};
      put(table.deprecations, std::move(deprecation),
          [](const IstioDeprecation& one) { return std::tuple(one.group, one.kind, one.path, one.value); });
    }
  }
}

void read_table(Reader& reader, Node root, IstioAnnotations& table) {
  reader.check_table(root, {"source", "oldest", "newest", "annotations", "labels"});
  if (!reader.extends()) table.citation = reader.table_source();
  reader.set(table.oldest, root["oldest"], &Reader::version);
  reader.set(table.newest, root["newest"], &Reader::version);
  read_annotations(reader, root["annotations"], table, table.annotations);
  read_annotations(reader, root["labels"], table, table.labels);
}

bool IstioKind::serves(std::string_view version, Minor minor) const {
  return std::ranges::any_of(
      versions, [&](const Version& one) { return one.name == version && one.first <= minor && minor <= one.last; });
}

const IstioKind* IstioKinds::find(std::string_view group, std::string_view kind) const {
  const auto found =
      std::ranges::find_if(kinds, [&](const IstioKind& one) { return one.group == group && one.kind == kind; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace meshlint
