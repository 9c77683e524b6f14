#include "linter/hcl.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "linter/hcl_text.h"
#include "linter/mistake.h"
#include "linter/utf8.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr bool continues_name(char c) {
  return starts_name(c) || is_digit(c) || c == '-';
}

Span span_of(std::size_t start, std::size_t end) {
  return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)};
}

// The text of a string without templates.
std::string_view decode_string(std::string_view source, Span span, Document& document) {
  const auto content = source.substr(span.start + 1, span.end - span.start - 2);
  const bool is_escaped = content.find('\\') != npos || content.find("$${") != npos || content.find("%%{") != npos;
  if (!is_escaped) return content;
  const std::string decoded = decode_flow_scalar(source, span, ScalarStyle::double_quoted).text;
  std::string text;
  for (std::size_t at = 0; at < decoded.size(); ++at) {
    const auto sign = std::string_view(decoded).substr(at, 3);
    if (sign == "$${" || sign == "%%{") ++at;
    text += decoded[at];
  }
  return document.keep(std::move(text));
}

class Reader {
 public:
  Reader(const SourceFile& file, Document& document)
      : text_(file.text()), document_(document), nodes_(document.mutable_nodes()) {}

  // Reads the file's body; throws HclMistake.
  void read() {
    const std::uint32_t root = add(NodeKind::mapping, span_of(0, text_.size()), NodeData::none);
    read_body(root, npos);
  }

 private:
  // Whether an expression ends with its line, or goes on over lines, as between brackets.
  enum class Ends : std::uint8_t { with_line, at_comma };

  static std::string_view stops(Ends ends) { return ends == Ends::with_line ? "\n," : ","; }

  // The children of a collection while it is read.
  struct Chain {
    std::uint32_t collection;
    std::uint32_t last = NodeData::none;
  };

