#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/canary.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// What a finding is about: one revision of a cluster's list and the version that the cluster runs.
struct Pair {
  const RevisionUse& use;
  const MeshRevision& row;
  Fact<std::string> kubernetes;
  Minor version;
  Fact<std::string> support_plan;
  Plan plan = Plan::unknown;

  std::string name() const { return revision_name(row.revision); }
};

// Every Kubernetes version that a revision runs on under a plan; when the plan is not known, under either.
std::vector<Minor> compatible_versions(const MeshRevision& row, Plan plan) {
  if (plan == Plan::standard) return row.kubernetes;
  if (plan == Plan::lts) return row.kubernetes_lts;
  std::vector<Minor> either;
  std::ranges::set_union(row.kubernetes, row.kubernetes_lts, std::back_inserter(either));
  return either;
}

Minor oldest_kubernetes(const Policy& policy) {
  Minor oldest{999, 0};
  for (const MeshRevision& row : policy.releases().revisions) {
    if (!row.kubernetes.empty()) oldest = std::min(oldest, row.kubernetes.front());
  }
  return oldest;
}

std::string plan_words(const Pair& pair) {
  switch (pair.plan) {
    case Plan::lts: return " on a cluster with long-term support";
    case Plan::unknown: return ", whatever the support plan";
    case Plan::standard: return fits(pair.row, pair.version, Plan::lts) ? " without long-term support" : "";
  }
  return {};
}

std::string message(const Pass& pass, const Pair& pair) {
  const Policy& policy = pass.policy();
  const std::string version = quoted(pair.kubernetes.value);
  if (is_beyond_data(policy, pair.version)) {
    return fmt::format("the policy data of {} does not know whether {} runs on Kubernetes {}",
                       to_string(policy.data_date()), pair.name(), version);
  }
  if (const Minor oldest = oldest_kubernetes(policy); pair.version < oldest) {
    return fmt::format("{} cannot run on Kubernetes {}: the add-on needs {} or newer", pair.name(), version,
                       to_string(oldest));
  }
  if (pair.plan == Plan::lts && pair.row.kubernetes_lts.empty()) {
    return fmt::format("{} is not compatible with clusters on long-term support", pair.name());
  }
  return fmt::format("{} is not compatible with Kubernetes {}{}", pair.name(), version, plan_words(pair));
}

std::string any_of_versions(const std::vector<Minor>& versions) {
  std::vector<std::string> words;
  for (const Minor version : versions) words.push_back(to_string(version));
  return list_words(words, "or");
}

std::string ways_out(const Pass& pass, const Pair& pair) {
  const std::string version = to_string(pair.version);
  if (const auto help = steps_help(pass, *pair.use.cluster)) return *help;
  if (const auto canary = canary_of(pair.use)) {
    const MeshRevision* row = pass.policy().releases().find(*canary);
    const bool runs = row != nullptr && fits(*row, pair.version, pair.plan);
    if (runs || row == nullptr) {
      return fmt::format("finish the canary upgrade to {}{}, and remove {} from this list", revision_name(*canary),
                         runs ? fmt::format(", which runs on Kubernetes {}", version) : "", pair.name());
    }
  }
  const auto cluster_first = cluster_first_help(pass, pair.row.revision, pair.version, pair.support_plan);
  std::string ways;
  auto revisions = upgrade_targets(pass, pair.row.revision, pair.version, pair.plan);
  if (revisions.empty()) revisions = supported_revisions(pass, pair.version, pair.plan);
  if (!revisions.empty() && !cluster_first) {
    ways = fmt::format("use {}, which {} on Kubernetes {}{}", list_choices(pass, revisions),
                       revisions.size() == 1 ? "runs" : "run", version,
                       pair.plan == Plan::lts ? " with long-term support" : "");
  }
  std::vector<Minor> upgrades;
  for (const Minor newer : supported_kubernetes(pass, pair.plan)) {
    if (newer > pair.version && fits(pair.row, newer, pair.plan)) upgrades.push_back(newer);
  }
  if (!upgrades.empty()) {
    ways +=
        fmt::format("{}upgrade the cluster to Kubernetes {}", ways.empty() ? "" : "; or ", any_of_versions(upgrades));
  }
  if (!ways.empty()) return ways;
  if (!revisions.empty()) return *cluster_first;
  return fmt::format("no supported revision runs on Kubernetes {}: upgrade the cluster and the mesh", version);
}

