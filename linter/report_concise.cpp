// One line a finding, for editors and scripts.
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {

std::string concise_line(const Diagnostic& diagnostic) {
  const SourceFile& file = *diagnostic.place.file;
  const Position position = file.position(diagnostic.place.span.start);
  return fmt::format("{}:{}:{}: {}[{} {}] {}", sanitize_path(file.shown()), position.line, position.column,
                     to_string(diagnostic.severity), diagnostic.rule->code, diagnostic.rule->name,
                     sanitize(diagnostic.message));
}

std::string suppressed_lines(const Outcome& outcome) {
  std::string text;
  for (const auto& [finding, reason] : outcome.suppressed) {
    text += fmt::format("{} (suppressed{}{})\n", concise_line(finding), reason.empty() ? "" : ": ", sanitize(reason));
  }
  return text;
}

std::string report_concise(const Report& report) {
  std::string text;
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) text += concise_line(diagnostic) + "\n";
  return report.options.show_suppressed ? text + suppressed_lines(report.outcome) : text;
}

}  // namespace meshlint
