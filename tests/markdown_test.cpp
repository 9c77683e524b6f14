#include "linter/markdown.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "linter/page_date.h"

namespace meshlint {
namespace {

SourceFile page_of(std::string text) {
  return {"page.md", "page.md", std::move(text)};
}

std::vector<std::vector<std::string>> texts(const MarkdownTable& table) {
  std::vector<std::vector<std::string>> rows;
  for (const MarkdownRow& row : table.rows) {
    std::vector<std::string> cells;
    for (const MarkdownCell& cell : row.cells) cells.push_back(cell.text);
    rows.push_back(std::move(cells));
  }
  return rows;
}

using Rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a table of a Markdown page holds every cell with its place") {
  const SourceFile file = page_of(
      "---\ntitle: A\n# no heading: x\n---\n# A page #\n\n## Calendar\n\ntext\n"
      "| Name | Date | More |\n|--|:-:|--|--|\n| a\\|b |  May 2026\t| |\n| c | d ||\n| e | f\n g | \xC2\xA0h\xC2\xA0 "
      "|\n\nend\n");
  const MarkdownPage page = read_markdown(file);
  REQUIRE(page.headings.size() == 2);
  CHECK(page.headings[0].text == "A page");
  CHECK(page.headings[1].text == "Calendar");
  REQUIRE(page.tables.size() == 1);
  const MarkdownTable& table = page.tables[0];
  CHECK(table.heading == "Calendar");
  CHECK(table.header.cells.size() == 3);
  CHECK(texts(table) == Rows{{"a|b", "May 2026", ""}, {"c", "d", ""}, {"e", "f"}, {"g", "h"}});
  const MarkdownCell& date = table.rows[0].cells[1];
  CHECK(file.text().substr(date.span.start, date.span.end - date.span.start) == "May 2026");
  CHECK(file.position(date.span.start) == Position{12, 11});
  CHECK(table.strays.empty());
}

TEST_CASE("rows that a blank line separates from their table are found") {
  const SourceFile file = page_of("## T\n| A | B |\n|---|---|\n\n| 1 | 2 |\n| 3 | 4 |\n\n| C |\n|---|\n| 5 |\n");
  const MarkdownPage page = read_markdown(file);
  REQUIRE(page.tables.size() == 2);
  CHECK(page.tables[0].rows.empty());
  REQUIRE(page.tables[0].strays.size() == 2);
  CHECK(file.position(page.tables[0].strays[0].start).line == 5);
  CHECK(texts(page.tables[1]) == Rows{{"5"}});
}

TEST_CASE("rows that text, a quotation or a fence separates from their table are found") {
  const SourceFile file = page_of(
      "## T\n| A | B | C |\n|---|---|---|\n| 1 | 2 | 3 |\nnote\n| 4 | 5 |\n\n> [!NOTE]\n> | 6 | 7 | 8 |\n### U\n"
      "9 | 10 | 11\na | b\n```bash\n| grep x\n| 12 | 13 | 14 |\n```\n");
  const MarkdownPage page = read_markdown(file);
  REQUIRE(page.tables.size() == 1);
  CHECK(texts(page.tables[0]) == Rows{{"1", "2", "3"}});
  std::vector<std::uint32_t> lines;
  for (const Span stray : page.tables[0].strays) lines.push_back(file.position(stray.start).line);
  CHECK(lines == std::vector<std::uint32_t>{6, 9, 11, 15});
}

TEST_CASE("a table in a fence that names a language is an example") {
  const MarkdownPage page = read_markdown(page_of("```output\n| A |\n|---|\n| 1 |\n```\n| B |\n|---|\n| 2 |\n"));
  REQUIRE(page.tables.size() == 1);
  CHECK(texts(page.tables[0]) == Rows{{"2"}});
}

TEST_CASE("headings in code and tables in comments are none") {
  const SourceFile file = page_of(
      "## T\n```bash\n# a comment | of a script\n```\n<!-- | A |\n|---|\n| 1 |\n-->\n~~~\n| B |\n|---|\n| 2 |\n~~~\n");
  const MarkdownPage page = read_markdown(file);
  CHECK(page.headings.size() == 1);
  REQUIRE(page.tables.size() == 1);
  CHECK(texts(page.tables[0]) == Rows{{"2"}});
}

TEST_CASE("a page without an end of line, of nothing or of bars alone is read") {
  CHECK(read_markdown(page_of("")).tables.empty());
  CHECK(read_markdown(page_of("|")).tables.empty());
  CHECK(read_markdown(page_of("|||\n|||")).tables.empty());
  CHECK(read_markdown(page_of("| A |\n|---|")).tables.size() == 1);
  CHECK(texts(read_markdown(page_of("A | B\r\n--- | ---\r\n1 | 2\r\n")).tables.at(0)) == Rows{{"1", "2"}});
  CHECK(read_markdown(page_of(std::string(100'000, '|'))).tables.empty());
}

TEST_CASE("dates are read in every form that the pages have had") {
  const auto day = [](std::string_view cell) {
    const auto date = parse_page_date(cell);
    return date && date->last_day() ? to_string(*date->last_day()) : "none";
  };
  CHECK(day("Mar 2026") == "2026-03-31");
  CHECK(day("March 2025") == "2025-03-31");
  CHECK(day("Sept 2024") == "2024-09-30");
  CHECK(day("Feb 2024") == "2024-02-29");
  CHECK(day("Aug 22, 2025") == "2025-08-22");
  CHECK(day("Aug 22nd, 2025") == "2025-08-22");
  CHECK(day("Nov 1st, 2025") == "2025-11-01");
  CHECK(day("Aug-04-21") == "2021-08-04");
  CHECK(day("Apr 19") == "2019-04-30");
  CHECK(day("*Nov 20") == "2020-11-30");
  CHECK(day("Jan 2021*") == "2021-01-31");
  CHECK(day("~Sept 2025 (expected EOM)") == "2025-09-30");
  CHECK(day("Jan,15 2025 - Note that this ends early") == "2025-01-15");
  CHECK(day("Jul 2024, LTS until Jul 2025") == "2024-07-31");
  CHECK(parse_page_date("Jul 2024, LTS until Jul 2025")->lts_text == "Jul 2025");
  CHECK(parse_page_date("~Aug 2026 (expected)")->expected);
  CHECK_FALSE(parse_page_date("Aug 2026")->expected);
  CHECK(parse_page_date("*1.21 GA")->release == Minor{1, 21});
  CHECK(parse_page_date("Until 1.36 GA")->release == Minor{1, 36});
  CHECK(parse_page_date("TBD")->undetermined);
  CHECK(parse_page_date("Jan,15 2025 - Note that this ends early")->text == "Jan,15 2025");
}

TEST_CASE("a cell that is no date is not guessed at") {
  for (const char* cell : {"",
                           "2025",
                           "2025-08",
                           "Smarch 2025",
                           "Feb 30, 2025",
                           "Aug 1",
                           "Aug 31",
                           "~Aug 22 (expected)",
                           "Aug 22nd",
                           "Aug-04",
                           "Q3 2025",
                           "Aug 2025 or so",
                           "Aug 20255",
                           "Aug 123",
                           "(expected)",
                           "~",
                           "1.23",
                           "1.23.4 GA",
                           "Until soon",
                           "Aug 2025 (maybe)",
                           "Jul 2024, LTS until soon",
                           "Mar 2026 - Note ",
                           "May 2026 / Jun 2026",
                           "soon"}) {
    INFO(cell);
    CHECK_FALSE(parse_page_date(cell).has_value());
  }
}

}  // namespace meshlint
