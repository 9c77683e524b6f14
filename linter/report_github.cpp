// Workflow commands that GitHub Actions shows as annotations beside the changed lines.
#include "linter/report.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

constexpr std::size_t limit = 10;  // a step shows so many of each level, and drops the rest without a word

constexpr std::string_view level(Severity severity) {
  return severity == Severity::note ? "notice" : to_string(severity);
}

// As the runner reads them back, which takes `:` and `,` for itself in properties only.
constexpr Escape data_escapes[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
constexpr Escape property_escapes[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}};

// The runner takes columns for places on one line only.
std::string place_properties(const Place& place) {
  const Span span = pointed_span(place);
  const Position start = place.file->position(span.start);
  const Position end = place.file->position(span.end);
  std::string text = fmt::format("file={},line={},endLine={}", escape(sanitize(place.file->path()), property_escapes),
                                 start.line, end.line);
  if (start.line == end.line) text += fmt::format(",col={},endColumn={}", start.column, end.column);
  return text;
}

std::string annotation(const Diagnostic& diagnostic) {
  std::string message = sanitize(diagnostic.message);
  for (const std::string& line : detail_lines(diagnostic)) message += "\n" + sanitize(line);
  const auto title = fmt::format("{} {}", diagnostic.rule->code, diagnostic.rule->name);
  return fmt::format("::{} {},title={}::{}\n", level(diagnostic.severity), place_properties(diagnostic.place),
                     escape(title, property_escapes), escape(message, data_escapes));
}

}  // namespace

std::string report_github(const Report& report) {
  std::string text;
  std::string left_out;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    std::size_t number = 0;
    for (const Diagnostic& diagnostic : report.outcome.diagnostics) {
      if (diagnostic.severity == severity && ++number <= limit) text += annotation(diagnostic);
    }
    if (number <= limit) continue;
    left_out += fmt::format("{}{}", left_out.empty() ? "" : ", ",
                            count_words(static_cast<long>(number - limit), to_string(severity)));
  }
  if (!left_out.empty())
    text += fmt::format("not annotated: {} more (GitHub shows {} of each level a step)\n", left_out, limit);
  return text + summary_line(report.outcome) + "\n";
}

}  // namespace meshlint
