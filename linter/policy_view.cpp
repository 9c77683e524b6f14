#include "linter/policy_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "linter/sanitize.h"

namespace meshlint {
namespace {

// The longest beginning of a word, whole code points, that is no wider than asked for; at least one of them.
std::size_t fitting(std::string_view word, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t next = 1; next <= word.size(); ++next) {
    const bool inside = next < word.size() && (static_cast<unsigned char>(word[next]) & 0xC0U) == 0x80U;
    if (inside) continue;
    if (end > 0 && display_width(word.substr(0, next)) > most) break;
    end = next;
  }
  return end;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indentation) {
  std::string result;
  std::size_t column = indentation;
  const auto new_line = [&] {
    result += fmt::format("\n{}", std::string(indentation, ' '));
    column = indentation;
  };
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    if (!result.empty() && column + 1 + display_width(word) > view_width) {
      new_line();
    } else if (!result.empty()) {
      result += ' ';
      ++column;
    }
    while (column + display_width(word) > view_width && indentation < view_width) {
      const std::size_t part = fitting(word, view_width - column);
      if (part == word.size()) break;
      result += word.substr(0, part);
      word.remove_prefix(part);
      new_line();
    }
    result += word;
    column += display_width(word);
  }
  return result;
}

std::string render_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::size_t gap) {
  std::string line;
  std::size_t column = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    line += last ? wrapped(cells[i], column) : cells[i];
    if (!last) line += std::string(widths[i] + gap - display_width(cells[i]), ' ');
    column += widths[i] + gap;
  }
  while (line.ends_with(' ')) line.pop_back();
  return line + '\n';
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths(lines.empty() ? 0 : lines[0].size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], display_width(line[i]));
  }
  return widths;
}

}  // namespace meshlint
