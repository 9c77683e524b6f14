#include "rules/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace meshlint::rules {

Plan plan_of(const Fact<std::string>& support_plan) {
  if (!support_plan.has_value()) return Plan::unknown;
  return support_plan.value == "AKSLongTermSupport" ? Plan::lts : Plan::standard;
}

std::vector<Minor> compatible_versions(const MeshRevision& revision, Plan plan) {
  if (plan == Plan::standard) return revision.kubernetes;
  if (plan == Plan::lts) return revision.kubernetes_lts;
  std::set<Minor> either(revision.kubernetes.begin(), revision.kubernetes.end());
  either.insert(revision.kubernetes_lts.begin(), revision.kubernetes_lts.end());
  return {either.begin(), either.end()};
}

std::string plan_words(Plan plan) {
  switch (plan) {
    case Plan::standard: return {};
    case Plan::lts: return " on LTS clusters";
    case Plan::unknown: return " on either support plan";
  }
  return {};
}

bool has_ended(const Deadline& deadline, Date as_of) {
  return as_of > deadline.last_day;
}

std::string day_words(Date date) {
  constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day parts(date);
  return fmt::format("{} {} {}", static_cast<unsigned>(parts.day()), months[static_cast<unsigned>(parts.month()) - 1],
                     static_cast<int>(parts.year()));
}

std::vector<Minor> supported_revisions(const Pass& pass, std::optional<Minor> kubernetes, Plan plan) {
  std::vector<Minor> supported;
  for (const MeshRevision& revision : pass.policy().releases().revisions) {
    if (has_ended(revision.end_of_life, pass.context().as_of())) continue;
    const auto versions = compatible_versions(revision, plan);
    if (kubernetes && std::ranges::find(versions, *kubernetes) == versions.end()) continue;
    supported.push_back(revision.revision);
  }
  return supported;
}

Diagnostic& report_cluster(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message) {
  Diagnostic& diagnostic = pass.report(node.document() == nullptr ? cluster.place : node, std::move(message));
  diagnostic.object = describe(cluster);
  return diagnostic;
}

void soften_if_defaulted(Diagnostic& diagnostic, const Fact<std::string>& fact) {
  if (fact.known != Known::defaulted) return;
  diagnostic.severity = lower(diagnostic.severity);
  diagnostic.notes.push_back(note("the value is a parameter's default, which a deployment may override"));
}

std::vector<RevisionUse> revision_uses(const Pass& pass) {
  std::vector<RevisionUse> uses;
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    for (const auto& revision : cluster.revisions) {
      if (revision.has_value()) uses.push_back({&cluster, revision, parse_revision(revision.value)});
    }
  }
  for (const auto& resource : pass.manifests().all()) {
    if (!pass.context().governing(resource->file()).empty()) continue;
    for (const Node labels : {resource->labels, pod_metadata(*resource)["labels"]}) {
      const Node label = labels["istio.io/rev"];
      const auto revision = parse_revision(label.text());
      if (revision) uses.push_back({nullptr, {Known::stated, std::string(label.text()), label}, revision});
      if (resource->is("", "Pod")) break;  // its labels are its pod labels
    }
  }
  return uses;
}

Diagnostic& report_use(Pass& pass, const RevisionUse& use, std::string message) {
  Diagnostic& diagnostic = use.cluster != nullptr
                               ? report_cluster(pass, *use.cluster, use.name.node, std::move(message))
                               : pass.report(use.name.node, std::move(message));
  diagnostic.citation = pass.policy().releases().citation;
  soften_if_defaulted(diagnostic, use.name);
  return diagnostic;
}

}  // namespace meshlint::rules
