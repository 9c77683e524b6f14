#include "linter/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace meshlint {
namespace {

constexpr int merge_depth_limit = 16;  // merge keys that lead to mappings with merge keys

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A prefix and digits of its base: 0x1F, 0o17, 0b101.
bool is_prefixed_integer(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return false;
  std::string_view digits;
  switch (text[1]) {
    case 'x':
    case 'X': digits = "0123456789abcdefABCDEF"; break;
    case 'o':
    case 'O': digits = "01234567"; break;
    case 'b':
    case 'B': digits = "01"; break;
    default: return false;
  }
  return text.find_first_not_of(digits, 2) == std::string_view::npos;
}

// (\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_real(std::string_view text) {
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    auto exponent = text.substr(e + 1);
    if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (!is_digits(exponent)) return false;
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return is_digits(text);
  const auto whole = text.substr(0, point);
  const auto fraction = text.substr(point + 1);
  if (whole.empty()) return is_digits(fraction);
  return is_digits(whole) && (fraction.empty() || is_digits(fraction));
}

// A number as go-yaml reads it: with a sign, and with underscores anywhere behind the first character.
ScalarType number_type(std::string_view text) {
  const bool is_signed = text.starts_with('-') || text.starts_with('+');
  std::string_view number = is_signed ? text.substr(1) : text;
  if (number == ".inf" || number == ".Inf" || number == ".INF") return ScalarType::real;
  std::string without_underscores;
  if (number.find('_') != std::string_view::npos) {
    if (text[0] == '_' || text[0] == '.') return ScalarType::string;
    std::ranges::remove_copy(number, std::back_inserter(without_underscores), '_');
    number = without_underscores;
  }
  if (is_digits(number) || is_prefixed_integer(number)) return ScalarType::integer;
  return is_real(number) ? ScalarType::real : ScalarType::string;
}

const NodeData& follow_alias(const std::vector<NodeData>& nodes, std::uint32_t index) {
  const NodeData& node = nodes[index];
  return node.kind == NodeKind::alias ? nodes[node.first_child] : node;
}

}  // namespace

ScalarType plain_scalar_type(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return ScalarType::null;
  constexpr std::string_view booleans[] = {"true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes",
                                           "YES",  "no",   "No",   "NO",    "on",    "On",    "ON",  "off",
                                           "Off",  "OFF",  "y",    "Y",     "n",     "N"};
  if (std::ranges::find(booleans, text) != std::end(booleans)) return ScalarType::boolean;
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return ScalarType::real;
  return number_type(text);
}

bool has_placeholder(std::string_view text) {
  const std::size_t first = text.find_first_of("{$");
  if (first == std::string_view::npos) return false;
  const std::size_t last_brace = text.rfind('}');
  const std::size_t last_parenthesis = text.rfind(')');
  const auto is_behind = [](std::size_t last, std::size_t at) { return last != std::string_view::npos && last > at; };
  for (std::size_t at = first; at != std::string_view::npos; at = text.find_first_of("{$", at + 1)) {
    const auto rest = text.substr(at);
    if (rest.starts_with("{{") || rest.starts_with("{%")) return true;
    if (rest.starts_with("${") && is_behind(last_brace, at)) return true;
    if (rest.starts_with("$(") && is_behind(last_parenthesis, at)) return true;
  }
  return false;
}

const NodeData& Node::data() const {
  return document_->nodes()[index_];
}

const NodeData& Node::resolved() const {
  return follow_alias(document_->nodes(), index_);
}

NodeKind Node::kind() const {
  return exists_ ? resolved().kind : NodeKind::null;
}

bool Node::is_null() const {
  return kind() == NodeKind::null || (is_scalar() && type() == ScalarType::null);
}

std::string_view Node::text() const {
  return is_scalar() ? resolved().text : std::string_view();
}

ScalarStyle Node::style() const {
  return exists_ ? resolved().style : ScalarStyle::plain;
}

ScalarType Node::type() const {
  if (!is_scalar()) return ScalarType::null;
  return style() == ScalarStyle::plain ? plain_scalar_type(text()) : ScalarType::string;
}

bool Node::unresolved() const {
  if (document_ == nullptr) return false;
  const NodeData& value = resolved();
  return value.elided || (value.kind == NodeKind::scalar && value.unresolved);
}

Node Node::operator[](std::string_view key) const {
  if (!is_mapping()) return document_ == nullptr ? Node() : Node(*document_, index_, false);
  const auto& nodes = document_->nodes();
  std::uint32_t found = NodeData::none;
  bool has_merge = false;
  for (std::uint32_t child = resolved().first_child; child != NodeData::none; child = nodes[child].next_sibling) {
    const NodeData& key_data = follow_alias(nodes, nodes[child].key);
    if (key_data.kind != NodeKind::scalar) continue;
    if (key_data.text == key) found = child;
    has_merge = has_merge || (key_data.text == "<<" && key_data.style == ScalarStyle::plain);
  }
  if (found != NodeData::none) return Node(*document_, found);
  if (has_merge && key != "<<") {
    for (const Entry& entry : entries()) {
      if (entry.key.text() == key) return entry.value;
    }
  }
  return Node(*document_, index_, false);
}

Node Node::operator[](std::size_t index) const {
  if (is_sequence()) {
    const auto& nodes = document_->nodes();
    std::uint32_t child = resolved().first_child;
    for (; index > 0 && child != NodeData::none; --index) child = nodes[child].next_sibling;
    if (child != NodeData::none) return Node(*document_, child);
  }
  return document_ == nullptr ? Node() : Node(*document_, index_, false);
}

