#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/canary.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto canary = may_run_mesh(cluster) ? canary_in(cluster) : std::nullopt;
    const std::string reason = canary ? obstacle(pass, *canary) : std::string();
    if (reason.empty()) continue;
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, canary->upper->node,
                       fmt::format("the mesh cannot be upgraded from {} to {}: {}", quoted(canary->lower->value),
                                   quoted(canary->upper->value), reason));
    diagnostic.citation = pass.policy().revision_rules().upgrade;
    diagnostic.notes.push_back(note_at(canary->lower->node, "the revision to upgrade from"));
    diagnostic.help = steps_help(pass, cluster, *canary);
    soften_if_defaulted(diagnostic,
                        {{"older revision", canary->lower->known}, {"newer revision", canary->upper->known}});
  }
}

}  // namespace

extern constexpr Rule revision_upgrade_skips_too_far = {
    .code = "MSH1004",
    .name = "revision-upgrade-skips-too-far",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "Two mesh revisions that are too far apart for an upgrade from one to the other",
    .why =
        "AKS upgrades a supported revision to the next one or the one after that, and an unsupported one to the "
        "nearest supported revision and not beyond. A list whose two revisions are further apart is an upgrade that "
        "AKS does not offer.",
    .fix = "upgrade in steps that AKS offers: az aks mesh get-upgrades lists them",
    .page = "istio-upgrade",
    .check = check,
};

}  // namespace meshlint::rules
