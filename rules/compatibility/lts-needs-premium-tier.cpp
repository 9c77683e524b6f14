#include <algorithm>

#include "linter/cluster_body.h"
#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// Whether a text is a tier that Azure has, and no placeholder for one.
bool is_tier(std::string_view text) {
  return std::ranges::any_of(sku_tiers, [text](const Spelling& tier) { return tier.canonical == text; });
}

void check(Pass& pass) {
  const RevisionRules& rules = pass.policy().revision_rules();
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto plan = pass.context().support_plan(cluster);
    const auto& tier = cluster.sku_tier;
    const bool has_plan = plan.has_value() && plan.value == rules.lts_plan;
    const bool is_other_tier = tier.has_value() && is_tier(tier.value) && tier.value != rules.lts_tier;
    if (!has_plan || !is_other_tier || !runs_mesh(pass.context(), cluster)) continue;
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, tier.node,
                       fmt::format("long-term support needs the {} tier, and this cluster is on {}", rules.lts_tier,
                                   quoted(tier.value)));
    diagnostic.citation = rules.lts;
    if (plan.node.document() != nullptr) diagnostic.notes.push_back(note_at(plan.node, "the cluster's support plan"));
    diagnostic.help = fmt::format("set the tier to {}, or the support plan to {}", rules.lts_tier, rules.standard_plan);
    soften_if_defaulted(diagnostic, {{"tier", tier.known}, {"support plan", plan.known}});
  }
}

}  // namespace

extern constexpr Rule lts_needs_premium_tier = {
    .code = "MSH1009",
    .name = "lts-needs-premium-tier",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "Long-term support on a cluster that is not on the Premium tier",
    .why =
        "AKS has long-term support on the Premium tier only. A cluster that asks for the plan on another tier does not "
        "get it, and with it goes the list of revisions that are compatible with long-term support.",
    .fix = "move the cluster to the Premium tier, or set the support plan KubernetesOfficial",
    .page = "long-term-support",
    .check = check,
};

}  // namespace meshlint::rules
