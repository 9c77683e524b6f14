#include "linter/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <limits>

#include "linter/utf8.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

// Ends the reading of a file; caught in parse_json.
struct Mistake {
  Problem problem;
};

constexpr std::size_t array_levels_filtered = 2;

// What a scan needs to know of a byte: whether it stops a string or skipped text, is white space, part of a number or
// name.
enum ByteClass : std::uint8_t { stops_string = 1, stops_skipping = 2, white = 4, word = 8 };

constexpr std::array<std::uint8_t, 256> byte_classes = [] {
  std::array<std::uint8_t, 256> classes{};
  const auto mark = [&classes](std::string_view bytes, std::uint8_t byte_class) {
    for (const char byte : bytes) classes[static_cast<unsigned char>(byte)] |= byte_class;
  };
  for (std::size_t control = 0; control < 0x20; ++control) classes[control] = stops_string;
  mark("\"\\{$", stops_string);
  mark("\"{}[]/", stops_skipping);
  mark(" \t\n\r", white);
  mark("0123456789+-._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", word);
  return classes;
}();

bool is(char byte, ByteClass wanted) {
  return (byte_classes[static_cast<unsigned char>(byte)] & wanted) != 0;
}

// Length of the UTF-8 sequence at the start of the text; 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t at) -> unsigned {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto continues = [&](std::size_t at) { return (byte(at) & 0xC0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool too_large = lead == 0xF4 && byte(1) > 0x8F;
    return continues(1) && continues(2) && continues(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

// Where the text stops being UTF-8, or its size.
std::size_t valid_utf8_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return text.size();
}

// The four hexadecimal digits of a `\u` escape.
std::uint32_t hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char digit : digits.substr(0, 4)) {
    const auto number = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    value = value << 4 | static_cast<std::uint32_t>(number);
  }
  return value;
}

bool is_high_surrogate(std::uint32_t unit) {
  return (unit & 0xFC00) == 0xD800;
}

bool is_low_surrogate(std::uint32_t unit) {
  return (unit & 0xFC00) == 0xDC00;
}

// Undoes the escapes, already checked, of a string's content; half a surrogate pair becomes U+FFFD.
std::string decode(std::string_view content) {
  std::string text;
  text.reserve(content.size());
  while (!content.empty()) {
    const std::size_t plain = std::min(content.find('\\'), content.size());
    text.append(content.substr(0, plain));
    content.remove_prefix(plain);
    if (content.empty()) break;
    const char letter = content[1];
    content.remove_prefix(2);
    if (letter != 'u') {
      constexpr std::string_view letters = "bfnrt";
      const std::size_t control = letters.find(letter);
      text.push_back(control == std::string_view::npos ? letter : "\b\f\n\r\t"[control]);
      continue;
    }
    std::uint32_t code_point = hexadecimal(content);
    content.remove_prefix(4);
    if (is_high_surrogate(code_point) && content.starts_with("\\u") &&
        is_low_surrogate(hexadecimal(content.substr(2)))) {
      code_point = 0x10000 + ((code_point & 0x3FF) << 10) + (hexadecimal(content.substr(2)) & 0x3FF);
      content.remove_prefix(6);
    } else if (is_high_surrogate(code_point) || is_low_surrogate(code_point)) {
      code_point = 0xFFFD;
    }
    append_utf8(text, code_point);
  }
  return text;
}

// RFC 8259's numbers: no leading zero or plus sign, digits on both sides of a point.
bool is_number(std::string_view text) {
  const auto take_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = take_digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

// How a message names the character at the start of a text: "'x'", "U+00A0".
std::string describe_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead > 0x20 && lead < 0x7F) return fmt::format("'{}'", text.front());
  const std::size_t length = utf8_length(text);
  std::uint32_t code_point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  return fmt::format("U+{:04X}", code_point);
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {}, [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; });
}

// Azure Resource Manager lets a string go on over several lines; nobody else does.
bool is_resource_manager_template(std::string_view text) {
  constexpr std::size_t head = 4096;
  const auto schema = text.substr(0, head).find("eploymentTemplate.json");
  return schema != std::string_view::npos;
}

