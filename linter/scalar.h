// What a scalar says, and the way back from that text to the bytes it was written with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/tree.h"

namespace meshlint {

// A scalar's text with quotes, escapes, indentation and folding undone.
struct DecodedText {
  // A stretch of the text and the bytes it was written with. Stretches of equal length correspond byte by byte, others
  // (an escape, a folded line break) as a whole.
  struct Run {
    std::uint32_t start;   // in the text; the stretch ends where the next one starts
    std::uint32_t source;  // in the bytes it was written with
    std::uint32_t source_length;
  };

  std::string text;
  std::vector<Run> runs;     // ascending and without gaps in the text
  std::uint32_t end = 0;     // in the source: behind the scalar, for block scalars behind their last line with content
  bool keeps_lines = false;  // its lines are lines of the file: of a literal scalar, in no other kind of scalar

  // The written bytes of a span of the text.
  Span to_source(Span span) const;

  // The place in the text that was written at an offset of the source.
  std::uint32_t from_source(std::uint32_t offset) const;

  // The same text with its way back leading one level further out, where `outer` says how the source was written.
  void rebase(const DecodedText& outer);

  // Leaves out the first bytes of the text.
  void remove_prefix(std::size_t count);

  // Adds bytes of the source as they are, or text for a stretch of it.
  void copy(std::string_view source, std::size_t from, std::size_t to);
  void put(std::string_view replacement, std::size_t from, std::size_t to);

 private:
  std::uint32_t run_length(std::size_t run) const;
  std::size_t run_at(std::uint32_t offset) const;
};

// The first line of a block scalar.
struct BlockHeader {
  ScalarStyle style = ScalarStyle::literal;
  char chomping = ' ';           // '-' strips the last line break, '+' keeps all, ' ' keeps one
  std::size_t indent_digit = 0;  // 0 when the indentation is that of the first line
  std::size_t end = 0;           // the end of its line, without the line break
};

BlockHeader read_block_header(std::string_view source, std::size_t start);

// How far a block scalar's lines are indented, inside a block collection at column `parent_column` (-1 for none).
std::size_t block_indent(std::string_view source, const BlockHeader& header, int parent_column);

// A tab that hides the indentation of a block scalar whose header does not state it.
std::optional<std::size_t> undetermined_indent(std::string_view source, const BlockHeader& header);

// The same as block_indent, from the text that the scalar is known to hold.
std::size_t block_indent_of(std::string_view source, const BlockHeader& header, std::string_view text);

DecodedText decode_block_scalar(std::string_view source, const BlockHeader& header, std::size_t indent);

// Decodes a plain or quoted scalar whose span, quotes included, is known.
DecodedText decode_flow_scalar(std::string_view source, Span span, ScalarStyle style);

// Whether the text of a plain or quoted scalar is exactly what stands between its quotes.
bool is_verbatim(std::string_view content, ScalarStyle style);

// The end of a quoted scalar, its closing quote included; npos when there is none.
std::size_t quoted_end(std::string_view source, std::size_t start);

}  // namespace meshlint
