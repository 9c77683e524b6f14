#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

// Rows of the calendar have gained newer Kubernetes versions after they were published, so a version that is newer than
// all of them, or came after the data, is not known to be incompatible.
bool is_beyond_data(const Pass& pass, Minor version) {
  const Policy& policy = pass.policy();
  const auto knows = [version](const MeshRevision& row) {
    const auto versions = compatible_versions(row, Plan::unknown);
    return !versions.empty() && versions.back() >= version;
  };
  const KubernetesVersion* entry = policy.kubernetes().find(version);
  const bool came_later =
      entry != nullptr && entry->generally_available && *entry->generally_available > policy.data_date();
  return came_later || std::ranges::none_of(policy.releases().revisions, knows);
}

std::string ways_out(const Pass& pass, const MeshRevision& row, Minor version, Plan plan) {
  const auto revisions = supported_revisions(pass, version, plan);
  const auto versions = compatible_versions(row, plan);
  std::string way = revisions.empty() ? fmt::format("no supported revision runs on Kubernetes {}", to_string(version))
                                      : fmt::format("use {}", list_revisions(revisions, "or"));
  if (!versions.empty()) {
    way += fmt::format("; {} runs on Kubernetes {}{}", revision_name(row.revision), list_versions(versions),
                       plan_words(plan));
  }
  return way;
}

void check_pair(Pass& pass, const ClusterDefinition& cluster, const Fact<std::string>& revision,
                const MeshRevision& row) {
  const auto kubernetes = pass.context().kubernetes_version(cluster);
  const auto version = kubernetes.has_value() ? parse_minor(kubernetes.value) : std::nullopt;
  if (!version) return;
  const Plan plan = plan_of(pass.context().support_plan(cluster));
  const auto versions = compatible_versions(row, plan);
  if (std::ranges::find(versions, *version) != versions.end()) return;

  const std::string name = revision_name(row.revision);
  const bool beyond_data = is_beyond_data(pass, *version);
  std::string message;
  if (beyond_data) {
    message = fmt::format("the policy data of {} does not know whether {} runs on Kubernetes {}",
                          to_string(pass.policy().data_date()), name, quoted(kubernetes.value));
  } else if (versions.empty()) {
    message = fmt::format("{} is not compatible with any Kubernetes version{}", name, plan_words(plan));
  } else {
    message =
        fmt::format("{} is not compatible with Kubernetes {}{}", name, quoted(kubernetes.value), plan_words(plan));
  }
  Diagnostic& diagnostic = report_cluster(pass, cluster, revision.node, std::move(message));
  diagnostic.citation = pass.policy().releases().compatibility;
  if (kubernetes.node.document() != nullptr) {
    diagnostic.notes.push_back(note_at(kubernetes.node, "the cluster's Kubernetes version"));
  }
  if (plan == Plan::lts && pass.context().support_plan(cluster).node.document() != nullptr) {
    diagnostic.notes.push_back(note_at(pass.context().support_plan(cluster).node, "the cluster's support plan"));
  }
  if (beyond_data) {
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.help = "update meshlint's policy data, or ask: az aks mesh get-revisions --location LOCATION";
    return;
  }
  diagnostic.help = ways_out(pass, row, *version, plan);
  diagnostic.notes.push_back(note("AKS checks the pair when the mesh or the cluster is upgraded"));
  soften_if_defaulted(diagnostic, revision);
  if (revision.known != Known::defaulted) soften_if_defaulted(diagnostic, kubernetes);
}

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    for (const auto& revision : cluster.revisions) {
      const auto parsed = revision.has_value() ? parse_revision(revision.value) : std::nullopt;
      const MeshRevision* row = parsed ? pass.policy().releases().find(*parsed) : nullptr;
      if (row != nullptr) check_pair(pass, cluster, revision, *row);
    }
  }
}

}  // namespace

extern constexpr Rule revision_incompatible_with_kubernetes = {
    .code = "MSH1001",
    .name = "revision-incompatible-with-kubernetes",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A mesh revision that the cluster's Kubernetes version cannot run",
    .why =
        "Each revision of the add-on is compatible with a list of Kubernetes versions, and with another list on "
        "clusters with long-term support. AKS checks the pair when the mesh or the cluster is upgraded; a pair that "
        "does not fit blocks the upgrade, or leaves the cluster outside support.",
    .fix = "choose a revision that fits the Kubernetes version, or upgrade the cluster first",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
