#include "linter/bicep.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "linter/bicep_tokens.h"
#include "linter/words.h"

namespace meshlint {
namespace {

using enum BicepTokenKind;

// Ends the reading of a declaration; caught around each of them.
struct Mistake {
  Span place;
  std::string message;
  std::string help;
};

// A mapping or sequence that is being filled.
struct Collection {
  std::uint32_t index = NodeData::none;
  std::uint32_t last = NodeData::none;  // its last child so far
};

class Reader {
 public:
  Reader(const SourceFile& file, BicepTokens& tokens, Document& document)
      : file_(file),
        text_(file.text()),
        tokens_(tokens.tokens),
        problems_(tokens.problems),
        document_(document),
        root_{add(NodeKind::mapping, {0, static_cast<std::uint32_t>(text_.size())}, NodeData::none)},
        parameters_(add_group("parameters")),
        variables_(add_group("variables")),
        resources_(add_group("resources")),
        modules_(add_group("modules")) {}

  void read() {
    while (kind() != end) {
      if (take(newline)) continue;
      const std::size_t first = at_;
      const std::size_t past = declaration_end();
      if (holds_broken_token(first, past)) {
        skip_broken_declaration();
      } else {
        read_or_report(first);
        at_ = std::max(at_, past);
      }
    }
  }

 private:
  // Tokens.

