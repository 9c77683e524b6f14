#include "linter/mistake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "linter/scalar.h"

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t excerpt_limit = 40;

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_break(char c) {
  return c == '\n' || c == '\r';
}

std::uint32_t narrow(std::size_t offset) {
  return static_cast<std::uint32_t>(offset);
}

std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t previous = at == 0 ? npos : text.find_last_of("\r\n", at - 1);
  return previous == npos ? 0 : previous + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

// The rest of a line without blanks and comment at its end.
Span rest_of_line(std::string_view text, std::size_t at) {
  std::size_t end = line_end(text, at);
  for (std::size_t hash = text.find('#', at); hash < end; hash = text.find('#', hash + 1)) {
    if (hash > at && is_blank(text[hash - 1])) end = hash;
  }
  while (end > at && is_blank(text[end - 1])) --end;
  return {narrow(at), narrow(end)};
}

std::string_view slice(std::string_view text, Span span) {
  return text.substr(span.start, span.end - span.start);
}

// The next text that is neither space nor comment.
std::size_t next_content(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end) {
    if (is_blank(text[at]) || is_break(text[at])) {
      ++at;
    } else if (text[at] == '#') {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return std::min(at, end);
}

bool same_line(std::string_view text, std::size_t a, std::size_t b) {
  return text.substr(std::min(a, b), std::max(a, b) - std::min(a, b)).find_first_of("\r\n") == npos;
}

bool is_quoted(std::string_view text, Span scalar) {
  return scalar.end > scalar.start && (text[scalar.start] == '"' || text[scalar.start] == '\'');
}

// A piece of the text between quotes; a quoted scalar keeps its own.
std::string quoted(std::string_view text, Span span) {
  std::string content = excerpt(slice(text, span));
  if (content.size() > 1 && content.front() == content.back() && (content[0] == '"' || content[0] == '\'')) {
    return content;
  }
  const char quote = content.find('\'') == npos ? '\'' : '"';
  return quote + content + quote;
}

// A tab among the blanks that a line starts with.
std::optional<std::uint32_t> indentation_tab(std::string_view text, std::size_t at) {
  for (std::size_t i = line_start(text, at); i < text.size() && is_blank(text[i]); ++i) {
    if (text[i] == '\t') return narrow(i);
  }
  return std::nullopt;
}

// Whether a line looks like an entry of a block mapping or an item of a block list.
bool starts_entry(std::string_view line) {
  if (line.starts_with("- ")) return true;
  return line[0] != '"' && line[0] != '\'' && (line.find(": ") != npos || line.back() == ':');
}

// Whether the bracket at an offset is closed before a line that is indented no more than the bracket's own.
bool is_closed(const ParseFailure& failure, std::size_t bracket) {
  const std::string_view text = failure.text;
  const char closing = text[bracket] == '[' ? ']' : '}';
  const std::size_t own_start = line_start(text, bracket);
  const std::size_t own_indent = std::min(text.find_first_not_of(' ', own_start), text.size()) - own_start;
  for (std::size_t line = bracket; line < failure.document.end;) {
    const std::size_t end = line_end(text, line);
    const std::size_t content = std::min(text.find_first_not_of(" \t", line), end);
    const bool dedented = line != bracket && content < end && content - line <= own_indent;
    if (dedented && starts_entry(text.substr(content, end - content))) return false;
    if (text.substr(0, end).find(closing, std::max<std::size_t>(line, bracket)) != npos) return true;
    line = end + 1;
  }
  return false;
}

Mistake general(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  std::size_t at = next_content(text, failure.at, failure.document.end);
  if (at >= failure.document.end) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    const std::size_t start = last == npos ? 0 : line_start(text, last);
    at = std::max<std::size_t>(std::min(text.find_first_not_of(" \t", start), text.size()), failure.document.start);
  }
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("invalid YAML at {}: {}", quoted(text, rest), failure.reason), ""};
}

