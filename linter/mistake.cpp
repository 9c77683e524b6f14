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

// A tab among the blanks that a line starts with.
std::optional<std::uint32_t> indentation_tab(std::string_view text, std::size_t at) {
  for (std::size_t i = line_start(text, at); i < text.size() && is_blank(text[i]); ++i) {
    if (text[i] == '\t') return narrow(i);
  }
  return std::nullopt;
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
    if (dedented && text[content] != closing) return false;
    if (text.substr(0, end).find(closing, std::max<std::size_t>(line, bracket)) != npos) return true;
    line = end + 1;
  }
  return false;
}

Mistake flow_mistake(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::uint32_t bracket = failure.open_bracket.value_or(failure.at);
  const char opening = bracket < text.size() ? text[bracket] : '[';
  if (opening != '[' && opening != '{') {
    return {rest_of_line(text, failure.at), "this is not a list or mapping in brackets as YAML writes them", ""};
  }
  if (!is_closed(failure, bracket)) {
    return {{bracket, bracket + 1},
            fmt::format("'{}' is never closed", opening),
            fmt::format("add the closing '{}', or quote the value if the bracket belongs to its text",
                        opening == '[' ? ']' : '}')};
  }
  const Span rest = rest_of_line(text, std::min<std::size_t>(failure.at, text.size()));
  return {rest, fmt::format("expected ',' or '{}' before '{}'", opening == '[' ? ']' : '}', excerpt(slice(text, rest))),
          "separate the items with commas; quote an item that holds brackets, commas, ': ' or quotes"};
}

Mistake unexpected_after_value(std::string_view text, Span last, std::size_t at) {
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("unexpected '{}' after '{}'", excerpt(slice(text, rest)), excerpt(slice(text, last))),
          is_quoted(text, last) ? "a quoted value ends at its closing quote: quote all of it, and write quotes inside "
                                  "single quotes twice or inside double quotes as \\\""
                                : "quote the whole value if both belong to it"};
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
  const std::string content = excerpt(slice(text, rest));
  if (content == "-" || content.starts_with("- ")) {
    return {rest, fmt::format("list item '{}' stands where a mapping expects its next key", content),
            "indent the list under its key, or remove the '- '"};
  }
  if (slice(text, rest).find(':') == npos) return missing_colon(text, rest);
  return {rest, fmt::format("'{}' is indented like no line above it", content),
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
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("'{}' stands in a list but is no item of it", excerpt(slice(text, rest))),
          "start list items with '- ', and give everything else the indentation of what it belongs to"};
}

// A ':' that makes no key.
Mistake stray_colon(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::uint32_t at = std::min(failure.at, narrow(text.size()));
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  const Span last = failure.last_scalar;
  const Span colon{at, std::min(at + 1, narrow(text.size()))};
  const std::string help = "quote the value if the ':' belongs to it, or start the key on a line of its own";
  if (last.end > last.start && last.end <= at && same_line(text, last.start, at) &&
      text.find_first_not_of(" \t", last.end) == at) {
    return {colon, fmt::format("unexpected ':' after '{}'", excerpt(slice(text, last))), help};
  }
  // A plain scalar over several lines that the parser took for a key: what matters is how it starts.
  std::size_t start = last.end;
  const bool value_of_last = start < at && text[start] == ':';
  while (start < at && (text[start] == ':' || text[start] == '-' || text[start] == '?' || is_blank(text[start]) ||
                        is_break(text[start]) || text[start] == '#')) {
    start = text[start] == '#' ? line_end(text, start) : start + 1;
  }
  if (start >= at || same_line(text, start, at)) return {colon, "unexpected ':'", help};
  const Span first_line = rest_of_line(text, start);
  if (value_of_last && same_line(text, last.end, start)) {
    const std::size_t key = std::min(text.find_first_not_of(" \t", line_start(text, at)), text.size());
    const Span key_line = rest_of_line(text, key);
    return {key_line,
            fmt::format("'{}' is indented under '{}', which already has the value '{}'", excerpt(slice(text, key_line)),
                        excerpt(slice(text, last)), excerpt(slice(text, first_line))),
            "give the line the indentation of the keys it belongs to"};
  }
  return missing_colon(text, first_line);
}

