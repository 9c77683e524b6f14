#include "linter/block_yaml.h"

#include <algorithm>
#include <array>
#include <optional>

#include "linter/scalar.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t key_limit = 1000;  // bytes; YAML allows 1024 characters

constexpr bool is_break(char c) {
  return c == '\n' || c == '\r';
}

// A set of bytes to look up quickly.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char byte : bytes) set_[static_cast<unsigned char>(byte)] = true;
  }
  constexpr bool holds(char byte) const { return set_[static_cast<unsigned char>(byte)]; }

 private:
  std::array<bool, 256> set_{};
};

constexpr ByteSet never_starts_plain(" \t\r\n,[]{}#&*!|>'\"%@`?:");
constexpr ByteSet may_end_plain(":#\t\r\n");
constexpr ByteSet may_end_plain_in_flow(":#\t\r\n,[]{}?");
constexpr ByteSet simple_escapes("\"\\/bfnrt");

// Reads line by line; the lines' indentation says which of the builder's collections they belong to.
class BlockReader {
 public:
  BlockReader(std::string_view text, Span part, DocumentBuilder& builder)
      : text_(text.substr(0, part.end)), at_(part.start), line_(part.start), builder_(builder) {}

  // Whether the part was read to its end.
  bool read() {
    const bool marked = text_.substr(at_).starts_with("---");
    if (marked) {
      at_ += 3;
      if (!ends_line()) return false;
    }
    next_content();
    if (at_ == text_.size()) return !marked;
    for (; at_ < text_.size(); next_content()) {
      if (!enter_line() || !read_line()) return false;
    }
    while (builder_.depth() > 0) close();
    return true;
  }

 private:
  struct Scalar {
    std::size_t end;
    ScalarStyle style;
  };

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n'; }
  int column() const { return static_cast<int>(at_ - line_); }
  void skip_spaces() {
    while (peek() == ' ') ++at_;
  }

  // Whether an item's dash stands here.
  bool is_dash() const { return peek() == '-' && (peek(1) == ' ' || peek(1) == '\t' || is_break(peek(1))); }

  // Whether the colon behind a block mapping's key stands here.
  bool is_colon() const { return peek() == ':' && (peek(1) == ' ' || is_break(peek(1))); }

  void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  // Skips spaces and a comment; whether nothing else stands on the line.
  bool ends_line() {
    skip_spaces();
    if (peek() == '#' && text_[at_ - 1] == ' ') skip_comment();
    return is_break(peek());
  }

