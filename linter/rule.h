// A rule: a value with a name, its documentation and a function. And what that function may see and say.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "linter/context.h"
#include "linter/diagnostic.h"

namespace meshlint {

class Pass;

enum class Family : std::uint8_t { compatibility, deprecation, blocked, ineffective, support, input };

std::string_view to_string(Family family);

struct Rule {
  std::string_view code;  // "MSH1001"
  std::string_view name;  // "revision-incompatible-with-kubernetes"; also the name of its file and of its cases
  Family family;
  Severity severity;         // the highest it reports
  std::string_view summary;  // one sentence: what is wrong
  std::string_view why;      // what happens in the cluster
  std::string_view fix;      // what to do, in general
  std::string_view page;  // Microsoft's page that documents it, as policy/sources.yaml names it; empty for input rules
  void (*check)(Pass& pass);
  bool on_by_default = true;
};

// One rule's run: what it can see, and its findings.
class Pass {
 public:
  Pass(const Rule& rule, const Context& context) : rule_(&rule), context_(&context) {}

  const Context& context() const { return *context_; }
  const Policy& policy() const { return context_->policy(); }
  const Manifests& manifests() const { return context_->manifests(); }

  // Adds a finding at a node's value (or, when it is missing, at the nearest key that exists). The object, the dotted
  // path, the rule's severity, general way out and page are filled in; the returned finding can be completed.
  Diagnostic& report(Node node, std::string message);

  // The same at the key, for what should not be there at all.
  Diagnostic& report_key(Node node, std::string message);

  // The same at a span of a file, for problems of the input itself; the object is the one that stands there, if any.
  Diagnostic& report_at(Place place, std::string message);

  std::vector<Diagnostic> take() { return std::move(findings_); }

 private:
  Diagnostic& add(Place place, Node node, std::string message);

  const Rule* rule_;
  const Context* context_;
  std::vector<Diagnostic> findings_;
};

// Helpers to complete a finding.
Note note_at(Node node, std::string text);
Note note_at_key(Node node, std::string text);
Note note(std::string text);

// What a finding says of a fact that the user's own organisation states: "by 'Rules of the platform team'".
std::string in_house_words(const Citation& citation);

// One level lower, for facts that are only expected, contradicted, or rest on a default.
constexpr Severity lower(Severity severity) {
  return severity == Severity::error ? Severity::warning : Severity::note;
}

}  // namespace meshlint
