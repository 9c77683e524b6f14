#include "tests/readers.h"

#include <fmt/format.h>

namespace meshlint {
namespace {

std::string describe(const NodeData& node) {
  return fmt::format(
      "kind {} style {} flow {} unresolved {} elided {} [{}, {}) parent {} key {} first {} next {} "
      "children {} text '{}'",
      static_cast<int>(node.kind), static_cast<int>(node.style), node.flow, node.unresolved, node.elided, node.start,
      node.end, node.parent, node.key, node.first_child, node.next_sibling, node.child_count, node.text);
}

std::string describe(const Problem& problem) {
  std::string out = fmt::format("kind {} [{}, {}) {} / {}", static_cast<int>(problem.kind), problem.span.start,
                                problem.span.end, problem.message, problem.help);
  for (const ProblemNote& note : problem.notes) {
    out += fmt::format(" / [{}, {}) {}", note.span.start, note.span.end, note.text);
  }
  return out;
}

std::string describe(const Comment& comment) {
  return fmt::format("comment [{}, {})", comment.span.start, comment.span.end);
}

std::string difference_of(const auto& expected, const auto& actual) {
  for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
    const std::string wanted = i < expected.size() ? describe(expected[i]) : "nothing";
    const std::string got = i < actual.size() ? describe(actual[i]) : "nothing";
    if (wanted != got) return fmt::format("{}: expected {}, got {}", i, wanted, got);
  }
  return "";
}

}  // namespace

std::string difference(const ParsedText& expected, const ParsedText& actual) {
  if (expected.documents.size() != actual.documents.size()) {
    return fmt::format("expected {} documents, got {}", expected.documents.size(), actual.documents.size());
  }
  for (std::size_t i = 0; i < expected.documents.size(); ++i) {
    std::string found = difference_of(expected.documents[i]->nodes(), actual.documents[i]->nodes());
    if (found.empty()) found = difference_of(expected.documents[i]->comments(), actual.documents[i]->comments());
    if (!found.empty()) return fmt::format("document {}, {}", i, found);
  }
  return difference_of(expected.problems, actual.problems);
}

}  // namespace meshlint
