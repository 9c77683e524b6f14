// YAML and JSON as one tree of values with exact positions. Nothing here depends on a parser library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linter/problem.h"
#include "linter/source.h"

namespace meshlint {

class Document;
struct DecodedText;

enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping, alias };

enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

// What a plain scalar means to kubectl (go-yaml's reading of YAML 1.1 booleans and 1.2 numbers); a quoted or block
// scalar is always a string.
enum class ScalarType : std::uint8_t { null, boolean, integer, real, string };

// How one value is stored. Children of a collection follow their parent in document order; the entries of a mapping
// are its values, each of which names its key. Small, because a file's nodes take several times the file's size.
struct NodeData {
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  NodeKind kind = NodeKind::null;
  ScalarStyle style = ScalarStyle::plain;
  bool flow : 1 = false;        // a collection in [] or {}
  bool unresolved : 1 = false;  // a scalar that holds a template expression
  bool elided : 1 = false;      // JSON that no reader needs and that was not built
  std::uint32_t start = 0;      // bytes of the file; an empty value starts and ends right behind its key
  std::uint32_t end = 0;
  std::uint32_t parent = none;
  std::uint32_t key = none;           // for a mapping's value: its key's node
  std::uint32_t first_child = none;   // its first item, or its first entry's value; for an alias: the anchored node
  std::uint32_t next_sibling = none;  // the next item, or the next entry's value
  std::uint32_t child_count = 0;
  std::string_view text;  // a scalar's value, an alias's name
};

struct Entry;

// A view of one value, cheap to copy. It is falsy when the value does not exist; looking into such a node gives another
// one, so rules chain look-ups without checks, and its span is that of the nearest key (or value) that does exist: an
// absent field is reported where it belongs. An alias behaves like the value it refers to, but has its own span.
class Node {
 public:
  Node() = default;
  Node(const Document& document, std::uint32_t index, bool exists = true)
      : document_(&document), index_(index), exists_(exists) {}

  explicit operator bool() const { return exists_; }

  NodeKind kind() const;  // never alias; null when missing
  bool is_mapping() const { return kind() == NodeKind::mapping; }
  bool is_sequence() const { return kind() == NodeKind::sequence; }
  bool is_scalar() const { return kind() == NodeKind::scalar; }
  bool is_null() const;  // missing, empty, or a plain null

  // A scalar's value with quotes, escapes and folding undone; empty for anything else.
  std::string_view text() const;
  ScalarStyle style() const;
  ScalarType type() const;

  // True when the value holds a template expression or placeholder, is elided, or is missing below such a value: nobody
  // can know what it will be.
  bool unresolved() const;

  // The value of a key; of the last entry if the key is stated twice, and looking through merge keys (`<<`).
  Node operator[](std::string_view key) const;

  // The item at an index of a sequence.
  Node operator[](std::size_t index) const;

  // The values of a sequence; empty for anything else.
  std::vector<Node> items() const;

  // The entries of a mapping in order, those of merge keys last and only where not overridden; a key stated twice
  // appears once, with its last value. Empty for anything else.
  std::vector<Entry> entries() const;

  std::size_t size() const;  // number of items or own entries

  // The key under which the value stands; missing for items and roots.
  Node key() const;
  Node parent() const;

  // The value's bytes in the file; for a missing value those of the nearest existing key or value above it.
  Span span() const;
  // Key and value together, or the value alone.
  Span entry_span() const;

  // Dotted path from the document's root, as in `spec.servers[0].port`.
  std::string path() const;

  const Document* document() const { return document_; }
  const SourceFile* file() const;
  std::uint32_t index() const { return index_; }

 private:
  const NodeData& data() const;      // as stored
  const NodeData& resolved() const;  // aliases followed

  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
  bool exists_ = false;
};

struct Entry {
  Node key;
  Node value;
};

// A comment outside of scalars, from its '#' to the end of its line; in JSON from `//` or `/*` to its end.
struct Comment {
  Span span;
};

// One YAML or JSON document. Its nodes' offsets are those of the file, also when the document stood inside a scalar of
// another document.
class Document {
 public:
  explicit Document(const SourceFile& file) : file_(&file) {}
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const SourceFile& file() const { return *file_; }
  Node root() const { return nodes_.empty() ? Node() : Node(*this, 0); }
  const std::vector<NodeData>& nodes() const { return nodes_; }
  const std::vector<Comment>& comments() const { return comments_; }

  // For readers: the stored form, and a place for scalar values that are not a slice of the file.
  std::vector<NodeData>& mutable_nodes() { return nodes_; }
  std::vector<Comment>& mutable_comments() { return comments_; }
  // Adds a value at a place of the file and returns its index; the reader links it to the values beside it.
  std::uint32_t add(NodeKind kind, Span place, std::uint32_t parent);
  std::string_view keep(std::string text) { return strings_.emplace_front(std::move(text)); }

  // For a document inside a scalar: the scalar's text and where it stands in the file. Null for others.
  const DecodedText* decoded_text() const { return decoded_text_.get(); }
  void set_decoded_text(std::shared_ptr<const DecodedText> text) { decoded_text_ = std::move(text); }

 private:
  const SourceFile* file_;
  std::shared_ptr<const DecodedText> decoded_text_;
  std::vector<NodeData> nodes_;
  std::vector<Comment> comments_;
  std::forward_list<std::string> strings_;  // takes no memory when empty, as in most documents
};

// Everything read from one file, or from one scalar: the documents that could be read and what is wrong with the rest.
struct ParsedText {
  std::vector<std::unique_ptr<Document>> documents;
  std::vector<Problem> problems;
};

// Whether text holds a template expression or placeholder: `{{ }}`, `${VAR}`, `$(VAR)`.
bool has_placeholder(std::string_view text);

// What a plain scalar's text means to kubectl.
ScalarType plain_scalar_type(std::string_view text);

}  // namespace meshlint
