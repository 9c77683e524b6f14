// The tables of a Markdown page, read as a person sees them in its source, with the place of every cell.
#pragma once

#include <string>
#include <vector>

#include "linter/source.h"

namespace meshlint {

struct MarkdownCell {
  std::string text;  // without blanks around it, and with `\|` undone
  Span span;         // empty, between its bars, for an empty cell
};

struct MarkdownRow {
  std::vector<MarkdownCell> cells;  // as many as the row has, more or fewer than the header or not
  Span span;
};

struct MarkdownTable {
  std::string heading;  // the nearest heading above it, without its marks; empty for none
  MarkdownRow header;
  std::vector<MarkdownRow> rows;
  std::vector<Span>
      strays;  // lines before the next table that look like rows, but something ends the table before them
};

struct MarkdownHeading {
  std::string text;
  Span span;
};

struct MarkdownPage {
  std::vector<MarkdownHeading> headings;
  std::vector<MarkdownTable> tables;
};

// Reads the headings (`#` form) and pipe tables of a page; front matter and HTML comments hold none. A delimiter row
// makes a table whatever its number of columns is, where GitHub's dialect would see none, and so it does in a code
// fence that names no language: pages have shown tables as such text. In one that does, it is an example.
MarkdownPage read_markdown(const SourceFile& file);

}  // namespace meshlint
