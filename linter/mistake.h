// What is wrong with text that is no YAML, in the words of someone who has to repair it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "linter/source.h"

namespace meshlint {

struct Mistake {
  Span span;
  std::string message;
  std::string help;
};

// Where and why a parser gave up.
struct ParseFailure {
  std::string_view text;    // up to the end of the part that was being read
  Span document;            // the part that was being read
  std::uint32_t at = 0;     // where the parser says it failed, inside that part
  std::string_view reason;  // yaml-cpp's words
  Span last_scalar;         // the last scalar that was read; empty at the document's start when there was none
  std::optional<std::uint32_t> open_bracket;  // the innermost flow collection that was being read
};

Mistake explain(const ParseFailure& failure);

// Mistakes that yaml-cpp does not notice.
Mistake unterminated_quote(std::string_view text, std::uint32_t quote);
Mistake missing_colon(std::string_view text, Span key);
Mistake tab_for_indentation(std::uint32_t tab);
Mistake tab_in_block(std::uint32_t tab);
Mistake misplaced_colon(std::string_view text, std::uint32_t colon);
Mistake dedented_bracket(std::string_view text, std::uint32_t bracket);
Mistake content_after_end(std::string_view text, std::uint32_t at);
Mistake empty_flow_item(std::string_view text, std::uint32_t at);

// The first byte that is no UTF-8 or a character that YAML does not allow.
std::optional<Mistake> find_encoding_mistake(std::string_view text, Span part);

// A piece of text to quote in a message: its first line, and not too long.
std::string excerpt(std::string_view text);

}  // namespace meshlint
