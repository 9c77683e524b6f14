// Makes the nodes of a YAML document, whoever reads its text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linter/mistake.h"
#include "linter/problem.h"
#include "linter/template.h"
#include "linter/tree.h"

namespace meshlint {

// Thrown when a document is refused.
struct Refusal {
  ProblemKind kind = ProblemKind::yaml_syntax;
  Mistake mistake;
};

// Puts a document together from the values that a reader finds, in their order. All offsets are those of the text that
// is read.
class DocumentBuilder {
 public:
  using Anchor = std::size_t;  // counted from 1; 0 for none

  // A collection that is being read.
  struct Frame {
    std::uint32_t node = 0;
    NodeKind kind = NodeKind::mapping;
    bool flow = false;
    int column = 0;  // of a block collection
    std::uint32_t last_child = NodeData::none;
    std::uint32_t key = NodeData::none;  // the entry's key, until its value comes
    Anchor anchor = 0;
    std::uint64_t size = 1;  // nodes in it, aliases expanded
  };

  // `part` is the document's place in `text`, `placeholders` are those of the whole text.
  DocumentBuilder(std::string_view text, Span part, const std::vector<Placeholder>& placeholders, Document& document);

  std::size_t depth() const { return frames_.size(); }
  const Frame& innermost() const { return frames_.back(); }  // `depth` must not be 0
  const NodeData& node(std::uint32_t index) const { return nodes_[index]; }
  bool in_flow() const { return !frames_.empty() && frames_.back().flow; }
  bool expects_key() const { return in_mapping() && frames_.back().key == NodeData::none; }
  bool expects_value() const { return in_mapping() && frames_.back().key != NodeData::none; }
  Span last_scalar() const { return last_scalar_; }

  // Where the content of the innermost collection ends so far.
  std::uint32_t content_end() const;

  // A plain or quoted scalar, quotes included.
  void add_scalar(std::size_t start, std::size_t end, ScalarStyle style, Anchor anchor = 0);

  // A literal or folded scalar from its '|' or '>'; returns the end of its last line with content.
  std::uint32_t add_block_scalar(std::size_t start, Anchor anchor = 0);

  // A value that is not there.
  void add_empty(std::size_t at, Anchor anchor = 0);

  // An alias, its '*' included, of an anchor that was given before.
  void add_alias(std::size_t start, std::size_t end, Anchor anchor);

  void open(NodeKind kind, std::size_t start, bool flow, int column, Anchor anchor = 0);
  void close(std::uint32_t end);

 private:
  struct Anchored {
    std::uint32_t node = NodeData::none;
    std::uint64_t size = 0;  // 0 while its node is being read
  };

  bool in_mapping() const { return !frames_.empty() && frames_.back().kind == NodeKind::mapping; }
  bool holds_placeholder(std::size_t start, std::size_t end);
  void add(NodeData data, Anchor anchor);
  void attach(Frame& frame, std::uint32_t index, NodeData& data);
  void register_anchor(Anchor anchor, std::uint32_t node, std::uint64_t size);
  void check_expansion(Anchor anchor, const NodeData& alias);

  std::string_view text_;
  std::uint32_t end_;
  const std::vector<Placeholder>& placeholders_;
  Document& document_;
  std::vector<NodeData>& nodes_;
  std::vector<Frame> frames_;
  std::vector<Anchored> anchors_;
  std::uint64_t expanded_ = 0;
  std::size_t placeholder_ = 0;  // the next placeholder that may stand in a scalar
  Span last_scalar_;
};

}  // namespace meshlint
