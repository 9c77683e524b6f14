#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

// The largest slip seen between an expected end of life and the one that came.
constexpr std::chrono::months largest_slip{2};

bool may_have_slipped(const Deadline& end, Date as_of) {
  if (!end.expected) return false;
  const std::chrono::year_month_day last(end.last_day);
  const auto month = std::chrono::year_month(last.year(), last.month()) + largest_slip;
  return as_of <= Date(month / std::chrono::last);
}

std::string next_steps(const Pass& pass, const RevisionUse& use, Minor revision) {
  std::optional<Minor> kubernetes;
  Plan plan = Plan::unknown;
  if (use.cluster != nullptr) {
    const auto version = pass.context().kubernetes_version(*use.cluster);
    if (version.has_value()) kubernetes = parse_minor(version.value);
    plan = plan_of(pass.context().support_plan(*use.cluster));
  }
  std::vector<Minor> next;
  for (const Minor supported : supported_revisions(pass, kubernetes, plan)) {
    if (supported > revision) next.push_back(supported);
  }
  const std::string fits = kubernetes ? fmt::format(" (compatible with Kubernetes {})", to_string(*kubernetes)) : "";
  if (!next.empty()) return fmt::format("upgrade to {}{}", list_revisions(next, "or"), fits);
  if (!kubernetes) return "upgrade to a newer revision: az aks mesh get-upgrades lists those that AKS offers";
  return fmt::format("no newer supported revision is compatible with Kubernetes {}: upgrade the cluster first",
                     to_string(*kubernetes));
}

void check_use(Pass& pass, const RevisionUse& use, const MeshRevision& row) {
  const Deadline& end = row.end_of_life;
  const Date as_of = pass.context().as_of();
  if (!has_ended(end, as_of)) return;
  const std::string name = revision_name(row.revision);
  const bool slipped = may_have_slipped(end, as_of);
  const std::string message =
      slipped ? fmt::format("{} was expected to go out of support on {}", name, day_words(end.last_day))
      : end.expected
          ? fmt::format("{} is most likely out of support: its end was expected on {}", name, day_words(end.last_day))
          : fmt::format("{} has been out of support since {}", name, day_words(end.last_day));
  Diagnostic& diagnostic = report_use(pass, use, message);
  if (slipped) diagnostic.severity = Severity::note;
  if (end.expected) {
    diagnostic.notes.push_back(note(fmt::format("the release calendar of {} says '{}' and has not confirmed it",
                                                to_string(pass.policy().data_date()), end.text)));
  } else {
    diagnostic.notes.push_back(
        note("it gets no more fixes or support, and no new mesh can be installed with it; existing ones keep running"));
  }
  diagnostic.help = next_steps(pass, use, row.revision);
}

void check(Pass& pass) {
  for (const RevisionUse& use : revision_uses(pass)) {
    const MeshRevision* row = use.revision ? pass.policy().releases().find(*use.revision) : nullptr;
    if (row != nullptr) check_use(pass, use, *row);
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
