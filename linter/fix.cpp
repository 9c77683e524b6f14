#include "linter/fix.h"

#include <fmt/format.h>

#include <algorithm>

#include "linter/scalar.h"
#include "linter/yaml_edit.h"

namespace meshlint {
namespace {

std::string_view written(Node node) {
  const Span span = node.span();
  return node.file()->text().substr(span.start, span.end - span.start);
}

bool is_flow_mapping(Node mapping) {
  return mapping.document()->nodes()[mapping.index()].flow;
}

// Whether an alias refers to a node or to something around it: a change would be one of several places.
bool is_shared(Node node) {
  const auto& nodes = node.document()->nodes();
  std::vector<std::uint32_t> around;
  for (auto index = node.index(); index != NodeData::none; index = nodes[index].parent) around.push_back(index);
  return std::ranges::any_of(nodes, [&](const NodeData& data) {
    return data.kind == NodeKind::alias && std::ranges::find(around, data.first_child) != around.end();
  });
}

// Whether the bytes at a scalar's place are its own: a value that a reader made may stand at another's place.
bool is_written(Node scalar) {
  auto text = written(scalar);
  const bool is_quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  if (is_quoted) text = text.substr(1, text.size() - 2);
  return text == scalar.text();
}

// Whether a node's own bytes are what it says, so that others can stand in their place.
bool is_in_place(Node node) {
  if (!node || node.file() == nullptr) return false;
  const NodeData& data = node.document()->nodes()[node.index()];
  if (data.kind == NodeKind::alias || data.elided || data.unresolved || is_shared(node)) return false;
  const DecodedText* outer = node.document()->decoded_text();
  return outer == nullptr || outer->keeps_lines;
}

// Whether a key is written more than once: the other entry would take the place of one that is taken out.
bool is_stated_twice(Node value) {
  const auto& nodes = value.document()->nodes();
  const Node mapping = value.parent();
  std::size_t count = 0;
  for (auto at = nodes[mapping.index()].first_child; at != NodeData::none; at = nodes[at].next_sibling) {
    if (nodes[at].key != NodeData::none && nodes[nodes[at].key].text == value.key().text()) ++count;
  }
  return count > 1;
}

// Whether an entry can be taken out without a thought for what stands around it: a block's with its lines, one of a
// flow mapping with the comma beside it.
bool is_apart(Node value) {
  const std::string_view text = value.file()->text();
  const Span entry = value.entry_span();
  if (!is_flow_mapping(value.parent())) {
    const auto before = text.find_last_not_of(' ', entry.start == 0 ? 0 : entry.start - 1);
    return entry.start == 0 || before == std::string_view::npos || text[before] == '\n';
  }
  const Span mapping = value.parent().span();
  const auto& comments = value.document()->comments();
  return std::ranges::none_of(comments, [mapping](const Comment& comment) {
    return mapping.start <= comment.span.start && comment.span.end <= mapping.end;
  });
}

// How a document's language writes a string: Terraform and JSON in double quotes, Bicep in single ones, YAML as it
// likes.
ScalarStyle string_style(Node node) {
  const std::string_view path = node.file()->path();
  if (node.document()->decoded_text() != nullptr) return ScalarStyle::plain;
  if (path.ends_with(".bicep") || path.ends_with(".bicepparam")) return ScalarStyle::single_quoted;
  const bool is_yaml = path.ends_with(".yaml") || path.ends_with(".yml") || path == "<stdin>";
  return is_yaml ? ScalarStyle::plain : ScalarStyle::double_quoted;
}

// Text between quotes of a style, or nothing when it cannot stand there as it is.
std::optional<std::string> in_quotes(std::string_view text, ScalarStyle style) {
  switch (style) {
    case ScalarStyle::plain: return yaml_scalar(text);
    case ScalarStyle::single_quoted:
      if (text.find_first_of("'\n") != std::string_view::npos) return std::nullopt;
      return "'" + std::string(text) + "'";
    case ScalarStyle::double_quoted:
      if (text.find_first_of("\"\\\n") != std::string_view::npos) return std::nullopt;
      return '"' + std::string(text) + '"';
    case ScalarStyle::literal:
    case ScalarStyle::folded: return std::nullopt;
  }
  return std::nullopt;
}

// Terraform's and Bicep's entries need not be what YamlEdit takes them for.
bool is_yaml_or_json(Node node) {
  const std::string_view path = node.file()->path();
  return string_style(node) == ScalarStyle::plain || path.ends_with(".json");
}

std::optional<Edit> replace_scalar(Node scalar, std::string_view text) {
  if (!scalar.is_scalar() || !is_in_place(scalar) || !is_written(scalar)) return std::nullopt;
  const bool is_plain = scalar.style() == ScalarStyle::plain && string_style(scalar) == ScalarStyle::plain;
  // A plain key such as `a.b/c: ` or a plain `asm-1-29` needs no quotes although they would not harm.
  const bool stays_plain =
      is_plain && !text.empty() && plain_scalar_type(text) == ScalarType::string &&
      text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._/-") ==
          std::string_view::npos &&
      text.front() != '-';
  const ScalarStyle style = scalar.style() == ScalarStyle::plain ? string_style(scalar) : scalar.style();
  const auto quoted = stays_plain ? std::optional(std::string(text)) : in_quotes(text, style);
  if (!quoted) return std::nullopt;
  return Edit{{scalar.file(), scalar.span()}, *quoted};
}

bool is_same(Node one, Node other) {
  return one.document() == other.document() && one.index() == other.index();
}

// Whether another entry can stand behind the one that a value belongs to: it is written here, and an entry of a block
// mapping begins its line or follows the dash of an item.
bool is_place_for_entry(Node value) {
  const Node mapping = value.parent();
  if (!mapping.is_mapping() || !is_in_place(mapping) || !is_yaml_or_json(mapping) || !is_written(value.key())) {
    return false;
  }
  if (is_flow_mapping(mapping)) return true;
  const auto& file = *value.file();
  const std::uint32_t start = value.entry_span().start;
  const auto line = file.line_start(file.position(start).line);
  return file.text().substr(line, start - line).find_first_not_of(" -") == std::string_view::npos;
}

Edit insert_behind(Node value, std::string_view entry) {
  YamlEdit edit(*value.file());
  edit.insert_entry(value, entry);
  return edit.edits().front();
}

// An entry as it is written, with the comment behind it; nothing where it would mean something else between the
// brackets of a flow mapping.
std::optional<std::string> one_line_entry(Node value, bool into_flow) {
  if (!is_in_place(value) || !is_written(value)) return std::nullopt;
  const bool is_plain = value.style() == ScalarStyle::plain;
  if (is_plain && into_flow && written(value).find_first_of(",[]{}") != std::string_view::npos) return std::nullopt;
  const std::string entry = fmt::format("{}: {}", written(value.key()), written(value));
  if (is_flow_mapping(value.parent())) return entry;
  const std::string_view line = value.file()->line(value.file()->position(value.span().start).line);
  const auto comment = std::ranges::find_if(value.document()->comments(), [value](const Comment& one) {
    const auto& file = *value.file();
    return one.span.start >= value.span().end &&
           file.position(one.span.start).line == file.position(value.span().start).line;
  });
  if (comment == value.document()->comments().end()) return entry;
  if (into_flow) return std::nullopt;
  const auto& file = *value.file();
  const auto behind = line.substr(value.span().end - file.line_start(file.position(value.span().start).line));
  return entry + std::string(behind.substr(0, behind.find_last_not_of(" \t\r\n") + 1));
}

// Whether an entry whose mapping is to become empty can be taken out as a whole: no comment goes with it.
bool goes_whole(Node mapping) {
  const auto is_inside = [span = mapping.entry_span()](const Comment& comment) {
    return span.start <= comment.span.start && comment.span.end <= span.end;
  };
  return mapping.key() && mapping.parent().size() > 1 &&
         std::ranges::none_of(mapping.document()->comments(), is_inside);
}

// All edits, or none where one of them is not possible.
std::vector<Edit> all_of(std::vector<std::optional<Edit>> edits) {
  std::vector<Edit> result;
  for (auto& edit : edits) {
    if (!edit) return {};
    result.push_back(*std::move(edit));
  }
  return result;
}

}  // namespace

std::optional<Edit> replace_value(Node value, std::string_view text) {
  return replace_scalar(value, text);
}

std::optional<Edit> replace_by_yaml(Node value, std::string_view yaml) {
  const bool is_yaml = string_style(value) == ScalarStyle::plain;
  const bool is_block = value.style() == ScalarStyle::literal || value.style() == ScalarStyle::folded;
  if (!value.is_scalar() || !is_in_place(value) || !is_yaml || is_block) return std::nullopt;
  return Edit{{value.file(), value.span()}, std::string(yaml)};
}

std::optional<Edit> replace_key(Node value, std::string_view key) {
  if (value.parent()[key]) return std::nullopt;
  return replace_scalar(value.key(), key);
}

std::optional<Edit> remove_entry(Node value) {
  const Node mapping = value.parent();
  if (value.file() == nullptr || !is_yaml_or_json(value)) return std::nullopt;
  if (!mapping.is_mapping() || !is_in_place(value) || !is_in_place(mapping)) return std::nullopt;
  if (!is_written(value.key()) || is_stated_twice(value)) return std::nullopt;
  if (mapping.size() == 1) {
    Span span = mapping.span();
    const auto text = written(mapping);
    span.end = span.start + static_cast<std::uint32_t>(text.find_last_not_of(" \t\r\n") + 1);
    return Edit{{value.file(), span}, "{}"};
  }
  if (!is_apart(value)) return std::nullopt;
  YamlEdit edit(*value.file());
  edit.remove_entry(value);
  return edit.edits().front();
}

std::optional<Edit> insert_entry(Node behind, std::string_view key, std::string_view text) {
  if (!is_place_for_entry(behind) || behind.parent()[key]) return std::nullopt;
  const bool is_json = behind.file()->path().ends_with(".json");
  const auto word = [is_json](std::string_view value) {
    return is_json ? in_quotes(value, ScalarStyle::double_quoted) : std::optional(yaml_scalar(value));
  };
  const auto written_key = word(key);
  const auto written_text = word(text);
  if (!written_key || !written_text) return std::nullopt;
  return insert_behind(behind, fmt::format("{}: {}", *written_key, *written_text));
}

std::vector<Edit> remove_entries(const std::vector<Node>& values) {
  if (values.empty()) return {};
  const Node mapping = values.front().parent();
  if (values.size() == mapping.size() && goes_whole(mapping)) return all_of({remove_entry(mapping)});
  if (values.size() == 1) return all_of({remove_entry(values.front())});
  if (values.size() == mapping.size() || is_flow_mapping(mapping)) return {};
  std::vector<std::optional<Edit>> edits;
  for (const Node value : values) edits.push_back(remove_entry(value));
  return all_of(std::move(edits));
}

std::vector<Edit> move_entry(Node value, Node metadata, std::string_view field) {
  const Node from = value.parent();
  const Node into = metadata[field];
  const bool is_line = value.is_scalar() && written(value).find('\n') == std::string_view::npos;
  if (!is_line || !metadata.is_mapping() || metadata.file() != value.file() || into[value.key().text()]) return {};
  if (into && (!into.is_mapping() || into.size() == 0)) return {};
  const bool is_beside = is_same(from.parent(), metadata);
  // The only annotation becomes the only label where its mapping gets the other name.
  if (!into && from.size() == 1 && is_beside) return all_of({replace_key(from, field)});
  const auto removed = remove_entry(from.size() == 1 && goes_whole(from) ? from : value);
  const Node behind = into ? into.entries().back().value : is_beside ? from : metadata.entries().back().value;
  if (!removed || !is_place_for_entry(behind) || !is_same(behind.parent(), into ? into : metadata)) return {};
  const bool is_flow = is_flow_mapping(behind.parent());
  const auto entry = is_flow && !into ? std::nullopt : one_line_entry(value, is_flow);
  if (!entry) return {};
  const std::string inner(behind.file()->position(behind.entry_span().start).column + 1, ' ');
  const std::string_view line_end = value.file()->text().find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  return all_of(
      {insert_behind(behind, into ? *entry : fmt::format("{}:{}{}{}", field, line_end, inner, *entry)), removed});
}

std::optional<Fix> fix_by(std::string what, bool safe, std::vector<Edit> edits) {
  if (edits.empty()) return std::nullopt;
  return Fix{std::move(what), safe, std::move(edits)};
}

std::optional<Fix> fix_by(std::string what, bool safe, std::optional<Edit> edit) {
  if (!edit) return std::nullopt;
  return Fix{std::move(what), safe, {*std::move(edit)}};
}

std::string apply_edits(const SourceFile& file, std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {},
                           [](const Edit& edit) { return std::pair(edit.place.span.start, edit.place.span.end); });
  std::string result;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    result += file.text().substr(at, edit.place.span.start - at);
    result += edit.text;
    at = edit.place.span.end;
  }
  result += file.text().substr(at);
  return result;
}

}  // namespace meshlint
