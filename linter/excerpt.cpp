#include "linter/excerpt.h"

#include <algorithm>
#include <vector>

#include "linter/sanitize.h"

namespace meshlint {
namespace {

constexpr std::string_view cut_mark = "...";
constexpr std::string_view tab = "    ";

// A character as it is shown.
struct Glyph {
  std::size_t offset = 0;  // in the line
  std::size_t column = 0;  // counted from the first glyph
  std::size_t width = 0;
  std::string text;
};

struct Glyphs {
  std::vector<Glyph> all;
  bool cut_left = false;  // the line has more
  bool cut_right = false;

  std::size_t columns() const { return all.empty() ? 0 : all.back().column + all.back().width; }
  // The column of the character at or behind an offset.
  std::size_t column_of(std::size_t offset) const {
    const auto found = std::ranges::lower_bound(all, offset, {}, &Glyph::offset);
    return found == all.end() ? columns() : found->column;
  }
};

// The characters around an offset, more than enough of them to fill the width.
Glyphs glyphs_around(std::string_view line, std::size_t offset, std::size_t width) {
  const std::size_t reach = 4 * width;
  std::size_t first = offset > reach ? offset - reach : 0;
  while (first < offset && (static_cast<unsigned char>(line[first]) & 0xC0) == 0x80) ++first;
  Glyphs glyphs;
  glyphs.cut_left = first > 0;
  std::size_t column = 0;
  std::size_t next = first;
  while (next < line.size() && next < offset + reach) {
    const std::size_t at = next;
    std::string text = sanitize_character(line, next);
    if (line[at] == '\t') text = tab;
    const std::size_t columns = display_width(text);
    glyphs.all.push_back({at, column, columns, std::move(text)});
    column += columns;
  }
  glyphs.cut_right = next < line.size();
  return glyphs;
}

// The first column to show: the line's beginning if the span is then in view, else some way ahead of the span.
std::size_t first_column(const Glyphs& glyphs, std::size_t start, std::size_t end, std::size_t width) {
  if (!glyphs.cut_left && end + cut_mark.size() <= width) return 0;
  const std::size_t wanted = start - std::min(start, width / 4);
  const auto glyph = std::ranges::lower_bound(glyphs.all, wanted, {}, &Glyph::column);
  return glyph == glyphs.all.end() ? wanted : glyph->column;
}

}  // namespace

Excerpt make_excerpt(std::string_view line, std::size_t start, std::size_t end, std::size_t width) {
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  start = std::min(start, line.size());
  end = std::clamp(end, start, line.size());
  const Glyphs glyphs = glyphs_around(line, start, width);
  const std::size_t from = glyphs.column_of(start);
  const std::size_t to = std::max(glyphs.column_of(end), from + 1);

  const bool fits = !glyphs.cut_left && !glyphs.cut_right && glyphs.columns() <= width;
  const std::size_t left = fits ? 0 : first_column(glyphs, from, to, width);
  Excerpt excerpt;
  if (left > 0 || glyphs.cut_left) excerpt.text = cut_mark;
  const std::size_t shift = excerpt.text.size();
  const bool rest_fits = !glyphs.cut_right && glyphs.columns() - left + shift <= width;
  const std::size_t right = left + width - shift - (rest_fits ? 0 : cut_mark.size());
  for (const Glyph& glyph : glyphs.all) {
    if (glyph.column >= left && glyph.column + glyph.width <= right) excerpt.text += glyph.text;
  }
  if (!rest_fits) excerpt.text += cut_mark;
  excerpt.start = shift + from - left;
  excerpt.width = std::max<std::size_t>(std::min(to, right) - std::min(from, right), 1);
  return excerpt;
}

}  // namespace meshlint
