#include "linter/policy_show_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "linter/policy_data.h"
#include "linter/policy_files.h"
#include "linter/policy_view.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t gap = 2;
constexpr std::size_t longest_name = 36;    // of a row whose facts still stand beside it
constexpr std::size_t least_for_last = 20;  // columns that a table leaves to its last one

struct Cell {
  std::string key;
  Node value;
};

// One fact, or several of one thing.
struct Row {
  std::string name;  // empty for an item of a list
  std::vector<Cell> cells;
  Node source;  // where it has one of its own
};

struct Section {
  std::string name;  // empty for the facts of the table as a whole
  std::vector<Row> rows;
};

bool is_source(Node value) {
  return value["page"].is_scalar() && value["read"].is_scalar();
}

// Where facts come from is not one of them.
std::vector<Cell> cells_of(Node value) {
  if (!value.is_mapping()) return {{"value", value}};
  std::vector<Cell> cells;
  for (const Entry& entry : value.entries()) {
    if (!is_source(entry.value)) cells.push_back({std::string(entry.key.text()), entry.value});
  }
  return cells;
}

// The pages of sources.yaml, out of their groups.
std::vector<Row> page_rows(Node groups) {
  std::vector<Row> rows;
  for (const Node group : groups.items()) {
    for (const Entry& page : group["pages"].entries()) {
      Row row{std::string(page.key.text()), {}, {}};
      row.cells.push_back({"read", page.value["read"] ? page.value["read"] : group["read"]});
      row.cells.push_back({"title", page.value.is_mapping() ? page.value["title"] : page.value});
      for (const std::string_view key : {"secondary", "in_house"}) {
        if (group[key]) row.cells.push_back({std::string(key), group[key]});
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<Row> rows_of(std::string_view section, Node value) {
  if (section == "groups") return page_rows(value);
  std::vector<Row> rows;
  for (const Node item : value.items()) rows.push_back({"", cells_of(item), item["source"]});
  for (const Entry& entry : value.entries()) {
    const std::string name(entry.key.text());
    if (is_source(entry.value)) continue;
    if (section != "messages") {
      rows.push_back({name, cells_of(entry.value), entry.value["source"]});
      continue;
    }
    for (const Entry& field : entry.value.entries()) {
      rows.push_back({fmt::format("{}.{}", name, field.key.text()), cells_of(field.value), {}});
    }
  }
  return rows;
}

bool holds_scalars(Node list) {
  return std::ranges::all_of(list.items(), [](Node item) { return item.is_scalar(); });
}

std::vector<Section> sections_of(Node root) {
  std::vector<Section> sections(1);
  for (const Entry& entry : root.entries()) {
    const std::string name(entry.key.text());
    if (name == "extends" || is_source(entry.value)) continue;
    if (entry.value.is_mapping() || (entry.value.is_sequence() && !holds_scalars(entry.value))) {
      sections.push_back({name, rows_of(name, entry.value)});
    } else {
      sections[0].rows.push_back({name, cells_of(entry.value), entry.value["source"]});
    }
  }
  std::erase_if(sections, [](const Section& section) { return section.rows.empty(); });
  return sections;
}

// A value in a cell; within another one it stands in brackets.
std::string shown(Node value, bool inside = false) {
  if (value.is_null()) return "";
  if (value.is_scalar()) return sanitize(value.text());
  std::string text;
  const auto add = [&text](std::string_view separator, const std::string& part) {
    text += fmt::format("{}{}", text.empty() ? "" : separator, part);
  };
  for (const Entry& entry : value.entries()) {
    if (is_source(entry.value)) continue;
    const std::string below = shown(entry.value, true);
    add(", ", fmt::format("{}{}{}", sanitize(entry.key.text()), below.empty() ? "" : " ", below));
  }
  for (const Node item : value.items()) add(holds_scalars(value) ? ", " : "; ", shown(item));
  return inside && (value.size() > 1 || value.is_mapping()) ? fmt::format("({})", text) : text;
}

std::string details(const Row& row) {
  std::string text;
  for (const Cell& cell : row.cells) {
    const std::string value = shown(cell.value);
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", cell.key == "value" ? "" : cell.key + " ",
                        value.empty() ? "-" : value);
  }
  return text;
}

std::string upper(std::string_view key) {
  std::string text(key);
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter == '_' ? ' ' : letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return text;
}

std::vector<std::string> keys_of(const Section& section) {
  std::vector<std::string> keys;
  for (const Row& row : section.rows) {
    for (const Cell& cell : row.cells) {
      if (std::ranges::find(keys, cell.key) == keys.end()) keys.push_back(cell.key);
    }
  }
  return keys;
}

// Rows as columns, the widest one last; none when they do not fit. What has no column stands behind the last one.
std::optional<std::string> as_columns(const Section& section, const std::vector<std::string>& keys) {
  const bool named = !section.rows.front().name.empty();
  if (keys.empty() || (keys.size() == 1 && keys[0] == "value")) return std::nullopt;
  const auto line_of = [&](const Row& row) {
    std::vector<std::string> line;
    if (named) line.push_back(sanitize(row.name));
    for (const std::string& key : keys) {
      const auto cell = std::ranges::find(row.cells, key, &Cell::key);
      line.push_back(cell == row.cells.end() ? "" : shown(cell->value));
    }
    return line;
  };
  std::vector<std::vector<std::string>> lines(1);
  if (named) lines[0].emplace_back("NAME");
  for (const std::string& key : keys) lines[0].push_back(key == "value" ? "" : upper(key));
  for (const Row& row : section.rows) lines.push_back(line_of(row));
  const std::vector<std::size_t> unordered = column_widths(lines);
  const auto first = static_cast<std::ptrdiff_t>(named ? 1 : 0);
  const auto widest = std::max_element(unordered.begin() + first, unordered.end()) - unordered.begin();
  for (auto& line : lines) std::rotate(line.begin() + widest, line.begin() + widest + 1, line.end());
  for (std::size_t i = 0; i < section.rows.size(); ++i) {
    Row rest = section.rows[i];
    std::erase_if(rest.cells, [&keys](const Cell& cell) { return std::ranges::find(keys, cell.key) != keys.end(); });
    if (!rest.cells.empty()) lines[i + 1].back() += fmt::format("; {}", details(rest));
  }
  const std::vector<std::size_t> widths = column_widths(lines);
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + gap;
  if (before_last + std::min(widths.back(), least_for_last) > view_width) return std::nullopt;
  std::string text;
  for (const auto& line : lines) text += render_row(line, widths, gap);
  return text;
}

// Each row's name and, beside or below it, its facts.
std::string as_list(const Section& section) {
  std::vector<std::vector<std::string>> lines;
  for (const Row& row : section.rows) {
    Row rest = row;
    std::string name = row.name;
    if (name.empty() && !rest.cells.empty()) {
      name = shown(rest.cells.front().value);
      rest.cells.erase(rest.cells.begin());
    }
    lines.push_back({sanitize(name), details(rest)});
  }
  const std::vector<std::size_t> widths = column_widths(lines);
  std::string text;
  for (const auto& line : lines) {
    if (widths[0] <= longest_name) {
      text += render_row(line, widths, gap);
    } else {
      text += fmt::format("{}\n", wrapped(line[0], 0));
      if (!line[1].empty()) text += fmt::format("    {}\n", wrapped(line[1], 4));
    }
  }
  return text;
}

// Columns where they fit: all facts, or those that more than one row states.
std::string as_table(const Section& section) {
  std::vector<std::string> keys = keys_of(section);
  if (auto columns = as_columns(section, keys)) return *columns;
  std::erase_if(keys, [&section](const std::string& key) {
    return std::ranges::count_if(section.rows, [&key](const Row& row) {
             return std::ranges::find(row.cells, key, &Cell::key) != row.cells.end();
           }) == 1;
  });
  return as_columns(section, keys).value_or(as_list(section));
}

// A page, the section there and the day it was read.
using Source = std::tuple<std::string, std::string, std::string>;

void collect_sources(Node value, std::set<Source>& sources) {
  if (is_source(value)) {
    sources.emplace(value["page"].text(), value["section"].text(), value["read"].text());
    return;
  }
  for (const Entry& entry : value.entries()) collect_sources(entry.value, sources);
  for (const Node item : value.items()) collect_sources(item, sources);
}

// What the built-in file says about itself: its first sentence, in the comment below the line that names its schema.
std::string title_of(std::string_view name) {
  const auto files = embedded_policy_files();
  const auto file = std::ranges::find(files, name, &EmbeddedPolicyFile::name);
  std::string_view text = file == files.end() ? std::string_view() : file->text;
  std::string title;
  for (bool first = true; text.starts_with("# "); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!first) title += fmt::format("{}{}", title.empty() ? "" : " ", text.substr(2, end - 2));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  title = title.substr(0, title.find(". "));
  if (title.ends_with('.')) title.pop_back();
  return title;
}

Json json_value(Node value) {
  if (value.is_null()) return nullptr;
  if (value.is_mapping()) {
    Json object = Json::object();
    for (const Entry& entry : value.entries()) object[valid_utf8(entry.key.text())] = json_value(entry.value);
    return object;
  }
  if (value.is_sequence()) {
    Json list = Json::array();
    for (const Node item : value.items()) list.push_back(json_value(item));
    return list;
  }
  const std::string_view text = value.text();
  if (value.type() == ScalarType::boolean) return text == "true";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return value.type() == ScalarType::integer && whole ? Json(number) : Json(valid_utf8(text));
}

}  // namespace

std::string show_policy_file(std::string_view name, const SourceFile& file) {
  const PolicyTree tree = parse_policy_file(file);
  std::set<Source> sources;
  collect_sources(tree.root(), sources);
  std::set<std::string> pages;
  for (const auto& [page, section, read] : sources) pages.insert(fmt::format("from {}, read {}", page, read));
  std::string text = wrapped(title_of(name), 0) + '\n';
  for (const std::string& page : pages) text += wrapped(sanitize(page), 0) + '\n';
  for (const Section& section : sections_of(tree.root())) {
    text += section.name.empty() ? "\n" : fmt::format("\n{}:\n", sanitize(section.name));
    text += as_table(section);
  }
  return text;
}

Json policy_file_json(const SourceFile& file) {
  const PolicyTree tree = parse_policy_file(file);
  std::set<Source> sources;
  collect_sources(tree.root(), sources);
  Json result = {{"sources", Json::array()}, {"rows", Json::array()}};
  for (const auto& [page, section, read] : sources) {
    result["sources"].push_back(
        {{"page", valid_utf8(page)}, {"section", valid_utf8(section)}, {"date", valid_utf8(read)}});
  }
  for (const Section& section : sections_of(tree.root())) {
    for (const Row& row : section.rows) {
      Json object = {{"section", valid_utf8(section.name)}, {"name", valid_utf8(row.name)}};
      for (const Cell& cell : row.cells) object[valid_utf8(cell.key)] = json_value(cell.value);
      if (row.source) object["source"] = json_value(row.source);
      result["rows"].push_back(std::move(object));
    }
  }
  return result;
}

}  // namespace meshlint
