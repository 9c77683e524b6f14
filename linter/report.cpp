#include "linter/report.h"

#include <algorithm>

#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {

std::string render(const Report& report, Format format) {
  switch (format) {
    case Format::text: return report_text(report);
    case Format::concise: return report_concise(report);
    case Format::json: return report_json(report);
    case Format::sarif: return report_sarif(report);
    case Format::github: return report_github(report);
    case Format::gitlab: return report_gitlab(report);
    case Format::azure: return report_azure(report);
    case Format::junit: return report_junit(report);
    case Format::markdown: return report_markdown(report);
  }
  return {};
}

std::string summary_line(const Outcome& outcome) {
  std::string text;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const std::size_t number = outcome.count(severity);
    if (number == 0) continue;
    if (!text.empty()) text += ", ";
    text += count_words(static_cast<long>(number), to_string(severity));
    if (const std::size_t places = outcome.places(severity); places > number)
      text += fmt::format(" at {} places", places);
  }
  if (text.empty()) text = "no findings";
  text += fmt::format(" in {} ({}", count_words(static_cast<long>(outcome.files_read), "file"),
                      count_words(static_cast<long>(outcome.objects), "object"));
  if (outcome.templates_skipped > 0)
    text += fmt::format("; {} skipped", count_words(static_cast<long>(outcome.templates_skipped), "template"));
  if (!outcome.suppressed.empty()) text += fmt::format("; {} suppressed", outcome.suppressed.size());
  if (outcome.fixed > 0) text += fmt::format("; {} fixed", outcome.fixed);
  return text + ")";
}

std::string fixable_line(const Outcome& outcome) {
  std::size_t safe = 0;
  std::size_t unsafe = 0;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    if (diagnostic.fix) ++(diagnostic.fix->safe ? safe : unsafe);
  }
  if (safe + unsafe == 0) return {};
  if (safe == 0) return fmt::format("{} fixable with --fix --unsafe-fixes: review what changes\n", unsafe);
  return fmt::format("{} fixable with --fix{}\n", safe,
                     unsafe == 0 ? "" : fmt::format(", {} more with --unsafe-fixes: review what changes", unsafe));
}

// A secondary source only reports what the documentation does not state.
std::string citation_words(const Citation& citation) {
  std::string text = citation.secondary ? "reported by " : "";
  text += citation.in_house && !citation.title.empty() ? citation.title : citation.page;
  if (!citation.section.empty()) text += fmt::format(", section '{}'", citation.section);
  if (!citation.date.empty()) text += fmt::format(", as of {}", citation.date);
  if (!citation.url.empty()) text += fmt::format(": {}", citation.url);
  return text;
}

std::vector<std::string> detail_lines(const Diagnostic& diagnostic) {
  std::vector<std::string> lines;
  if (!diagnostic.object.empty()) lines.push_back("in " + diagnostic.object);
  for (const Note& note : diagnostic.notes) lines.push_back("note: " + note.text);
  if (!diagnostic.help.empty()) lines.push_back("help: " + diagnostic.help);
  if (!diagnostic.citation.empty()) lines.push_back("source: " + citation_words(diagnostic.citation));
  return lines;
}

std::vector<const Diagnostic*> worst(const std::vector<Diagnostic>& diagnostics, std::size_t limit) {
  std::vector<const Diagnostic*> selected;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    for (const Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.severity == severity && selected.size() < limit) selected.push_back(&diagnostic);
    }
  }
  std::ranges::sort(selected);
  return selected;
}

Span pointed_span(const Place& place) {
  const std::string_view text = place.file->text();
  const auto size = static_cast<std::uint32_t>(text.size());
  Span span{std::min(place.span.start, size), std::min(place.span.end, size)};
  const auto last = text.substr(0, span.end).find_last_not_of(" \t\r\n");
  const auto end = last == std::string_view::npos ? 0 : static_cast<std::uint32_t>(last + 1);
  span.end = std::max(span.start, end);
  return span;
}

std::string break_commands(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  // Outside of strings JSON has no '#'.
  for (const char character : json) {
    if (character == '#' && safe.ends_with('#')) {
      safe += "\\u0023";
    } else {
      safe += character;
    }
  }
  return safe;
}

}  // namespace meshlint