class Reader {
 public:
  // `start` is where the document begins in a stream of several.
  Reader(const SourceFile& file, Document& document, ObjectFilter filter, bool is_template, std::size_t start)
      : file_(file),
        text_(file.text()),
        document_(document),
        filter_(filter),
        multi_line_strings_(is_template),
        at_(start) {}

  // Reads one value with the comments around it; throws Mistake.
  void read() {
    skip_blanks();
    read_value(NodeData::none, filter_ != nullptr && text_.size() > large_json ? Sieve::on : Sieve::off);
    skip_blanks();
  }

  // Where the next value starts, which is the end of the text when there is none; throws Mistake. Like kubectl, takes
  // one object after the other, with white space or `---` lines between.
  std::size_t find_next() {
    const bool takes_more = document_.root().is_mapping() && !multi_line_strings_;
    if (takes_more && at_separator()) {
      at_ += 3;
      skip_blanks();
    }
    if (at_ == text_.size() || (takes_more && peek() == '{')) return at_;
    if (peek() == '}' || peek() == ']') fail(here(), fmt::format("'{}' closes nothing", peek()));
    fail(here(), "there is content after the end of the JSON value",
         "a JSON file holds one value, or Kubernetes objects one after the other: remove what is not JSON");
  }

 private:
  // Whether arrays on the way down may hold objects that nobody needs: everywhere, in the lists right inside this
  // object, or nowhere.
  enum class Sieve : std::uint8_t { on, lists, off };

  struct Bracket {
    std::size_t at = 0;
    char closing = '}';
  };

