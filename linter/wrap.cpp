#include "linter/wrap.h"

#include <fmt/format.h>

#include <sstream>

#include "linter/sanitize.h"

namespace meshlint {

void add_wrapped(std::string& text, std::string_view head, std::string_view words, std::size_t indent) {
  std::string line(head);
  bool is_first = line.size() <= indent;
  if (is_first) line.resize(indent, ' ');
  std::istringstream stream{std::string(words)};
  for (std::string word; stream >> word;) {
    if (!is_first && display_width(line) + 1 + display_width(word) > report_width) {
      text += line + "\n";
      line = std::string(indent, ' ');
      is_first = true;
    }
    line += (is_first ? "" : " ") + word;
    is_first = false;
  }
  text += line + "\n";
}

std::string source_words(const Citation& source) {
  const std::string section = source.section.empty() ? "" : fmt::format(", '{}'", source.section);
  return fmt::format("{}{}, read {}", source.page, section, source.date);
}

}  // namespace meshlint