  const BicepToken& token(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  BicepTokenKind kind(std::size_t ahead = 0) const { return token(ahead).kind; }

  std::string_view slice(std::size_t start, std::size_t past) const { return text_.substr(start, past - start); }
  std::string_view text_of(const BicepToken& token) const { return slice(token.start, token.end); }

  bool is_word(std::string_view spelling, std::size_t ahead = 0) const {
    return kind(ahead) == word && text_of(token(ahead)) == spelling;
  }

  bool is_open(char bracket, std::size_t ahead = 0) const {
    return kind(ahead) == open && text_[token(ahead).start] == bracket;
  }

  bool take(BicepTokenKind wanted) {
    const bool found = kind() == wanted;
    if (found) ++at_;
    return found;
  }

  const BicepToken& expect(BicepTokenKind wanted, std::string_view what) {
    if (kind() != wanted) fail_expected(what);
    return tokens_[at_++];
  }

  [[noreturn]] void fail_expected(std::string_view what) const {
    const BicepToken& found = token();
    if (found.kind != newline && found.kind != end) {
      const auto text = text_of(found);
      const std::string shown = quoted(found.kind == string ? text.substr(1, text.size() - 2) : text);
      throw Mistake{{found.start, found.end}, fmt::format("expected {} before {}", what, shown), ""};
    }
    const std::uint32_t place = at_ == 0 ? found.start : tokens_[at_ - 1].end;
    throw Mistake{{place, place}, fmt::format("{} is missing here", what), ""};
  }

  // Behind the token, or behind its partner for an opening bracket.
  std::size_t past(std::size_t index) const { return (tokens_[index].kind == open ? tokens_[index].match : index) + 1; }

  // Whether an expression that reaches to a token stops in front of it. Bicep lets one go on in the next line with an
  // operator there, as in `a\n  ? b\n  : c`.
  bool is_expression_end(std::size_t index) const {
    switch (tokens_[index].kind) {
      case comma:
      case close:
      case end: return true;
      case newline: return !goes_on_behind(index);
      default: return false;
    }
  }

  bool goes_on_behind(std::size_t line_end) const {
    const BicepToken& next = tokens_[line_end + 1];
    const auto is_one_of = [this](const BicepToken& token, std::initializer_list<std::string_view> symbols) {
      return token.kind == symbol && std::ranges::find(symbols, text_of(token)) != symbols.end();
    };
    if (next.kind == colon || is_one_of(next, {"?", "|", "||", "&&", "??", "==", "!=", ".", ".?", "::"})) return true;
    if (line_end == 0) return false;
    const BicepToken& last = tokens_[line_end - 1];
    const bool starts_body = text_of(next) == "if" || next.kind == open;
    if (last.kind == equals) return starts_body;
    const bool is_attached = line_end > 1 && tokens_[line_end - 2].end == last.start;
    const bool ends_type = is_one_of(last, {"!", ">"}) || (is_attached && is_one_of(last, {"?"}));
    return last.kind == colon || (last.kind == symbol && !ends_type);
  }

  std::size_t expression_end(std::size_t from) const {
    while (!is_expression_end(from)) from = past(from);
    return from;
  }

  // Whether the token at hand, or its whole bracket, is all of an expression.
  bool stands_alone() const { return is_expression_end(past(at_)); }

  std::size_t behind_decorators(std::size_t from) const {
    while (tokens_[from].kind == BicepTokenKind::at) {
      ++from;
      while (tokens_[from].kind == word || text_of(tokens_[from]) == ".") ++from;
      if (text_of(tokens_[from]) == "(") from = past(from);
      if (tokens_[from].kind == newline) ++from;
    }
    return from;
  }

  // Behind the last line of the declaration at hand.
  std::size_t declaration_end() const {
    std::size_t from = behind_decorators(at_);
    while (tokens_[from].kind != end && (tokens_[from].kind != newline || goes_on_behind(from))) from = past(from);
    return from;
  }

  // What looks like other declarations may belong to the broken one, up to the next keyword that nobody mistakes.
  void skip_broken_declaration() {
    do ++at_;
    while (kind() != end && !token().starts_declaration);
  }

  // Declarations come in order, so each broken token is passed once.
  bool holds_broken_token(std::size_t first, std::size_t past_last) {
    while (searched_ < past_last && (searched_ < first || tokens_[searched_].kind != broken)) ++searched_;
    return searched_ < past_last;
  }

  // Nodes.

  std::uint32_t add(NodeKind kind, Span place, std::uint32_t parent) { return document_.add(kind, place, parent); }

  std::uint32_t add_text(std::string_view text, Span place, std::uint32_t parent, ScalarStyle style) {
    const std::uint32_t index = add(NodeKind::scalar, place, parent);
    NodeData& node = document_.mutable_nodes()[index];
    node.text = text;
    node.style = style;
    return index;
  }

  void append(Collection& collection, std::uint32_t child, std::uint32_t key = NodeData::none) {
    auto& nodes = document_.mutable_nodes();
    nodes[child].key = key;
    (collection.last == NodeData::none ? nodes[collection.index].first_child : nodes[collection.last].next_sibling) =
        child;
    ++nodes[collection.index].child_count;
    collection.last = child;
  }

  Collection add_group(std::string_view name) {
    const std::uint32_t key = add_text(name, {0, 0}, root_.index, ScalarStyle::plain);
    const std::uint32_t group = add(NodeKind::mapping, {0, 0}, root_.index);
    append(root_, group, key);
    return {group};
  }

  // A key at a token that does not spell it.
  std::uint32_t add_key(std::string_view name, const BicepToken& place, const Collection& mapping) {
    return add_text(name, {place.start, place.end}, mapping.index, ScalarStyle::plain);
  }

  std::uint32_t add_name(const BicepToken& name, const Collection& mapping) {
    return add_key(text_of(name), name, mapping);
  }

  void set_end(std::uint32_t node) { document_.mutable_nodes()[node].end = tokens_[at_ - 1].end; }

  // Declarations.

  void read_or_report(std::size_t first) {
    const std::size_t node_count = document_.nodes().size();
    try {
      read_declaration();
    } catch (Mistake& mistake) {
      document_.mutable_nodes().resize(node_count);
      at_ = first;
      problems_.push_back({ProblemKind::infrastructure_syntax,
                           &file_,
                           mistake.place,
                           std::move(mistake.message),
                           std::move(mistake.help),
                           {}});
    }
  }

  void read_declaration() {
    at_ = behind_decorators(at_);
    const BicepToken& keyword = token();
    if (keyword.kind != word) fail_expected("a declaration such as 'param' or 'resource'");
    const auto spelling = text_of(keyword);
    if (spelling == "param") return read_parameter();
    if (spelling == "var") return read_variable();
    if (spelling == "resource") return read_deployable("type", resources_);
    if (spelling == "module") return read_deployable("path", modules_);
    if (spelling == "using" || spelling == "extends") read_path();
  }

  void read_path() {
    const BicepToken& keyword = tokens_[at_++];
    if (kind() != string) return;  // `using none`
    const std::uint32_t key = add_name(keyword, root_);
    append(root_, read_string(root_.index), key);
  }

  // Steps over a type, which the value's '=' or the end of the declaration ends.
  void skip_type() {
    while (kind() != equals && !is_expression_end(at_)) at_ = past(at_);
  }

  void read_parameter() {
    ++at_;
    const BicepToken& name = expect(word, "the parameter's name");
    const std::uint32_t key = add_name(name, parameters_);
    Collection parameter{add(NodeKind::mapping, {name.start, name.end}, parameters_.index)};
    const bool is_assigned = kind() == equals;
    if (!is_assigned) {
      const std::size_t first = at_;
      skip_type();
      if (at_ == first) fail_expected("the parameter's type or '='");
      const std::uint32_t type_key = add_key("type", name, parameter);
      const Span place{tokens_[first].start, tokens_[at_ - 1].end};
      const auto type = add_text(slice(place.start, place.end), place, parameter.index, ScalarStyle::single_quoted);
      append(parameter, type, type_key);
    }
    if (take(equals)) {
      const std::uint32_t value_key = add_key(is_assigned ? "value" : "defaultValue", name, parameter);
      append(parameter, read_value(parameter.index), value_key);
    }
    set_end(parameter.index);
    append(parameters_, parameter.index, key);
  }

  void read_variable() {
    ++at_;
    const BicepToken& name = expect(word, "the variable's name");
    const std::uint32_t key = add_name(name, variables_);
    skip_type();
    expect(equals, "'='");
    append(variables_, read_value(variables_.index), key);
  }

  // A resource or module, whose string says its type or its path.
  void read_deployable(std::string_view string_means, Collection& group) {
    const BicepToken& keyword = tokens_[at_++];
    const BicepToken& symbol_name = expect(word, fmt::format("the {}'s name", text_of(keyword)));
    const BicepToken& specified = token();
    if (kind() != string && kind() != interpolated) fail_expected(fmt::format("the {} in quotes", string_means));
    const std::uint32_t key = add_name(symbol_name, group);
    Collection deployable{add(NodeKind::mapping, {specified.start, specified.end}, group.index)};
    read_specification(string_means, keyword, deployable);
    if (is_word("existing")) {
      const BicepToken& existing = tokens_[at_++];
      const std::uint32_t existing_key = add_name(existing, deployable);
      append(deployable, add_text("true", {existing.start, existing.end}, deployable.index, ScalarStyle::plain),
             existing_key);
    }
    expect(equals, "'='");
    read_body(deployable);
    set_end(deployable.index);
    append(group, deployable.index, key);
  }

  // `'type@version'` of a resource, or a module's path.
  void read_specification(std::string_view means, const BicepToken& keyword, Collection& deployable) {
    const BicepToken specified = token();
    const std::uint32_t key = add_key(means, keyword, deployable);
    const auto content = slice(specified.start + 1, specified.end - 1);
    const std::size_t at_sign = means == "type" ? content.find('@') : std::string_view::npos;
    if (kind() != string || at_sign == std::string_view::npos) {
      return append(deployable, read_string(deployable.index), key);
    }
    ++at_;
    const auto separator = static_cast<std::uint32_t>(specified.start + 1 + at_sign);
    append(deployable,
           add_text(content.substr(0, at_sign), {specified.start + 1, separator}, deployable.index,
                    ScalarStyle::single_quoted),
           key);
    const std::uint32_t version_key =
        add_text("apiVersion", {separator, separator + 1}, deployable.index, ScalarStyle::plain);
    append(deployable,
           add_text(content.substr(at_sign + 1), {separator + 1, specified.end - 1}, deployable.index,
                    ScalarStyle::single_quoted),
           version_key);
  }

  // `{…}`, `if (condition) {…}`, `[for item in list: {…}]`, or a loop with a condition.
  void read_body(Collection& deployable) {
    take(newline);  // in front of a condition
    if (is_open('[')) {
      const std::size_t after = past(at_++);
      take(newline);
      read_loop_head(deployable);
      take(newline);
      read_conditional_body(deployable);
      take(newline);
      if (at_ + 1 != after) fail_expected("']'");
      at_ = after;
    } else {
      read_conditional_body(deployable);
    }
    if (!is_expression_end(at_)) fail_expected("the end of the declaration");
  }

  void read_loop_head(Collection& deployable) {
    if (!is_word("for")) fail_expected("'for'");
    const BicepToken& loop = token();
    const std::uint32_t key = add_key("copy", loop, deployable);
    const std::size_t first = at_;
    while (kind() != colon && !is_expression_end(at_)) at_ = past(at_);
    append(deployable, add_expression(first, at_, deployable.index), key);
    expect(colon, "':'");
  }

  void read_conditional_body(Collection& deployable) {
    if (is_word("if")) {
      const std::uint32_t key = add_key("condition", token(), deployable);
      ++at_;
      if (!is_open('(')) fail_expected("'('");
      const std::size_t after = past(at_++);
      take(newline);
      append(deployable, read_value(deployable.index), key);
      at_ = after;
      take(newline);
    }
    if (!is_open('{')) fail_expected("'{'");
    read_entries(deployable);
  }

  // Values.

  std::uint32_t read_value(std::uint32_t parent) {
    switch (kind()) {
      case newline:
      case comma:
      case close:
      case end: fail_expected("a value");
      case open:
        if (!stands_alone()) break;
        if (is_open('{')) return read_object(parent);
        if (is_open('[') && !is_loop()) return read_array(parent);
        break;
      case string:
      case multi_line:
        if (stands_alone()) return read_string(parent);
        break;
      case number:
      case word:
      case symbol:
        if (const auto simple = read_simple_value(parent); simple != NodeData::none) return simple;
        break;
      default: break;
    }
    return read_expression(parent);
  }

  bool is_loop() const { return is_word("for", kind(1) == newline ? 2 : 1); }

  // A number, boolean, null or `any(…)`; none for other words.
  std::uint32_t read_simple_value(std::uint32_t parent) {
    const BicepToken& first = token();
    const auto text = text_of(first);
    const bool is_negative = text == "-" && kind(1) == number;
    if (first.kind == number || is_negative) {
      const BicepToken& last = token(is_negative ? 1 : 0);
      if (!is_expression_end(at_ + (is_negative ? 2 : 1))) return NodeData::none;
      at_ += is_negative ? 2 : 1;
      return add_text(slice(first.start, last.end), {first.start, last.end}, parent, ScalarStyle::plain);
    }
    if (text == "any" && is_open('(', 1) && is_expression_end(past(at_ + 1))) return read_any(parent);
    if ((text != "true" && text != "false" && text != "null") || !stands_alone()) return NodeData::none;
    ++at_;
    if (text == "null") return add(NodeKind::null, {first.start, first.end}, parent);
    return add_text(text, {first.start, first.end}, parent, ScalarStyle::plain);
  }

  // `any(value)`, which only silences the type checker.
  std::uint32_t read_any(std::uint32_t parent) {
    const std::size_t after = past(at_ + 1);
    at_ += 2;
    take(newline);
    const std::uint32_t value = read_value(parent);
    at_ = after;
    return value;
  }

  std::uint32_t read_string(std::uint32_t parent) {
    const BicepToken& found = tokens_[at_++];
    const bool is_computed = found.kind == interpolated;
    const auto text = is_computed ? text_of(found) : decode_bicep_string(text_of(found), document_);
    const ScalarStyle style = is_computed                ? ScalarStyle::plain
                              : found.kind == multi_line ? ScalarStyle::literal
                                                         : ScalarStyle::single_quoted;
    const std::uint32_t index = add_text(text, {found.start, found.end}, parent, style);
    document_.mutable_nodes()[index].unresolved = is_computed || has_placeholder(text);
    return index;
  }

  std::uint32_t add_expression(std::size_t first, std::size_t past_last, std::uint32_t parent) {
    const Span place{tokens_[first].start, tokens_[past_last - 1].end};
    const std::uint32_t index = add_text(slice(place.start, place.end), place, parent, ScalarStyle::plain);
    document_.mutable_nodes()[index].unresolved = true;
    return index;
  }

  std::uint32_t read_expression(std::uint32_t parent) {
    const std::size_t first = at_;
    at_ = expression_end(first);
    return add_expression(first, at_, parent);
  }

  std::uint32_t read_array(std::uint32_t parent) {
    Collection array{add(NodeKind::sequence, {token().start, token().end}, parent)};
    document_.mutable_nodes()[array.index].flow = true;
    ++at_;
    while (true) {
      while (take(newline) || take(comma)) {
      }
      if (take(close)) break;
      append(array, read_value(array.index));
    }
    set_end(array.index);
    return array.index;
  }

  std::uint32_t read_object(std::uint32_t parent) {
    Collection object{add(NodeKind::mapping, {token().start, token().end}, parent)};
    document_.mutable_nodes()[object.index].flow = true;
    read_entries(object);
    set_end(object.index);
    return object.index;
  }

  // From the opening brace to behind the closing one.
  void read_entries(Collection& object) {
    Collection children;
    ++at_;
    while (true) {
      while (take(newline) || take(comma)) {
      }
      if (take(close)) return;
      at_ = behind_decorators(at_);
      if (is_word("resource") && kind(1) == word) {
        read_child_resource(object, children);
      } else {
        read_entry(object);
      }
    }
  }

  void read_child_resource(Collection& object, Collection& children) {
    if (children.index == NodeData::none) {
      const std::uint32_t key = add_key("resources", token(), object);
      children.index = add(NodeKind::mapping, {token().start, token().end}, object.index);
      append(object, children.index, key);
    }
    read_deployable("type", children);
    set_end(children.index);
  }

  void read_entry(Collection& object) {
    if (kind() == ellipsis) {
      const std::uint32_t key = add_name(tokens_[at_++], object);
      document_.mutable_nodes()[key].unresolved = true;
      return append(object, read_expression_or_fail(object.index), key);
    }
    if (kind() != word && kind() != string && kind() != interpolated) fail_expected("a property's name");
    const std::uint32_t key = kind() == word ? add_name(tokens_[at_++], object) : read_string(object.index);
    expect(colon, "':'");
    append(object, read_value(object.index), key);
  }

  std::uint32_t read_expression_or_fail(std::uint32_t parent) {
    if (is_expression_end(at_)) fail_expected("a value");
    return read_expression(parent);
  }

  const SourceFile& file_;
  std::string_view text_;
  const std::vector<BicepToken>& tokens_;
  std::vector<Problem>& problems_;
  Document& document_;
  std::size_t at_ = 0;
  std::size_t searched_ = 0;  // before this token no broken one is left
  Collection root_;
  Collection parameters_;
  Collection variables_;
  Collection resources_;
  Collection modules_;
};

// A mistake in a line with a template's instruction is none of Bicep's.
void look_for_template(Problem& problem) {
  const auto text = problem.file->text();
  const std::size_t line_start = problem.span.start == 0 ? 0 : text.find_last_of("\r\n", problem.span.start - 1) + 1;
  const auto rest = text.substr(line_start);
  const auto line = rest.substr(0, rest.find_first_of("\r\n"));
  const bool is_instruction = line.find("{{") != std::string_view::npos || line.find("{%") != std::string_view::npos;
  if (problem.kind != ProblemKind::infrastructure_syntax || !is_instruction) return;
  problem.kind = ProblemKind::template_skipped;
  problem.message = "the file is a template, which is no Bicep before it is rendered";
  problem.help = "render it and check the output";
  problem.notes.clear();
}

}  // namespace

ParsedText parse_bicep(const SourceFile& file) {
  ParsedText result;
  BicepTokens tokens = read_bicep_tokens(file);
  const bool is_blank = std::ranges::all_of(
      tokens.tokens, [](const BicepToken& token) { return token.kind == newline || token.kind == end; });
  if (tokens.readable && !is_blank) {
    auto document = std::make_unique<Document>(file);
    Reader(file, tokens, *document).read();
    document->mutable_comments() = std::move(tokens.comments);
    result.documents.push_back(std::move(document));
  }
  for (Problem& problem : tokens.problems) look_for_template(problem);
  std::ranges::stable_sort(tokens.problems, {}, [](const Problem& problem) { return problem.span.start; });
  result.problems = std::move(tokens.problems);
  return result;
}

}  // namespace meshlint
