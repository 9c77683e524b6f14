// JSON for programs. Fields may be added within a version; none is removed, renamed or given another meaning.
//
//   {
//     "version": 1,                       of this shape
//     "meshlint": "0.1.0",
//     "policy": "2026-08-21",             the day of the policy data
//     "as_of": "2026-08-21",              the day on which support windows are judged
//     "summary": {
//       "errors": 1, "warnings": 0, "notes": 0,       of the diagnostics below, whatever their counts
//       "files": 14, "objects": 31, "templates_skipped": 3, "fixed": 0,
//       "complete": true                  false when something asked for could not be read
//     },
//     "diagnostics": [                    by file, line, column and code
//       {
//         "code": "MSH4001",
//         "name": "injection-label-ineffective",
//         "family": "ineffective",
//         "severity": "warning",          error, warning or note
//         "message": "...",               one line
//         "help": "...",                  or null
//         "object": "Namespace shop",     or null
//         "path": "metadata.labels",      of the node in the object, or null
//         "count": 1,                     of the findings it stands for: those of its line, or the rest of a file
//         "location": {
//           "file": "apps/shop.yaml",     relative to the repository's root; absolute outside of it
//           "start": {"line": 7, "column": 5, "offset": 96},
//           "end": {"line": 7, "column": 20, "offset": 111}
//         },
//         "related": [{"message": "...", "location": {...}}],
//         "notes": ["..."],
//         "fix": {                        or null: edits that take the cause away, all or none of them
//           "what": "replace the label", "safe": true,      true: what the cluster does stays the same
//           "edits": [{"location": {...}, "text": "..."}]    what to put in the place of a span
//         },
//         "source": {                     or null
//           "page": "istio-deploy-addon", "section": "...", "url": "https://...", "date": "2026-08-21",
//           "secondary": false            true: the page reports what the product's documentation does not state
//         }
//       }
//     ],
//     "suppressed": [                     what comments and annotations leave out, as above, with
//       {..., "reason": "..."}            or null
//     ]
//   }
//
// Lines and columns count from 1, columns in Unicode code points; offsets count bytes of the file as UTF-8 without a
// byte order mark. Ends are exclusive. Sentences, objects and paths have invisible characters made visible.
#include <nlohmann/json.hpp>

#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr int shape_version = 1;

Json text_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(sanitize(text));
}

Json position_of(const SourceFile& file, std::uint32_t offset) {
  const Position position = file.position(offset);
  return {{"line", position.line}, {"column", position.column}, {"offset", offset}};
}

Json location_of(const Place& place) {
  const SourceFile& file = *place.file;
  return {{"file", valid_utf8(file.path())},
          {"start", position_of(file, place.span.start)},
          {"end", position_of(file, place.span.end)}};
}

Json source_of(const Citation& citation) {
  if (citation.empty()) return {};
  return {{"page", sanitize(citation.page)},
          {"section", text_or_null(citation.section)},
          {"url", text_or_null(citation.url)},
          {"date", text_or_null(citation.date)},
          {"secondary", citation.secondary}};
}

Json fix_of(const std::optional<Fix>& fix) {
  if (!fix) return {};
  Json edits = Json::array();
  for (const Edit& edit : fix->edits) {
    edits.push_back({{"location", location_of(edit.place)}, {"text", valid_utf8(edit.text)}});
  }
  return {{"what", sanitize(fix->what)}, {"safe", fix->safe}, {"edits", std::move(edits)}};
}

Json describe(const Diagnostic& diagnostic) {
  Json related = Json::array();
  Json notes = Json::array();
  for (const Note& note : diagnostic.notes) {
    if (note.place.file == nullptr) {
      notes.push_back(sanitize(note.text));
    } else {
      related.push_back({{"message", sanitize(note.text)}, {"location", location_of(note.place)}});
    }
  }
  const Rule& rule = *diagnostic.rule;
  return {{"code", rule.code},
          {"name", rule.name},
          {"family", to_string(rule.family)},
          {"severity", to_string(diagnostic.severity)},
          {"message", sanitize(diagnostic.message)},
          {"help", text_or_null(diagnostic.help)},
          {"object", text_or_null(diagnostic.object)},
          {"path", text_or_null(diagnostic.path)},
          {"count", diagnostic.count},
          {"location", location_of(diagnostic.place)},
          {"related", std::move(related)},
          {"notes", std::move(notes)},
          {"fix", fix_of(diagnostic.fix)},
          {"source", source_of(diagnostic.citation)}};
}

Json summarize(const Outcome& outcome) {
  return {{"errors", outcome.count(Severity::error)},
          {"warnings", outcome.count(Severity::warning)},
          {"notes", outcome.count(Severity::note)},
          {"files", outcome.files_read},
          {"objects", outcome.objects},
          {"templates_skipped", outcome.templates_skipped},
          {"fixed", outcome.fixed},
          {"complete", !outcome.io_failed}};
}

}  // namespace

std::string report_json(const Report& report) {
  Json diagnostics = Json::array();
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) diagnostics.push_back(describe(diagnostic));
  Json suppressed = Json::array();
  for (const auto& [finding, reason] : report.outcome.suppressed) {
    suppressed.push_back(describe(finding));
    suppressed.back()["reason"] = text_or_null(reason);
  }
  const Json log = {{"version", shape_version},
                    {"meshlint", report.version},
                    {"policy", report.policy_date},
                    {"as_of", to_string(report.options.as_of)},
                    {"summary", summarize(report.outcome)},
                    {"diagnostics", std::move(diagnostics)},
                    {"suppressed", std::move(suppressed)}};
  return break_commands(log.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
