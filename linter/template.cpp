#include "linter/template.h"

#include <algorithm>
#include <array>

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;

std::uint32_t narrow(std::size_t offset) {
  return static_cast<std::uint32_t>(offset);
}

// Finds the closing sign of expressions on their line; each stretch of text is searched once.
class Closer {
 public:
  Closer(std::string_view text, std::string_view sign) : text_(text), sign_(sign) {}

  // The end of the expression that opens before `from`; npos when its line ends first.
  std::size_t end(std::size_t from) {
    if (from > line_end_) line_end_ = std::min(text_.find('\n', from), text_.size());
    if (from > found_) found_ = std::min(text_.substr(0, line_end_).find(sign_, from), line_end_);
    return found_ == line_end_ ? npos : found_ + sign_.size();
  }

 private:
  std::string_view text_;
  std::string_view sign_;
  std::size_t found_ = 0;  // the next sign; line_end_ when there is none
  std::size_t line_end_ = 0;
};

constexpr std::size_t longest_variable = 256;  // of `${ }`; what is longer is some script

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The next '{' or '$'. A loop of its own: find_first_of is slow, and every file passes here.
std::size_t next_sign(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '{' && text[at] != '$') ++at;
  return at;
}

bool opens_expression(std::string_view text, std::size_t at) {
  return text[at] == '{' && at + 1 < text.size() && (text[at + 1] == '{' || text[at + 1] == '%');
}

// The first word of the expression at an offset, behind `{{-`.
std::string_view keyword(std::string_view text, std::size_t at) {
  at += 2;
  if (at < text.size() && (text[at] == '-' || text[at] == '~')) ++at;
  while (at < text.size() && is_blank(text[at])) ++at;
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

constexpr std::array<std::string_view, 9> openers = {"if",  "range", "with", "define", "block",
                                                     "for", "macro", "raw",  "filter"};
constexpr std::array<std::string_view, 4> alternatives = {"else", "elif", "elsif", "elseif"};
constexpr std::array<std::string_view, 3> inclusions = {"template", "include", "import"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

bool closes(std::string_view word) {
  return word == "end" || (word.starts_with("end") && is_one_of(word.substr(3), openers));
}

bool starts_line(std::string_view text, std::size_t at) {
  while (at > 0 && is_blank(text[at - 1])) --at;
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
}

std::uint32_t end_on_line(std::string_view text, const Placeholder& placeholder) {
  if (placeholder.masked) return placeholder.span.end;
  return narrow(std::min(text.find_first_of("\r\n", placeholder.span.start), text.size()));
}

}  // namespace

std::vector<Placeholder> find_placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  Closer braces(text, "}}");
  Closer percent(text, "%}");
  Closer brace(text, "}");
  Closer parenthesis(text, ")");
  std::size_t at = 0;
  const auto add = [&](std::size_t start, std::size_t end, bool masked) {
    const bool closed = end != npos;
    at = closed && masked ? end : start + 2;
    found.push_back({{narrow(start), narrow(at)}, closed && masked});
  };
  while ((at = next_sign(text, at)) + 1 < text.size()) {
    const char next = text[at + 1];
    if (text[at] == '{' && (next == '{' || next == '%')) {
      add(at, (next == '{' ? braces : percent).end(at + 2), true);
    } else if (text.substr(at, 3) == "${{") {
      ++at;
    } else if (text[at] == '$' && next == '{' && brace.end(at + 2) != npos) {
      const std::size_t end = brace.end(at + 2);
      const bool plain = end - at < longest_variable && text.substr(at, end - at).find_first_of("'\"") == npos;
      add(at, end, plain);
    } else if (text[at] == '$' && next == '(' && parenthesis.end(at + 2) != npos) {
      add(at, npos, false);
    } else {
      ++at;
    }
  }
  return found;
}

bool has_unbalanced_control_flow(std::string_view text) {
  int depth = 0;
  for (std::size_t at = text.find('{'); at != npos; at = text.find('{', at + 1)) {
    if (!opens_expression(text, at)) continue;
    const std::string_view word = keyword(text, at);
    if (is_one_of(word, openers)) ++depth;
    if (closes(word)) --depth;
    if (depth < 0 || (depth == 0 && is_one_of(word, alternatives))) return true;
  }
  return depth != 0;
}

bool is_control_flow(std::string_view text) {
  if (text.size() < 2 || !opens_expression(text, 0)) return false;
  const std::string_view word = keyword(text, 0);
  return is_one_of(word, openers) || is_one_of(word, alternatives) || is_one_of(word, inclusions) || closes(word);
}

std::optional<Span> first_control_line(std::string_view text, const std::vector<Placeholder>& placeholders) {
  std::optional<Span> over_lines;
  for (const Placeholder& placeholder : placeholders) {
    const std::size_t start = placeholder.span.start;
    if (!opens_expression(text, start)) continue;
    if (starts_line(text, start)) return Span{narrow(start), end_on_line(text, placeholder)};
    if (placeholder.masked || over_lines) continue;
    if (text.find(text[start + 1] == '{' ? "}}" : "%}", start) == npos) break;
    over_lines = Span{narrow(start), end_on_line(text, placeholder)};
  }
  return over_lines;
}

}  // namespace meshlint
