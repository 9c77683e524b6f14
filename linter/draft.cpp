#include "linter/draft.h"

#include <algorithm>
#include <utility>

#include "linter/cluster_body.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

Draft copy_of(Node node, std::size_t depth) {
  Draft copy;
  copy.kind = node.kind();
  copy.style = node.style();
  copy.unresolved = node.unresolved();
  copy.span = node.span();
  if (depth > nesting_limit) {  // aliases can nest deeper than the text does
    copy.withhold();
    return copy;
  }
  copy.text = node.text();
  for (const Node item : node.items()) copy.children.push_back(copy_of(item, depth + 1));
  for (const Entry& entry : node.entries()) {
    Draft& child = copy.children.emplace_back(copy_of(entry.value, depth + 1));
    child.name = entry.key.text();
    child.name_span = entry.key.span();
  }
  return copy;
}

constexpr std::size_t most_fields = 1'000;  // of a mapping that patches change; no object has so many

void apply_merge_patch(Draft& target, Node patch, std::size_t depth) {
  if (!patch.is_mapping() || depth > nesting_limit) return target.assign(copy_of(patch));
  if (target.unresolved) return;  // nobody knows what is changed there
  if (target.children.size() + patch.size() > most_fields) return target.withhold();
  if (target.kind != NodeKind::mapping) {
    target.kind = NodeKind::mapping;
    target.children.clear();
    target.span = patch.span();
  }
  for (const Entry& entry : patch.entries()) {
    const auto name = entry.key.text();
    if (entry.value.is_null()) {
      std::erase_if(target.children, [name](const Draft& child) { return is_same_field(child.name, name); });
      continue;
    }
    apply_merge_patch(target.at(name, entry.key.span()), entry.value, depth + 1);
  }
}

class DocumentWriter {
 public:
  explicit DocumentWriter(Document& document) : document_(document), nodes_(document.mutable_nodes()) {}

  std::uint32_t write(const Draft& draft, std::uint32_t parent, std::uint32_t key) {
    const std::uint32_t index = add(draft.kind, draft.span, draft.text);
    nodes_[index].style = draft.style;
    nodes_[index].unresolved = draft.unresolved;
    nodes_[index].parent = parent;
    nodes_[index].key = key;
    std::uint32_t last = NodeData::none;
    for (const Draft& child : draft.children) {
      std::uint32_t child_key = NodeData::none;
      if (draft.kind == NodeKind::mapping) {
        child_key = add(NodeKind::scalar, child.name_span, child.name);
        nodes_[child_key].parent = index;
      }
      const std::uint32_t child_index = write(child, index, child_key);
      (last == NodeData::none ? nodes_[index].first_child : nodes_[last].next_sibling) = child_index;
      last = child_index;
    }
    nodes_[index].child_count = static_cast<std::uint32_t>(draft.children.size());
    return index;
  }

 private:
  std::uint32_t add(NodeKind kind, Span span, const std::string& text) {
    NodeData data;
    data.kind = kind;
    data.start = span.start;
    data.end = span.end;
    if (!text.empty()) data.text = document_.keep(text);
    nodes_.push_back(data);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  Document& document_;
  std::vector<NodeData>& nodes_;
};

}  // namespace

Draft* Draft::find(std::string_view field) {
  if (kind != NodeKind::mapping) return nullptr;
  const auto found =
      std::ranges::find_if(children, [&](const Draft& child) { return is_same_field(child.name, field); });
  return found == children.end() ? nullptr : &*found;
}

Draft& Draft::at(std::string_view path, Span place) {
  if (path.empty()) return *this;
  const auto field = path.substr(0, path.find('.'));
  path.remove_prefix(std::min(field.size() + 1, path.size()));
  if (kind != NodeKind::mapping) {
    kind = NodeKind::mapping;
    unresolved = false;
    children.clear();
    if (span == Span{}) span = place;
  }
  Draft* child = find(field);
  if (child == nullptr) {
    child = &children.emplace_back();
    child->name = field;
    child->name_span = place;
    child->span = place;
  }
  return child->at(path, place);
}

void Draft::assign(Draft value) {
  value.name = std::move(name);
  value.name_span = name_span;
  *this = std::move(value);
}

void Draft::withhold() {
  kind = NodeKind::scalar;
  unresolved = true;
  text.clear();
  children.clear();
}

Draft copy_of(Node node) {
  return copy_of(node, 0);
}

Draft scalar_at(std::string_view text, Span span) {
  Draft scalar;
  scalar.kind = NodeKind::scalar;
  scalar.span = span;
  scalar.text = text;
  return scalar;
}

void apply_merge_patch(Draft& target, Node patch) {
  apply_merge_patch(target, patch, 0);
}

void withhold_missing(Draft& root, std::initializer_list<std::string_view> paths, Span place) {
  for (std::string_view path : paths) {
    Draft* holder = &root;
    for (std::string_view rest = path; holder != nullptr && !rest.empty();) {
      if (holder->unresolved) break;
      const auto field = rest.substr(0, rest.find('.'));
      rest.remove_prefix(std::min(field.size() + 1, rest.size()));
      holder = holder->find(field);
    }
    if (holder == nullptr) root.at(path, place).withhold();
  }
}

std::unique_ptr<Document> make_document(const SourceFile& file, const Draft& root) {
  auto document = std::make_unique<Document>(file);
  DocumentWriter(*document).write(root, NodeData::none, NodeData::none);
  return document;
}

}  // namespace meshlint
