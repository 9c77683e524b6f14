// What the tests of the policy need to compare it with the pages that it was read from. Those pages are no part of the
// repository: the tests are skipped where they are not at hand.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace meshlint {

inline const std::filesystem::path shared = std::filesystem::path(SOURCE_DIRECTORY) / "../shared";

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  REQUIRE(stream.is_open());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// True, with a word about it, where the primary sources are not at hand.
inline bool absent(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return false;
  WARN("skipped: " << path << " does not exist");
  return true;
}

using Row = std::vector<std::string>;

// The cells of a row of a Markdown table.
inline Row cells(std::string_view line) {
  Row row;
  line.remove_prefix(line.find('|') + 1);
  while (!line.empty()) {
    const auto end = std::min(line.find('|'), line.size());
    std::string_view cell = line.substr(0, end);
    while (!cell.empty() && std::isspace(static_cast<unsigned char>(cell.front()))) cell.remove_prefix(1);
    while (!cell.empty() && std::isspace(static_cast<unsigned char>(cell.back()))) cell.remove_suffix(1);
    row.emplace_back(cell);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return row;
}

// The rows of the first table of a Markdown page behind a heading, without its head.
inline std::vector<Row> table(const std::string& page, std::string_view heading) {
  std::istringstream lines(page);
  std::vector<Row> rows;
  bool behind = false;
  bool in_table = false;
  for (std::string line; std::getline(lines, line);) {
    behind = behind || line == heading;
    if (!behind) continue;
    if (in_table && !line.starts_with('|')) break;
    if (line.starts_with('|')) rows.push_back(cells(line));
    in_table = line.starts_with('|');
  }
  REQUIRE(rows.size() > 2);
  rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

}  // namespace meshlint