std::string compatible_words(const Pair& pair) {
  const auto& row = pair.row;
  if (row.kubernetes_lts.empty()) {
    return fmt::format("{} runs on Kubernetes {} without long-term support", pair.name(),
                       list_versions(row.kubernetes));
  }
  std::vector<Minor> only_lts;
  std::ranges::set_difference(row.kubernetes_lts, row.kubernetes, std::back_inserter(only_lts));
  const std::string more =
      only_lts.empty() ? "" : fmt::format(", with long-term support also on {}", list_versions(only_lts));
  return fmt::format("{} runs on Kubernetes {}{}", pair.name(), list_versions(row.kubernetes), more);
}

void add_places(const Pair& pair, Diagnostic& diagnostic) {
  if (pair.kubernetes.node.document() != nullptr) {
    diagnostic.notes.push_back(note_at(pair.kubernetes.node, "the cluster's Kubernetes version"));
  }
  if (pair.support_plan.has_value() && pair.support_plan.node.document() != nullptr) {
    diagnostic.notes.push_back(note_at(pair.support_plan.node, "the cluster's support plan"));
  }
}

void report_pair(Pass& pass, const Pair& pair) {
  Diagnostic& diagnostic = report_cluster(pass, *pair.use.cluster, pair.use.name.node, message(pass, pair));
  diagnostic.citation = pair.row.compatibility;
  add_places(pair, diagnostic);
  // YAML and JSON read an unquoted 1.30 as the number 1.3.
  if (lost_its_zero(pair.version)) {
    diagnostic.notes.push_back(
        note(fmt::format("if {}0 is meant, write it with the zero and in quotes", to_string(pair.version))));
  }
  if (is_beyond_data(pass.policy(), pair.version)) {
    diagnostic.severity = lower(diagnostic.severity);
    diagnostic.help = "update meshlint, or ask AKS: az aks mesh get-revisions --location LOCATION --output table";
  } else {
    diagnostic.notes.push_back(note(compatible_words(pair)));
    diagnostic.notes.push_back(
        note("AKS checks this when the mesh or the cluster is upgraded, so a cluster can run such a pair until then"));
    diagnostic.help = ways_out(pass, pair);
  }
  soften_if_defaulted(diagnostic, {{"revision", pair.use.name.known},
                                   {"Kubernetes version", pair.kubernetes.known},
                                   {"support plan", pair.support_plan.known}});
}

void check(Pass& pass) {
  const Context& context = pass.context();
  for (const RevisionUse& use : revision_uses(pass)) {
    const MeshRevision* row = use.cluster && use.revision ? pass.policy().releases().find(*use.revision) : nullptr;
    if (row == nullptr) continue;
    const auto kubernetes = context.kubernetes_version(*use.cluster);
    const auto version = kubernetes.has_value() ? parse_minor(kubernetes.value) : std::nullopt;
    if (!version) continue;
    // A number that the API server refuses: version-not-text says what to write.
    if (lost_its_zero(*version) && is_refused_number(*use.cluster, kubernetes)) continue;
    const auto support_plan = context.support_plan(*use.cluster);
    const auto versions = compatible_versions(*row, plan_of(support_plan));
    if (std::ranges::find(versions, *version) != versions.end()) continue;
    report_pair(pass, {use, *row, kubernetes, *version, support_plan, plan_of(support_plan)});
  }
}

}  // namespace

extern constexpr Rule revision_incompatible_with_kubernetes = {
    .code = "MSH1001",
    .name = "revision-incompatible-with-kubernetes",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "A mesh revision that is not compatible with the cluster's Kubernetes version",
    .why =
        "Each revision of the add-on is compatible with a list of Kubernetes versions, and with another list on "
        "clusters with long-term support. AKS checks the pair when the mesh or the cluster is upgraded, so a pair that "
        "does not fit can go unnoticed until an upgrade fails.",
    .fix = "choose a revision that fits the Kubernetes version, or upgrade the cluster",
    .page = "istio-support-policy",
    .check = check,
};

}  // namespace meshlint::rules
