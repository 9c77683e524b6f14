#include "linter/policy_overlay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "linter/yaml_edit.h"

namespace meshlint {
namespace {

// A list of a table to which an overlay adds rows, and the keys that identify one. Any other list is replaced.
struct RowList {
  std::string_view file;
  std::string_view list;
  std::array<std::string_view, 4> identity;  // of up to four keys; none: rows are added only
  bool states_changes = false;               // a row keeps what the overlay's row does not state
};

constexpr RowList row_lists[] = {
    {"autoscaling.yaml", "targets", {"name"}},
    {"blocked-kinds.yaml", "kinds", {"group", "kind"}},
    {"blocked-kinds.yaml", "unclassified", {"group", "kind"}},
    {"envoy-filters.yaml", "periods", {"since"}},
    {"istio-deprecations.yaml", "deprecations", {"group", "kind", "paths", "value"}},
    {"istio-kinds.yaml", "kinds", {"group", "kind"}},
    {"kubernetes-calendar.yaml", "versions", {"version"}, true},
    {"kubernetes-removals.yaml", "removals", {"api_version", "kinds"}},
    {"managed-names.yaml", "reverted", {"kind", "name", "namespace"}},
    {"release-calendar.yaml", "revisions", {"revision"}, true},
    {"sources.yaml", "groups", {}},
};

const RowList* find_list(std::string_view file, std::string_view list) {
  const auto found =
      std::ranges::find_if(row_lists, [&](const RowList& one) { return one.file == file && one.list == list; });
  return found == std::end(row_lists) ? nullptr : &*found;
}

// A value as YAML on one line.
std::string written(Node value) {
  if (value.is_null()) return "null";
  if (value.is_scalar()) {
    return value.type() == ScalarType::string ? yaml_scalar(value.text()) : std::string(value.text());
  }
  std::string text;
  const auto add = [&text](const std::string& part) { text += fmt::format("{}{}", text.empty() ? "" : ", ", part); };
  for (const Entry& entry : value.entries()) {
    add(fmt::format("{}: {}", yaml_scalar(entry.key.text()), written(entry.value)));
  }
  if (value.is_mapping()) return fmt::format("{{{}}}", text);
  for (const Node item : value.items()) add(written(item));
  return fmt::format("[{}]", text);
}

// The text of a row with the source of its table where it has none of its own.
std::string with_source(std::string text, Node row, Node source) {
  if (!source || !row.is_mapping() || row["source"]) return text;
  text.pop_back();
  return fmt::format("{}{}source: {}}}", text, row.size() == 0 ? "" : ", ", written(source));
}

std::string written_row(Node row, Node source) {
  return with_source(written(row), row, source);
}

// A row with what another one states in the place of its own.
std::string changed_row(Node below, Node above, Node source) {
  std::string text;
  const auto add = [&text](const Entry& entry) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", yaml_scalar(entry.key.text()), written(entry.value));
  };
  for (const Entry& entry : below.entries()) {
    if (!above[entry.key.text()]) add(entry);
  }
  for (const Entry& entry : above.entries()) add(entry);
  return with_source(fmt::format("{{{}}}", text), above, source);
}

bool same_row(Node left, Node right, const RowList& list) {
  return !list.identity[0].empty() && std::ranges::all_of(list.identity, [&](std::string_view key) {
    return key.empty() || written(left[key]) == written(right[key]);
  });
}

std::string merge_rows(const RowList& list, Node below, Node above, Node source) {
  std::vector<std::string> rows;
  const auto find = [&](Node rows_there, Node row) {
    for (const Node other : rows_there.items()) {
      if (same_row(other, row, list)) return other;
    }
    return Node();
  };
  for (const Node row : below.items()) {
    const Node replacement = find(above, row);
    if (!replacement) {
      rows.push_back(written(row));
    } else {
      rows.push_back(list.states_changes ? changed_row(row, replacement, source) : written_row(replacement, source));
    }
  }
  for (const Node row : above.items()) {
    if (!find(below, row)) rows.push_back(written_row(row, source));
  }
  return fmt::format("[{}]", fmt::join(rows, ", "));
}

// Entries of `above` in the place of those of the same name; `depth` says how many mappings are merged so, one in
// another.
std::string merge_entries(Node below, Node above, Node source, int depth) {
  std::vector<std::string> entries;
  const auto add = [&](Node key, const std::string& value) {
    entries.push_back(fmt::format("{}: {}", yaml_scalar(key.text()), value));
  };
  const auto merged = [&](Node old, Node value) {
    const bool deeper = depth > 1 && old.is_mapping() && value.is_mapping();
    return deeper ? merge_entries(old, value, source, depth - 1) : written_row(value, source);
  };
  for (const Entry& entry : below.entries()) {
    const Node replacement = above[entry.key.text()];
    add(entry.key, replacement ? merged(entry.value, replacement) : written(entry.value));
  }
  for (const Entry& entry : above.entries()) {
    if (!below[entry.key.text()]) add(entry.key, written_row(entry.value, source));
  }
  return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

// A group of facts with a source of its own is replaced, but for the names in it.
std::string merge_group(Node below, Node above) {
  constexpr std::array<std::string_view, 4> names = {"as_made", "fields", "substitutes", "versions"};
  std::vector<std::string> entries;
  for (const Entry& entry : above.entries()) {
    const Node old = below[entry.key.text()];
    const bool has_names = std::ranges::find(names, entry.key.text()) != names.end() && old.is_mapping();
    entries.push_back(fmt::format("{}: {}", yaml_scalar(entry.key.text()),
                                  has_names ? merge_entries(old, entry.value, {}, 1) : written(entry.value)));
  }
  for (const Entry& entry : below.entries()) {
    const bool has_names = std::ranges::find(names, entry.key.text()) != names.end();
    if (has_names && !above[entry.key.text()]) {
      entries.push_back(fmt::format("{}: {}", yaml_scalar(entry.key.text()), written(entry.value)));
    }
  }
  return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

// What an organisation blocks is no longer open.
std::string without_blocked(const RowList& list, Node root_below, Node root_above) {
  std::vector<std::string> rows;
  for (const Node root : {root_below, root_above}) {
    for (const Node row : root[list.list].items()) {
      const auto blocks = [&](Node kind) { return same_row(kind, row, list); };
      if (!std::ranges::any_of(root_above["kinds"].items(), blocks)) rows.push_back(written(row));
    }
  }
  return fmt::format("[{}]", fmt::join(rows, ", "));
}

std::string merge_value(std::string_view file, std::string_view key, Node root_below, Node root_above) {
  const Node below = root_below[key];
  const Node above = root_above[key];
  if (const RowList* list = find_list(file, key)) {
    if (key == "unclassified") return without_blocked(*list, root_below, root_above);
    return merge_rows(*list, below, above, root_above["source"]);
  }
  if (!above) return written(below);
  if (!below.is_mapping() || !above.is_mapping()) return written(above);
  if (above["source"].is_mapping()) return merge_group(below, above);
  // Classes are words of their own, and fields of messages stand in two mappings: neither has a place for a source.
  const bool of_messages = key == "messages";
  const Node source = of_messages || key == "kinds" ? Node() : root_above["source"];
  return merge_entries(below, above, source, of_messages ? 2 : 1);
}

// The table's own source remains that of the rows below.
std::string merge_tables(std::string_view file, Node below, Node above) {
  std::string text;
  const auto add = [&](std::string_view key, const std::string& value) { text += fmt::format("{}: {}\n", key, value); };
  for (const Entry& entry : below.entries()) {
    const std::string_view key = entry.key.text();
    add(key, key == "source" ? written(entry.value) : merge_value(file, key, below, above));
  }
  for (const Entry& entry : above.entries()) {
    const std::string_view key = entry.key.text();
    if (key != "extends" && !below[key]) add(key, written(entry.value));
  }
  return text;
}

bool extends(const SourceFile& file) {
  return static_cast<bool>(parse_policy_file(file).root()["extends"]);
}

}  // namespace

PolicyFiles over_built_in(PolicyFiles files) {
  const auto sources = files.find("sources.yaml");
  if (sources == files.end() || !extends(*sources->second)) return files;
  PolicyFiles result = embedded_policy();
  for (auto& [name, file] : files) {
    const auto below = result.find(name);
    const PolicyTree above_tree = parse_policy_file(*file);
    if (below == result.end() || !above_tree.root()["extends"]) {
      result[name] = std::move(file);
      continue;
    }
    const PolicyTree below_tree = parse_policy_file(*below->second);
    std::string text = merge_tables(name, below_tree.root(), above_tree.root());
    below->second = std::make_unique<SourceFile>(file->path(), file->shown(), std::move(text));
  }
  return result;
}

}  // namespace meshlint