std::vector<Node> Node::items() const {
  std::vector<Node> result;
  if (!is_sequence()) return result;
  result.reserve(resolved().child_count);
  const auto& nodes = document_->nodes();
  for (std::uint32_t child = resolved().first_child; child != NodeData::none; child = nodes[child].next_sibling) {
    result.emplace_back(*document_, child);
  }
  return result;
}

namespace {

// Gathers the entries of a mapping, then those that merge keys bring in, where they are not overridden.
class EntryCollector {
 public:
  EntryCollector(const Document& document, std::vector<Entry>& entries) : document_(document), entries_(entries) {}

  void add(const NodeData& mapping, int depth = 0) {
    const auto& nodes = document_.nodes();
    const std::size_t own_start = entries_.size();
    std::vector<Node> merge_sources;
    for (std::uint32_t child = mapping.first_child; child != NodeData::none; child = nodes[child].next_sibling) {
      const Node key(document_, nodes[child].key);
      const Node value(document_, child);
      if (!key.is_scalar()) {
        entries_.push_back({key, value});
      } else if (key.text() == "<<" && key.style() == ScalarStyle::plain) {
        merge_sources.push_back(value);
      } else if (const auto [known, is_new] = index_.emplace(key.text(), entries_.size()); is_new) {
        entries_.push_back({key, value});
      } else if (known->second >= own_start) {
        entries_[known->second] = {key, value};
      }
    }
    for (const Node source : merge_sources) merge(source, depth + 1);
  }

 private:
  // What `<<: *base` or `<<: [*a, *b]` brings in, the first source winning. A mapping that was merged already has
  // nothing to add, which ends cycles and keeps the work within the size of the document.
  void merge(Node source, int depth) {
    if (depth > merge_depth_limit) return;
    for (const Node item : source.items()) {
      if (item.is_mapping()) merge(item, depth);
    }
    if (!source.is_mapping()) return;
    const NodeData& mapping = follow_alias(document_.nodes(), source.index());
    if (merged_.insert(&mapping).second) add(mapping, depth);
  }

  const Document& document_;
  std::vector<Entry>& entries_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::unordered_set<const NodeData*> merged_;
};

}  // namespace

std::vector<Entry> Node::entries() const {
  std::vector<Entry> result;
  if (!is_mapping()) return result;
  result.reserve(resolved().child_count);
  EntryCollector(*document_, result).add(resolved());
  return result;
}

std::size_t Node::size() const {
  const NodeKind own = kind();
  return own == NodeKind::sequence || own == NodeKind::mapping ? resolved().child_count : 0;
}

Node Node::key() const {
  if (!exists_ || data().key == NodeData::none) return {};
  return Node(*document_, data().key);
}

Node Node::parent() const {
  if (!exists_ || data().parent == NodeData::none) return {};
  return Node(*document_, data().parent);
}

Span Node::span() const {
  if (document_ == nullptr) return {};
  const NodeData& own = data();
  if (exists_) return {own.start, own.end};
  if (own.key != NodeData::none) return Node(*document_, own.key).span();
  // The root or an item lacks something: point at its first key rather than at the whole of it.
  if (own.kind == NodeKind::mapping && own.first_child != NodeData::none) {
    return Node(*document_, document_->nodes()[own.first_child].key).span();
  }
  return {own.start, own.end};
}

Span Node::entry_span() const {
  const Node own_key = key();
  return own_key ? Span{own_key.span().start, span().end} : span();
}

namespace {

// A key's path is that of its value.
std::uint32_t value_of_key(const std::vector<NodeData>& nodes, std::uint32_t index) {
  const NodeData& node = nodes[index];
  const bool is_value = node.key != NodeData::none;
  if (is_value || node.parent == NodeData::none || nodes[node.parent].kind != NodeKind::mapping) return index;
  for (auto child = nodes[node.parent].first_child; child != NodeData::none; child = nodes[child].next_sibling) {
    if (nodes[child].key == index) return child;
  }
  return index;
}

}  // namespace

std::string Node::path() const {
  if (document_ == nullptr) return {};
  const auto& nodes = document_->nodes();
  std::vector<std::string> parts;
  std::uint32_t at = value_of_key(nodes, index_);
  for (; nodes[at].parent != NodeData::none; at = nodes[at].parent) {
    if (nodes[at].key != NodeData::none) {
      const auto text = Node(*document_, nodes[at].key).text();
      const bool simple = !text.empty() && text.find_first_of(". []") == std::string_view::npos;
      parts.push_back(simple ? std::string(text) : fmt::format("[\"{}\"]", text));
    } else {
      std::size_t position = 0;
      for (auto i = nodes[nodes[at].parent].first_child; i != at; i = nodes[i].next_sibling) ++position;
      parts.push_back(fmt::format("[{}]", position));
    }
  }
  std::ranges::reverse(parts);
  std::string result;
  for (const std::string& part : parts) {
    if (!result.empty() && !part.starts_with('[')) result += '.';
    result += part;
  }
  return result;
}

const SourceFile* Node::file() const {
  return document_ == nullptr ? nullptr : &document_->file();
}

std::uint32_t Document::add(NodeKind kind, Span place, std::uint32_t parent) {
  NodeData& node = nodes_.emplace_back();
  node.kind = kind;
  node.start = place.start;
  node.end = place.end;
  node.parent = parent;
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

}  // namespace meshlint
