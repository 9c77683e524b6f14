// Text for a terminal of 80 columns, as `policy show` prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshlint {

inline constexpr std::size_t view_width = 80;

// Breaks a text at blanks where a line would get too long, and within a word that fits no line; lines after the first
// are indented. The first one starts in that column too.
std::string wrapped(std::string_view text, std::size_t indentation);

// One line of a table, with the last cell wrapped: cells start where the widths of those before and the gaps end.
std::string render_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::size_t gap);

// The width of the widest cell of each column.
std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& lines);

}  // namespace meshlint
