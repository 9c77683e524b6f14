#include "linter/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_map>

#include "linter/block_yaml.h"
#include "linter/document_builder.h"
#include "linter/hcl_text.h"
#include "linter/mistake.h"
#include "linter/scalar.h"
#include "linter/template.h"

namespace meshlint {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_break(char c) {
  return c == '\n' || c == '\r';
}
constexpr bool is_flow_indicator(char c) {
  return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

std::uint32_t narrow(std::size_t offset) {
  return static_cast<std::uint32_t>(offset);
}

// What is parsed: a file's text, or the text of a scalar in it.
struct Text {
  const SourceFile* file = nullptr;
  std::string_view original;
  std::shared_ptr<const DecodedText> decoded;  // null for a file
  bool is_heredoc = false;                     // of Terraform
  std::vector<Placeholder> placeholders;
  std::string copy;         // made only when something had to be masked
  std::string_view masked;  // as long as the original: what the parser reads

  Span in_file(Span span) const { return decoded ? decoded->to_source(span) : span; }
};

// Replaces template expressions by words, and the carriage returns that end lines alone by line feeds.
void mask(Text& text) {
  const std::string_view original = text.original;
  text.masked = original;
  if (original.find('$') != npos || original.find("{{") != npos || original.find("{%") != npos) {
    text.placeholders = find_placeholders(original);
  }
  const auto writable = [&text, original]() -> std::string& {
    if (text.copy.empty()) text.copy = original;
    return text.copy;
  };
  for (const Placeholder& placeholder : text.placeholders) {
    if (!placeholder.masked) continue;
    std::string& copy = writable();
    for (std::uint32_t at = placeholder.span.start; at < placeholder.span.end; ++at) {
      if (!is_blank(copy[at]) && !is_break(copy[at])) copy[at] = 'x';
    }
  }
  for (std::size_t at = original.find('\r'); at != npos; at = original.find('\r', at + 1)) {
    if (at + 1 == original.size() || original[at + 1] != '\n') writable()[at] = '\n';
  }
  if (!text.copy.empty()) text.masked = text.copy;
}

bool is_marker(std::string_view text, std::size_t at) {
  return text.substr(at).starts_with("---") &&
         (at + 3 == text.size() || is_blank(text[at + 3]) || is_break(text[at + 3]));
}

// The start of the directives (with comments and blank lines among them) right above a document's first line. They can
// stand only at the start of the text or below a `...` line.
std::size_t with_directives(std::string_view text, std::size_t marker) {
  std::size_t start = marker;
  for (std::size_t line = marker; line > 0;) {
    const std::size_t previous = line < 2 ? npos : text.rfind('\n', line - 2);
    line = previous == npos ? 0 : previous + 1;
    if (text[line] == '%') start = line;
    if (text[line] != '%' && text[line] != '#' && !is_break(text[line])) {
      return text.substr(line).starts_with("...") ? start : marker;
    }
  }
  return start;
}

// Cuts text at its `---` lines. The first part may be empty.
std::vector<Span> split_documents(std::string_view text) {
  std::vector<Span> parts;
  std::size_t start = 0;
  for (std::size_t at = text.starts_with("---") ? 0 : text.find("\n---"); at != npos; at = text.find("\n---", at + 1)) {
    const std::size_t marker = text[at] == '\n' ? at + 1 : at;
    if (!is_marker(text, marker)) continue;
    const std::size_t next = std::max(with_directives(text, marker), start);
    if (next > start) parts.push_back({narrow(start), narrow(next)});
    start = next;
  }
  parts.push_back({narrow(start), narrow(text.size())});
  return parts;
}

// Where a document's content starts: yaml-cpp drops a byte order mark without counting it, or takes it for text.
std::uint32_t content_start(std::string_view text, Span part) {
  const auto skip_mark = [text](std::size_t at) { return text.substr(at).starts_with(byte_order_mark) ? at + 3 : at; };
  if (!is_marker(text, part.start)) return narrow(skip_mark(part.start));
  const std::size_t line_end = text.find('\n', part.start);
  if (line_end == npos || skip_mark(line_end + 1) == line_end + 1) return part.start;
  return narrow(skip_mark(line_end + 1));
}

// Turns the library's events into a document's nodes: its marks tell where values start, the text tells the rest.
class LibraryEvents : public YAML::EventHandler {
 public:
  LibraryEvents(const Text& text, Span part, DocumentBuilder& builder)
      : text_(text.original), masked_(text.masked), part_(part), builder_(builder) {}

  std::optional<std::uint32_t> open_bracket() const {
    if (!builder_.in_flow()) return std::nullopt;
    return builder_.node(builder_.innermost().node).start;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (document_seen_) refuse(content_after_end(text_, offset(mark)));
    document_seen_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (builder_.depth() == 0 && masked_.substr(offset(mark)).starts_with("...") && !is_marker(masked_, part_.start)) {
      return;  // the end of a document that is not there
    }
    const std::size_t at = skip_properties(offset(mark));
    const std::size_t length = null_word(at);
    const bool has_properties = at != offset(mark);
    if (length > 0 && (builder_.expects_key() || (!is_key_at(at + length) && !is_dedented(at)))) {
      builder_.add_scalar(at, at + length, ScalarStyle::plain, anchor);
    } else {
      add_empty(offset(mark), has_properties, anchor);
    }
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::size_t start = offset(mark);
    std::size_t end = start + 1;
    while (end < part_.end && !is_blank(masked_[end]) && !is_break(masked_[end]) && !is_flow_indicator(masked_[end]))
      ++end;
    builder_.add_alias(start, end, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::size_t at = skip_properties(offset(mark));
    const char first = at < part_.end ? masked_[at] : '\n';
    if (tag == "?") {
      builder_.add_scalar(at, plain_end(at, value), ScalarStyle::plain, anchor);
    } else if (value.empty() && (!starts_quoted_or_block(at) || (at != offset(mark) && is_dedented(at)))) {
      add_empty(offset(mark), true, anchor);
    } else if (first == '"' || first == '\'') {
      const std::size_t end = quoted_end(masked_.substr(0, part_.end), at);
      if (end == npos) refuse(unterminated_quote(text_, narrow(at)));
      if (builder_.expects_value() && is_dedented(at)) refuse(missing_colon(text_, {narrow(at), narrow(end)}));
      builder_.add_scalar(at, end, first == '"' ? ScalarStyle::double_quoted : ScalarStyle::single_quoted, anchor);
    } else if (first == '|' || first == '>') {
      builder_.add_block_scalar(at, anchor);
    } else {
      builder_.add_scalar(at, plain_end(at, value), ScalarStyle::plain, anchor);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(NodeKind::sequence, mark, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(NodeKind::mapping, mark, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  using Frame = DocumentBuilder::Frame;

  [[noreturn]] static void refuse(Mistake mistake) { throw Refusal{ProblemKind::yaml_syntax, std::move(mistake)}; }

  std::uint32_t offset(const YAML::Mark& mark) const {
    return std::min(part_.start + static_cast<std::uint32_t>(std::max(mark.pos, 0)), part_.end);
  }

  int column(std::size_t at) const {
    const std::size_t previous = at == 0 ? npos : masked_.rfind('\n', at - 1);
    return static_cast<int>(previous == npos ? at : at - previous - 1);
  }

  // Whether the text at an offset is not indented enough to belong to the innermost block collection's entry.
  bool is_dedented(std::size_t at) const {
    return builder_.depth() > 0 && !builder_.in_flow() && at < part_.end && column(at) <= builder_.innermost().column;
  }

  std::size_t skip_space(std::size_t at) const {
    while (at < part_.end) {
      const char c = masked_[at];
      if (c == '#' && (at == part_.start || is_blank(masked_[at - 1]) || is_break(masked_[at - 1]))) {
        at = std::min<std::size_t>(masked_.find('\n', at), part_.end);
      } else if (is_blank(c) || is_break(c)) {
        ++at;
      } else {
        break;
      }
    }
    return at;
  }

  // Behind anchors and tags, at the value they belong to.
  std::size_t skip_properties(std::size_t at) const {
    while (at < part_.end && (masked_[at] == '&' || masked_[at] == '!')) {
      const bool verbatim = masked_.substr(at, 2) == "!<";
      while (at < part_.end && !is_blank(masked_[at]) && !is_break(masked_[at]) &&
             (verbatim || !is_flow_indicator(masked_[at]))) {
        ++at;
      }
      at = skip_space(at);
    }
    return at;
  }

  bool starts_quoted_or_block(std::size_t at) const {
    constexpr std::string_view starts = "\"'|>";
    return at < part_.end && starts.find(masked_[at]) != npos;
  }

  // The length of a plain null written at an offset.
  std::size_t null_word(std::size_t at) const {
    for (const std::string_view word : {"null", "~", "Null", "NULL"}) {
      if (!masked_.substr(0, part_.end).substr(std::min<std::size_t>(at, part_.end)).starts_with(word)) continue;
      const std::size_t end = at + word.size();
      if (end == part_.end || is_blank(masked_[end]) || is_break(masked_[end])) return word.size();
      if (masked_[end] == ':' || (builder_.in_flow() && is_flow_indicator(masked_[end]))) return word.size();
    }
    return 0;
  }

  // Whether the word that ends here is a block mapping's key.
  bool is_key_at(std::size_t end) const {
    while (end < part_.end && is_blank(masked_[end])) ++end;
    return end < part_.end && masked_[end] == ':' && !builder_.in_flow();
  }

  // The end of a plain scalar that the parser read as `value`, where a line break with the blanks around it is read as
  // one space or as line feeds.
  std::size_t plain_end(std::size_t at, std::string_view value) const {
    if (masked_.compare(at, value.size(), value) == 0) return at + value.size();
    for (std::size_t i = 0; i < value.size() && at < part_.end;) {
      std::size_t blanks_end = at;
      while (blanks_end < part_.end && is_blank(masked_[blanks_end])) ++blanks_end;
      if (blanks_end == part_.end || !is_break(masked_[blanks_end])) {
        ++at;
        ++i;
        continue;
      }
      at = blanks_end;
      while (at < part_.end && (is_blank(masked_[at]) || is_break(masked_[at]))) ++at;
      if (value[i] == ' ') {
        ++i;
      } else {
        while (i < value.size() && value[i] == '\n') ++i;
      }
    }
    return at;
  }

  // An empty value stands right behind its key's colon or its item's dash.
  void add_empty(std::size_t mark, bool has_properties, YAML::anchor_t anchor) {
    std::size_t at = mark;
    if (builder_.expects_value()) {
      at = behind_colon();
    } else if (builder_.expects_key()) {
      const bool in_flow = builder_.in_flow();
      if (in_flow && mark < part_.end && masked_[mark] == ',') refuse(empty_flow_item(text_, narrow(mark)));
      if (!in_flow && mark < part_.end && masked_[mark] == ':' && !is_explicit_key(mark)) {
        refuse(misplaced_colon(text_, narrow(mark)));
      }
      const std::size_t behind = skip_properties(mark);
      if (behind < part_.end && masked_[behind] == ':') at = behind;
    } else if (builder_.in_flow()) {
      if (!has_properties) refuse(empty_flow_item(text_, narrow(mark)));
    } else if (builder_.depth() > 0) {
      at = behind_dash();
    }
    builder_.add_empty(at, anchor);
  }

  std::size_t behind_colon() const {
    const NodeData& key = builder_.node(builder_.innermost().key);
    const bool anywhere = builder_.in_flow() || is_explicit_key(key.start);
    std::size_t at = key.end;
    if (anywhere) {
      at = skip_space(at);
    } else {
      while (at < part_.end && is_blank(masked_[at])) ++at;
    }
    if (at < part_.end && masked_[at] == ':') return at + 1;
    if (!anywhere) refuse(missing_colon(text_, {key.start, key.end}));
    return key.end;
  }

  std::size_t behind_dash() const {
    const Frame& frame = builder_.innermost();
    const std::size_t from =
        frame.last_child == NodeData::none ? builder_.node(frame.node).start : builder_.node(frame.last_child).end;
    const std::size_t at = skip_space(from);
    return at < part_.end && masked_[at] == '-' ? at + 1 : from;
  }

  void open(NodeKind kind, const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    const std::size_t start = skip_properties(offset(mark));
    const bool flow = style != YAML::EmitterStyle::Block;
    const bool dedented = flow && !builder_.expects_key() && is_dedented(start);
    builder_.open(kind, start, flow, start == offset(mark) ? mark.column : column(start), anchor);
    if (dedented) refuse(dedented_bracket(text_, narrow(start)));
  }

  void close() {
    const Frame& frame = builder_.innermost();
    const std::uint32_t end = builder_.content_end();
    builder_.close(frame.flow && !is_pair(frame) ? closing_bracket(frame, end) : end);
  }

  // Whether a flow mapping is a single entry inside a sequence, without braces of its own.
  bool is_pair(const Frame& frame) const {
    const NodeData& node = builder_.node(frame.node);
    const char first = node.start < part_.end ? masked_[node.start] : '\n';
    if (first != '{' && first != '[') return true;
    return node.first_child != NodeData::none && node.kind == NodeKind::mapping &&
           builder_.node(builder_.node(node.first_child).key).start == node.start;
  }

  // Behind the bracket that closes a flow collection.
  std::uint32_t closing_bracket(const Frame& frame, std::uint32_t content_end) const {
    const char closing = frame.kind == NodeKind::sequence ? ']' : '}';
    std::size_t at = std::max(content_end, builder_.node(frame.node).start + 1);
    for (at = skip_space(at); at < part_.end && masked_[at] != closing; at = skip_space(at + 1)) {
    }
    return narrow(std::min<std::size_t>(at + 1, part_.end));
  }

  bool is_explicit_key(std::size_t at) const {
    while (at > part_.start && (is_blank(masked_[at - 1]) || is_break(masked_[at - 1]))) --at;
    return at > part_.start && masked_[at - 1] == '?';
  }

  std::string_view text_;
  std::string_view masked_;
  Span part_;
  DocumentBuilder& builder_;
  bool document_seen_ = false;
};

// Reads a buffer as a stream, without copying it.
class BufferStream : public std::streambuf {
 public:
  explicit BufferStream(std::string_view text) {
    char* start = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): it is only read
    setg(start, start, start + text.size());
  }
};

// Adds the comments between the scalars of a part of the text.
void collect_comments(const Text& text, Span part, Document& document) {
  const std::string_view masked = text.masked.substr(0, part.end);
  const auto& nodes = document.nodes();
  std::size_t node = 0;
  std::size_t at = part.start;
  while ((at = masked.find('#', at)) != npos) {
    while (node < nodes.size() && (nodes[node].end <= at || nodes[node].kind != NodeKind::scalar)) ++node;
    const NodeData* scalar = node < nodes.size() && nodes[node].start <= at ? &nodes[node] : nullptr;
    const bool block = scalar != nullptr && scalar->style >= ScalarStyle::literal;
    const bool in_header = block && masked.substr(scalar->start, at - scalar->start).find('\n') == npos;
    if (scalar != nullptr && !in_header) {
      at = scalar->end;
    } else if (!in_header && at > part.start && !is_blank(masked[at - 1]) && !is_break(masked[at - 1])) {
      ++at;
    } else {
      const std::size_t line_end = std::min(masked.find('\n', at), masked.size());
      const std::size_t end = line_end > at && masked[line_end - 1] == '\r' ? line_end - 1 : line_end;
      document.mutable_comments().push_back({{narrow(at), narrow(end)}});
      at = line_end;
    }
  }
}

// The innermost node that starts at or before an offset; the document must not be empty.
std::uint32_t node_before(const std::vector<NodeData>& nodes, std::uint32_t at) {
  const auto next = std::ranges::upper_bound(nodes, at, {}, &NodeData::start);
  return next == nodes.begin() ? 0 : narrow(static_cast<std::size_t>(next - nodes.begin()) - 1);
}

// Where what holds a tab at an offset ends, if tabs are free there: a scalar, a comment, brackets. Otherwise nothing.
std::optional<std::uint32_t> end_of_free_tabs(const Document& document, std::uint32_t at) {
  const auto& comments = document.comments();
  const auto comment = std::ranges::upper_bound(comments, at, {}, [](const Comment& known) { return known.span.end; });
  if (comment != comments.end() && comment->span.start <= at) return comment->span.end;
  const auto& nodes = document.nodes();
  for (auto index = node_before(nodes, at); index != NodeData::none; index = nodes[index].parent) {
    const NodeData& node = nodes[index];
    if (node.start <= at && at < node.end && (node.kind == NodeKind::scalar || node.flow)) return node.end;
  }
  return std::nullopt;
}

// The first tab that indents a key or an item; yaml-cpp finds only those that end a plain scalar.
std::optional<Mistake> find_tab_mistake(const Text& text, Span part, const Document& document) {
  const std::string_view masked = text.masked.substr(0, part.end);
  const auto& nodes = document.nodes();
  std::size_t at = part.start;
  while (!nodes.empty() && (at = masked.find('\t', at)) != npos) {
    if (const auto end = end_of_free_tabs(document, narrow(at))) {
      at = *end;
      continue;
    }
    const std::size_t before = masked.substr(0, at).find_last_not_of(" \t");
    const bool starts_line = before == npos || before < part.start || is_break(masked[before]);
    const bool behind_indicator =
        !starts_line && (masked[before] == '-' || masked[before] == '?') &&
        (before == part.start || is_blank(masked[before - 1]) || is_break(masked[before - 1]));
    const std::size_t token = masked.substr(0, at).find_last_not_of(" \t\r\n");
    const NodeData& last = nodes[node_before(nodes, narrow(token == npos ? at : token))];
    const bool ends_plain = last.kind == NodeKind::scalar && last.style == ScalarStyle::plain && last.end == token + 1;
    if (behind_indicator || (starts_line && !ends_plain)) return tab_for_indentation(narrow(at));
    at = masked.find_first_not_of(starts_line ? " \t\r\n" : " \t", at);
  }
  return std::nullopt;
}

// Whether a document speaks of a Kubernetes object.
bool is_resource(const Document& document) {
  const Node root = document.root();
  return root["apiVersion"] && root["kind"];
}

Problem to_problem(const Text& text, ProblemKind kind, Mistake mistake) {
  return {kind, text.file, text.in_file(mistake.span), std::move(mistake.message), std::move(mistake.help), {}};
}

// Reports the keys that a mapping states again.
void find_duplicate_keys(const Text& text, const std::vector<NodeData>& nodes, const NodeData& mapping,
                         std::vector<Problem>& problems) {
  struct Known {
    std::uint32_t key;
    bool reported = false;
  };
  std::unordered_map<std::string_view, Known> known;
  known.reserve(mapping.child_count);
  for (std::uint32_t child = mapping.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
    const NodeData& key = nodes[nodes[child].key];
    if (key.kind != NodeKind::scalar || key.unresolved) continue;
    if (key.text == "<<" && key.style == ScalarStyle::plain) continue;
    const auto [entry, is_new] = known.try_emplace(key.text, Known{nodes[child].key});
    if (is_new || std::exchange(entry->second.reported, true)) continue;
    const NodeData& first = nodes[entry->second.key];
    Problem problem =
        to_problem(text, ProblemKind::duplicate_key,
                   {{key.start, key.end},
                    fmt::format("key '{}' is already stated in this mapping", excerpt(key.text)),
                    "keep one of the two: kubectl silently takes the last, kustomize and Flux refuse the file"});
    problem.notes.push_back({text.in_file({first.start, first.end}), "first stated here"});
    problems.push_back(std::move(problem));
  }
}

void find_duplicate_keys(const Text& text, const Document& document, std::vector<Problem>& problems) {
  if (!text.decoded && !is_resource(document)) return;
  const auto& nodes = document.nodes();
  for (const NodeData& node : nodes) {
    if (node.kind == NodeKind::mapping && node.child_count > 1) find_duplicate_keys(text, nodes, node, problems);
  }
}

// Whether instructions of a template decide what a document holds, rather than only stand for single values.
bool is_shaped_by_template(const Document& document, const Text& text) {
  const auto& nodes = document.nodes();
  const auto raw = [&text](const NodeData& node) { return text.original.substr(node.start, node.end - node.start); };
  const auto is_open = [](const NodeData& node) { return node.unresolved && node.style == ScalarStyle::plain; };
  if (nodes.empty()) return false;
  if (is_open(nodes[0]) && is_control_flow(raw(nodes[0]))) return true;
  return !text.placeholders.empty() && std::ranges::any_of(nodes, [&](const NodeData& node) {
    return is_open(node) && has_unbalanced_control_flow(raw(node));
  });
}

// One part of the text, read or refused.
struct Reading {
  std::unique_ptr<Document> document;  // null when there is nothing in the part
  std::optional<Refusal> refusal;
};

Reading refused(Refusal refusal) {
  return {nullptr, std::move(refusal)};
}

// Reads a part with our own reader; null when it does not know all that stands there.
std::unique_ptr<Document> read_plainly(const Text& text, Span part) {
  auto document = std::make_unique<Document>(*text.file);
  DocumentBuilder builder(text.original, part, text.placeholders, *document);
  return read_block_yaml(text.masked, part, builder) ? std::move(document) : nullptr;
}

Reading read_with_library(const Text& text, Span part) {
  auto document = std::make_unique<Document>(*text.file);
  DocumentBuilder builder(text.original, part, text.placeholders, *document);
  LibraryEvents events(text, part, builder);
  try {
    BufferStream buffer(text.masked.substr(part.start, part.end - part.start));
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (Refusal& refusal) {
    return refused(std::move(refusal));
  } catch (const YAML::Exception& error) {
    const auto at = part.start + static_cast<std::uint32_t>(std::max(error.mark.pos, 0));
    return refused({ProblemKind::yaml_syntax, explain({.text = text.original.substr(0, part.end),
                                                       .document = part,
                                                       .at = std::min(at, part.end),
                                                       .reason = error.msg,
                                                       .last_scalar = builder.last_scalar(),
                                                       .open_bracket = events.open_bracket()})});
  }
  return {std::move(document), std::nullopt};
}

Reading read_part(const Text& text, Span part, YamlReader reader) {
  if (auto mistake = find_encoding_mistake(text.original, part)) {
    return refused({ProblemKind::encoding, *std::move(mistake)});
  }
  part.start = content_start(text.masked, part);
  Reading reading;
  if (reader != YamlReader::library) reading.document = read_plainly(text, part);
  if (!reading.document && reader != YamlReader::own) reading = read_with_library(text, part);
  if (!reading.document) return reading;
  Document& document = *reading.document;
  document.mutable_nodes().shrink_to_fit();  // documents outlive the run: growth would be kept
  collect_comments(text, part, document);
  if (auto mistake = find_tab_mistake(text, part, document)) {
    return refused({ProblemKind::yaml_syntax, *std::move(mistake)});
  }
  if (document.nodes().empty() && document.comments().empty()) reading.document.reset();
  return reading;
}

// Turns a document's offsets into those of the file.
void place_in_file(const Text& text, Document& document) {
  if (!text.decoded) return;
  for (NodeData& node : document.mutable_nodes()) {
    const Span span = text.in_file({node.start, node.end});
    node.start = span.start;
    node.end = span.end;
  }
  for (Comment& comment : document.mutable_comments()) comment.span = text.in_file(comment.span);
  document.set_decoded_text(text.decoded);
}

// What a text gives that cannot be read before its template is rendered.
ParsedText skipped_template(const Text& text, Span expression) {
  const std::string_view shown = text.original.substr(expression.start, expression.end - expression.start);
  Mistake mistake{expression,
                  fmt::format("'{}' makes this a template, which cannot be read before it is rendered", excerpt(shown)),
                  "check the rendered output, e.g. `helm template CHART | meshlint check -`"};
  ParsedText result;
  result.problems.push_back(to_problem(text, ProblemKind::template_skipped, std::move(mistake)));
  return result;
}

// A heredoc of Terraform, or a document in it, in which an expression decides what it says.
Problem skipped_heredoc(const SourceFile& file, Span expression) {
  const auto shown = file.text().substr(expression.start, expression.end - expression.start);
  return {ProblemKind::template_skipped,
          &file,
          expression,
          fmt::format("'{}' makes this heredoc a template, which cannot be read before it is rendered", excerpt(shown)),
          "check what Terraform renders, e.g. `terraform show -json PLAN > plan.json`",
          {}};
}

// The first `${ }` of a heredoc that has a line of its own: it may stand for any number of lines.
std::optional<Span> expression_line(const Text& text, const std::vector<Placeholder>& placeholders) {
  if (!text.is_heredoc) return std::nullopt;
  for (const auto& [span, masked] : placeholders) {
    const auto before = text.original.find_last_not_of(" \t", std::max(span.start, 1U) - 1);
    const auto after = text.original.find_first_not_of(" \t\r", span.end);
    const bool starts_line = span.start == 0 || before == npos || text.original[before] == '\n';
    const bool ends_line = after == npos || text.original[after] == '\n';
    if (masked && starts_line && ends_line) return span;
  }
  return std::nullopt;
}

ParsedText too_large(const Text& text) {
  ParsedText result;
  result.problems.push_back(
      to_problem(text, ProblemKind::yaml_limit,
                 {{0, 0}, fmt::format("YAML larger than {} MiB is not read", yaml_size_limit >> 20), "split it"}));
  return result;
}

std::vector<Placeholder> placeholders_in(const Text& text, Span part) {
  std::vector<Placeholder> result;
  for (const Placeholder& placeholder : text.placeholders) {
    if (placeholder.span.start >= part.start && placeholder.span.start < part.end) result.push_back(placeholder);
  }
  return result;
}

ParsedText read(Text text, DocumentFilter filter, YamlReader reader) {
  if (text.original.size() > yaml_size_limit) return too_large(text);
  mask(text);
  ParsedText result;
  for (const Span part : split_documents(text.masked)) {
    if (filter != nullptr && !filter(text.original.substr(part.start, part.end - part.start))) continue;
    Reading reading = read_part(text, part, reader);
    const bool broken = reading.refusal && reading.refusal->kind == ProblemKind::yaml_syntax;
    const bool shaped = reading.document && is_shaped_by_template(*reading.document, text);
    if (broken || shaped) {
      const auto placeholders = placeholders_in(text, part);
      const auto control_line = first_control_line(text.original, placeholders);
      if (control_line) return skipped_template(text, *control_line);
      if (const auto line = expression_line(text, placeholders)) {
        result.problems.push_back(skipped_heredoc(*text.file, text.in_file(*line)));
        continue;
      }
    }
    if (reading.refusal) {
      result.problems.push_back(to_problem(text, reading.refusal->kind, std::move(reading.refusal->mistake)));
    }
    if (!reading.document) continue;
    find_duplicate_keys(text, *reading.document, result.problems);
    place_in_file(text, *reading.document);
    result.documents.push_back(std::move(reading.document));
  }
  return result;
}

}  // namespace

ParsedText parse_yaml(const SourceFile& file, DocumentFilter filter, YamlReader reader) {
  Text text;
  text.file = &file;
  text.original = file.text();
  return read(std::move(text), filter, reader);
}

ParsedText parse_embedded_yaml(Node scalar, std::size_t left_out) {
  if (scalar.text().size() <= left_out) return {};
  const Document& outer = *scalar.document();
  const NodeData* stored = &outer.nodes()[scalar.index()];
  if (stored->kind == NodeKind::alias) stored = &outer.nodes()[stored->first_child];

  const DecodedText* around = outer.decoded_text();
  const std::string_view source = around != nullptr ? std::string_view(around->text) : outer.file().text();
  Span span{stored->start, stored->end};
  if (around != nullptr) span = {around->from_source(span.start), around->from_source(span.end)};

  Text text;
  auto decoded = std::make_shared<DecodedText>();
  if (stored->style == ScalarStyle::literal && source[span.start] == '<') {
    Heredoc heredoc = decode_heredoc(source, span);
    if (heredoc.directive) {
      ParsedText skipped;
      skipped.problems.push_back(skipped_heredoc(outer.file(), *heredoc.directive));
      return skipped;
    }
    text.is_heredoc = true;
    *decoded = std::move(heredoc.text);
  } else if (stored->style == ScalarStyle::literal || stored->style == ScalarStyle::folded) {
    const BlockHeader header = read_block_header(source, span.start);
    *decoded = decode_block_scalar(source, header, block_indent_of(source, header, stored->text));
  } else {
    *decoded = decode_flow_scalar(source, span, stored->style);
  }
  const bool is_own_literal = stored->style == ScalarStyle::literal && stored == &outer.nodes()[scalar.index()];
  decoded->keeps_lines = is_own_literal && left_out == 0 && (around == nullptr || around->keeps_lines);
  decoded->remove_prefix(left_out);
  if (around != nullptr) decoded->rebase(*around);

  text.file = &outer.file();
  text.original = decoded->text;
  text.decoded = std::move(decoded);
  return read(std::move(text), nullptr, YamlReader::fastest);
}

}  // namespace meshlint
