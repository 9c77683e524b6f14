// Bicep text -> tokens with their brackets matched, so that a reader can step over what it need not understand.
#pragma once

#include <vector>

#include "linter/problem.h"
#include "linter/tree.h"

namespace meshlint {

enum class BicepTokenKind : std::uint8_t {
  word,          // an identifier or a keyword
  number,        // digits
  string,        // '…' without interpolation
  interpolated,  // '…${…}…'
  multi_line,    // '''…'''
  open,          // ( [ {
  close,         // ) ] }
  newline,       // any number of line ends, with the blanks and comments between them
  comma,
  colon,
  equals,
  at,
  ellipsis,  // ...
  symbol,    // any other operator or character
  broken,    // what a Problem was reported for
  end,       // of the file; always the last token
};

struct BicepToken {
  BicepTokenKind kind = BicepTokenKind::end;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t match = 0;          // for a bracket: the index of its partner
  bool starts_declaration = false;  // a keyword such as `param` at the very start of a line
};

struct BicepTokens {
  std::vector<BicepToken> tokens;
  std::vector<Comment> comments;  // `//`, `/* */` and lines that start with '#', such as #disable-next-line
  std::vector<Problem> problems;  // at most one for each declaration; each has a broken token at or behind its place
  bool readable = true;           // false when the text is no UTF-8 or nested too deeply
};

// Splits a file. Every `open` is matched by a `close` behind it; where the text has none, the declaration holds a
// broken token, and the next line that starts with a declaration's keyword starts afresh.
BicepTokens read_bicep_tokens(const SourceFile& file);

// The text of a string or multi-line string, with its escapes undone. Refers to the source where nothing had to be
// undone, to `document` otherwise.
std::string_view decode_bicep_string(std::string_view token, Document& document);

}  // namespace meshlint
