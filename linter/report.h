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

// Takes the commands of CI runners (`##[`, `##vso[`) out of JSON text without changing what it says.
std::string break_commands(std::string_view json);

// What of a place is worth pointing at: all but the blanks and line ends at its end, and never beyond its file.
Span pointed_span(const Place& place);

}  // namespace meshlint