  struct Text {
    std::size_t start = 0;  // the opening quote
    std::size_t end = 0;    // behind the closing quote
    bool escaped = false;
    bool maybe_template = false;
  };

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  static Span span(std::size_t start, std::size_t end) {
    return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)};
  }

  // The character at hand.
  Span here() const { return span(at_, at_ + std::max<std::size_t>(utf8_length(text_.substr(at_)), 1)); }

  // The line around a place; of a very long one only the part nearby.
  std::string_view line_around(std::size_t place) const {
    constexpr std::size_t reach = 200;
    const std::size_t from = place - std::min(place, reach);
    const auto before = text_.substr(from, place - from);
    const auto after = text_.substr(place, reach);
    const auto line_end = before.find_last_of("\r\n");
    const std::size_t start = line_end == std::string_view::npos ? from : from + line_end + 1;
    return text_.substr(start, place - start + std::min(after.find_first_of("\r\n"), after.size()));
  }

  [[noreturn]] void fail(Span place, std::string message, std::string help = {}, std::vector<ProblemNote> notes = {}) {
    const auto line = line_around(place.start);
    const auto rest = text_.substr(place.start);
    if (line.find("{{") != std::string_view::npos || line.find("{%") != std::string_view::npos ||
        rest.starts_with("${") || rest.starts_with("$(")) {
      throw Mistake{{ProblemKind::template_skipped,
                     &file_,
                     place,
                     "the file is a template, which is no JSON before it is rendered",
                     "render it and check the output: `… | meshlint check -`",
                     {}}};
    }
    if (last_broken_string_.end != 0) {
      notes.push_back({last_broken_string_, "this string goes on over several lines: is its closing quote missing?"});
    }
    throw Mistake{{ProblemKind::yaml_syntax, &file_, place, std::move(message), std::move(help), std::move(notes)}};
  }

  [[noreturn]] void fail_at_end(const Bracket& open) {
    const std::size_t last = text_.find_last_not_of(" \t\r\n");
    const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
    fail(span(end, end), fmt::format("the file ends where '{}' is missing", open.closing), "the file may be cut short",
         {{span(open.at, open.at + 1), "opened here"}});
  }

  [[noreturn]] void fail_nesting() {
    throw Mistake{{ProblemKind::yaml_limit,
                   &file_,
                   here(),
                   fmt::format("more than {} lists and mappings inside each other", nesting_limit),
                   "meshlint does not read documents nested this deeply: simplify it or leave the file out",
                   {}}};
  }

  // Whether a line of three dashes stands here.
  bool at_separator() const {
    const bool starts_line = at_ == 0 || text_[at_ - 1] == '\n' || text_[at_ - 1] == '\r';
    return starts_line && text_.substr(at_).starts_with("---") &&
           (at_ + 3 == text_.size() || is(text_[at_ + 3], white));
  }

  void skip_blanks() {
    while (true) {
      while (at_ < text_.size() && is(text_[at_], white)) ++at_;
      if (peek() != '/') return;
      skip_comment(true);
    }
  }

  void skip_comment(bool keep) {
    const std::size_t start = at_;
    const auto rest = text_.substr(at_);
    if (rest.starts_with("//")) {
      at_ += std::min(rest.find_first_of("\r\n"), rest.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t end = rest.find("*/", 2);
      if (end == std::string_view::npos) fail(span(at_, at_ + 2), "the comment is never closed", "close it with '*/'");
      at_ += end + 2;
    } else {
      fail(here(), "unexpected '/'", "comments start with '//' or '/*'");
    }
    if (keep) document_.mutable_comments().push_back({span(start, at_)});
  }

  // Finds the end of the string at hand and checks its escapes.
  Text scan_string() {
    Text result{.start = at_};
    bool broken = false;
    for (++at_;; ++at_) {
      while (at_ < text_.size() && !is(text_[at_], stops_string)) ++at_;
      if (at_ >= text_.size()) {
        fail(span(result.start, end_of_line(result.start)), "the string is never closed", "close it with '\"'");
      }
      switch (text_[at_]) {
        case '"':
          result.end = ++at_;
          if (broken) last_broken_string_ = span(result.start, end_of_line(result.start));
          return result;
        case '\\':
          result.escaped = true;
          skip_escape();
          break;
        case '{':
        case '$': result.maybe_template = true; break;
        default: check_control_character(result.start); broken = true;
      }
    }
  }

  std::size_t end_of_line(std::size_t place) const {
    return std::min(text_.find_first_of("\r\n", place), text_.size());
  }

  void check_control_character(std::size_t opening_quote) {
    const bool line_end = text_[at_] == '\n' || text_[at_] == '\r';
    if (multi_line_strings_ && (line_end || text_[at_] == '\t')) return;
    if (line_end) {
      fail(span(opening_quote, at_), "the string has no closing quote on its line",
           "close it with '\"'; a line break inside a string is written '\\n'");
    }
    fail(here(), fmt::format("control character {} in a string", describe_character(text_.substr(at_))),
         text_[at_] == '\t' ? "write a tab as '\\t'" : "write it as an escape such as '\\u0000'");
  }

  // From the backslash to the last character of the escape.
  void skip_escape() {
    const auto rest = text_.substr(at_ + 1);
    if (rest.starts_with('u')) {
      const auto digits = rest.substr(1, 4);
      if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
        fail(span(at_, at_ + 2), "'\\u' needs four hexadecimal digits");
      }
      at_ += 5;
    } else if (!rest.empty() && std::string_view("\"\\/bfnrt").find(rest.front()) != std::string_view::npos) {
      ++at_;
    } else if (rest.empty() || rest.front() < 0x21 || rest.front() == 0x7F) {
      fail(span(at_, at_ + 1), "a lone backslash in a string", "write a backslash as '\\\\'");
    } else {
      fail(span(at_, at_ + 2), fmt::format("'\\{}' is no escape of JSON", rest.front()), "write a backslash as '\\\\'");
    }
  }

  std::uint32_t add(NodeKind kind, Span place, std::uint32_t parent) { return document_.add(kind, place, parent); }

  std::uint32_t read_string(std::uint32_t parent) {
    const Text found = scan_string();
    const auto content = text_.substr(found.start + 1, found.end - found.start - 2);
    const auto text = found.escaped ? document_.keep(decode(content)) : content;
    const std::uint32_t index = add(NodeKind::scalar, span(found.start, found.end), parent);
    NodeData& node = document_.mutable_nodes()[index];
    node.style = ScalarStyle::double_quoted;
    node.text = text;
    node.unresolved = (found.maybe_template || found.escaped) && has_placeholder(text);
    return index;
  }

  std::uint32_t read_word(std::uint32_t parent) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is(text_[at_], word)) ++at_;
    const auto text = text_.substr(start, at_ - start);
    const auto place = span(start, at_);
    if (text == "null") return add(NodeKind::null, place, parent);
    if (text != "true" && text != "false" && !is_number(text)) fail_word(start, text);
    const std::uint32_t index = add(NodeKind::scalar, place, parent);
    document_.mutable_nodes()[index].text = text;
    return index;
  }

  [[noreturn]] void fail_word(std::size_t start, std::string_view text) {
    at_ = start;
    if (at_ == text_.size()) fail(span(at_, at_), "the file holds no JSON value");
    if (peek() == '\'') fail(here(), "strings stand in double quotes, not in single ones");
    if (text.empty()) fail(here(), fmt::format("a value is expected, not {}", describe_character(text_.substr(at_))));
    const auto place = span(start, start + text.size());
    for (const std::string_view literal : {"true", "false", "null"}) {
      if (equals_ignoring_case(text, literal)) {
        fail(place, fmt::format("'{}' is no JSON value", text), fmt::format("write it '{}'", literal));
      }
    }
    constexpr std::size_t longest_echoed = 40;
    const std::string_view dots = text.size() > longest_echoed ? "…" : "";
    const bool numeric = text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
    fail(place, fmt::format("'{}{}' is no JSON {}", text.substr(0, longest_echoed), dots, numeric ? "number" : "value"),
         numeric ? "numbers have no leading zero, no plus sign, and digits on both sides of the point"
                 : "strings stand in double quotes");
  }

  std::uint32_t read_value(std::uint32_t parent, Sieve sieve) {
    switch (peek()) {
      case '"': return read_string(parent);
      case '{': return read_object(parent, sieve);
      case '[': return read_array(parent, sieve);
      default: return read_word(parent);
    }
  }

  // Opens a collection: its node, with the bracket consumed.
  std::uint32_t open(NodeKind kind, std::uint32_t parent) {
    if (++depth_ > nesting_limit) fail_nesting();
    const std::uint32_t index = add(kind, span(at_, at_), parent);
    document_.mutable_nodes()[index].flow = true;
    ++at_;
    skip_blanks();
    return index;
  }

  void close(std::uint32_t collection) {
    ++at_;
    --depth_;
    document_.mutable_nodes()[collection].end = static_cast<std::uint32_t>(at_);
  }

  // Makes a node the next child of a collection whose last child so far is `last`.
  void append(std::uint32_t collection, std::uint32_t& last, std::uint32_t child) {
    auto& nodes = document_.mutable_nodes();
    (last == NodeData::none ? nodes[collection].first_child : nodes[last].next_sibling) = child;
    ++nodes[collection].child_count;
    last = child;
  }

  // After an item or entry: takes the comma, or stops at the closing bracket. False when the collection ends.
  bool take_comma(const Bracket& open, std::size_t previous_end) {
    skip_blanks();
    if (peek() == open.closing) return false;
    if (at_ == text_.size()) fail_at_end(open);
    if (peek() == '}' || peek() == ']') {
      fail(here(), fmt::format("'{}' stands where '{}' is expected", peek(), open.closing), "",
           {{span(open.at, open.at + 1), "opened here"}});
    }
    if (peek() != ',') fail_separator(open, previous_end);
    const std::size_t comma = at_++;
    skip_blanks();
    if (peek() == '}' || peek() == ']') {
      fail(span(comma, comma + 1), fmt::format("a comma before '{}'", peek()),
           "JSON allows no comma after the last entry: remove it");
    }
    if (peek() == ',') fail(here(), "two commas in a row");
    if (at_ == text_.size()) fail_at_end(open);
    return true;
  }

  [[noreturn]] void fail_separator(const Bracket& open, std::size_t previous_end) {
    const char next = peek();
    const bool starts_value = next == '"' || next == '{' || next == '[' || is(next, word);
    if (starts_value) {
      fail(span(previous_end, previous_end),
           fmt::format("a comma is missing between two {}", open.closing == '}' ? "entries" : "items"));
    }
    fail(here(), fmt::format("',' or '{}' is expected, not {}", open.closing, describe_character(text_.substr(at_))));
  }

  std::uint32_t read_object(std::uint32_t parent, Sieve sieve) {
    const Bracket bracket{at_, '}'};
    const std::uint32_t object = open(NodeKind::mapping, parent);
    std::uint32_t last = NodeData::none;
    bool has_api_version = false;
    bool has_kind = false;
    bool more = peek() != '}';
    while (more) {
      const std::uint32_t key = read_key(object, bracket);
      const auto name = document_.nodes()[key].text;
      const bool is_list = name == "items" || name == "resources" || name == "value";
      const bool sieved = sieve == Sieve::on || (sieve == Sieve::lists && is_list && peek() == '[');
      const std::uint32_t value = read_value(object, sieved ? Sieve::on : Sieve::off);
      document_.mutable_nodes()[value].key = key;
      append(object, last, value);
      more = take_comma(bracket, document_.nodes()[value].end);

      // What stands in a single Kubernetes object belongs to it.
      has_api_version = has_api_version || name == "apiVersion";
      has_kind = has_kind || (name == "kind" && !document_.nodes()[value].text.ends_with("List"));
      if (parent == NodeData::none && has_api_version && has_kind) sieve = Sieve::off;
    }
    close(object);
    return object;
  }

  // A key and its colon; stops at the value.
  std::uint32_t read_key(std::uint32_t object, const Bracket& bracket) {
    if (at_ == text_.size()) fail_at_end(bracket);
    if (peek() != '"') {
      fail(here(), fmt::format("a key in double quotes is expected, not {}", describe_character(text_.substr(at_))));
    }
    const std::uint32_t key = read_string(object);
    const std::size_t key_end = at_;
    skip_blanks();
    if (at_ == text_.size()) fail_at_end(bracket);
    if (peek() != ':') fail(span(key_end, key_end), "a colon is missing after the key");
    ++at_;
    skip_blanks();
    if (at_ == text_.size()) fail_at_end(bracket);
    return key;
  }

  std::uint32_t read_array(std::uint32_t parent, Sieve sieve) {
    const Bracket bracket{at_, ']'};
    const std::uint32_t array = open(NodeKind::sequence, parent);
    ++array_depth_;
    std::uint32_t last = NodeData::none;
    bool more = peek() != ']';
    if (more && at_ == text_.size()) fail_at_end(bracket);
    while (more) {
      const bool sieved = sieve == Sieve::on && array_depth_ <= array_levels_filtered;
      const std::uint32_t item = !sieved         ? read_value(array, Sieve::off)
                                 : peek() == '{' ? read_or_skip_object(array)
                                                 : read_value(array, Sieve::on);
      append(array, last, item);
      more = take_comma(bracket, document_.nodes()[item].end);
    }
    --array_depth_;
    close(array);
    return array;
  }

  std::uint32_t read_or_skip_object(std::uint32_t array) {
    const std::size_t start = at_;
    skip_object();
    if (filter_(text_.substr(start, at_ - start))) {
      at_ = start;
      return read_object(array, Sieve::lists);
    }
    const std::uint32_t index = add(NodeKind::mapping, span(start, at_), array);
    document_.mutable_nodes()[index].flow = true;
    document_.mutable_nodes()[index].elided = true;
    return index;
  }

  // Goes behind the object at hand, looking at its brackets, strings and comments only.
  void skip_object() {
    const std::size_t start = at_;
    std::bitset<nesting_limit + 1> is_array;
    std::size_t depth = 0;
    do {
      while (at_ < text_.size() && !is(text_[at_], stops_skipping)) ++at_;
      switch (peek()) {
        case '\0': fail_at_end({start, '}'});
        case '"': scan_string(); continue;
        case '/': skip_comment(false); continue;
        case '{':
        case '[':
          if (depth_ + depth >= nesting_limit) fail_nesting();
          is_array[++depth] = peek() == '[';
          break;
        default:
          if ((peek() == ']') != is_array[depth]) {
            fail(here(), fmt::format("'{}' stands where '{}' is expected", peek(), is_array[depth] ? ']' : '}'));
          }
          --depth;
      }
      ++at_;
    } while (depth > 0);
  }

  const SourceFile& file_;
  std::string_view text_;
  Document& document_;
  ObjectFilter filter_;
  bool multi_line_strings_;
  std::size_t at_;
  std::size_t depth_ = 0;
  std::size_t array_depth_ = 0;
  Span last_broken_string_;  // the first line of the last string that holds a line break
};

