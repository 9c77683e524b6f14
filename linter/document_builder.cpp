#include "linter/document_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "linter/scalar.h"
#include "linter/yaml.h"

namespace meshlint {
namespace {

std::uint32_t narrow(std::size_t offset) {
  return static_cast<std::uint32_t>(offset);
}

NodeData make(NodeKind kind, std::size_t start, std::size_t end) {
  NodeData data;
  data.kind = kind;
  data.start = narrow(start);
  data.end = narrow(end);
  return data;
}

}  // namespace

DocumentBuilder::DocumentBuilder(std::string_view text, Span part, const std::vector<Placeholder>& placeholders,
                                 Document& document)
    : text_(text), end_(part.end), placeholders_(placeholders), document_(document), nodes_(document.mutable_nodes()) {
  nodes_.reserve(std::min<std::size_t>((part.end - part.start) / 16 + 4, 1024));
  const auto first = std::ranges::lower_bound(placeholders, part.start, {},
                                              [](const Placeholder& placeholder) { return placeholder.span.end; });
  placeholder_ = static_cast<std::size_t>(first - placeholders.begin());
}

std::uint32_t DocumentBuilder::content_end() const {
  const Frame& frame = frames_.back();
  const std::uint32_t start = nodes_[frame.node].start;
  return frame.last_child == NodeData::none ? start : std::max(start, nodes_[frame.last_child].end);
}

void DocumentBuilder::add_scalar(std::size_t start, std::size_t end, ScalarStyle style, Anchor anchor) {
  NodeData data = make(NodeKind::scalar, start, end);
  data.style = style;
  const std::size_t quote = style == ScalarStyle::plain ? 0 : 1;
  const std::string_view content = text_.substr(start + quote, end - start - 2 * quote);
  data.unresolved = holds_placeholder(start, end);
  if (in_flow() && content.starts_with(':') && style == ScalarStyle::plain) {
    throw Refusal{ProblemKind::yaml_syntax, misplaced_colon(text_, data.start)};
  }
  const bool verbatim = is_verbatim(content, style);
  data.text = verbatim ? content : document_.keep(decode_flow_scalar(text_, {data.start, data.end}, style).text);
  last_scalar_ = {data.start, data.end};
  add(data, anchor);
}

std::uint32_t DocumentBuilder::add_block_scalar(std::size_t start, Anchor anchor) {
  const std::string_view source = text_.substr(0, end_);
  const BlockHeader header = read_block_header(source, start);
  if (const auto tab = undetermined_indent(source, header)) {
    throw Refusal{ProblemKind::yaml_syntax, tab_in_block(narrow(*tab))};
  }
  const int parent_column = frames_.empty() ? -1 : frames_.back().column;
  DecodedText decoded = decode_block_scalar(source, header, block_indent(source, header, parent_column));
  NodeData data = make(NodeKind::scalar, start, decoded.end);
  data.style = header.style;
  data.unresolved = holds_placeholder(start, decoded.end);
  data.text = document_.keep(std::move(decoded.text));
  last_scalar_ = {data.start, data.end};
  add(data, anchor);
  return data.end;
}

void DocumentBuilder::add_empty(std::size_t at, Anchor anchor) {
  add(make(NodeKind::null, at, at), anchor);
}

void DocumentBuilder::add_alias(std::size_t start, std::size_t end, Anchor anchor) {
  NodeData data = make(NodeKind::alias, start, end);
  data.text = text_.substr(start + 1, end - start - 1);
  data.first_child = anchors_[anchor].node;
  check_expansion(anchor, data);
  add(data, 0);
}

void DocumentBuilder::open(NodeKind kind, std::size_t start, bool flow, int column, Anchor anchor) {
  NodeData data = make(kind, start, start);
  data.flow = flow;
  if (frames_.size() >= nesting_limit) {
    throw Refusal{ProblemKind::yaml_limit,
                  {{data.start, std::min(data.start + 1, end_)},
                   fmt::format("more than {} lists and mappings inside each other", nesting_limit),
                   "meshlint does not read documents nested this deeply: simplify it or leave the file out"}};
  }
  const std::uint32_t index = narrow(nodes_.size());
  add(data, 0);
  register_anchor(anchor, index, 0);
  frames_.push_back({.node = index, .kind = kind, .flow = flow, .column = flow ? 0 : column, .anchor = anchor});
}

void DocumentBuilder::close(std::uint32_t end) {
  const Frame frame = frames_.back();
  nodes_[frame.node].end = end;
  frames_.pop_back();
  register_anchor(frame.anchor, frame.node, frame.size);
  if (!frames_.empty()) frames_.back().size += frame.size - 1;
}

bool DocumentBuilder::holds_placeholder(std::size_t start, std::size_t end) {
  while (placeholder_ < placeholders_.size() && placeholders_[placeholder_].span.end <= start) ++placeholder_;
  return placeholder_ < placeholders_.size() && placeholders_[placeholder_].span.start < end;
}

void DocumentBuilder::add(NodeData data, Anchor anchor) {
  const std::uint32_t index = narrow(nodes_.size());
  if (!frames_.empty()) attach(frames_.back(), index, data);
  nodes_.push_back(data);
  register_anchor(anchor, index, 1);
}

void DocumentBuilder::attach(Frame& frame, std::uint32_t index, NodeData& data) {
  data.parent = frame.node;
  ++frame.size;
  if (frame.kind == NodeKind::mapping && frame.key == NodeData::none) {
    frame.key = index;
    return;
  }
  data.key = std::exchange(frame.key, NodeData::none);
  if (frame.last_child == NodeData::none) {
    nodes_[frame.node].first_child = index;
  } else {
    nodes_[frame.last_child].next_sibling = index;
  }
  frame.last_child = index;
  ++nodes_[frame.node].child_count;
}

void DocumentBuilder::register_anchor(Anchor anchor, std::uint32_t node, std::uint64_t size) {
  if (anchor == 0) return;
  if (anchors_.size() <= anchor) anchors_.resize(std::max<std::size_t>(anchor + 1, anchors_.size() * 2));
  anchors_[anchor] = {node, size};
}

// Counts what an alias would add to the document if it were expanded.
void DocumentBuilder::check_expansion(Anchor anchor, const NodeData& alias) {
  const Span span{alias.start, alias.end};
  if (anchors_[anchor].size == 0) {
    throw Refusal{ProblemKind::yaml_limit,
                  {span, fmt::format("alias '*{}' stands inside the value it refers to", excerpt(alias.text)),
                   "write the value out"}};
  }
  expanded_ += anchors_[anchor].size;
  if (!frames_.empty()) frames_.back().size += anchors_[anchor].size - 1;
  if (expanded_ > alias_budget) {
    throw Refusal{ProblemKind::yaml_limit,
                  {span, fmt::format("aliases expand to more than {} values", alias_budget),
                   "meshlint does not read documents that grow this much: write the values out or leave the file out"}};
  }
}

}  // namespace meshlint
