// GitLab's Code Quality report: one list. GitLab shows descriptions alone, and one of those with equal fingerprints.
#include <nlohmann/json.hpp>

#include "linter/fingerprint.h"
#include "linter/report.h"
#include "linter/sanitize.h"

namespace meshlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::note: return "info";
    case Severity::warning: return "minor";
    case Severity::error: return "major";
  }
  return "";
}

}  // namespace

std::string report_gitlab(const Report& report) {
  FindingFingerprints fingerprints;
  Json list = Json::array();
  for (const Diagnostic& diagnostic : report.outcome.diagnostics) {
    const SourceFile& file = *diagnostic.place.file;
    const Span span = pointed_span(diagnostic.place);
    list.push_back({{"description", fmt::format("{} {}: {}", diagnostic.rule->code, diagnostic.rule->name,
                                                sanitize(diagnostic.message))},
                    {"check_name", diagnostic.rule->name},
                    {"fingerprint", fingerprints.of(diagnostic)},
                    {"severity", level(diagnostic.severity)},
                    {"location",
                     {{"path", valid_utf8(file.path())},
                      {"lines", {{"begin", file.position(span.start).line}, {"end", file.position(span.end).line}}}}}});
  }
  return break_commands(list.dump(2, ' ', true, Json::error_handler_t::replace)) + "\n";
}

}  // namespace meshlint
