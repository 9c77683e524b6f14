#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  const Date as_of = pass.context().as_of();
  for (const RevisionUse& use : revision_uses(pass)) {
    const MeshRevision* row = use.revision ? pass.policy().releases().find(*use.revision) : nullptr;
    if (row == nullptr || has_ended(row->end_of_life, as_of)) continue;
    const auto left = row->end_of_life.last_day - as_of;
    if (left > near_end) continue;
    const std::string_view verb = row->end_of_life.expected                      ? "is expected to go"
                                  : is_forecast(row->end_of_life, row->citation) ? "is to go"
                                                                                 : "goes";
    const std::string when = left.count() == 0 ? "today is the last day" : count_words(left.count(), "day") + " left";
    const std::string message = row->citation.in_house
                                    ? fmt::format("{} has to be gone by {} ({}) {}", revision_name(row->revision),
                                                  limit_words(row->end_of_life), when, in_house_words(row->citation))
                                    : fmt::format("{} {} out of support by {} ({})", revision_name(row->revision), verb,
                                                  limit_words(row->end_of_life), when);
    Diagnostic& diagnostic = report_use(pass, use, message);
    if (const auto aks = aks_end_note(*row)) {
      diagnostic.notes.push_back(*aks);
    } else if (row->end_of_life.expected) {
      diagnostic.notes.push_back(
          note(fmt::format("the calendar, read on {}, says '{}' for {}", to_string(pass.policy().data_date()),
                           row->end_of_life.text, revision_name(row->revision))));
    }
    diagnostic.help = upgrade_help(pass, use);
    soften_if_defaulted(diagnostic, {{"revision", use.name.known}});
  }
}

}  // namespace

extern constexpr Rule revision_end_of_life_soon = {
    .code = "MSH2002",
    .name = "revision-end-of-life-soon",
    .family = Family::deprecation,
    .severity = Severity::note,
    .summary = "A mesh revision that goes out of support within 45 days",
    .why =
        "A canary upgrade of the mesh takes time: the shared ConfigMap, the labels and every restarted workload. "
        "Begun before the end of life it stays within support.",
    .fix = "plan the canary upgrade to the next revision",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