Mistake unknown_token(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::size_t at = next_content(text, failure.at, failure.document.end);
  if (at < text.size() && text[at] == '\t') return tab_for_indentation(narrow(at));
  if (const auto tab = indentation_tab(text, at)) return tab_for_indentation(*tab);
  const Span rest = rest_of_line(text, at);
  return {rest,
          fmt::format("'{}': a value cannot start with '{}' unless it is quoted", excerpt(slice(text, rest)),
                      excerpt(slice(text, {rest.start, std::min(rest.start + 1, rest.end)}))),
          "put the value in quotes"};
}

Mistake general(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::size_t at =
      next_content(text, std::min<std::size_t>(failure.at, failure.document.end), failure.document.end);
  const Span rest = rest_of_line(text, at);
  const std::string content = excerpt(slice(text, rest));
  return {rest,
          content.empty() ? fmt::format("invalid YAML: {}", failure.reason)
                          : fmt::format("invalid YAML at '{}': {}", content, failure.reason),
          ""};
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

Mistake bad_alias(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  std::size_t at = std::min<std::size_t>(failure.at, text.size());
  const std::size_t start = line_start(text, at);
  if (at < text.size() && text[at] != '*' && at > start) at = std::max(text.rfind('*', at), start);
  const Span rest = rest_of_line(text, at);
  return {
      rest,
      fmt::format("'{}' is read as an alias, but no anchor of that name stands above it", excerpt(slice(text, rest))),
      "put the value in quotes if '*' belongs to it, or define the anchor first"};
}

Mistake bad_escape(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const std::size_t from = std::min<std::size_t>(failure.at, text.size());
  const std::size_t slash = from == 0 ? npos : text.rfind('\\', from);
  const std::size_t at = slash == npos ? from : slash;
  const std::size_t end = std::min({at + 2, line_end(text, at), text.size()});
  return {{narrow(at), narrow(end)},
          fmt::format("'{}' is no escape sequence of a double-quoted string", text.substr(at, end - at)),
          "write the backslash twice, or use single quotes, where a backslash means itself"};
}

Mistake bad_block_header(const ParseFailure& failure) {
  const std::string_view text = failure.text;
  const Span rest = rest_of_line(text, std::min<std::size_t>(failure.at, text.size()));
  if (const auto tab = indentation_tab(text, failure.at)) return tab_for_indentation(*tab);
  return {rest, fmt::format("unexpected '{}' after '|' or '>'", excerpt(slice(text, rest))),
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
    {"unknown token", unknown_token},
    {"the referenced anchor is not defined", bad_alias},
    {"alias not found", bad_alias},
    {"illegal character found while scanning alias", bad_alias},
    {"unknown escape character", bad_escape},
    {"bad character found while scanning hex number", bad_escape},
    {"invalid unicode", bad_escape},
    {"unexpected character in block scalar", bad_block_header},
    {"cannot set zero indentation", bad_block_header},
    {"illegal block entry",
     [](const ParseFailure& failure) -> Mistake {
       const Span rest = rest_of_line(failure.text, std::min<std::size_t>(failure.at, failure.text.size()));
       return {rest, fmt::format("list item '{}' cannot start here", excerpt(slice(failure.text, rest))),
               "start the list on the line below its key; quote the value if '- ' belongs to it"};
     }},
    {"illegal flow end",
     [](const ParseFailure& failure) -> Mistake {
       const std::uint32_t at = std::min(failure.at, narrow(failure.text.size()));
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
  const Span last = failure.last_scalar;
  for (const Explanation& explanation : explanations) {
    if (failure.reason.starts_with(explanation.reason)) return explanation.explain(failure);
  }
  const std::size_t at = next_content(failure.text, last.end, failure.document.end);
  if (failure.reason.ends_with("in scalar") && at < failure.document.end) {
    for (std::size_t i = at; i < failure.document.end && !is_break(failure.text[i]); ++i) {
      if (failure.text[i] == '"' || failure.text[i] == '\'') return unterminated_quote(failure.text, narrow(i));
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
  return {key, fmt::format("mapping key '{}' has no colon", excerpt(slice(text, key))),
          "write ':' behind the key, or indent the line further if it continues the value above it"};
}

Mistake content_after_end(std::string_view text, std::uint32_t at) {
  const Span rest = rest_of_line(text, at);
  return {rest, fmt::format("unexpected '{}' after the end of the document", excerpt(slice(text, rest))),
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
