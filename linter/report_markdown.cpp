// A summary in Markdown, for a step summary or a comment: a table, the worst findings first.
#include "linter/report.h"
#include "linter/sanitize.h"
#include "linter/words.h"

namespace meshlint {
namespace {

// GitHub drops a summary above 1 MiB whole.
constexpr std::size_t row_limit = 200;
constexpr std::size_t size_limit = 512 * 1024;

std::string row(const Diagnostic& diagnostic) {
  const SourceFile& file = *diagnostic.place.file;
  const Position position = file.position(pointed_span(diagnostic.place).start);
  std::string text = fmt::format("| {} | <code>{}:{}:{}</code> | **{}** {}<br>{}", to_string(diagnostic.severity),
                                 sanitize_markdown(file.shown()), position.line, position.column, diagnostic.rule->code,
                                 diagnostic.rule->name, sanitize_markdown(diagnostic.message));
  if (!diagnostic.help.empty()) text += "<br>*Help:* " + sanitize_markdown(diagnostic.help);
  const Citation& citation = diagnostic.citation;
  if (!citation.url.empty()) text += fmt::format(" ([{}]({}))", sanitize_markdown(citation.page), citation.url);
  return text + " |\n";
}

}  // namespace

std::string report_markdown(const Report& report) {
  const Outcome& outcome = report.outcome;
  std::string text = fmt::format("### meshlint: {}\n", summary_line(outcome));
  for (const std::string& sentence : outcome.unreadable)
    text += fmt::format("\n**Not read:** {}\n", sanitize_markdown(sentence));
  if (!outcome.diagnostics.empty()) text += "\n| Severity | Place | Finding |\n| --- | --- | --- |\n";

  std::size_t rows = 0;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
      if (diagnostic.severity != severity || rows == row_limit || text.size() > size_limit) continue;
      const std::string next = row(diagnostic);
      if (text.size() + next.size() > size_limit) continue;
      text += next;
      ++rows;
    }
  }
  if (const std::size_t left_out = outcome.diagnostics.size() - rows; left_out > 0)
    text += fmt::format("\n{} left out of this table.\n", count_words(static_cast<long>(left_out), "more finding"));
  return text + fmt::format("\nmeshlint {}, policy data of {}, judged on {}.\n", report.version, report.policy_date,
                            to_string(report.options.as_of));
}

}  // namespace meshlint
