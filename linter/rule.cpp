#include "linter/rule.h"

#include <fmt/format.h>

namespace meshlint {

std::string_view to_string(Family family) {
  switch (family) {
    case Family::compatibility: return "compatibility";
    case Family::deprecation: return "deprecation";
    case Family::blocked: return "blocked";
    case Family::ineffective: return "ineffective";
    case Family::support: return "support";
    case Family::input: return "input";
  }
  return "";
}

Diagnostic& Pass::add(Place place, Node node, std::string message) {
  Diagnostic& diagnostic = findings_.emplace_back();
  diagnostic.rule = rule_;
  diagnostic.severity = rule_->severity;
  diagnostic.place = place;
  diagnostic.message = std::move(message);
  diagnostic.help = rule_->fix;
  if (!rule_->page.empty()) diagnostic.citation = policy().source(rule_->page);
  if (node.document() != nullptr) {
    diagnostic.object = context_->describe(node);
    diagnostic.path = manifests().path_of(node);
  }
  return diagnostic;
}

Diagnostic& Pass::report(Node node, std::string message) {
  return add({node.file(), node.span()}, node, std::move(message));
}

Diagnostic& Pass::report_key(Node node, std::string message) {
  const Node key = node.key();
  return add({node.file(), key ? key.span() : node.span()}, node, std::move(message));
}

Diagnostic& Pass::report_at(Place place, std::string message) {
  Diagnostic& diagnostic = add(place, Node(), std::move(message));
  if (const Resource* resource = manifests().resource_at(*place.file, place.span)) {
    diagnostic.object = describe(*resource);
  }
  return diagnostic;
}

Note note_at(Node node, std::string text) {
  return {{node.file(), node.span()}, std::move(text)};
}

Note note_at_key(Node node, std::string text) {
  const Node key = node.key();
  return {{node.file(), key ? key.span() : node.span()}, std::move(text)};
}

std::string in_house_words(const Citation& citation) {
  return fmt::format("by '{}'", citation.title.empty() ? citation.page : citation.title);
}

Note note(std::string text) {
  return {{}, std::move(text)};
}

}  // namespace meshlint