Mistake flow_mistake(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::uint32_t bracket = failure.open_bracket.value_or(failure.at);
  const char opening = bracket < text.size() ? text[bracket] : '[';
  if (opening != '[' && opening != '{') return general(failure);
  const Span rest = rest_of_line(text, next_content(text, failure.at, failure.document.end));
  if (rest.start == rest.end || !is_closed(failure, bracket)) {
    return {{bracket, bracket + 1},
            fmt::format("'{}' is never closed", opening),
            fmt::format("add the closing '{}', or quote the value if the bracket belongs to its text",
                        opening == '[' ? ']' : '}')};
  }
  return {rest, fmt::format("expected ',' or '{}' before {}", opening == '[' ? ']' : '}', quoted(text, rest)),
          "separate the items with commas; quote an item that holds brackets, commas, ': ' or quotes"};
}

Mistake stray_comma(std::string_view text, std::size_t at) {
  return {rest_of_line(text, at), "unexpected ',' outside of brackets", "remove the comma, or quote the value"};
}

// A quoted string alone on the line above an entry in its column: a key that lacks its colon.
std::optional<Span> quoted_key_above(std::string_view text, std::size_t at) {
  const std::size_t last = at == 0 ? npos : text.find_last_not_of(" \t\r\n", at - 1);
  if (last == npos || (text[last] != '"' && text[last] != '\'')) return std::nullopt;
  if (slice(text, rest_of_line(text, at)).find(':') == npos) return std::nullopt;
  const std::size_t start = line_start(text, last);
  std::size_t quote = std::min(text.find_first_not_of(" \t", start), last);
  while (text[quote] == '-' && is_blank(text[quote + 1]))
    quote = std::min(text.find_first_not_of(" \t", quote + 1), last);
  const bool same_column = quote - start == at - line_start(text, at);
  if (!same_column || text[quote] != text[last] || quoted_end(text, quote) != last + 1) return std::nullopt;
  return Span{narrow(quote), narrow(last + 1)};
}

Mistake unexpected_after_value(std::string_view text, Span last, std::size_t at) {
  if (text[at] == ',') return stray_comma(text, at);
  const Span rest = rest_of_line(text, at);
  if (!is_quoted(text, last)) {
    return {rest, fmt::format("unexpected {} after {}", quoted(text, rest), quoted(text, last)),
            "quote the whole value if both belong to it"};
  }
  return {rest, fmt::format("unexpected {} after the quoted string {}", quoted(text, rest), quoted(text, last)),
          text[last.start] == '\'' ? "write a single quote inside single quotes twice, or quote the whole value"
                                   : "write a double quote inside double quotes as \\\", or quote the whole value"};
}

// A token stands where a block mapping expects its next key.
Mistake not_a_key(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const Span last = failure.last_scalar;
  const std::size_t at = next_content(text, failure.at, failure.document.end);
  const Span rest = rest_of_line(text, at);
  if (last.end > last.start && same_line(text, last.end, at)) {
    if (is_quoted(text, last) && !same_line(text, last.start, last.end)) return unterminated_quote(text, last.start);
    return unexpected_after_value(text, last, at);
  }
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  if (const auto key = quoted_key_above(text, at)) return missing_colon(text, *key);
  const std::string content = excerpt(slice(text, rest));
  if (content.starts_with(',')) return stray_comma(text, at);
  if (content == "-" || content.starts_with("- ")) {
    return {rest, fmt::format("list item {} stands where a mapping expects its next key", quoted(text, rest)),
            "indent the list under its key, or remove the '- '"};
  }
  if (slice(text, rest).find(':') == npos) return missing_colon(text, rest);
  return {rest, fmt::format("{} is indented like no line above it", quoted(text, rest)),
          "give it the indentation of the keys it belongs to"};
}

Mistake not_an_item(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::size_t at = next_content(text, failure.at, failure.document.end);
  const Span last = failure.last_scalar;
  if (last.end > last.start && same_line(text, last.end, at)) {
    if (is_quoted(text, last) && !same_line(text, last.start, last.end)) return unterminated_quote(text, last.start);
    return unexpected_after_value(text, last, at);
  }
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  if (const auto key = quoted_key_above(text, at)) return missing_colon(text, *key);
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("{} stands in a list but is no item of it", quoted(text, rest)),
          "start list items with '- ', and give everything else the indentation of what it belongs to"};
}

