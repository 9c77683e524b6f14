#include "linter/kustomize_patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "linter/draft.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

// The parts of a JSON pointer (RFC 6901); empty for one that names the whole object.
std::vector<std::string> pointer_parts(std::string_view pointer) {
  std::vector<std::string> parts;
  bool escaped = false;
  for (const char letter : pointer) {
    if (letter == '/') {
      parts.emplace_back();
    } else if (!parts.empty()) {
      std::string& part = parts.back();
      const bool is_escape = escaped && (letter == '0' || letter == '1');
      if (is_escape) part.back() = letter == '0' ? '~' : '/';
      if (!is_escape) part += letter;
      escaped = letter == '~';
    }
  }
  return parts;
}

bool is_index(std::string_view part) {
  return part == "-" || (!part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos);
}

// Puts a value at the end of a path, with the collections on the way. An item of a list stands for itself: which one it
// becomes does not matter to anyone.
void put(Draft& root, const std::vector<std::string>& parts, Span path, Draft value) {
  Draft* holder = &root;
  for (const std::string& part : parts) {
    const NodeKind kind = is_index(part) ? NodeKind::sequence : NodeKind::mapping;
    if (holder->kind == NodeKind::null) holder->kind = kind;
    if (holder->kind != kind) return;  // an operation contradicts an earlier one
    const auto known = std::ranges::find(holder->children, part, &Draft::name);
    if (known != holder->children.end() && kind == NodeKind::mapping) {
      holder = &*known;
      continue;
    }
    Draft& child = holder->children.emplace_back();
    if (kind == NodeKind::mapping) child.name = part;
    child.name_span = path;
    child.span = path;
    holder = &child;
  }
  holder->assign(std::move(value));
}

Draft mapping_at(Span span) {
  Draft mapping;
  mapping.kind = NodeKind::mapping;
  mapping.span = span;
  return mapping;
}

Draft entry(std::string_view name, std::string_view text, Span place) {
  Draft draft = scalar_at(text, place);
  draft.name = name;
  draft.name_span = place;
  return draft;
}

// A target's name is a regular expression; one of plain letters is a name.
bool is_plain(Node text) {
  return text.is_scalar() && !text.unresolved() &&
         text.text().find_first_of(".*+?|[](){}^$\\") == std::string_view::npos;
}

}  // namespace

bool is_json_patch(Node root) {
  return root.is_sequence() && root.size() > 0 && root[std::size_t{0}]["op"].is_scalar() &&
         root[std::size_t{0}]["path"].is_scalar();
}

std::unique_ptr<Document> read_json_patch(Node operations, Node target, std::string_view group) {
  if (!is_plain(target["kind"]) || operations.size() > nesting_limit) return nullptr;
  // The target may stand in another file than the operations.
  const auto place_of = [&](Node node) {
    return node.file() == operations.file() ? node.span() : operations[std::size_t{0}].span();
  };
  const std::string_view version = target["version"].is_null() ? "v1" : target["version"].text();
  const std::string api_version = group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
  Draft root = mapping_at(operations.span());
  root.children.push_back(entry("apiVersion", api_version, place_of(target)));
  root.children.push_back(entry("kind", target["kind"].text(), place_of(target["kind"])));
  Draft& metadata = root.children.emplace_back(mapping_at(place_of(target)));
  metadata.name = "metadata";
  metadata.name_span = place_of(target);
  for (const auto* key : {"name", "namespace"}) {
    if (is_plain(target[key])) metadata.children.push_back(entry(key, target[key].text(), place_of(target[key])));
  }

  bool adds = false;
  for (const Node operation : operations.items()) {
    const auto what = operation["op"].text();
    const Node path = operation["path"];
    const Node value = operation["value"];
    if ((what != "add" && what != "replace") || !path.is_scalar() || path.unresolved() || !value) continue;
    const auto parts = pointer_parts(path.text());
    if (parts.empty() || parts.size() > nesting_limit || parts[0] == "kind" || parts[0] == "apiVersion") continue;
    put(root, parts, path.span(), copy_of(value));
    adds = true;
  }
  return adds ? make_document(*operations.file(), root) : nullptr;
}

}  // namespace meshlint
