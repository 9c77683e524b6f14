#include "linter/markdown.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace meshlint {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view no_break_space = "\xC2\xA0";

struct Line {
  std::string_view text;
  std::uint32_t start = 0;
  bool in_fence = false;
  bool in_example = false;  // a fence that names a language
};

bool is_blank(char letter) {
  return blanks.find(letter) != std::string_view::npos;
}

// Takes blanks, and spaces that look like them, off both ends of a stretch of the page.
Span trim(std::string_view page, Span span) {
  const auto text = [&] { return page.substr(span.start, span.end - span.start); };
  for (;;) {
    if (!text().empty() && is_blank(text().front())) {
      ++span.start;
    } else if (text().starts_with(no_break_space)) {
      span.start += static_cast<std::uint32_t>(no_break_space.size());
    } else if (!text().empty() && is_blank(text().back())) {
      --span.end;
    } else if (text().ends_with(no_break_space)) {
      span.end -= static_cast<std::uint32_t>(no_break_space.size());
    } else {
      return span;
    }
  }
}

std::string_view trimmed(std::string_view text) {
  const Span span = trim(text, {0, static_cast<std::uint32_t>(text.size())});
  return text.substr(span.start, span.end - span.start);
}

// The next bar that is no `\|`.
std::size_t find_bar(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '|') {
      return at;
    }
  }
  return std::string_view::npos;
}

bool has_bar(std::string_view text) {
  return find_bar(text, 0) != std::string_view::npos;
}

std::string without_escapes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\\|")) ++at;
    result += text[at];
  }
  return result;
}

// The bars at the beginning and the end of a row are no part of it and may be missing.
MarkdownRow read_row(std::string_view page, const Line& line) {
  const Span all = trim(page, {line.start, line.start + static_cast<std::uint32_t>(line.text.size())});
  MarkdownRow row{.cells = {}, .span = all};
  const std::string_view text = page.substr(0, all.end);
  std::size_t start = all.start + (text.substr(all.start).starts_with('|') ? 1U : 0U);
  while (start < text.size()) {
    const std::size_t end = std::min(find_bar(text, start), text.size());
    const Span span = trim(page, {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
    row.cells.push_back({without_escapes(page.substr(span.start, span.end - span.start)), span});
    start = end + 1;
  }
  return row;
}

bool is_delimiter_row(std::string_view page, const Line& line) {
  if (!has_bar(line.text) || line.text.find_first_not_of(" \t|:-") != std::string_view::npos) return false;
  const MarkdownRow row = read_row(page, line);
  return !row.cells.empty() && std::ranges::all_of(row.cells, [](const MarkdownCell& cell) {
    std::string_view dashes = cell.text;
    if (dashes.starts_with(':')) dashes.remove_prefix(1);
    if (dashes.ends_with(':')) dashes.remove_suffix(1);
    return !dashes.empty() && dashes.find_first_not_of('-') == std::string_view::npos;
  });
}

std::optional<std::string> heading_text(std::string_view line) {
  const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
  if (level == 0 || level > 6 || (level < line.size() && !is_blank(line[level]))) return std::nullopt;
  std::string_view text = trimmed(line.substr(level));
  const std::size_t last = text.find_last_not_of('#');
  if (last == std::string_view::npos) return "";
  if (last + 1 < text.size() && is_blank(text[last])) text = trimmed(text.substr(0, last));
  return std::string(text);
}

// The lines that may hold something: not those of front matter and comments.
class VisibleLines {
 public:
  explicit VisibleLines(const SourceFile& file) {
    const std::uint32_t count = file.line_count();
    for (std::uint32_t number = 1; number <= count; ++number) {
      const std::string_view text = file.line(number);
      if (number == 1 && trimmed(text) == "---") {
        in_front_matter_ = true;
      } else if (!hides(text)) {
        lines_.push_back({text, file.line_start(number), !fence_.empty(), !fence_.empty() && names_language_});
      }
    }
  }

  const std::vector<Line>& lines() const { return lines_; }

 private:
  bool hides(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (in_front_matter_) {
      in_front_matter_ = text != "---" && text != "...";
      return true;
    }
    if (in_comment_) {
      in_comment_ = text.find("-->") == std::string_view::npos;
      return true;
    }
    if (!fence_.empty()) {
      if (text.starts_with(fence_) && text.find_first_not_of(fence_[0]) == std::string_view::npos) fence_ = {};
      return false;
    }
    for (const char mark : {'`', '~'}) {
      const std::size_t length = std::min(text.find_first_not_of(mark), text.size());
      if (length < 3 || (mark == '`' && text.find('`', length) != std::string_view::npos)) continue;
      fence_ = text.substr(0, length);
      names_language_ = !trimmed(text.substr(length)).empty();
      return false;
    }
    if (!text.starts_with("<!--")) return false;
    in_comment_ = text.find("-->") == std::string_view::npos;
    return true;
  }

  std::vector<Line> lines_;
  std::string_view fence_;  // the mark that opened it; empty outside
  bool names_language_ = false;
  bool in_front_matter_ = false;
  bool in_comment_ = false;
};

bool starts_table(std::string_view page, const std::vector<Line>& lines, std::size_t at) {
  return has_bar(lines[at].text) && at + 1 < lines.size() && !lines[at].in_example &&
         lines[at].in_fence == lines[at + 1].in_fence && is_delimiter_row(page, lines[at + 1]);
}

// Code has lines that start with a bar, prose has bars inside: only rows of the table's width are taken for rows there.
bool looks_like_row(std::string_view page, const Line& line, std::size_t width) {
  if (!has_bar(line.text)) return false;
  std::string_view text = trimmed(line.text);
  while (text.starts_with('>')) text = trimmed(text.substr(1));  // a quotation
  if (text.starts_with('|') && !line.in_fence) return true;
  return width > 2 && read_row(page, line).cells.size() == width;
}

// Reads the rows behind a delimiter row and returns the index of the first line that is none.
std::size_t read_rows(std::string_view page, const std::vector<Line>& lines, std::size_t at, MarkdownTable& table) {
  const bool in_fence = lines[at - 1].in_fence;
  while (at < lines.size() && has_bar(lines[at].text) && lines[at].in_fence == in_fence) {
    table.rows.push_back(read_row(page, lines[at++]));
  }
  const std::size_t end = at;
  for (; at < lines.size() && !starts_table(page, lines, at); ++at) {
    if (looks_like_row(page, lines[at], table.header.cells.size())) {
      table.strays.push_back(read_row(page, lines[at]).span);
    }
  }
  return end;
}

}  // namespace

MarkdownPage read_markdown(const SourceFile& file) {
  const std::string_view text = file.text();
  const VisibleLines visible(file);
  const std::vector<Line>& lines = visible.lines();
  MarkdownPage page;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const Line& line = lines[at];
    if (const auto heading = line.in_fence ? std::nullopt : heading_text(line.text)) {
      page.headings.push_back({*heading, {line.start, line.start + static_cast<std::uint32_t>(line.text.size())}});
    } else if (starts_table(text, lines, at)) {
      MarkdownTable table;
      if (!page.headings.empty()) table.heading = page.headings.back().text;
      table.header = read_row(text, line);
      at = read_rows(text, lines, at + 2, table) - 1;
      page.tables.push_back(std::move(table));
    }
  }
  return page;
}

}  // namespace meshlint