// Refuses what no part of the reader could handle: too large, NUL, no UTF-8.
void check_bytes(const SourceFile& file) {
  const auto text = file.text();
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw Mistake{{ProblemKind::yaml_limit, &file, {}, "the file has more than 4 GiB", "", {}}};
  }
  const auto mistake = [&](std::size_t at, std::string message) {
    const auto start = static_cast<std::uint32_t>(at);
    return Mistake{
        {ProblemKind::encoding, &file, {start, start + 1}, std::move(message), "save the file as UTF-8", {}}};
  };
  const std::size_t valid = valid_utf8_length(text);
  if (const std::size_t nul = text.substr(0, valid).find('\0'); nul != std::string_view::npos) {
    throw mistake(nul, "a NUL byte, which no text holds");
  }
  if (valid < text.size()) {
    throw mistake(valid, fmt::format("byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(text[valid])));
  }
}

bool is_kubernetes_object(const Document& document) {
  const Node root = document.root();
  return !root["apiVersion"].text().empty() && !root["kind"].text().empty();
}

// A problem at the first comment of a Kubernetes object: only Azure Resource Manager takes them.
void check_comments(const Document& document, std::vector<Problem>& problems) {
  if (document.comments().empty() || !is_kubernetes_object(document)) return;
  problems.push_back({ProblemKind::yaml_syntax,
                      &document.file(),
                      document.comments()[0].span,
                      "JSON has no comments: kubectl refuses or misreads this manifest",
                      "remove the comment, or write the manifest as YAML",
                      {}});
}

// Whether Azure Resource Manager reads a document, which refuses one that states a key again.
bool is_for_resource_manager(const Document& document) {
  const auto schema = document.root()["$schema"].text();
  return schema.find("eploymentTemplate.json") != schema.npos || schema.find("eploymentParameters.json") != schema.npos;
}

// A problem for each key that a mapping of a Kubernetes object or of an ARM template states again; elsewhere the last
// one silently counts.
void check_duplicate_keys(const Document& document, std::vector<Problem>& problems) {
  if (!is_kubernetes_object(document) && !is_for_resource_manager(document)) return;
  const auto& nodes = document.nodes();
  std::vector<const NodeData*> keys;
  for (const NodeData& mapping : nodes) {
    if (mapping.kind != NodeKind::mapping || mapping.child_count < 2) continue;
    keys.clear();
    for (auto child = mapping.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
      keys.push_back(&nodes[nodes[child].key]);
    }
    std::ranges::stable_sort(keys, {}, &NodeData::text);
    for (std::size_t i = 1; i < keys.size(); ++i) {
      const NodeData& earlier = *keys[i - 1];
      const NodeData& key = *keys[i];
      if (key.text != earlier.text) continue;
      problems.push_back({ProblemKind::duplicate_key,
                          &document.file(),
                          {key.start, key.end},
                          fmt::format("key '{}' is already stated in this object", key.text),
                          "keep one of the two",
                          {{{earlier.start, earlier.end}, "stated before here"}}});
    }
  }
}

}  // namespace

ParsedText parse_json(const SourceFile& file, ObjectFilter filter) {
  ParsedText result;
  if (file.text().find_first_not_of(" \t\r\n") == std::string_view::npos) return result;
  const bool is_template = is_resource_manager_template(file.text());
  try {
    check_bytes(file);
    for (std::size_t at = 0; at < file.text().size();) {
      auto document = std::make_unique<Document>(file);
      Reader reader(file, *document, filter, is_template, at);
      reader.read();
      check_comments(*document, result.problems);
      check_duplicate_keys(*document, result.problems);
      result.documents.push_back(std::move(document));
      at = reader.find_next();
    }
  } catch (const Mistake& mistake) {
    result.problems.push_back(mistake.problem);
  }
  return result;
}

}  // namespace meshlint
