// Changes to a YAML file that touch nothing but the lines they are about: comments, order and style stay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/tree.h"

namespace meshlint {

// A scalar as YAML text: plain where that means the same string inside of `[]` and `{}` too, else in double quotes.
std::string yaml_scalar(std::string_view text);

// Collects changes to one file and makes its new text. Nodes are those of the old text; two changes must not touch the
// same value, but any number may be inserted at one place and keep their order.
class YamlEdit {
 public:
  explicit YamlEdit(const SourceFile& file) : file_(file) {}

  // Replaces a value by YAML text on one line.
  void replace(Node value, std::string text) { replace(value.span(), std::move(text)); }

  // Replaces key and value.
  void replace_entry(Node value, std::string text) { replace(value.entry_span(), std::move(text)); }

  // Adds an entry such as `month: 2026-08` behind another entry of the same mapping, in the mapping's style.
  void insert_entry(Node behind, std::string_view entry);

  // Takes an entry out of its mapping. The mapping must keep another one.
  void remove_entry(Node value);

  // Adds an item to a block sequence: its lines without indentation, the first one's dash not included. `behind` is an
  // item of the sequence, or falsy for the first place.
  void insert_item(Node sequence, Node behind, const std::vector<std::string>& lines);

  // Takes an item out of a block sequence, with what stands behind it on its line. The sequence must keep another one.
  void remove_item(Node item);

  // Whether a value is a sequence whose items stand on lines of their own.
  static bool is_block_sequence(Node value);

  bool empty() const { return changes_.empty(); }

  // The changes, in the order in which they were made.
  std::vector<Edit> edits() const;

  // The file with every change made.
  std::string text() const;

 private:
  // In this order where several begin at one place: what ends a row, then the rows behind it, then what is replaced.
  enum class Kind : std::uint8_t { entry, item, replacement };

  struct Change {
    Span span;
    std::string text;
    Kind kind = Kind::replacement;
  };

  void replace(Span span, std::string text) { changes_.push_back({span, std::move(text), Kind::replacement}); }
  void insert(std::uint32_t at, std::string text, Kind kind) { changes_.push_back({{at, at}, std::move(text), kind}); }
  std::uint32_t line_start(std::uint32_t offset) const;
  std::uint32_t next_line(std::uint32_t offset) const;
  std::uint32_t last_byte(Node value) const;
  std::uint32_t dash_of(Node item) const;
  std::string indentation(std::uint32_t offset) const;

  const SourceFile& file_;
  std::vector<Change> changes_;
};

}  // namespace meshlint
