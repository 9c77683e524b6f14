#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// The revision with the latest end of life of those that fit a Kubernetes version on long-term support. Nothing while
// the newest revision fits: then the calendar ends, and not the coverage.
const MeshRevision* last_to_fit(const Policy& policy, Minor kubernetes) {
  const auto& rows = policy.releases().revisions;
  if (rows.empty() || fits(rows.back(), kubernetes, Plan::lts)) return nullptr;
  const MeshRevision* last = nullptr;
  for (const MeshRevision& row : rows) {
    const bool is_later = last == nullptr || row.end_of_life.last_day >= last->end_of_life.last_day;
    if (is_later && fits(row, kubernetes, Plan::lts)) last = &row;
  }
  return last;
}

std::string end_words(const Deadline& end, Date as_of) {
  const std::string month = month_words(end.last_day);
  if (has_ended(end, as_of)) return fmt::format("{} in {}", end.expected ? "was expected to end" : "ended", month);
  return fmt::format("{} in {}", end.expected ? "is expected to end" : "ends", month);
}

void check_cluster(Pass& pass, const ClusterDefinition& cluster) {
  const Date as_of = pass.context().as_of();
  const auto version = pass.context().kubernetes_version(cluster);
  const auto minor = version.has_value() ? parse_minor(version.value) : std::nullopt;
  const auto plan = pass.context().support_plan(cluster);
  const KubernetesVersion* row = minor ? pass.policy().kubernetes().find(*minor) : nullptr;
  if (row == nullptr || !row->lts_end_of_life || plan_of(plan) != Plan::lts) return;
  const Deadline& end = *row->lts_end_of_life;
  const MeshRevision* last = last_to_fit(pass.policy(), *minor);
  if (last == nullptr || last->end_of_life.last_day >= end.last_day || has_ended(end, as_of)) return;
  Diagnostic& diagnostic = report_cluster(
      pass, cluster, version.node,
      fmt::format("Kubernetes {} has long-term support until {}, and no known revision covers it to the end: the last, "
                  "{}, {}",
                  quoted(version.value), day_words(end.last_day), revision_name(last->revision),
                  end_words(last->end_of_life, as_of)));
  diagnostic.citation = pass.policy().revision_rules().lts_compatibility;
  const MeshRevision& newest = pass.policy().releases().revisions.back();
  diagnostic.notes.push_back(note(fmt::format("with long-term support, {} runs on Kubernetes {}",
                                              revision_name(newest.revision), list_versions(newest.kubernetes_lts))));
  diagnostic.notes.push_back(
      note("the support policy promises to declare a newer revision compatible when that one ends"));
  const auto next = std::ranges::find_if(newest.kubernetes_lts, [&](Minor other) { return other > *minor; });
  const std::string upgrade = next == newest.kubernetes_lts.end()
                                  ? ""
                                  : fmt::format(", or plan an upgrade of the cluster to {}", to_string(*next));
  diagnostic.help = fmt::format("look for the declaration with az aks mesh get-revisions{}", upgrade);
  soften_if_defaulted(diagnostic, {{"Kubernetes version", version.known}, {"support plan", plan.known}});
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    if (runs_mesh(pass.context(), cluster)) check_cluster(pass, cluster);
  }
}

}  // namespace

extern constexpr Rule lts_coverage_gap = {
    .code = "MSH2005",
    .name = "lts-coverage-gap",
    .family = Family::deprecation,
    .severity = Severity::note,
    .summary = "A cluster with long-term support that outlives the revisions that fit it",
    .why =
        "Revisions live for months, long-term support of a Kubernetes version for years. When the last revision that "
        "fits the version ends before the version does, the mesh is out of support on a supported cluster until "
        "another revision is declared compatible. This is a forecast from the calendar.",
    .fix = "watch for a newer compatible revision, or plan the upgrade of the cluster",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
