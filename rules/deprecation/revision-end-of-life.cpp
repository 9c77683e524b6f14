#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

Diagnostic& report_ended(Pass& pass, const RevisionUse& use, const MeshRevision& row) {
  if (row.citation.in_house) {
    Diagnostic& diagnostic = report_use(pass, use,
                                        fmt::format("{} was to be gone by {} {}", revision_name(row.revision),
                                                    limit_words(row.end_of_life), in_house_words(row.citation)));
    if (const auto aks = aks_end_note(row)) diagnostic.notes.push_back(*aks);
    return diagnostic;
  }
  const std::string name = revision_name(row.revision);
  const bool foreseen = is_forecast(row.end_of_life, row.citation);
  Diagnostic& diagnostic =
      report_use(pass, use,
                 foreseen ? fmt::format("{} was to go out of support by {}, says the calendar of {}", name,
                                        limit_words(row.end_of_life), row.citation.date)
                          : fmt::format("{} went out of support {}", name, end_words(row.end_of_life)));
  diagnostic.notes.push_back(
      note(fmt::format("{}the mesh keeps running, but gets no more security patches or support, and no new mesh can be "
                       "installed with this revision",
                       foreseen ? "from then on " : "")));
  return diagnostic;
}

Diagnostic& report_expected(Pass& pass, const RevisionUse& use, const MeshRevision& row, bool slipped) {
  const std::string name = revision_name(row.revision);
  const std::string end = end_words(row.end_of_life);
  const std::string message =
      slipped ? fmt::format("{} was expected to go out of support {}; the calendar has not confirmed it", name, end)
              : fmt::format("{} is most likely out of support: its end was expected {}", name, end);
  Diagnostic& diagnostic = report_use(pass, use, message);
  if (slipped) diagnostic.severity = Severity::note;
  diagnostic.notes.push_back(note(fmt::format("the calendar, read on {}, says '{}' for {}",
                                              to_string(pass.policy().data_date()), row.end_of_life.text, name)));
  return diagnostic;
}

void check(Pass& pass) {
  const Date as_of = pass.context().as_of();
  for (const RevisionUse& use : revision_uses(pass)) {
    const MeshRevision* row = use.revision ? pass.policy().releases().find(*use.revision) : nullptr;
    if (row == nullptr || !has_ended(row->end_of_life, as_of)) continue;
    Diagnostic& diagnostic = row->end_of_life.expected && !row->citation.in_house
                                 ? report_expected(pass, use, *row, may_have_slipped(row->end_of_life, as_of))
                                 : report_ended(pass, use, *row);
    diagnostic.help = upgrade_help(pass, use);
    soften_if_defaulted(diagnostic, {{"revision", use.name.known}});
  }
}

}  // namespace
extern constexpr Rule revision_end_of_life = {
    .code = "MSH2001",
    .name = "revision-end-of-life",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A mesh revision past its end of life",
    .why =
        "A revision goes out of support six weeks after the second-next one has started to roll out. From then on "
        "it gets no security patches and no support, new meshes cannot be installed with it, and upgrading from it "
        "is allowed but not supported either.",
    .fix = "upgrade the mesh to a supported revision",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
