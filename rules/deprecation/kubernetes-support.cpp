#include "rules/deprecation/kubernetes-support.h"

#include <algorithm>

#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/cluster-facts.h"

namespace meshlint::rules {
namespace {

// The version to upgrade to: the next one, or, where that is out of support too, the oldest that is supported.
std::optional<Minor> next_version(const Pass& pass, const KubernetesSupport& cluster) {
  for (const Minor version : supported_kubernetes(pass, cluster.plan)) {
    if (version > cluster.version->version) return version;
  }
  return std::nullopt;
}

// Which of the cluster's revisions must be upgraded because they do not run on the next version.
std::string mesh_words(const Pass& pass, const KubernetesSupport& cluster, Minor next) {
  std::vector<Minor> fitting;
  std::vector<Minor> others;
  for (const auto& listed : cluster.cluster->revisions) {
    const auto revision = listed.has_value() ? parse_revision(listed.value) : std::nullopt;
    const MeshRevision* row = revision ? pass.policy().releases().find(*revision) : nullptr;
    if (row != nullptr) (fits(*row, next, cluster.plan) ? fitting : others).push_back(*revision);
  }
  if (!others.empty()) {
    return fmt::format(" ({} is not compatible with it: upgrade the mesh too)", list_revisions(others, "or"));
  }
  return fitting.empty() ? ""
                         : fmt::format(" ({} {} on it)", list_revisions(fitting), fitting.size() == 1 ? "runs" : "run");
}

std::string long_term_words(const Pass& pass, const KubernetesSupport& cluster) {
  const auto& end = cluster.version->lts_end_of_life;
  if (cluster.plan == Plan::lts || !end || has_ended(*end, pass.context().as_of())) return {};
  if (ends_in_house(cluster)) return {};
  return fmt::format(", or turn on long-term support (Premium tier), which {} has until {}",
                     to_string(cluster.version->version), day_words(end->last_day));
}

std::string upgrade_words(const Pass& pass, const KubernetesSupport& cluster) {
  const auto next = next_version(pass, cluster);
  if (!next) return "az aks get-upgrades lists the Kubernetes versions that AKS offers";
  return fmt::format("upgrade the cluster to Kubernetes {}{}{}", to_string(*next), mesh_words(pass, cluster, *next),
                     long_term_words(pass, cluster));
}

// Versions that are older than the table ended before its oldest one.
bool is_older_than_table(const KubernetesCalendar& calendar, Minor version) {
  return !lost_its_zero(version) && !calendar.versions.empty() && version < calendar.versions.front().version;
}

void add_history(const KubernetesSupport& cluster, Diagnostic& diagnostic) {
  const std::string version = to_string(cluster.version->version);
  if (cluster.is_older) {
    diagnostic.notes.push_back(
        note(fmt::format("the oldest version that the policy data knows is {}, which ended then", version)));
  }
  if (cluster.version->last_seen) {
    diagnostic.notes.push_back(note(fmt::format("the page no longer lists Kubernetes {}; it last did as of {}", version,
                                                to_string(*cluster.version->last_seen))));
  }
}

}  // namespace

std::vector<KubernetesSupport> kubernetes_support(const Pass& pass) {
  std::vector<KubernetesSupport> result;
  const Context& context = pass.context();
  for (const ClusterDefinition& cluster : context.clusters()) {
    if (!runs_mesh(context, cluster)) continue;
    const auto stated = context.kubernetes_version(cluster);
    const auto minor = stated.has_value() ? parse_minor(stated.value) : std::nullopt;
    if (!minor) continue;
    const KubernetesCalendar& calendar = pass.policy().kubernetes();
    const bool is_older = is_older_than_table(calendar, *minor);
    const KubernetesVersion* version = is_older ? &calendar.versions.front() : calendar.find(*minor);
    if (version == nullptr) continue;
    const auto support_plan = context.support_plan(cluster);
    const auto end = end_of_support(*version, support_plan);
    const Plan plan = plan_of(support_plan) == Plan::lts ? Plan::lts : Plan::standard;
    if (end) result.push_back({&cluster, stated, version, support_plan, plan, *end, is_older});
  }
  return result;
}

std::string support_words(const KubernetesSupport& cluster) {
  return fmt::format("{} for Kubernetes {}", cluster.plan == Plan::lts ? "long-term support" : "community support",
                     quoted(cluster.stated.value));
}

const Citation& citation_of(const KubernetesSupport& cluster) {
  return cluster.plan == Plan::lts ? cluster.version->lts_citation : cluster.version->citation;
}

bool ends_in_house(const KubernetesSupport& cluster) {
  return !cluster.is_older && citation_of(cluster).in_house;
}

Diagnostic& report_kubernetes(Pass& pass, const KubernetesSupport& cluster, std::string message) {
  Diagnostic& diagnostic = report_cluster(pass, *cluster.cluster, cluster.stated.node, std::move(message));
  diagnostic.citation = citation_of(cluster);
  if (const auto aks = ends_in_house(cluster) ? end_on_aks(*cluster.version, cluster.plan) : std::nullopt) {
    diagnostic.notes.push_back(aks_end_note(aks->deadline, aks->citation));
  }
  if (cluster.support_plan.known == Known::unstated) {
    if (!ends_in_house(cluster)) {
      diagnostic.notes.push_back(note("no support plan is stated, so this is the end with KubernetesOfficial"));
    }
  } else if (cluster.support_plan.node.document() != nullptr) {
    diagnostic.notes.push_back(note_at(cluster.support_plan.node, "the cluster's support plan"));
  }
  add_history(cluster, diagnostic);
  diagnostic.help = upgrade_words(pass, cluster);
  soften_if_defaulted(diagnostic,
                      {{"Kubernetes version", cluster.stated.known}, {"support plan", cluster.support_plan.known}});
  return diagnostic;
}

}  // namespace meshlint::rules