// Where the plain scalar before a stray colon starts, if it is not on the colon's line.
std::size_t start_of_long_key(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const Span last = failure.last_scalar;
  if (last.end == failure.at) return last.start;
  std::size_t start = last.end;
  while (start < failure.at && (text[start] == ':' || text[start] == '-' || text[start] == '?')) ++start;
  start = next_content(text, start, failure.at);
  while (start + 1 < failure.at && (text[start] == '-' || text[start] == '?') && is_blank(text[start + 1])) {
    start = next_content(text, start + 1, failure.at);
  }
  return start;
}

// A ':' that makes no key.
Mistake stray_colon(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::uint32_t at = failure.at;
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  const Span last = failure.last_scalar;
  const Span colon{at, std::min(at + 1, narrow(text.size()))};
  const std::string help = "quote the value if the ':' belongs to it, or start the key on a line of its own";
  if (last.end > last.start && last.end <= at && same_line(text, last.start, at) &&
      text.find_first_not_of(" \t", last.end) == at) {
    return {colon, fmt::format("unexpected ':' after {}", quoted(text, last)), help};
  }
  // A plain scalar over several lines that the parser took for a key: what matters is how it starts.
  const std::size_t start = start_of_long_key(failure);
  if (start >= at || same_line(text, start, at)) return {colon, "unexpected ':'", help};
  const std::size_t above = std::min(text.find_first_not_of(" \t", line_start(text, start)), start);
  const bool is_value = text.substr(above, start - above).find(": ") != npos;
  if (!is_value) return missing_colon(text, rest_of_line(text, start));
  const Span own = rest_of_line(text, std::min(text.find_first_not_of(" \t", line_start(text, at)), text.size()));
  return {own,
          fmt::format("{} is indented under {}, which already has a value", quoted(text, own),
                      quoted(text, rest_of_line(text, above))),
          "give the line the indentation of the keys it belongs to"};
}

Mistake cannot_start(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::size_t at = next_content(text, failure.at, failure.document.end);
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  const Span rest = rest_of_line(text, at);
  const Span sign{rest.start, std::min(rest.start + 1, rest.end)};
  return {rest, fmt::format("value {} cannot start with '{}'", quoted(text, rest), slice(text, sign)),
          "put the value in quotes"};
}

// An anchor, alias or tag that is none.
Mistake bad_property(const ParseFailure& failure, std::string_view signs, std::string_view name) {
  const std::string_view text = failure.text;
  const std::size_t start = line_start(text, failure.at);
  const std::size_t sign = text.find_last_of(signs, failure.at);
  if (sign == npos || sign < start) return general(failure);
  const Span rest = rest_of_line(text, sign);
  return {rest, fmt::format("{} is read as {}, but is none", quoted(text, rest), name),
          fmt::format("put the value in quotes if '{}' belongs to it", text[sign])};
}

// The parser noticed the tab only at the next token.
Mistake illegal_tab(const ParseFailure& failure) {
  for (std::size_t at = failure.last_scalar.end; at < failure.at; at = line_end(failure.text, at) + 1) {
    const auto tab = indentation_tab(failure.text, at);
    if (tab && *tab >= failure.last_scalar.end) return tab_for_indentation(*tab);
  }
  if (const auto tab = indentation_tab(failure.text, failure.at)) return tab_for_indentation(*tab);
  return general(failure);
}

Mistake bad_anchor(const ParseFailure& failure) {
  return bad_property(failure, "&", "an anchor");
}
Mistake bad_tag(const ParseFailure& failure) {
  return bad_property(failure, "!", "a tag");
}

Mistake bad_alias(const ParseFailure& failure) {
  Mistake mistake = bad_property(failure, "*", "an alias");
  const std::string alias = quoted(failure.text, mistake.span);
  mistake.message = fmt::format("{} is read as an alias, but no anchor of that name stands above it", alias);
  return mistake;
}

// The first quote on the line where the next token starts.
std::optional<std::uint32_t> quote_after(std::string_view text, std::size_t at) {
  at = next_content(text, at, text.size());
  const std::size_t quote = text.substr(0, line_end(text, at)).find_first_of("\"'", at);
  return quote == npos ? std::nullopt : std::optional(narrow(quote));
}