  // What one name stands for in a body.
  struct Slot {
    Chain blocks;           // for block types: the sequence of the blocks
    bool is_block = false;  // otherwise an argument
    Span name;
  };

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }

  Span here() const {
    const std::size_t length = at_end() ? 0 : decode_utf8(text_, at_).length;
    return span_of(at_, at_ + length);
  }

  [[noreturn]] static void fail(Span place, std::string message, std::string help = {},
                                std::optional<Span> opened = std::nullopt) {
    throw HclMistake{.place = place, .message = std::move(message), .help = std::move(help), .related = opened};
  }

  std::string describe_here() const {
    if (at_end()) return "the end of the file";
    if (peek() == '\n' || peek() == '\r') return "the end of the line";
    const Span place = here();
    return fmt::format("'{}'", text_.substr(place.start, place.end - place.start));
  }

  void enter() {
    if (++depth_ <= nesting_limit) return;
    throw HclMistake{
        .kind = ProblemKind::yaml_limit,
        .place = here(),
        .message = fmt::format("more than {} blocks and collections stand inside each other", nesting_limit),
        .help = "flatten it: no Terraform or Azure resource is nested this deeply"};
  }

  std::uint32_t add(NodeKind kind, Span place, std::uint32_t parent) { return document_.add(kind, place, parent); }

  std::uint32_t add_scalar(Span place, std::uint32_t parent, std::string_view text, ScalarStyle style) {
    const std::uint32_t index = add(NodeKind::scalar, place, parent);
    nodes_[index].style = style;
    nodes_[index].text = text;
    return index;
  }

  std::uint32_t add_collection(NodeKind kind, std::size_t start, std::uint32_t parent) {
    const std::uint32_t index = add(kind, span_of(start, start), parent);
    nodes_[index].flow = true;
    return index;
  }

  void append(Chain& chain, std::uint32_t child, std::uint32_t key = NodeData::none) {
    (chain.last == NodeData::none ? nodes_[chain.collection].first_child : nodes_[chain.last].next_sibling) = child;
    ++nodes_[chain.collection].child_count;
    nodes_[child].key = key;
    chain.last = child;
  }

  // Behind blanks and comments, and line breaks if they mean nothing here.
  void skip_blanks(bool over_lines) {
    while (!at_end()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && over_lines)) {
        ++at_;
      } else if (c == '#' || text_.substr(at_, 2) == "//" || text_.substr(at_, 2) == "/*") {
        skip_comment();
      } else {
        return;
      }
    }
  }

  void skip_comment() {
    std::size_t end = text_.find('\n', at_);
    if (text_.substr(at_, 2) == "/*") {
      end = text_.find("*/", at_ + 2);
      if (end == npos) fail(span_of(at_, at_ + 2), "the comment is never closed", "close it with '*/'");
      end += 2;
    } else {
      end = std::min(end, text_.size());
      if (text_[end - 1] == '\r') --end;
    }
    document_.mutable_comments().push_back({span_of(at_, end)});
    at_ = end;
  }

  std::string_view read_name() {
    const std::size_t start = at_;
    while (!at_end() && continues_name(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  // Reads arguments and blocks up to the brace that closes the one at `opening`, or to the end of the file for npos.
  void read_body(std::uint32_t body, std::size_t opening) {
    Chain entries{body};
    std::unordered_map<std::string_view, Slot> slots;
    while (true) {
      skip_blanks(true);
      if (at_end() && opening == npos) return;
      if (at_end()) {
        fail(span_of(opening, opening + 1), "the block is never closed", "close it with '}'");
      }
      if (peek() == '}' && opening != npos) {
        ++at_;
        nodes_[body].end = static_cast<std::uint32_t>(at_);
        return;
      }
      read_item(entries, slots);
      expect_line_end(opening);
    }
  }

  void expect_line_end(std::size_t opening) {
    skip_blanks(false);
    if (at_end() || peek() == '\n' || (peek() == '}' && opening != npos)) return;
    if (peek() == ',')
      fail(here(), "a comma behind an argument of a block",
           "arguments of a block stand on lines of their own, without commas");
    fail(here(), fmt::format("{} stands where the line should end", describe_here()),
         "each argument and each block stands on a line of its own");
  }

  void read_item(Chain& entries, std::unordered_map<std::string_view, Slot>& slots) {
    if (!starts_name(peek())) fail_item();
    const std::size_t start = at_;
    const auto name = read_name();
    const Span place = span_of(start, at_);
    skip_blanks(false);
    const auto [known, is_new] = slots.try_emplace(name, Slot{{0}, false, place});
    Slot& slot = known->second;
    if (peek() == '=') {
      if (!is_new && !slot.is_block) {
        throw HclMistake{.place = place,
                         .message = fmt::format("argument '{}' is already set in this block", name),
                         .help = "keep one of the two",
                         .related = slot.name,
                         .relation = "first set here"};
      }
      ++at_;
      read_argument(entries, place);
    } else {
      if (is_new || !slot.is_block) {
        const std::uint32_t key = add_scalar(place, entries.collection, name, ScalarStyle::plain);
        const std::uint32_t sequence = add_collection(NodeKind::sequence, at_, entries.collection);
        append(entries, sequence, key);
        slot = {{sequence}, true, place};
      }
      read_block(slot.blocks, name);
    }
  }

  [[noreturn]] void fail_item() {
    if (peek() == '}') fail(here(), "'}' closes nothing");
    if (peek() == '"')
      fail(here(), "a name of an argument or block is expected, not a string", "write names without quotes");
    if (text_.substr(at_, 7) == "<<<<<<<" || text_.substr(at_, 7) == "=======" || text_.substr(at_, 7) == ">>>>>>>") {
      fail(span_of(at_, at_ + 7), "a merge conflict that was never resolved",
           "keep one of the two sides and remove the markers");
    }
    fail(here(), fmt::format("an argument or a block is expected, not {}", describe_here()));
  }

  void read_argument(Chain& entries, Span name) {
    const std::uint32_t key = add_scalar(name, entries.collection, slice(name), ScalarStyle::plain);
    skip_blanks(false);
    append(entries, read_expression(entries.collection, Ends::with_line), key);
  }

  std::string_view slice(Span place) const { return text_.substr(place.start, place.end - place.start); }

  // From behind a block's type: its labels and its body.
  void read_block(Chain& blocks, std::string_view type) {
    Chain* holder = &blocks;
    Chain around{0};
    std::vector<std::uint32_t> wrappers;
    std::uint32_t key = NodeData::none;
    while (peek() != '{') {
      const Span place = read_label(type);
      const std::uint32_t wrapper = add_collection(NodeKind::mapping, place.start, holder->collection);
      append(*holder, wrapper, key);
      wrappers.push_back(wrapper);
      around = {wrapper};
      holder = &around;
      const bool quoted = text_[place.start] == '"';
      key = add_scalar(place, wrapper, quoted ? decode_string(text_, place, document_) : slice(place),
                       quoted ? ScalarStyle::double_quoted : ScalarStyle::plain);
      skip_blanks(false);
    }
    const std::uint32_t body = add_collection(NodeKind::mapping, at_, holder->collection);
    append(*holder, body, key);
    enter();
    const std::size_t opening = at_++;
    read_body(body, opening);
    --depth_;
    for (const std::uint32_t wrapper : wrappers) nodes_[wrapper].end = static_cast<std::uint32_t>(at_);
    nodes_[blocks.collection].end = static_cast<std::uint32_t>(at_);
  }

  Span read_label(std::string_view type) {
    const std::size_t start = at_;
    if (peek() == '"') {
      HclScanner scanner(text_);
      at_ = scanner.string_end(at_);
      if (scanner.found_template()) fail(span_of(start, at_), "a block's label cannot hold a template");
    } else if (starts_name(peek())) {
      read_name();
    } else {
      fail(here(), fmt::format("{} stands where '=' or '{{' is expected behind '{}'", describe_here(), type),
           "arguments are written 'name = value', blocks 'type \"label\" { … }'");
    }
    return span_of(start, at_);
  }

  // Reads the expression at hand. A literal counts only when the expression ends with it.
  std::uint32_t read_expression(std::uint32_t parent, Ends ends) {
    const std::size_t start = at_;
    const std::size_t nodes_before = nodes_.size();
    const std::size_t comments_before = document_.comments().size();
    if (const auto literal = read_literal(parent)) {
      const std::size_t end = at_;
      skip_blanks(ends == Ends::at_comma);
      constexpr std::string_view closing = ")]}";
      const bool ends_here = at_end() || stops(ends).find(peek()) != npos || closing.find(peek()) != npos;
      if (ends_here) {
        return *literal;
      }
      if (peek() == '"' || peek() == '{' || starts_name(peek()) || is_digit(peek())) fail_value_behind(end);
    }
    nodes_.resize(nodes_before);
    document_.mutable_comments().resize(comments_before);
    at_ = start;
    return read_opaque(parent, ends);
  }

  [[noreturn]] void fail_value_behind(std::size_t end) {
    fail(span_of(end, end),
         fmt::format("there is no comma or line break between this value and the next, {}", describe_here()));
  }

  std::uint32_t read_opaque(std::uint32_t parent, Ends ends) {
    const std::size_t start = at_;
    constexpr std::string_view starts_nothing = "=:?*+/.|&>";
    if (!at_end() && starts_nothing.find(peek()) != npos) {
      fail(here(), fmt::format("a value is expected, not {}", describe_here()));
    }
    HclScanner scanner(text_, &document_.mutable_comments());
    at_ = scanner.expression_end(at_, stops(ends));
    std::size_t end = at_;
    // A comment behind the expression is none of its text.
    auto& comments = document_.mutable_comments();
    for (auto comment = comments.rbegin(); comment != comments.rend() && comment->span.start >= start; ++comment) {
      while (end > start && std::string_view(" \t\r\n").find(text_[end - 1]) != npos) --end;
      if (comment->span.end != end) break;
      end = comment->span.start;
    }
    while (end > start && std::string_view(" \t\r\n").find(text_[end - 1]) != npos) --end;
    if (end == start) {
      at_ = start;
      fail(here(), fmt::format("a value is expected, not {}", describe_here()));
    }
    const Span place = span_of(start, end);
    const std::uint32_t index = add_scalar(place, parent, slice(place), ScalarStyle::plain);
    nodes_[index].unresolved = true;
    return index;
  }

  // Nothing when what stands here is no literal; the place is then undefined.
  std::optional<std::uint32_t> read_literal(std::uint32_t parent) {
    const char c = peek();
    if (c == '"') return read_string(parent);
    if (c == '[') return read_tuple(parent);
    if (c == '{') return read_object(parent);
    if (c == '<') return read_heredoc(parent);
    if (is_digit(c) || c == '-') return read_number(parent);
    return starts_name(c) ? read_word(parent) : std::nullopt;
  }

  std::uint32_t read_string(std::uint32_t parent) {
    const std::size_t start = at_;
    HclScanner scanner(text_, &document_.mutable_comments());
    at_ = scanner.string_end(at_);
    const Span place = span_of(start, at_);
    const auto text =
        scanner.found_template() ? text_.substr(start + 1, at_ - start - 2) : decode_string(text_, place, document_);
    const std::uint32_t index = add_scalar(place, parent, text, ScalarStyle::double_quoted);
    nodes_[index].unresolved = scanner.found_template() || has_placeholder(text);
    return index;
  }

  std::optional<std::uint32_t> read_heredoc(std::uint32_t parent) {
    if (!read_heredoc_header(text_, at_)) return std::nullopt;
    const std::size_t start = at_;
    HclScanner scanner(text_, &document_.mutable_comments());
    at_ = scanner.heredoc_end(at_);
    const Span place = span_of(start, at_);
    Heredoc heredoc = decode_heredoc(text_, place);
    const bool unresolved = heredoc.has_template || has_placeholder(heredoc.text.text);
    const std::uint32_t index =
        add_scalar(place, parent, document_.keep(std::move(heredoc.text.text)), ScalarStyle::literal);
    nodes_[index].unresolved = unresolved;
    return index;
  }

  std::optional<std::uint32_t> read_number(std::uint32_t parent) {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    if (!is_digit(peek())) return std::nullopt;
    while (!at_end() && (continues_name(peek()) || peek() == '.')) {
      const bool has_sign = (peek() == 'e' || peek() == 'E') && text_.substr(at_ + 1, 1) == "+";
      at_ += has_sign ? 2 : 1;
    }
    const auto text = text_.substr(start, at_ - start);
    const ScalarType type = plain_scalar_type(text);
    if (type != ScalarType::integer && type != ScalarType::real) return std::nullopt;
    return add_scalar(span_of(start, at_), parent, text, ScalarStyle::plain);
  }

  std::optional<std::uint32_t> read_word(std::uint32_t parent) {
    const std::size_t start = at_;
    const auto word = read_name();
    const Span place = span_of(start, at_);
    if (word == "null") return add(NodeKind::null, place, parent);
    if (word == "true" || word == "false") return add_scalar(place, parent, word, ScalarStyle::plain);
    if (word == "jsonencode" || word == "yamlencode") return read_argument_of_call(parent, "{[");
    if (word == "jsondecode" || word == "yamldecode") return read_argument_of_call(parent, "\"<");
    return std::nullopt;
  }

  // From behind a function's name: its one argument, if it is a literal that starts with one of the characters.
  std::optional<std::uint32_t> read_argument_of_call(std::uint32_t parent, std::string_view starts) {
    skip_blanks(false);
    if (peek() != '(') return std::nullopt;
    ++at_;
    skip_blanks(true);
    if (at_end() || starts.find(peek()) == npos) return std::nullopt;
    const auto argument = read_literal(parent);
    if (!argument) return std::nullopt;
    skip_blanks(true);
    if (peek() == ',') {
      ++at_;
      skip_blanks(true);
    }
    if (peek() != ')') return std::nullopt;
    ++at_;
    return argument;
  }

  // Whether `[` or `{` at hand opens a `for` expression.
  bool opens_loop() {
    const std::size_t start = at_;
    const std::size_t comments_before = document_.comments().size();
    ++at_;
    skip_blanks(true);
    const bool is_loop = starts_name(peek()) && read_name() == "for";
    skip_blanks(true);
    const bool is_key = peek() == '=' || peek() == ':';
    at_ = start;
    document_.mutable_comments().resize(comments_before);
    return is_loop && !is_key;
  }

  std::optional<std::uint32_t> read_tuple(std::uint32_t parent) {
    if (opens_loop()) return std::nullopt;
    enter();
    const std::size_t opening = at_;
    Chain items{add_collection(NodeKind::sequence, opening, parent)};
    ++at_;
    for (skip_blanks(true); peek() != ']'; skip_blanks(true)) {
      check_open(opening, ']');
      append(items, read_expression(items.collection, Ends::at_comma));
      take_comma(opening, ']', false);
    }
    close(items.collection);
    return items.collection;
  }

  std::optional<std::uint32_t> read_object(std::uint32_t parent) {
    if (opens_loop()) return std::nullopt;
    enter();
    const std::size_t opening = at_;
    Chain entries{add_collection(NodeKind::mapping, opening, parent)};
    ++at_;
    for (skip_blanks(true); peek() != '}'; skip_blanks(true)) {
      check_open(opening, '}');
      const std::uint32_t key = read_key(entries.collection);
      skip_blanks(true);
      append(entries, read_expression(entries.collection, Ends::with_line), key);
      take_comma(opening, '}', true);
    }
    close(entries.collection);
    return entries.collection;
  }

  void close(std::uint32_t collection) {
    ++at_;
    --depth_;
    nodes_[collection].end = static_cast<std::uint32_t>(at_);
  }

  void check_open(std::size_t opening, char closing) const {
    if (!at_end()) return;
    fail(span_of(opening, opening + 1), fmt::format("'{}' is missing: the bracket is never closed", closing));
  }

  // Behind an item: its comma, or for an object the end of its line.
  void take_comma(std::size_t opening, char closing, bool ends_at_line) {
    skip_blanks(false);
    if (ends_at_line && peek() == '\n') return skip_blanks(true);
    skip_blanks(true);
    check_open(opening, closing);
    if (peek() == ',') {
      ++at_;
    } else if (peek() != closing) {
      fail(here(), fmt::format("{} stands where ',' or '{}' is expected", describe_here(), closing), {},
           span_of(opening, opening + 1));
    }
  }

  // An object's key with its '=' or ':'. One that is an expression is unresolved.
  std::uint32_t read_key(std::uint32_t object) {
    const std::size_t start = at_;
    HclScanner scanner(text_, &document_.mutable_comments());
    at_ = scanner.expression_end(at_, "=:\n,");
    std::size_t end = at_;
    while (end > start && std::string_view(" \t\r").find(text_[end - 1]) != npos) --end;
    const Span place = span_of(start, end);
    if (end == start) fail(here(), fmt::format("a key is expected, not {}", describe_here()));
    if (peek() != '=' && peek() != ':') {
      fail(place, fmt::format("'{}' has no value", excerpt(slice(place))), "write it 'key = value'");
    }
    ++at_;
    const auto text = slice(place);
    const bool quoted = text.size() >= 2 && text.front() == '"' && HclScanner(text_).string_end(start) == end;
    if (quoted && !scanner.found_template()) {
      return add_scalar(place, object, decode_string(text_, place, document_), ScalarStyle::double_quoted);
    }
    const std::uint32_t key = add_scalar(place, object, text, ScalarStyle::plain);
    nodes_[key].unresolved = !std::ranges::all_of(text, continues_name);
    return key;
  }

  std::string_view text_;
  Document& document_;
  std::vector<NodeData>& nodes_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

// Where the text holds a byte that is no UTF-8, or a NUL; npos when it holds none.
std::size_t find_foreign_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0) return at;
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const auto character = decode_utf8(text, at);
    if (!character.valid) return at;
    at += character.length;
  }
  return npos;
}

