#include "linter/fix.h"

#include <algorithm>

#include "linter/scalar.h"
#include "linter/yaml_edit.h"

namespace meshlint {
namespace {

std::string_view written(Node node) {
  const Span span = node.span();
  return node.file()->text().substr(span.start, span.end - span.start);
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
  if (!value.document()->nodes()[value.parent().index()].flow) {
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

std::optional<Fix> fix_by(std::string what, bool safe, std::optional<Edit> edit) {
  if (!edit) return std::nullopt;
  return Fix{std::move(what), safe, {*std::move(edit)}};
}

std::string apply_edits(const SourceFile& file, std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.place.span.start; });
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
