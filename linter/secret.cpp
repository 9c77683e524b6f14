#include "linter/secret.h"

#include <algorithm>
#include <map>
#include <string>

#include "linter/rule.h"

namespace meshlint {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim_end(std::string_view text, std::string_view characters) {
  return text.substr(0, text.find_last_not_of(characters) + 1);
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(blanks), line.size());
}

// `kind: Secret` in any spelling of YAML or JSON; also SecretList, whose items need not say what they are.
bool states_kind_secret(std::string_view line) {
  constexpr std::string_view kind = "Secret";
  for (auto at = line.find(kind); at != std::string_view::npos; at = line.find(kind, at + 1)) {
    const auto before = trim_end(line.substr(0, at), " \t\"'");
    if (before.ends_with(':') && trim_end(before.substr(0, before.size() - 1), " \t\"'").ends_with("kind")) return true;
  }
  return false;
}

// A key `data` or `stringData`, and where its value starts.
struct DataKey {
  std::size_t column = 0;
  std::size_t value = 0;
  bool flow = false;  // the value, or what is around it, is in braces
};

std::optional<DataKey> find_data_key(std::string_view line) {
  for (const std::string_view name : {"stringData", "data"}) {
    for (auto at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
      const auto before = line.substr(0, at);
      if (!before.empty() && std::string_view(" \t\"'{,").find(before.back()) == std::string_view::npos) continue;
      auto colon = at + name.size();
      if (colon < line.size() && (line[colon] == '"' || line[colon] == '\'')) ++colon;
      colon = line.find_first_not_of(blanks, colon);
      if (colon == std::string_view::npos || line[colon] != ':') continue;
      const auto start = trim_end(before, "\"'").size();
      const bool own_line = before.find_first_not_of(" \t-\"'") == std::string_view::npos;
      const auto value = line.find_first_not_of(blanks, colon + 1);
      const bool braces = value != std::string_view::npos && line[value] == '{';
      return DataKey{start, colon + 1, braces || !own_line};
    }
  }
  return std::nullopt;
}

// What a finding about a place may quote: the hidden text of the lines around it.
std::string hidden_text(const SourceFile& file, const SecretLines& secrets, std::uint32_t offset) {
  constexpr std::uint32_t lines_before = 20;
  constexpr std::uint32_t lines_after = 2;
  constexpr std::uint32_t reach = 1024;  // bytes of a line; a finding quotes far fewer
  const std::uint32_t place = file.position(offset).line;
  const std::uint32_t last = std::min(place + lines_after, file.line_count());
  std::string text;
  for (std::uint32_t number = place > lines_before ? place - lines_before : 1; number <= last; ++number) {
    const auto hidden = secrets.hidden_from(number);
    if (!hidden) continue;
    std::size_t from = *hidden;
    const std::size_t column = number == place ? offset - file.line_start(number) : 0;
    if (column > from + reach) from = column - reach;
    text += file.line(number).substr(from, 2 * std::size_t{reach});
    text += '\n';
  }
  return text;
}

// Replaces every piece of at least four bytes that also stands in the hidden text.
std::string redact(std::string_view text, std::string_view hidden) {
  constexpr std::size_t shortest = 4;
  std::string redacted;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    auto found = hidden.find(text.substr(at, shortest));
    if (at + shortest > text.size()) found = std::string_view::npos;
    while (found != std::string_view::npos) {
      length = std::max(length, shortest);
      while (at + length < text.size() && found + length < hidden.size() && text[at + length] == hidden[found + length])
        ++length;
      found = at + length < text.size() ? hidden.find(text.substr(at, length + 1), found) : std::string_view::npos;
    }
    redacted += length > 0 ? "***" : text.substr(at, 1);
    at += std::max<std::size_t>(length, 1);
  }
  return redacted;
}

}  // namespace

std::size_t value_start(std::string_view line) {
  for (auto colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1)) {
    if (colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t')
      return std::min(line.find_first_not_of(blanks, colon + 1), line.size());
  }
  return indentation(line);
}

SecretLines::SecretLines(const SourceFile& file) {
  if (file.text().find("Secret") == std::string_view::npos) return;
  std::uint32_t first = 1;
  bool has_secret = false;
  const std::uint32_t count = file.line_count();
  for (std::uint32_t number = 1; number <= count; ++number) {
    const auto line = file.line(number);
    if (line.starts_with("---")) {
      if (has_secret) add_document(file, first, number - 1);
      first = number;
      has_secret = false;
    }
    has_secret = has_secret || states_kind_secret(line);
  }
  if (has_secret) add_document(file, first, count);
}

void SecretLines::add_document(const SourceFile& file, std::uint32_t first, std::uint32_t last) {
  std::optional<DataKey> data;
  std::optional<std::size_t> child_column;
  for (std::uint32_t number = first; number <= last; ++number) {
    const auto line = file.line(number);
    const auto column = indentation(line);
    if (column == line.size()) continue;
    if (data && !data->flow && column <= data->column) data.reset();
    if (!data) {
      data = find_data_key(line);
      child_column.reset();
      if (data) hidden_[number] = data->value;
      continue;
    }
    // Deeper than the keys of `data` there are only the lines of a value, whatever they look like.
    if (!child_column) child_column = column;
    hidden_[number] = column == *child_column ? value_start(line) : column;
  }
}

std::optional<std::size_t> SecretLines::hidden_from(std::uint32_t line) const {
  const auto known = hidden_.find(line);
  if (known == hidden_.end()) return std::nullopt;
  return known->second;
}

void hide_secrets(std::vector<Diagnostic>& diagnostics) {
  std::map<const SourceFile*, SecretLines> secrets_of_file;
  for (Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.rule->family != Family::input) continue;
    const SourceFile& file = *diagnostic.place.file;
    const SecretLines& secrets = secrets_of_file.try_emplace(&file, file).first->second;
    if (secrets.empty()) continue;
    const std::string hidden = hidden_text(file, secrets, diagnostic.place.span.start);
    diagnostic.message = redact(diagnostic.message, hidden);
    diagnostic.help = redact(diagnostic.help, hidden);
    for (Note& note : diagnostic.notes) note.text = redact(note.text, hidden);
  }
}

}  // namespace meshlint
