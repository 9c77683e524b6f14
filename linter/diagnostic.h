// A finding: the only thing between the rules and the reports.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/source.h"

namespace meshlint {

struct Rule;

enum class Severity : std::uint8_t { note, warning, error };

constexpr std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

// Where a fact comes from. `date` is the day of the page's state that was read; a secondary source (Microsoft's
// troubleshooting articles, public issues) reports a behaviour that the product documentation does not state. A source
// in house is a rule of the user's own organisation, in a policy that extends the built-in one: Azure does not enforce
// it.
struct Citation {
  std::string page;     // "istio-support-policy"
  std::string title;    // what the page is about, in our words
  std::string section;  // "Service mesh add-on release calendar"
  std::string url;
  std::string date;  // "2026-08-21"
  bool secondary = false;
  bool in_house = false;

  bool empty() const { return page.empty(); }
};

struct Place {
  const SourceFile* file = nullptr;
  Span span;
};

// A sentence that adds to a finding, with or without a place of its own.
struct Note {
  Place place;  // file is null when the note speaks of no place
  std::string text;
};

// A change of a file: what to put in the place of a span.
struct Edit {
  Place place;
  std::string text;
};

// Edits that take the cause of a finding away, made all or not at all. They do not overlap.
struct Fix {
  std::string what;   // "replace the label", as a person would ask for it
  bool safe = false;  // what the cluster does stays the same
  std::vector<Edit> edits;
};

struct Diagnostic {
  const Rule* rule = nullptr;
  Severity severity = Severity::warning;  // the effective one; never above the rule's
  Place place;                            // the smallest node that is wrong
  std::string object;                     // "Namespace shop", "cluster shop-prod"; empty when there is none
  std::string path;                       // dotted path of the node inside the object
  std::string message;                    // one line, lower case, no full stop
  std::vector<Note> notes;
  std::string help;  // the way out, in the user's terms
  std::optional<Fix> fix;
  Citation citation;
  std::size_t count =
      1;  // of the findings it stands for: more where a line has several of one rule, or a file too many
};

}  // namespace meshlint
