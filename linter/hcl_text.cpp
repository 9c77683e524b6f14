#include "linter/hcl_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Span span_of(std::size_t start, std::size_t end) {
  return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)};
}

std::size_t line_end(std::string_view source, std::size_t at) {
  return std::min(source.find('\n', at), source.size());
}

// The line at an offset without the blanks around it.
std::string_view trimmed_line(std::string_view source, std::size_t at) {
  std::size_t end = line_end(source, at);
  while (at < end && is_blank(source[at])) ++at;
  while (end > at && is_blank(source[end - 1])) --end;
  return source.substr(at, end - at);
}

// `$${` and `%%{` stand for `${` and `%{`.
bool is_escaped_template(std::string_view source, std::size_t at) {
  const auto sign = source.substr(at, 3);
  return sign == "$${" || sign == "%%{";
}

bool opens_template(std::string_view source, std::size_t at) {
  const auto sign = source.substr(at, 2);
  return sign == "${" || sign == "%{";
}

std::string_view name_of(char closing) {
  switch (closing) {
    case '"': return "string";
    case 'h': return "heredoc";
    default: return "bracket";
  }
}

}  // namespace

std::size_t HclScanner::expression_end(std::size_t start, std::string_view stops) {
  return run(start, stops, false);
}

std::size_t HclScanner::string_end(std::size_t start) {
  found_template_ = false;
  open('"', start);
  return run(start + 1, {}, true);
}

std::size_t HclScanner::heredoc_end(std::size_t start) {
  found_template_ = false;
  const auto header = read_heredoc_header(source_, start);
  open('h', start, header->marker);
  return run(header->content, {}, true);
}

std::size_t HclScanner::template_end(std::size_t start) {
  return run(open_template(start), {}, true);
}

std::size_t HclScanner::run(std::size_t at, std::string_view stops, bool until_closed) {
  while (true) {
    if (levels_.empty()) {
      if (until_closed || at >= source_.size()) return std::min(at, source_.size());
      constexpr std::string_view closing = ")]}";
      if (stops.find(source_[at]) != npos || closing.find(source_[at]) != npos) return at;
    } else if (at >= source_.size()) {
      fail_unclosed();
    }
    const char mode = levels_.empty() ? '}' : levels_.back().closing;
    at = mode == '"' ? step_in_string(at) : mode == 'h' ? step_in_heredoc(at) : step_in_expression(at);
  }
}

std::size_t HclScanner::step_in_expression(std::size_t at) {
  const char c = source_[at];
  switch (c) {
    case '"': open('"', at); return at + 1;
    case '(': open(')', at); return at + 1;
    case '[': open(']', at); return at + 1;
    case '{': open('}', at); return at + 1;
    case ')':
    case ']':
    case '}':
      if (c != levels_.back().closing) {
        const Level& level = levels_.back();
        throw HclMistake{.place = span_of(at, at + 1),
                         .message = fmt::format("'{}' stands where '{}' is expected", c, level.closing),
                         .help = {},
                         .related = span_of(level.start, level.start + 1)};
      }
      levels_.pop_back();
      return at + 1;
    case '#':
    case '/': return skip_comment(at);
    case '<':
      if (const auto header = read_heredoc_header(source_, at)) {
        open('h', at, header->marker);
        return header->content;
      }
      return at + 1;
    default: return at + 1;
  }
}

std::size_t HclScanner::step_in_string(std::size_t at) {
  at = std::min(source_.find_first_of("\"\\$%\n", at), source_.size());
  if (at == source_.size()) return at;
  switch (source_[at]) {
    case '"': levels_.pop_back(); return at + 1;
    case '\\': return at + 2;
    case '\n': fail_unclosed();
    default: break;
  }
  if (is_escaped_template(source_, at)) return at + 3;
  return opens_template(source_, at) ? open_template(at) : at + 1;
}

std::size_t HclScanner::step_in_heredoc(std::size_t at) {
  if (source_[at - 1] == '\n' && trimmed_line(source_, at) == levels_.back().marker) {
    const std::size_t marker = source_.find(levels_.back().marker, at);
    at = marker + levels_.back().marker.size();
    levels_.pop_back();
    return at;
  }
  at = std::min(source_.find_first_of("$%\n", at), source_.size());
  if (at == source_.size() || source_[at] == '\n') return at + 1;
  if (is_escaped_template(source_, at)) return at + 3;
  return opens_template(source_, at) ? open_template(at) : at + 1;
}

std::size_t HclScanner::open_template(std::size_t at) {
  found_template_ = true;
  open('}', at);
  return at + 2;
}

std::size_t HclScanner::skip_comment(std::size_t at) {
  std::size_t end = at + 1;
  if (source_[at] == '#' || source_.substr(at, 2) == "//") {
    end = line_end(source_, at);
    if (end > at && source_[end - 1] == '\r') --end;
  } else if (source_.substr(at, 2) == "/*") {
    end = source_.find("*/", at + 2);
    if (end == npos) {
      throw HclMistake{
          .place = span_of(at, at + 2), .message = "the comment is never closed", .help = "close it with '*/'"};
    }
    end += 2;
  } else {
    return end;
  }
  if (comments_ != nullptr) comments_->push_back({span_of(at, end)});
  return end;
}

