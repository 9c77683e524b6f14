// Trees of values that are put together from parts of others, to be read like a document of their own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linter/tree.h"

namespace meshlint {

// A value that is being put together. What comes from a file keeps its place there, so a fact that is read from the
// finished document points at what somebody wrote.
struct Draft {
  NodeKind kind = NodeKind::null;
  ScalarStyle style = ScalarStyle::plain;
  bool unresolved = false;
  Span span;
  std::string text;  // of a scalar
  std::string name;  // of an entry of a mapping, with the place of its key
  Span name_span;
  std::vector<Draft> children;  // entries of a mapping, items of a sequence

  // The entry of a name, compared as the names of settings are; null when there is none.
  Draft* find(std::string_view field);

  // The value at the end of a dotted path. What is missing on the way becomes a mapping at `place`, what is no mapping
  // is replaced by one.
  Draft& at(std::string_view path, Span place);

  // Takes the content of another value, but keeps its own name.
  void assign(Draft value);

  // Makes it a value that nobody can know.
  void withhold();
};

// A copy of a node with all that is in it, aliases and merge keys expanded.
Draft copy_of(Node node);

// A scalar of a text that stands somewhere.
Draft scalar_at(std::string_view text, Span span);

// Changes a value as a JSON merge patch says: mappings are merged, a null removes, anything else replaces.
void apply_merge_patch(Draft& target, Node patch);

// Withholds what no value stands for at dotted paths.
void withhold_missing(Draft& root, std::initializer_list<std::string_view> paths, Span place);

// Writes a draft out as a document of the file that its parts stand in.
std::unique_ptr<Document> make_document(const SourceFile& file, const Draft& root);

}  // namespace meshlint
