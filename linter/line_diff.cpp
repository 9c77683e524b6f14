#include "linter/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace meshlint {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t context_lines = 3;

// Lines with their line ends; the last one may have none.
Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// A line of the diff: ' ' stands in both, '-' in the first, '+' in the second.
struct Row {
  char mark;
  std::string_view line;
};

// The shortest way from one list of lines to the other, by Myers' greedy algorithm: in proportion to their length
// times the number of differences.
std::vector<Row> compare(const Lines& before, const Lines& after) {
  const auto n = static_cast<std::ptrdiff_t>(before.size());
  const auto m = static_cast<std::ptrdiff_t>(after.size());
  const auto at = [](const Lines& lines, std::ptrdiff_t number) { return lines[static_cast<std::size_t>(number)]; };
  const std::ptrdiff_t most = n + m;
  std::vector<std::ptrdiff_t> furthest(static_cast<std::size_t>(2 * most + 2), 0);  // x, by diagonal
  const auto slot = [most](std::ptrdiff_t diagonal) { return static_cast<std::size_t>(diagonal + most); };
  std::vector<std::vector<std::ptrdiff_t>> history;  // `furthest` of the diagonals in reach, before each step
  const auto comes_from_above = [](const auto& x_of, std::ptrdiff_t diagonal, std::ptrdiff_t step) {
    return diagonal == -step || (diagonal != step && x_of(diagonal - 1) < x_of(diagonal + 1));
  };

  for (std::ptrdiff_t step = 0, done = 0; done == 0; ++step) {
    history.emplace_back(furthest.begin() + static_cast<std::ptrdiff_t>(slot(std::max(-step - 1, -most))),
                         furthest.begin() + static_cast<std::ptrdiff_t>(slot(std::min(step + 1, most))) + 1);
    const auto x_of = [&](std::ptrdiff_t diagonal) { return furthest[slot(diagonal)]; };
    for (std::ptrdiff_t diagonal = -step; diagonal <= step; diagonal += 2) {
      std::ptrdiff_t x = comes_from_above(x_of, diagonal, step) ? x_of(diagonal + 1) : x_of(diagonal - 1) + 1;
      while (x < n && x - diagonal < m && at(before, x) == at(after, x - diagonal)) ++x;
      furthest[slot(diagonal)] = x;
      if (x >= n && x - diagonal >= m) done = 1;
    }
  }

  std::vector<Row> rows;
  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (auto step = static_cast<std::ptrdiff_t>(history.size()) - 1; step >= 0; --step) {
    const auto& then = history[static_cast<std::size_t>(step)];
    const std::ptrdiff_t lowest = std::max(-step - 1, -most);
    const auto x_of = [&](std::ptrdiff_t diagonal) { return then[static_cast<std::size_t>(diagonal - lowest)]; };
    const std::ptrdiff_t diagonal = x - y;
    const std::ptrdiff_t from = step == 0 ? 0 : comes_from_above(x_of, diagonal, step) ? diagonal + 1 : diagonal - 1;
    const std::ptrdiff_t x_before = step == 0 ? 0 : x_of(from);
    const std::ptrdiff_t y_before = step == 0 ? 0 : x_before - from;
    while (x > x_before && y > y_before) {
      rows.push_back({' ', at(before, --x)});
      --y;
    }
    if (step == 0) break;
    if (x == x_before) {
      rows.push_back({'+', at(after, --y)});
    } else {
      rows.push_back({'-', at(before, --x)});
    }
  }
  std::ranges::reverse(rows);
  return rows;
}

// A path as git writes it: in quotes, with escapes, when it holds characters that would mislead.
std::string quoted(std::string_view prefix, std::string_view path) {
  std::string text = fmt::format("{}{}", prefix, path);
  const auto is_special = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\';
  };
  if (std::ranges::none_of(text, is_special)) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += fmt::format("\\{}", c);
    else if (is_special(c))
      result += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + '"';
}

// "-3,7": where a hunk begins and how many lines it has.
std::string range(std::size_t lines_before, std::size_t count) {
  return fmt::format("{},{}", count == 0 ? lines_before : lines_before + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const std::vector<Row> rows = compare(split(before), split(after));
  std::string text = fmt::format("--- {}\n+++ {}\n", quoted("a/", path), quoted("b/", path));
  std::size_t line_before = 0;  // lines of the first text above `at`
  std::size_t line_after = 0;
  for (std::size_t at = 0; at < rows.size();) {
    const auto is_change = [](const Row& row) { return row.mark != ' '; };
    const auto change = static_cast<std::size_t>(
        std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end(), is_change) - rows.begin());
    if (change == rows.size()) break;
    const std::size_t start = std::max(at, change > context_lines ? change - context_lines : 0);
    std::size_t end = change;  // behind the last change of the hunk
    for (std::size_t i = change; i < rows.size() && i <= end + 2 * context_lines; ++i) {
      if (is_change(rows[i])) end = i + 1;
    }
    const std::size_t stop = std::min(end + context_lines, rows.size());
    line_before += start - at;
    line_after += start - at;

    std::string body;
    std::size_t count_before = 0;
    std::size_t count_after = 0;
    for (std::size_t i = start; i < stop; ++i) {
      const Row& row = rows[i];
      body += fmt::format("{}{}", row.mark, row.line);
      if (!row.line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
      if (row.mark != '+') ++count_before;
      if (row.mark != '-') ++count_after;
    }
    text += fmt::format("@@ -{} +{} @@\n{}", range(line_before, count_before), range(line_after, count_after), body);
    line_before += count_before;
    line_after += count_after;
    at = stop;
  }
  return text;
}

}  // namespace meshlint