  // Moves from the end of a line to the next content, or to a tab, which no value starts with.
  void next_content() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        skip_comment();
        continue;
      }
      if (c != ' ' && !is_break(c)) return;
      ++at_;
      if (c == '\n') line_ = at_;
    }
  }

  // Whether the value of the key or item above may still come.
  bool is_pending() const { return empty_at_ != npos; }
  bool may_open() const { return is_pending() || (builder_.depth() == 0 && !any_content_); }

  // Completes the key or item above, which has no value.
  void fill_empty() {
    if (is_pending()) builder_.add_empty(empty_at_);
    empty_at_ = npos;
  }

  void close() {
    fill_empty();
    builder_.close(builder_.content_end());
  }

  // Notes that the value that may come comes.
  void start_value() {
    empty_at_ = npos;
    any_content_ = true;
  }

  bool open(NodeKind kind, std::size_t start, bool flow, int at_column) {
    if (builder_.depth() == nesting_limit) return false;
    start_value();
    builder_.open(kind, start, flow, at_column);
    return true;
  }

  // Closes the collections that end above a line; false when the line fits none of the others.
  bool enter_line() {
    if (column() == 0 && text_.substr(at_).starts_with("...")) return false;
    for (; builder_.depth() > 0; close()) {
      const DocumentBuilder::Frame& innermost = builder_.innermost();
      if (column() > innermost.column) return is_pending();
      if (column() < innermost.column) continue;
      const bool is_item = is_dash();
      if (is_item && innermost.kind == NodeKind::mapping) return is_pending();
      if (is_item != (innermost.kind == NodeKind::sequence)) continue;
      fill_empty();
      return true;
    }
    return !any_content_;
  }

  // Reads the items or the entry that a line holds, or the value of the key or item above it.
  bool read_line() {
    while (is_dash()) {
      if (may_open() && !open(NodeKind::sequence, at_, false, column())) return false;
      empty_at_ = ++at_;
      if (ends_line()) return true;
    }
    if (starts_unlike_key()) return may_open() && read_value();
    const std::size_t start = at_;
    const int start_column = column();
    const auto scalar = scan_scalar(may_end_plain);
    if (!scalar) return false;
    skip_spaces();
    if (!is_colon()) return is_pending() && add_value(start, *scalar);
    if (scalar->end - start > key_limit) return false;
    if (may_open() && !open(NodeKind::mapping, start, false, start_column)) return false;
    builder_.add_scalar(start, scalar->end, scalar->style);
    empty_at_ = ++at_;
    return ends_line() || read_value();
  }

  // Whether a flow collection or a block scalar starts here.
  bool starts_unlike_key() const { return peek() == '[' || peek() == '{' || peek() == '|' || peek() == '>'; }

  // Reads a value that is no block collection, up to the end of its line.
  bool read_value() {
    if (peek() == '[' || peek() == '{') return read_flow() && ends_line();
    if (peek() == '|' || peek() == '>') return is_pending() && read_block_scalar();
    const std::size_t start = at_;
    const auto scalar = scan_scalar(may_end_plain);
    return scalar && add_value(start, *scalar);
  }

  bool add_value(std::size_t start, const Scalar& scalar) {
    start_value();
    builder_.add_scalar(start, scalar.end, scalar.style);
    return ends_line();
  }

  // Moves behind a plain or quoted scalar that ends on its line; a plain one may leave spaces behind.
  std::optional<Scalar> scan_scalar(const ByteSet& may_end) {
    if (peek() == '"') return scan_double_quoted();
    if (peek() == '\'') return scan_single_quoted();
    if (never_starts_plain.holds(peek()) || is_dash()) return std::nullopt;
    std::size_t end = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ') continue;
      if (may_end.holds(c) && ends_plain(c, may_end)) break;
      end = at_ + 1;
    }
    return Scalar{end, ScalarStyle::plain};
  }

  bool ends_plain(char c, const ByteSet& may_end) const {
    if (c == '#') return text_[at_ - 1] == ' ';
    const char next = peek(1);
    return c != ':' || next == ' ' || (may_end.holds(next) && next != ':' && next != '#');
  }

  std::optional<Scalar> scan_double_quoted() {
    for (++at_; at_ < text_.size() && !is_break(text_[at_]); ++at_) {
      if (text_[at_] == '"') return Scalar{++at_, ScalarStyle::double_quoted};
      if (text_[at_] != '\\') continue;
      ++at_;
      if (!simple_escapes.holds(peek())) break;
    }
    return std::nullopt;
  }

  std::optional<Scalar> scan_single_quoted() {
    for (++at_; at_ < text_.size() && !is_break(text_[at_]); ++at_) {
      if (text_[at_] != '\'') continue;
      ++at_;
      if (peek() != '\'') return Scalar{at_, ScalarStyle::single_quoted};
    }
    return std::nullopt;
  }

  // Reads a literal or folded scalar that does not state its indentation.
  bool read_block_scalar() {
    const std::size_t start = at_++;
    if (peek() == '-' || peek() == '+') ++at_;
    if (!ends_line() || undetermined_indent(text_, read_block_header(text_, start))) return false;
    start_value();
    at_ = builder_.add_block_scalar(start);
    return true;
  }

  // Reads a flow collection on one line.
  bool read_flow() {
    const bool is_mapping = peek() == '{';
    const char closing = is_mapping ? '}' : ']';
    if (!open(is_mapping ? NodeKind::mapping : NodeKind::sequence, at_, true, 0)) return false;
    ++at_;
    skip_spaces();
    for (bool first = true; !first || peek() != closing; first = false) {
      if (is_mapping && !read_flow_key()) return false;
      if (peek() == '[' || peek() == '{' ? !read_flow() : !read_flow_scalar()) return false;
      skip_spaces();
      if (peek() == closing) break;
      if (peek() != ',') return false;
      ++at_;
      skip_spaces();
    }
    builder_.close(static_cast<std::uint32_t>(++at_));
    return true;
  }

  bool read_flow_scalar() {
    const std::size_t start = at_;
    const auto scalar = scan_scalar(may_end_plain_in_flow);
    if (scalar) builder_.add_scalar(start, scalar->end, scalar->style);
    return scalar.has_value();
  }

  bool read_flow_key() {
    const std::size_t start = at_;
    if (!read_flow_scalar()) return false;
    const bool is_quoted = text_[start] == '"' || text_[start] == '\'';
    skip_spaces();
    if (peek() != ':' || !(is_quoted || peek(1) == ' ') || at_ - start > key_limit) return false;
    ++at_;
    skip_spaces();
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t line_;             // where the line of the content that is being read starts
  std::size_t empty_at_ = npos;  // where the value of the last key or item stands if none comes
  bool any_content_ = false;
  DocumentBuilder& builder_;
};

}  // namespace

bool read_block_yaml(std::string_view text, Span part, DocumentBuilder& builder) {
  return BlockReader(text, part, builder).read();
}

}  // namespace meshlint
