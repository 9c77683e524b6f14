#include "linter/bicep_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "linter/utf8.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

using enum BicepTokenKind;

constexpr std::string_view verbatim_quotes = "'''";

constexpr std::string_view declarations[] = {"param",    "var",    "resource", "module",      "output",
                                             "type",     "func",   "metadata", "targetScope", "import",
                                             "provider", "assert", "using",    "extends",     "extension"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_character(char c) {
  return is_letter(c) || is_digit(c);
}

// The end of what starts at a place and goes on while a character is one of a kind.
template <class Predicate>
std::size_t end_of(std::string_view text, std::size_t at, Predicate belongs) {
  while (at < text.size() && belongs(text[at])) ++at;
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

// Behind the quotes that close a multi-line string, whose content starts at the place; npos when they are missing.
// Further quotes belong to the content, which ends with them.
std::size_t multi_line_end(std::string_view text, std::size_t content) {
  const std::size_t closing = text.find(verbatim_quotes, content);
  if (closing == std::string_view::npos) return closing;
  return end_of(text, closing, [](char c) { return c == '\''; });
}

char closing_of(char open) {
  return open == '(' ? ')' : open == '[' ? ']' : '}';
}

// How a string in single quotes ends.
struct StringEnd {
  std::size_t end = 0;
  bool closed = false;
  bool interpolated = false;
  std::optional<std::size_t> bad_escape;
};

// Finds the end of a string, across the strings inside its interpolations. Strings that go on over several lines only
// do so inside an interpolation, and not at all when `one_line`.
StringEnd find_string_end(std::string_view text, std::size_t start, bool one_line) {
  StringEnd result;
  result.end = start + 1;
  std::vector<char> open{'\''};
  std::size_t& at = result.end;
  while (at < text.size()) {
    const char c = text[at];
    const bool in_string = open.back() == '\'';
    const auto rest = text.substr(at);
    if ((c == '\n' || c == '\r') && (in_string || one_line)) return result;
    if (in_string && c == '\\') {
      const bool known = rest.size() > 1 && std::string_view("\\'nrt$u").find(rest[1]) != std::string_view::npos;
      if (!known && !result.bad_escape) result.bad_escape = at;
      at += known ? 2 : 1;
    } else if (in_string && rest.starts_with("${")) {
      result.interpolated = true;
      open.push_back('{');
      at += 2;
    } else if (!in_string && rest.starts_with(verbatim_quotes)) {
      at = std::min(multi_line_end(text, at + verbatim_quotes.size()), text.size());
    } else if (c == '\'' || (c == '}' && !in_string)) {
      ++at;
      if (c == '\'' && !in_string) {
        open.push_back('\'');
        continue;
      }
      open.pop_back();
      if (open.empty()) {
        result.closed = true;
        return result;
      }
    } else {
      if (c == '{' && !in_string) open.push_back('{');
      ++at;
    }
  }
  return result;
}

// `u{1F600}` at the start of the text, turned into its character; what it is not stays as it is. Returns its length.
std::size_t decode_code_point(std::string_view escape, std::string& text) {
  const std::size_t close = escape.find('}');
  if (!escape.starts_with("u{") || close == std::string_view::npos || close > 8 || close == 2) return 0;
  std::uint32_t code_point = 0;
  for (const char digit : escape.substr(2, close - 2)) {
    const char lower = is_digit(digit) ? digit : static_cast<char>(digit | 0x20);
    if (!is_digit(lower) && (lower < 'a' || lower > 'f')) return 0;
    code_point = code_point << 4 | static_cast<std::uint32_t>(is_digit(lower) ? lower - '0' : lower - 'a' + 10);
  }
  const bool is_character = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
  append_utf8(text, is_character ? code_point : replacement_character);
  return close + 1;
}

class Lexer {
 public:
  Lexer(const SourceFile& file, bool recovers) : file_(file), text_(file.text()), recovers_(recovers) {}

  // Splits the text. Without recovery, gives up at the first mistake, for brackets are trusted before indentation.
  bool run(BicepTokens& result) {
    while (at_ < text_.size() && !gave_up_) step();
    if (!open_.empty()) fail_unclosed(span(open_.back(), open_.back() + 1), std::nullopt);
    if (gave_up_ && !recovers_) return false;
    abandon_open_brackets();
    add(end, at_, at_);
    result = std::move(result_);
    return true;
  }

 private:
  static Span span(std::size_t from, std::size_t to) {
    return {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
  }

  BicepToken& add(BicepTokenKind kind, std::size_t from, std::size_t to) {
    at_ = to;
    return result_.tokens.emplace_back(
        BicepToken{kind, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  }

  // Reports a mistake, the first one of a declaration only, and marks the declaration as broken.
  void fail(Span place, std::string message, std::string help, std::vector<ProblemNote> notes = {}) {
    add(broken, at_, at_);
    if (!recovers_) gave_up_ = true;
    if (std::exchange(is_muted_, true)) return;
    result_.problems.push_back(
        {ProblemKind::infrastructure_syntax, &file_, place, std::move(message), std::move(help), std::move(notes)});
  }

  void fail_unclosed(Span bracket, std::optional<Span> next_declaration) {
    std::vector<ProblemNote> notes;
    if (next_declaration) notes.push_back({*next_declaration, "the next declaration starts here"});
    const char opening = text_[bracket.start];
    fail(bracket, fmt::format("'{}' is never closed", opening),
         fmt::format("add the missing '{}'", closing_of(opening)), std::move(notes));
  }

  void abandon_open_brackets() {
    for (const std::size_t index : open_tokens_) result_.tokens[index].kind = broken;
    open_.clear();
    open_tokens_.clear();
  }

  bool is_first_on_line() const { return result_.tokens.empty() || result_.tokens.back().kind == newline; }

  // First and without indentation.
  bool is_at_line_start() const {
    return result_.tokens.empty() || (result_.tokens.back().kind == newline && result_.tokens.back().end == at_);
  }

  void step() {
    const char c = text_[at_];
    const auto rest = text_.substr(at_);
    if (c == ' ' || c == '\t') {
      ++at_;
    } else if (c == '\n' || c == '\r') {
      read_line_ends();
    } else if (rest.starts_with("//") || rest.starts_with("/*") || (c == '#' && is_first_on_line())) {
      read_comment();
    } else if (c == '\'' || c == '$') {
      read_string();
    } else if (is_letter(c)) {
      read_word();
    } else if (is_digit(c)) {
      add(number, at_, end_of(text_, at_, is_digit));
    } else if (c == '(' || c == '[' || c == '{') {
      read_open();
    } else if (c == ')' || c == ']' || c == '}') {
      read_close();
    } else {
      read_symbol();
    }
  }

  void read_line_ends() {
    const std::size_t past = end_of(text_, at_, [](char c) { return c == '\n' || c == '\r'; });
    if (!result_.tokens.empty() && result_.tokens.back().kind == newline) {
      result_.tokens.back().end = static_cast<std::uint32_t>(past);
      at_ = past;
    } else {
      add(newline, at_, past);
    }
  }

  void read_comment() {
    const std::size_t start = at_;
    const bool is_block = text_.substr(at_).starts_with("/*");
    std::size_t past = is_block ? text_.find("*/", at_ + 2) : line_end(text_, at_);
    if (past == std::string_view::npos) {
      fail(span(at_, at_ + 2), "the comment is never closed", "close it with '*/'");
      past = text_.size();
    } else if (is_block) {
      past += 2;
    }
    at_ = past;
    result_.comments.push_back({span(start, past)});
  }

  void read_string() {
    const std::size_t start = at_;
    const std::size_t quotes = end_of(text_, at_, [](char c) { return c == '$'; });
    if (text_.substr(quotes).starts_with(verbatim_quotes))
      return read_multi_line(start, quotes + verbatim_quotes.size());
    if (quotes != start) return void(add(symbol, start, quotes));
    const StringEnd found = find_string_end(text_, start, recovers_);
    if (!found.closed) {
      const std::size_t past = std::min(line_end(text_, start), found.end);
      fail(span(start, past), "the string has no closing quote on its line",
           R"(close it with "'"; a string over several lines stands in "'''")");
      at_ = past;
    } else if (found.bad_escape) {
      const std::size_t place = *found.bad_escape;
      const std::size_t length = place + 1 < text_.size() ? decode_utf8(text_, place + 1).length : 0;
      fail(span(place, place + 1 + length), fmt::format("'{}' is no escape of Bicep", text_.substr(place, 1 + length)),
           "write a backslash as '\\\\'");
      at_ = found.end;
    } else {
      add(found.interpolated ? interpolated : string, start, found.end);
    }
  }

  void read_multi_line(std::size_t start, std::size_t content) {
    const std::size_t past = multi_line_end(text_, content);
    if (past == std::string_view::npos) {
      fail(span(start, content), "the multi-line string is never closed", "close it with \"'''\"");
      at_ = text_.size();
      return;
    }
    const bool may_interpolate = text_[start] == '$';
    const auto inside = text_.substr(content, past - content);
    add(may_interpolate && inside.find("${") != std::string_view::npos ? interpolated : multi_line, start, past);
  }

  void read_word() {
    const std::size_t past = end_of(text_, at_, is_word_character);
    const auto spelling = text_.substr(at_, past - at_);
    const std::size_t next = end_of(text_, past, [](char c) { return c == ' ' || c == '\t'; });
    const bool is_property = next < text_.size() && text_[next] == ':';
    const bool is_declaration =
        is_at_line_start() && !is_property && std::ranges::find(declarations, spelling) != std::end(declarations);
    if (is_declaration) start_declaration(span(at_, past));
    add(word, at_, past).starts_declaration = is_declaration;
  }

  // A keyword at the start of a line. Inside of brackets that can be a child resource, unless brackets are known to be
  // missing.
  void start_declaration(Span keyword) {
    if (!recovers_) return;
    if (!open_.empty()) fail_unclosed(span(open_.back(), open_.back() + 1), keyword);
    if (!open_.empty()) add(newline, at_, at_);
    abandon_open_brackets();
    is_muted_ = false;
  }

  void read_open() {
    if (open_.size() >= nesting_limit) {
      gave_up_ = true;
      if (!recovers_) return;
      result_.problems.push_back({ProblemKind::yaml_limit,
                                  &file_,
                                  span(at_, at_ + 1),
                                  fmt::format("more than {} brackets stand inside each other", nesting_limit),
                                  "flatten the file: no Azure resource is nested this deeply",
                                  {}});
      result_.readable = false;
      abandon_open_brackets();
      return;
    }
    open_.push_back(at_);
    open_tokens_.push_back(result_.tokens.size());
    add(open, at_, at_ + 1);
  }

  void read_close() {
    const char bracket = text_[at_];
    if (open_.empty() || closing_of(text_[open_.back()]) != bracket) {
      if (open_.empty()) {
        fail(span(at_, at_ + 1), fmt::format("'{}' closes nothing", bracket), "remove it");
      } else {
        const std::size_t opened = open_.back();
        fail(span(at_, at_ + 1), fmt::format("'{}' stands where '{}' is expected", bracket, closing_of(text_[opened])),
             "", {{span(opened, opened + 1), "opened here"}});
      }
      ++at_;
      return;
    }
    const std::size_t partner = open_tokens_.back();
    open_.pop_back();
    open_tokens_.pop_back();
    result_.tokens[partner].match = static_cast<std::uint32_t>(result_.tokens.size());
    add(close, at_, at_ + 1).match = static_cast<std::uint32_t>(partner);
  }

  void read_symbol() {
    constexpr std::string_view pairs[] = {"==", "=>", "=~", "!=", "!~", "<=", ">=", "&&", "||", "??", "::", ".?"};
    const auto rest = text_.substr(at_);
    const auto starts = [rest](std::string_view operation) { return rest.starts_with(operation); };
    if (starts("...")) return void(add(ellipsis, at_, at_ + 3));
    if (std::ranges::any_of(pairs, starts)) return void(add(symbol, at_, at_ + 2));
    switch (rest.front()) {
      case ',': add(comma, at_, at_ + 1); break;
      case ':': add(colon, at_, at_ + 1); break;
      case '=': add(equals, at_, at_ + 1); break;
      case '@': add(BicepTokenKind::at, at_, at_ + 1); break;
      default: add(symbol, at_, at_ + decode_utf8(text_, at_).length);
    }
  }

  const SourceFile& file_;
  std::string_view text_;
  bool recovers_;
  bool gave_up_ = false;
  bool is_muted_ = false;  // a mistake of this declaration is reported already
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;         // the places of brackets that are not closed yet
  std::vector<std::size_t> open_tokens_;  // and their tokens
  BicepTokens result_;
};

// Refuses what no part of the reader could handle: too large, NUL, no UTF-8.
std::optional<Problem> find_bad_bytes(const SourceFile& file) {
  const auto text = file.text();
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return Problem{ProblemKind::yaml_limit, &file, {}, "the file has more than 4 GiB", "", {}};
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    if (!character.valid || text[at] == '\0') {
      const auto byte = static_cast<unsigned char>(text[at]);
      return Problem{
          ProblemKind::encoding,
          &file,
          {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)},
          byte == 0 ? "a NUL byte, which no text holds" : fmt::format("byte 0x{:02x} is not valid UTF-8", byte),
          "save the file as UTF-8",
          {}};
    }
    at += character.length;
  }
  return std::nullopt;
}

}  // namespace

BicepTokens read_bicep_tokens(const SourceFile& file) {
  BicepTokens result;
  if (auto problem = find_bad_bytes(file)) {
    result.problems.push_back(*std::move(problem));
    result.readable = false;
    return result;
  }
  if (!Lexer(file, false).run(result)) Lexer(file, true).run(result);
  return result;
}

std::string_view decode_bicep_string(std::string_view token, Document& document) {
  if (const auto quotes = token.find(verbatim_quotes); quotes == 0 || token.starts_with('$')) {
    auto content = token.substr(quotes + 3, token.size() - quotes - 6);
    if (content.starts_with("\r\n")) return content.substr(2);
    return content.substr(content.starts_with('\n') || content.starts_with('\r') ? 1 : 0);
  }
  auto content = token.substr(1, token.size() - 2);
  if (content.find('\\') == std::string_view::npos) return content;
  std::string text;
  while (!content.empty()) {
    const std::size_t plain = std::min(content.find('\\'), content.size());
    text.append(content.substr(0, plain));
    content.remove_prefix(std::min(plain + 1, content.size()));
    if (content.empty()) break;
    if (const std::size_t length = content[0] == 'u' ? decode_code_point(content, text) : 0; length != 0) {
      content.remove_prefix(length);
      continue;
    }
    constexpr std::string_view letters = "nrt";
    const std::size_t control = letters.find(content.front());
    text.push_back(control == std::string_view::npos ? content.front() : "\n\r\t"[control]);
    content.remove_prefix(1);
  }
  return document.keep(std::move(text));
}

}  // namespace meshlint
