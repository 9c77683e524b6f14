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

// As the runner reads it back: `%` first, else a value could bring escapes of its own.
std::string escape_data(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '%': escaped += "%25"; break;
      case '\r': escaped += "%0D"; break;
      case '\n': escaped += "%0A"; break;
      default: escaped += character;
    }
  }
  return escaped;
}

std::string escape_property(std::string_view text) {
  std::string escaped;
  for (const char character : escape_data(text)) {
    switch (character) {
      case ':': escaped += "%3A"; break;
      case ',': escaped += "%2C"; break;
      default: escaped += character;
    }
  }
  return escaped;
}

// The runner takes columns for places on one line only.
std::string place_properties(const Place& place) {
  const Span span = pointed_span(place);
  const Position start = place.file->position(span.start);
  const Position end = place.file->position(span.end);
  std::string text =
      fmt::format("file={},line={},endLine={}", escape_property(sanitize(place.file->path())), start.line, end.line);
  if (start.line == end.line) text += fmt::format(",col={},endColumn={}", start.column, end.column);
  return text;
}

std::string annotation(const Diagnostic& diagnostic) {
  std::string message = sanitize(diagnostic.message);
  if (!diagnostic.object.empty()) message += "\nin " + sanitize(diagnostic.object);
  for (const Note& note : diagnostic.notes) message += "\nnote: " + sanitize(note.text);
  if (!diagnostic.help.empty()) message += "\nhelp: " + sanitize(diagnostic.help);
  if (!diagnostic.citation.empty()) message += "\nsource: " + sanitize(citation_words(diagnostic.citation));
  const auto title = fmt::format("{} {}", diagnostic.rule->code, diagnostic.rule->name);
  return fmt::format("::{} {},title={}::{}\n", level(diagnostic.severity), place_properties(diagnostic.place),
                     escape_property(title), escape_data(message));
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