Mistake bad_escape(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  if (failure.at >= text.size()) {
    const auto quote = quote_after(text, failure.last_scalar.end);
    if (quote && quoted_end(text, *quote) == npos) return unterminated_quote(text, *quote);
  }
  const std::size_t slash = failure.at == 0 ? npos : text.rfind('\\', failure.at - 1);
  const std::size_t at = slash == npos ? failure.at : slash;
  std::size_t end = std::min({at + 2, line_end(text, at), text.size()});
  if (end == at + 2 && (text[at + 1] == 'x' || text[at + 1] == 'u' || text[at + 1] == 'U')) {
    end = std::min({text.find_first_not_of("0123456789abcdefABCDEF", end), at + 10, text.size()});
  }
  const Span span{narrow(at), narrow(end)};
  return {span, fmt::format("{} is no escape sequence of a double-quoted string", quoted(text, span)),
          "write the backslash twice, or use single quotes, where a backslash means itself"};
}

Mistake bad_block_header(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  if (const auto tab = indentation_tab(text, failure.at)) return tab_for_indentation(*tab);
  std::size_t at = failure.at;
  const bool at_line_end = at >= text.size() || is_blank(text[at]) || is_break(text[at]);
  if (at_line_end) {
    while (at > line_start(text, failure.at) && !is_blank(text[at - 1])) --at;
  }
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("unexpected {} behind '|' or '>'", quoted(text, rest)),
          "start the text on the next line; behind '|' or '>' only '+', '-' and a digit from 1 to 9 may stand"};
}

struct Explanation {
  std::string_view reason;  // how yaml-cpp's message starts
  Mistake (*explain)(const ParseFailure& failure);
};

constexpr Explanation explanations[] = {
    {"end of map not found", not_a_key},
    {"end of sequence not found", not_an_item},
    {"end of map flow not found", flow_mistake},
    {"end of sequence flow not found", flow_mistake},
    {"illegal map value", stray_colon},
    {"illegal tab", illegal_tab},
    {"unknown token", cannot_start},
    {"illegal map key", cannot_start},
    {"the referenced anchor is not defined", bad_alias},
    {"alias not found", bad_alias},
    {"illegal character found while scanning alias", bad_alias},
    {"anchor not found", bad_anchor},
    {"illegal character found while scanning anchor", bad_anchor},
    {"illegal character found while scanning tag", bad_tag},
    {"tag handle with no suffix", bad_tag},
    {"end of verbatim tag", bad_tag},
    {"unknown escape character", bad_escape},
    {"bad character found while scanning hex number", bad_escape},
    {"invalid unicode", bad_escape},
    {"unexpected character in block scalar", bad_block_header},
    {"cannot set zero indentation", bad_block_header},
    {"illegal block entry",
     [](const ParseFailure& failure) -> Mistake {
       const Span rest = rest_of_line(failure.text, failure.at);
       return {rest, fmt::format("list item {} cannot start here", quoted(failure.text, rest)),
               "start the list on the line below its key; quote the value if '- ' belongs to it"};
     }},
    {"illegal flow end",
     [](const ParseFailure& failure) -> Mistake {
       const std::uint32_t at = failure.at;
       const Span bracket{at, std::min(at + 1, narrow(failure.text.size()))};
       return {bracket, fmt::format("'{}' closes nothing", slice(failure.text, bracket)),
               "remove it, or quote the value if it belongs to it"};
     }},
};

// The length of the UTF-8 character at an offset; 0 when it is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(at);
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

constexpr bool is_ordinary(unsigned char byte) {
  return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
}

constexpr auto ordinary_bytes = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = is_ordinary(static_cast<unsigned char>(i));
  return table;
}();

// The code of a control character or noncharacter that YAML bars from its text.
std::optional<unsigned> barred_character(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  if (character.size() == 2 && byte(0) == 0xC2 && byte(1) < 0xA0 && byte(1) != 0x85) return byte(1);
  if (character == "\xEF\xBF\xBE") return 0xFFFE;
  if (character == "\xEF\xBF\xBF") return 0xFFFF;
  return std::nullopt;
}

}  // namespace

