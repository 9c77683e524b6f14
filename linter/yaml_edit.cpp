#include "linter/yaml_edit.h"

#include <algorithm>

namespace meshlint {
namespace {

bool is_flow(Node collection) {
  return collection.document()->nodes()[collection.index()].flow;
}

std::string_view line_break(const SourceFile& file) {
  return file.text().find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  constexpr std::string_view harmless =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ._/()-";  // no comma, colon, quote or sign
  const bool plain = !text.empty() && text.find_first_not_of(harmless) == std::string_view::npos &&
                     text.front() != ' ' && text.back() != ' ' && text.front() != '-' &&
                     plain_scalar_type(text) == ScalarType::string;
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + '"';
}

std::uint32_t YamlEdit::line_start(std::uint32_t offset) const {
  return file_.line_start(file_.position(offset).line);
}

// The start of the line behind that of an offset, or the end of the file.
std::uint32_t YamlEdit::next_line(std::uint32_t offset) const {
  const std::size_t end = file_.text().find('\n', offset);
  return static_cast<std::uint32_t>(end == std::string_view::npos ? file_.text().size() : end + 1);
}

// A collection's span may reach into the line behind it.
std::uint32_t YamlEdit::last_byte(Node value) const {
  const Span span = value.key() ? value.entry_span() : value.span();
  std::uint32_t at = span.end;
  while (at > span.start + 1 && std::string_view(" \t\r\n").find(file_.text()[at - 1]) != std::string_view::npos) --at;
  return at > span.start ? at - 1 : at;
}

std::string YamlEdit::indentation(std::uint32_t offset) const {
  return std::string(file_.position(offset).column - 1, ' ');
}

void YamlEdit::insert_entry(Node behind, std::string_view entry) {
  if (is_flow(behind.parent())) {
    const std::uint32_t end = behind.span().end;
    insert(end, ", " + std::string(entry), Kind::entry);
    return;
  }
  const std::uint32_t at = next_line(last_byte(behind));
  const std::string_view end = line_break(file_);
  const bool complete = at > 0 && file_.text()[at - 1] == '\n';
  insert(
      at,
      std::string(complete ? "" : end) + indentation(behind.entry_span().start) + std::string(entry) + std::string(end),
      Kind::entry);
}

void YamlEdit::remove_entry(Node value) {
  const Span entry = value.entry_span();
  const std::string_view text = file_.text();
  if (!is_flow(value.parent())) {
    replace(Span{line_start(entry.start), next_line(last_byte(value))}, "");
    return;
  }
  const std::size_t before = text.find_last_not_of(" \t\r\n", entry.start - 1);
  if (text[before] == ',') {
    replace(Span{static_cast<std::uint32_t>(before), entry.end}, "");
    return;
  }
  const std::size_t comma = text.find(',', entry.end);
  const std::size_t next = text.find_first_not_of(" \t\r\n", comma + 1);
  replace(Span{entry.start, static_cast<std::uint32_t>(next)}, "");
}

std::uint32_t YamlEdit::dash_of(Node item) const {
  return static_cast<std::uint32_t>(file_.text().rfind('-', item.span().start - 1));
}

bool YamlEdit::is_block_sequence(Node value) {
  return value.is_sequence() && value.document()->nodes()[value.index()].kind == NodeKind::sequence && !is_flow(value);
}

void YamlEdit::remove_item(Node item) {
  replace(Span{line_start(dash_of(item)), next_line(last_byte(item))}, "");
}

void YamlEdit::insert_item(Node sequence, Node behind, const std::vector<std::string>& lines) {
  const Node model = behind ? behind : sequence[std::size_t{0}];
  const std::uint32_t first = model.span().start;
  const std::string outer = indentation(dash_of(model));
  const std::string inner = indentation(first);
  const std::uint32_t at = behind ? next_line(last_byte(behind)) : line_start(first);
  const std::string_view end = line_break(file_);
  std::string text = at > 0 && file_.text()[at - 1] != '\n' ? std::string(end) : "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += i == 0 ? outer + "-" + std::string(inner.size() - outer.size() - 1, ' ') : inner;
    text += lines[i];
    text += end;
  }
  insert(at, std::move(text), Kind::item);
}

std::vector<Edit> YamlEdit::edits() const {
  std::vector<Edit> edits;
  for (const Change& change : changes_) edits.push_back({{&file_, change.span}, change.text});
  return edits;
}

std::string YamlEdit::text() const {
  std::vector<Change> ordered = changes_;
  std::ranges::stable_sort(ordered, {}, [](const Change& change) { return std::pair(change.span.start, change.kind); });
  std::string result;
  std::size_t at = 0;
  for (const Change& change : ordered) {
    result += file_.text().substr(at, change.span.start - at);
    result += change.text;
    at = change.span.end;
  }
  result += file_.text().substr(at);
  return result;
}

}  // namespace meshlint
