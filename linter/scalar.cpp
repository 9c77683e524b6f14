#include "linter/scalar.h"

#include <algorithm>

#include "linter/utf8.h"

namespace meshlint {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_break(char c) {
  return c == '\n' || c == '\r';
}

std::uint32_t narrow(std::size_t offset) {
  return static_cast<std::uint32_t>(offset);
}

std::size_t skip_blanks(std::string_view source, std::size_t at, std::size_t end) {
  while (at < end && is_blank(source[at])) ++at;
  return at;
}

std::size_t skip_spaces(std::string_view source, std::size_t at, std::size_t limit) {
  const std::size_t end = std::min(source.size(), limit);
  while (at < end && source[at] == ' ') ++at;
  return at;
}

std::size_t line_end(std::string_view source, std::size_t at) {
  const std::size_t line_feed = std::min(source.find('\n', at), source.size());
  return std::min(source.substr(0, line_feed).find('\r', at), line_feed);
}

// Behind the line break at an offset: CRLF is one.
std::size_t after_break(std::string_view source, std::size_t at) {
  if (at + 1 < source.size() && source[at] == '\r' && source[at + 1] == '\n') return at + 2;
  return std::min(at + 1, source.size());
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The number written with up to `digits` hexadecimal digits; moves `at` behind them.
std::uint32_t read_hex(std::string_view source, std::size_t& at, std::size_t end, std::size_t digits) {
  std::uint32_t value = 0;
  for (; digits > 0 && at < end && hex_value(source[at]) >= 0; --digits, ++at)
    value = value << 4 | static_cast<std::uint32_t>(hex_value(source[at]));
  return value;
}

constexpr bool is_surrogate(std::uint32_t code) {
  return code >= 0xD800 && code < 0xE000;
}

// The character of a surrogate pair as JSON writes it, its second half still to be read; U+FFFD for a lone one.
std::uint32_t read_surrogates(std::uint32_t high, std::string_view source, std::size_t& at, std::size_t end) {
  std::size_t next = at + 2;
  if (high >= 0xDC00 || next > end || source.substr(at, 2) != "\\u") return 0xFFFD;
  const std::uint32_t low = read_hex(source, next, end, 4);
  if (low < 0xDC00 || !is_surrogate(low)) return 0xFFFD;
  at = next;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

constexpr std::uint32_t simple_escape(char c) {
  switch (c) {
    case '0': return 0;
    case 'a': return 7;
    case 'b': return 8;
    case 't': return 9;
    case 'n': return 10;
    case 'v': return 11;
    case 'f': return 12;
    case 'r': return 13;
    case 'e': return 27;
    case 'N': return 0x85;
    case '_': return 0xA0;
    case 'L': return 0x2028;
    case 'P': return 0x2029;
    default: return static_cast<unsigned char>(c);
  }
}

constexpr std::size_t hex_digits(char c) {
  return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
}

// Behind line breaks and the blanks around them; each break beyond the `free` first ones becomes a line feed.
std::size_t fold_breaks(DecodedText& out, std::string_view source, std::size_t at, std::size_t end, std::size_t free) {
  for (;;) {
    const std::size_t next = skip_blanks(source, at, end);
    if (next >= end || !is_break(source[next])) return next;
    at = std::min(after_break(source, next), end);
    if (free > 0) {
      --free;
    } else {
      out.put("\n", next, at);
    }
  }
}

// Blanks, and the line breaks behind them if there are any: one break is a space, more are one less.
std::size_t decode_blanks(DecodedText& out, std::string_view source, std::size_t at, std::size_t end) {
  const std::size_t blanks_end = skip_blanks(source, at, end);
  if (blanks_end >= end || !is_break(source[blanks_end])) {
    out.copy(source, at, blanks_end);
    return blanks_end;
  }
  const std::size_t length = out.text.size();
  const std::size_t next = fold_breaks(out, source, blanks_end, end, 1);
  if (out.text.size() == length) out.put(" ", at, next);
  return next;
}

// The escape sequence at a backslash.
std::size_t decode_escape(DecodedText& out, std::string_view source, std::size_t at, std::size_t end) {
  if (at + 1 >= end) {
    out.copy(source, at, end);
    return end;
  }
  const char kind = source[at + 1];
  if (is_break(kind)) return fold_breaks(out, source, at + 1, end, 1);
  std::size_t next = at + 2;
  std::uint32_t code = simple_escape(kind);
  if (static_cast<unsigned char>(kind) >= 0x80 ||
      (hex_digits(kind) > 0 && (next >= end || hex_value(source[next]) < 0))) {
    out.copy(source, at, next);  // no escape of YAML: only inside template expressions, which are never read
    return next;
  }
  if (hex_digits(kind) > 0) code = read_hex(source, next, end, hex_digits(kind));
  if (kind == 'u' && is_surrogate(code)) code = read_surrogates(code, source, next, end);
  std::string character;
  append_utf8(character, code);
  out.put(character, at, next);
  return next;
}

// A line break inside a block scalar.
struct Break {
  std::size_t start;
  std::size_t end;
};

// The line breaks between two lines with content. Folding turns a single one into a space and drops the first of
// several, unless one of the lines is indented further.
void write_breaks(DecodedText& out, const std::vector<Break>& breaks, std::size_t content, bool fold) {
  if (fold && breaks.size() == 1) return out.put(" ", breaks[0].start, content);
  for (std::size_t i = fold ? 1 : 0; i < breaks.size(); ++i) out.put("\n", breaks[i].start, breaks[i].end);
}

}  // namespace

std::uint32_t DecodedText::run_length(std::size_t run) const {
  const std::size_t end_of_run = run + 1 < runs.size() ? runs[run + 1].start : text.size();
  return narrow(end_of_run) - runs[run].start;
}

std::size_t DecodedText::run_at(std::uint32_t offset) const {
  const auto next = std::upper_bound(runs.begin(), runs.end(), offset,
                                     [](std::uint32_t value, const Run& run) { return value < run.start; });
  return next == runs.begin() ? 0 : static_cast<std::size_t>(next - runs.begin()) - 1;
}

Span DecodedText::to_source(Span span) const {
  if (runs.empty()) return {end, end};
  const std::size_t first = run_at(span.start);
  const std::uint32_t inside = span.start - runs[first].start;
  const std::uint32_t length = run_length(first);
  const bool bytewise = length == runs[first].source_length;
  std::uint32_t start = runs[first].source + (bytewise ? inside : 0);
  if (!bytewise && inside >= length) start = runs[first].source + runs[first].source_length;
  if (span.end <= span.start) return {start, start};
  const std::size_t last = run_at(span.end - 1);
  const Run& run = runs[last];
  return {start, run.source + (run_length(last) == run.source_length ? span.end - run.start : run.source_length)};
}

std::uint32_t DecodedText::from_source(std::uint32_t offset) const {
  const auto next = std::upper_bound(runs.begin(), runs.end(), offset,
                                     [](std::uint32_t value, const Run& run) { return value < run.source; });
  if (next == runs.begin()) return 0;
  const auto run = static_cast<std::size_t>(next - runs.begin()) - 1;
  const std::uint32_t inside = offset - runs[run].source;
  const std::uint32_t length = run_length(run);
  if (length == runs[run].source_length) return runs[run].start + std::min(inside, length);
  return runs[run].start + (inside == 0 ? 0 : length);
}

void DecodedText::copy(std::string_view source, std::size_t from, std::size_t to) {
  if (from < to) put(source.substr(from, to - from), from, to);
}

void DecodedText::put(std::string_view replacement, std::size_t from, std::size_t to) {
  const bool bytewise = replacement.size() == to - from;
  const bool joins = bytewise && !runs.empty() && runs.back().source + runs.back().source_length == from &&
                     run_length(runs.size() - 1) == runs.back().source_length;
  if (joins) {
    runs.back().source_length += narrow(to - from);
  } else {
    runs.push_back({narrow(text.size()), narrow(from), narrow(to - from)});
  }
  text += replacement;
}

void DecodedText::rebase(const DecodedText& outer) {
  std::vector<Run> rebased;
  rebased.reserve(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    if (run_length(i) != run.source_length) {
      const Span source = outer.to_source({run.source, run.source + run.source_length});
      rebased.push_back({run.start, source.start, source.end - source.start});
      continue;
    }
    const std::uint32_t source_end = run.source + run.source_length;
    for (std::size_t j = outer.run_at(run.source); j < outer.runs.size() && outer.runs[j].start < source_end; ++j) {
      const std::uint32_t from = std::max(run.source, outer.runs[j].start);
      const std::uint32_t to = std::min(source_end, outer.runs[j].start + outer.run_length(j));
      const Span source = outer.to_source({from, to});
      rebased.push_back({run.start + (from - run.source), source.start, source.end - source.start});
    }
  }
  runs = std::move(rebased);
  end = outer.to_source({end, end}).start;
}

void DecodedText::remove_prefix(std::size_t count) {
  if (count == 0) return;
  const std::size_t first = run_at(narrow(count));
  runs.erase(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(first));
  const std::uint32_t inside = narrow(count) - runs.front().start;
  if (run_length(0) == runs.front().source_length) {
    runs.front().source += inside;
    runs.front().source_length -= inside;
  }
  text.erase(0, count);
  for (Run& run : runs) run.start -= std::min(run.start, narrow(count));
}

BlockHeader read_block_header(std::string_view source, std::size_t start) {
  BlockHeader header;
  header.style = source[start] == '|' ? ScalarStyle::literal : ScalarStyle::folded;
  for (std::size_t at = start + 1; at < source.size() && at < start + 3; ++at) {
    const char c = source[at];
    if (c == '+' || c == '-') header.chomping = c;
    if (c >= '1' && c <= '9') header.indent_digit = static_cast<std::size_t>(c - '0');
    if (c != '+' && c != '-' && (c < '1' || c > '9')) break;
  }
  header.end = line_end(source, start);
  return header;
}

std::size_t block_indent(std::string_view source, const BlockHeader& header, int parent_column) {
  if (header.indent_digit > 0) return header.indent_digit + static_cast<std::size_t>(std::max(parent_column, 0));
  std::size_t indent = static_cast<std::size_t>(std::max(parent_column + 1, 1));
  for (std::size_t line = after_break(source, header.end); line < source.size();) {
    const std::size_t content = skip_spaces(source, line, source.size());
    if (content < source.size() && !is_break(source[content])) return std::max(indent, content - line);
    indent = std::max(indent, content - line);
    line = after_break(source, content);
  }
  return indent;
}

std::optional<std::size_t> undetermined_indent(std::string_view source, const BlockHeader& header) {
  for (std::size_t line = after_break(source, header.end); header.indent_digit == 0 && line < source.size();) {
    const std::size_t content = skip_spaces(source, line, source.size());
    if (content < source.size() && source[content] == '\t') return content;
    if (content < source.size() && !is_break(source[content])) return std::nullopt;
    line = after_break(source, content);
  }
  return std::nullopt;
}

std::size_t block_indent_of(std::string_view source, const BlockHeader& header, std::string_view text) {
  std::size_t line = after_break(source, header.end);
  const std::size_t first = std::min(text.find_first_not_of('\n'), text.size());
  for (std::size_t i = 0; i < first; ++i) line = after_break(source, line_end(source, line));
  if (first == text.size()) return block_indent(source, {header.style, header.chomping, 0, header.end}, -1);
  const std::size_t written = skip_spaces(source, line, source.size()) - line;
  const std::size_t kept = skip_spaces(text, first, text.size()) - first;
  return written > kept ? written - kept : 1;
}

DecodedText decode_block_scalar(std::string_view source, const BlockHeader& header, std::size_t indent) {
  DecodedText out;
  out.end = narrow(header.end);
  std::vector<Break> breaks;  // since the last line with content
  bool any_content = false;
  bool last_is_spaced = false;
  std::size_t line = after_break(source, header.end);
  while (line < source.size()) {
    const std::size_t content = skip_spaces(source, line, line + indent);
    const bool is_empty = content == source.size() || is_break(source[content]);
    if (!is_empty && content - line < indent) break;
    const std::size_t content_end = is_empty ? content : line_end(source, content);
    line = after_break(source, content_end);
    if (!is_empty) {
      const bool is_spaced = is_blank(source[content]);
      const bool fold = header.style == ScalarStyle::folded && any_content && !is_spaced && !last_is_spaced;
      write_breaks(out, breaks, content, fold);
      out.copy(source, content, content_end);
      out.end = narrow(content_end);
      breaks.clear();
      any_content = true;
      last_is_spaced = is_spaced;
    }
    breaks.push_back({content_end, line});
  }
  if (header.chomping == ' ') breaks.resize(any_content ? std::min<std::size_t>(breaks.size(), 1) : 0);
  if (header.chomping != '-') write_breaks(out, breaks, source.size(), false);
  return out;
}

DecodedText decode_flow_scalar(std::string_view source, Span span, ScalarStyle style) {
  DecodedText out;
  out.end = span.end;
  const bool quoted = style != ScalarStyle::plain;
  std::size_t at = span.start + (quoted ? 1U : 0U);
  const std::size_t end = quoted && span.end > at ? span.end - 1U : span.end;
  const std::string_view specials = style == ScalarStyle::plain           ? " \t\r\n"
                                    : style == ScalarStyle::single_quoted ? " \t\r\n'"
                                                                          : " \t\r\n\\";
  while (at < end) {
    const std::size_t next = std::min(source.find_first_of(specials, at), end);
    out.copy(source, at, next);
    if (next >= end) break;
    if (source[next] == '\\') {
      at = decode_escape(out, source, next, end);
    } else if (source[next] == '\'') {
      const bool doubled = next + 1 < end && source[next + 1] == '\'';
      at = next + (doubled ? 2 : 1);
      out.put("'", next, at);
    } else {
      at = decode_blanks(out, source, next, end);
    }
  }
  return out;
}

bool is_verbatim(std::string_view content, ScalarStyle style) {
  const char special = style == ScalarStyle::single_quoted ? '\'' : style == ScalarStyle::double_quoted ? '\\' : '\n';
  return std::ranges::none_of(content, [special](char c) { return c == special || is_break(c); });
}

std::size_t quoted_end(std::string_view source, std::size_t start) {
  const char quote = source[start];
  for (std::size_t at = start + 1;;) {
    at = quote == '"' ? source.find_first_of("\"\\", at) : source.find(quote, at);
    if (at == std::string_view::npos) return at;
    if (source[at] == '\\') {
      at += 2;
    } else if (quote == '\'' && at + 1 < source.size() && source[at + 1] == '\'') {
      at += 2;
    } else {
      return at + 1;
    }
  }
}

}  // namespace meshlint
