#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// The entries of a cluster's list that name different revisions.
std::vector<const Fact<std::string>*> distinct_revisions(const ClusterDefinition& cluster) {
  std::vector<const Fact<std::string>*> distinct;
  for (const auto& revision : cluster.revisions) {
    const auto is_same = [&revision](const auto* other) { return other->value == revision.value; };
    const bool counts = revision.has_value() && !is_placeholder(revision.value);
    if (counts && std::ranges::none_of(distinct, is_same)) distinct.push_back(&revision);
  }
  return distinct;
}

void check(Pass& pass) {
  const RevisionRules& rules = pass.policy().revision_rules();
  const auto at_most = static_cast<std::size_t>(rules.installed_at_most);
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto revisions = distinct_revisions(cluster);
    if (!may_run_mesh(cluster) || revisions.size() <= at_most) continue;
    std::vector<std::string> names;
    for (const auto* revision : revisions) names.push_back(quoted(revision->value));
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, revisions[at_most]->node,
                       fmt::format("{} are {} revisions, and AKS is reported to refuse more than {}", list_words(names),
                                   names.size(), at_most));
    diagnostic.citation = rules.installed;
    diagnostic.help = "keep the revision that workloads use and the one that the mesh is being upgraded to";
    const auto is_default = [](const auto* revision) { return revision->known == Known::defaulted; };
    if (const auto found = std::ranges::find_if(revisions, is_default); found != revisions.end()) {
      const std::string name = fmt::format("revision {}", (*found)->value);
      soften_if_defaulted(diagnostic, {{name, Known::defaulted}});
    }
  }
}

}  // namespace

extern constexpr Rule too_many_revisions = {
    .code = "MSH1003",
    .name = "too-many-revisions",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A cluster that lists more mesh revisions than can run beside each other",
    .why =
        "Two revisions run beside each other during a canary upgrade, and never more. AKS is reported to refuse a "
        "request with a longer list, so nothing of the deployment is applied to the cluster.",
    .fix = "complete or roll back the upgrade that is under way before another revision is added",
    .page = "istio-add-on-general-troubleshooting",
    .check = check,
};

}  // namespace meshlint::rules
