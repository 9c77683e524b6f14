// Logging commands that Azure Pipelines shows as errors and warnings of a run.
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

// As the agent reads them back, in values of properties and in the message.
constexpr Escape escapes[] = {{'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}, {']', "%5D"}, {';', "%3B"}};

std::string issue(const Diagnostic& diagnostic) {
  const SourceFile& file = *diagnostic.place.file;
  const Position position = file.position(pointed_span(diagnostic.place).start);
  std::string message =
      fmt::format("{} {}: {}", diagnostic.rule->code, diagnostic.rule->name, sanitize(diagnostic.message));
  if (!diagnostic.help.empty()) message += "; help: " + sanitize(diagnostic.help);
  return fmt::format("##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};code={};]{}\n",
                     to_string(diagnostic.severity), escape(sanitize(file.path()), escapes), position.line,
                     position.column, diagnostic.rule->code, escape(message, escapes));
}

}  // namespace

std::string report_azure(const Report& report) {
  std::string text;
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) {
    text += diagnostic.severity == Severity::note ? concise_line(diagnostic) + "\n"
                                                  : issue(diagnostic);  // there is no third type
  }
  return text + summary_line(report.outcome) + "\n";
}

}  // namespace meshlint
