// Text from input is untrusted: it may hold terminal escapes, workflow commands, Markdown or HTML.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace meshlint {

// Makes text safe for one line of a terminal or a log: control characters, bidirectional and zero-width characters and
// bytes that are no UTF-8 become visible (`\x1b`, `\u{202e}`), tabs become spaces, `##[` and `##vso[` (commands of CI
// runners) are broken up. Never returns a line break.
std::string sanitize(std::string_view text);

// The same for the one character at `offset`, which moves behind it; for callers that must know how each is shown.
std::string sanitize_character(std::string_view text, std::size_t& offset);

// A file's name at the beginning of a line: sanitized, and never a workflow command (`::error::`) of its own.
std::string sanitize_path(std::string_view path);

// The columns that sanitized text takes on a terminal: wide characters count two, combining ones none.
std::size_t display_width(std::string_view text);

// A text as a SARIF message: sanitized, and with the characters that would make a link escaped.
std::string sanitize_sarif(std::string_view text);

// A text as Markdown, also inside of HTML or of a table: sanitized, and nothing in it is markup, a link or a mention.
std::string sanitize_markdown(std::string_view text);

// A text inside an element or a quoted attribute of HTML or XML: sanitized, and nothing in it is markup.
std::string sanitize_markup(std::string_view text);

// What stands for a character in another language.
struct Escape {
  char character;
  std::string_view text;
};

// A text with its characters escaped.
std::string escape(std::string_view text, std::span<const Escape> escapes);

// Valid UTF-8 for JSON: bytes that are none become U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace meshlint