void check_bytes(std::string_view text) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw HclMistake{
        .kind = ProblemKind::yaml_limit, .place = {}, .message = "the file has more than 4 GiB", .help = {}};
  }
  const std::size_t at = find_foreign_byte(text);
  if (at == npos) return;
  throw HclMistake{.kind = ProblemKind::encoding,
                   .place = span_of(at, at + 1),
                   .message = fmt::format("byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(text[at])),
                   .help = "save the file as UTF-8"};
}

// Whether the line around a place shows that the file is rendered by another tool first.
bool is_template_line(std::string_view text, std::size_t place) {
  const std::size_t before = place == 0 ? npos : text.rfind('\n', place - 1);
  const std::size_t start = before == npos ? 0 : before + 1;
  const auto line = text.substr(start, std::min(text.find('\n', place), text.size()) - start);
  return line.find("{{") != npos || line.find("{%") != npos;
}

Problem to_problem(const SourceFile& file, const HclMistake& mistake) {
  const bool is_syntax = mistake.kind == ProblemKind::infrastructure_syntax;
  if (is_syntax && is_template_line(file.text(), mistake.place.start)) {
    return {ProblemKind::template_skipped,
            &file,
            mistake.place,
            "the file is a template, which is no Terraform before it is rendered",
            "check the rendered file",
            {}};
  }
  Problem problem{mistake.kind, &file, mistake.place, mistake.message, mistake.help, {}};
  if (is_syntax) problem.message = fmt::format("Terraform: {}", mistake.message);
  if (mistake.related) problem.notes.push_back({*mistake.related, mistake.relation});
  return problem;
}

}  // namespace

ParsedText parse_hcl(const SourceFile& file) {
  ParsedText result;
  auto document = std::make_unique<Document>(file);
  try {
    check_bytes(file.text());
    Reader(file, *document).read();
  } catch (const HclMistake& mistake) {
    result.problems.push_back(to_problem(file, mistake));
    return result;
  }
  document->mutable_nodes().shrink_to_fit();
  result.documents.push_back(std::move(document));
  return result;
}

}  // namespace meshlint
