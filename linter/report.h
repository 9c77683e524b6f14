// Findings -> text, one function an output format. Everything echoed from input goes through `sanitize`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "linter/engine.h"
#include "linter/options.h"
#include "linter/rule.h"

namespace meshlint {

// What a report is made from.
struct Report {
  const Outcome& outcome;
  const Options& options;
  std::span<const Rule* const> rules;  // all that ran, by code
  std::string version;                 // meshlint's own
  std::string policy_date;             // "2026-08-21"
  const Policy* policy = nullptr;      // for the sources of the rules' pages, which SARIF links
};

std::string report_text(const Report& report);
std::string report_concise(const Report& report);
std::string report_json(const Report& report);
std::string report_sarif(const Report& report);
std::string report_github(const Report& report);    // annotations, as workflow commands of GitHub Actions
std::string report_gitlab(const Report& report);    // GitLab's Code Quality report
std::string report_azure(const Report& report);     // logging commands of Azure Pipelines
std::string report_junit(const Report& report);     // JUnit's XML
std::string report_markdown(const Report& report);  // a summary for people, for GITHUB_STEP_SUMMARY or a comment

// The report in a format.
std::string render(const Report& report, Format format);

// One line: `path:line:column: severity[CODE name] message`.
std::string concise_line(const Diagnostic& diagnostic);

// "3 errors, 1 warning in 14 files (31 objects; 2 templates skipped)"
std::string summary_line(const Outcome& outcome);

// One line each: what was left out, and why.
std::string suppressed_lines(const Outcome& outcome);

// What else a finding says, a line each, not sanitized: "in ...", "note: ...", "help: ...", "source: ...".
std::vector<std::string> detail_lines(const Diagnostic& diagnostic);

// How many findings --fix would take away, as a line; empty for none.
std::string fixable_line(const Outcome& outcome);

// The page a finding rests on, in words, with its address.
std::string citation_words(const Citation& citation);

// The findings in their order; of more than `limit`, the most severe.
std::vector<const Diagnostic*> worst(const std::vector<Diagnostic>& diagnostics, std::size_t limit);

// Takes the commands of CI runners (`##[`, `##vso[`) out of JSON text without changing what it says.
std::string break_commands(std::string_view json);

// What of a place is worth pointing at: all but the blanks and line ends at its end, and never beyond its file.
Span pointed_span(const Place& place);

}  // namespace meshlint