void HclScanner::open(char closing, std::size_t start, std::string_view marker) {
  if (levels_.size() >= nesting_limit) {
    throw HclMistake{.kind = ProblemKind::yaml_limit,
                     .place = span_of(start, start + 1),
                     .message = fmt::format("more than {} brackets and strings stand inside each other", nesting_limit),
                     .help = "move parts of the expression into locals"};
  }
  levels_.push_back({closing, start, marker});
}

void HclScanner::fail_unclosed() const {
  const Level& level = levels_.back();
  const std::size_t end =
      level.closing == '"' ? std::max(line_end(source_, level.start), level.start + 1) : level.start + 1;
  HclMistake mistake{.place = span_of(level.start, level.closing == 'h' ? line_end(source_, level.start) : end),
                     .message = fmt::format("the {} is never closed", name_of(level.closing)),
                     .help = fmt::format("close it with '{}'", level.closing)};
  if (level.closing == '"') mistake.help = "close it with '\"'; a line break inside a string is written '\\n'";
  if (level.closing == 'h') mistake.help = fmt::format("close it with a line that holds '{}' alone", level.marker);
  throw mistake;
}

std::optional<HeredocHeader> read_heredoc_header(std::string_view source, std::size_t at) {
  if (source.substr(at, 2) != "<<") return std::nullopt;
  HeredocHeader header;
  header.indented = source.substr(at + 2, 1) == "-";
  const std::size_t start = at + (header.indented ? 3 : 2);
  std::size_t end = start;
  while (end < source.size() && is_word(source[end])) ++end;
  const std::size_t line = source.find_first_not_of(" \t\r", end);
  if (end == start || line == npos || source[line] != '\n') return std::nullopt;
  header.marker = source.substr(start, end - start);
  header.content = line + 1;
  return header;
}

namespace {

// A heredoc's text without its marker lines, cut into what stands at the start of lines and templates.
class HeredocDecoder {
 public:
  HeredocDecoder(std::string_view source, std::size_t start, std::size_t end)
      : source_(source.substr(0, end)), start_(start), scanner_(source) {}

  // The least number of blanks in front of a line that is not empty.
  std::size_t common_indentation() {
    std::size_t least = npos;
    for (std::size_t at = start_; at < source_.size(); at = next_line(at)) {
      const std::size_t content = source_.find_first_not_of(" \t", at);
      if (content == npos || source_[content] == '\n' || source_[content] == '\r') continue;
      least = std::min(least, content - at);
    }
    return least == npos ? 0 : least;
  }

  Heredoc decode(std::size_t indentation) {
    for (std::size_t line = start_; line < source_.size();) {
      const std::size_t content = std::min(source_.find_first_not_of(" \t", line), source_.size());
      line = copy_line(std::min(content, line + indentation));
    }
    return std::move(result_);
  }

 private:
  // The line behind the one at an offset, where line breaks within templates end no line.
  std::size_t next_line(std::size_t at) {
    while (at < source_.size()) {
      at = std::min(source_.find_first_of("$%\n", at), source_.size());
      if (at == source_.size()) break;
      if (source_[at] == '\n') return at + 1;
      at = is_escaped_template(source_, at) ? at + 3 : opens_template(source_, at) ? scanner_.template_end(at) : at + 1;
    }
    return source_.size();
  }

  // Copies up to the end of the line and returns where the next one starts.
  std::size_t copy_line(std::size_t at) {
    while (at < source_.size()) {
      const std::size_t next = std::min(source_.find_first_of("$%\n", at), source_.size());
      result_.text.copy(source_, at, next);
      at = next;
      if (at == source_.size()) break;
      if (source_[at] == '\n') {
        result_.text.copy(source_, at, at + 1);
        return at + 1;
      }
      at = copy_sign(at);
    }
    return at;
  }

  std::size_t copy_sign(std::size_t at) {
    if (is_escaped_template(source_, at)) {
      result_.text.put(source_.substr(at + 1, 2), at, at + 3);
      return at + 3;
    }
    if (!opens_template(source_, at)) {
      result_.text.copy(source_, at, at + 1);
      return at + 1;
    }
    const std::size_t end = scanner_.template_end(at);
    result_.has_template = true;
    if (source_[at] == '%' && !result_.directive) result_.directive = span_of(at, end);
    // The reader of YAML knows such a template only on one line, without quotes and other braces.
    const auto expression = source_.substr(at + 2, end - at - 3);
    if (expression.size() < 200 && expression.find_first_of("'\"{}\r\n") == npos) {
      result_.text.copy(source_, at, end);
    } else {
      result_.text.put("${_}", at, end);
    }
    return end;
  }

  std::string_view source_;
  std::size_t start_;
  HclScanner scanner_;
  Heredoc result_;
};

}  // namespace

Heredoc decode_heredoc(std::string_view source, Span span) {
  const auto header = read_heredoc_header(source, span.start);
  const std::size_t marker_line = source.rfind('\n', span.end - 1) + 1;
  HeredocDecoder decoder(source, header->content, std::max(marker_line, header->content));
  Heredoc heredoc = decoder.decode(header->indented ? decoder.common_indentation() : 0);
  heredoc.text.end = static_cast<std::uint32_t>(marker_line);
  return heredoc;
}

}  // namespace meshlint