std::string excerpt(std::string_view text) {
  text = text.substr(0, line_end(text, 0));
  if (text.size() <= excerpt_limit) return std::string(text);
  std::size_t end = excerpt_limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

Mistake explain(const ParseFailure& failure) {
  for (const Explanation& explanation : explanations) {
    if (failure.reason.starts_with(explanation.reason)) return explanation.explain(failure);
  }
  if (failure.reason.ends_with("in scalar")) {
    if (const auto quote = quote_after(failure.text, failure.last_scalar.end)) {
      return unterminated_quote(failure.text, *quote);
    }
  }
  return general(failure);
}

Mistake unterminated_quote(std::string_view text, std::uint32_t quote) {
  const Span rest = rest_of_line(text, quote);
  return {rest, fmt::format("quoted string {} is never closed", excerpt(slice(text, rest))),
          fmt::format("add the closing {}", text[quote])};
}

Mistake tab_for_indentation(std::uint32_t tab) {
  return {{tab, tab + 1},
          "tab used for indentation: YAML allows spaces only",
          "replace the tabs at the start of the line with spaces"};
}

Mistake tab_in_block(std::uint32_t tab) {
  return {{tab, tab + 1},
          "the first line of a block scalar cannot start with a tab",
          "state the indentation behind '|' or '>', as in '|2', or replace the tab with spaces"};
}

Mistake missing_colon(std::string_view text, Span key) {
  const std::string_view content = slice(text, key);
  if (content.starts_with("<<<<<<< ")) {
    return {key, "a merge conflict of Git was left unresolved here",
            "keep one of the two sides and remove the markers"};
  }
  const std::size_t colon = content.find(':');
  if (colon != npos && content.find_first_of(" \t\"'/") == npos) {
    return {key, fmt::format("{} has no space behind its colon", quoted(text, key)),
            fmt::format("write '{}: {}'", excerpt(content.substr(0, colon)), excerpt(content.substr(colon + 1)))};
  }
  return {key, fmt::format("mapping key {} has no colon", quoted(text, key)),
          "write ':' behind the key, or indent the line further if it continues the value above it"};
}

Mistake misplaced_colon(std::string_view text, std::uint32_t colon) {
  const Span rest = rest_of_line(text, colon);
  return {rest, fmt::format("no key stands before the ':' of {}", quoted(text, rest)),
          "add the key, or quote the value if the ':' belongs to it"};
}

Mistake dedented_bracket(std::string_view text, std::uint32_t bracket) {
  const Span rest = rest_of_line(text, bracket);
  return {rest, fmt::format("{} is not indented under the key it belongs to", quoted(text, rest)),
          "indent it further than its key"};
}

Mistake content_after_end(std::string_view text, std::uint32_t at) {
  if (text.substr(at, 1) == ",") return stray_comma(text, at);
  if (const auto key = quoted_key_above(text, at)) return missing_colon(text, *key);
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("unexpected {} after the end of the document", quoted(text, rest)),
          "start another document with a '---' line, or correct the indentation"};
}

Mistake empty_flow_item(std::string_view text, std::uint32_t at) {
  const std::uint32_t end = std::min(at + 1, narrow(text.size()));
  return {{at, end}, fmt::format("expected an item before '{}'", text.substr(at, end - at)), "remove the extra comma"};
}

std::optional<Mistake> find_encoding_mistake(std::string_view text, Span part) {
  for (std::uint32_t at = part.start; at < part.end;) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (ordinary_bytes[byte]) {
      ++at;
      continue;
    }
    const std::size_t length = byte < 0x80 ? 1 : utf8_length(text, at);
    if (length == 0) {
      return Mistake{{at, at + 1}, fmt::format("byte 0x{:02x} is not valid UTF-8", byte), "save the file as UTF-8"};
    }
    const Span character{at, at + narrow(length)};
    if (const auto code = barred_character(slice(text, character))) {
      return Mistake{character, fmt::format("character U+{:04X} is not allowed in YAML", *code),
                     "remove it, or write it as an escape sequence in double quotes"};
    }
    at += narrow(length);
  }
  return std::nullopt;
}

}  // namespace meshlint
