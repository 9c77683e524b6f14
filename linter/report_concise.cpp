// One line a finding, for editors and scripts: `path:line:column: severity[CODE name] message`.
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {

std::string report_concise(const Report& report) {
  std::string text;
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) {
    const SourceFile& file = *diagnostic.place.file;
    const Position position = file.position(diagnostic.place.span.start);
    text += fmt::format("{}:{}:{}: {}[{} {}] {}\n", sanitize_path(file.shown()), position.line, position.column,
                        to_string(diagnostic.severity), diagnostic.rule->code, diagnostic.rule->name,
                        sanitize(diagnostic.message));
  }
  return text;
}

}  // namespace meshlint
