#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/deprecation/kubernetes-support.h"

namespace meshlint::rules {
namespace {

bool is_in_grace(const Pass& pass, const KubernetesSupport& cluster) {
  const auto days = std::chrono::days(pass.policy().kubernetes().grace_days);
  return pass.context().as_of() <= cluster.end.last_day + days;
}

// The version whose general availability ends the reduced support that follows community support, while it lasts.
const KubernetesVersion* platform_support_until(const Pass& pass, const KubernetesSupport& cluster) {
  if (cluster.plan == Plan::lts || !cluster.version->platform_support_until) return nullptr;
  const KubernetesVersion* until = pass.policy().kubernetes().find(*cluster.version->platform_support_until);
  const bool lasts =
      until != nullptr && until->generally_available && pass.context().as_of() <= *until->generally_available;
  return lasts ? until : nullptr;
}

// Where a note's fact stands, when that is not what the finding cites.
std::string source_words(const Citation& citation) {
  return citation.empty() ? "" : fmt::format(" ({}, section '{}')", citation.page, citation.section);
}

void add_standing(Pass& pass, const KubernetesSupport& cluster, Diagnostic& diagnostic) {
  const KubernetesVersion* until = platform_support_until(pass, cluster);
  if (is_in_grace(pass, cluster)) {
    const int days = pass.policy().kubernetes().grace_days;
    diagnostic.notes.push_back(
        note(fmt::format("AKS still supports clusters that upgrade within {}: the last day is {}{}",
                         count_words(days, "day"), day_words(cluster.end.last_day + std::chrono::days(days)),
                         source_words(pass.policy().kubernetes().grace_citation))));
  }
  if (until != nullptr) {
    diagnostic.notes.push_back(note(
        fmt::format("until {} is generally available ({}) the cluster has platform support, which leaves out "
                    "add-ons such as the mesh{}",
                    to_string(until->version), month_words(*until->generally_available),
                    source_words(pass.policy().source("supported-kubernetes-versions", "Platform support policy")))));
  } else if (!is_in_grace(pass, cluster)) {
    diagnostic.notes.push_back(
        note(fmt::format("{}AKS supports neither the cluster nor its mesh any more; it allows the upgrade, but does "
                         "not support it{}",
                         is_forecast(cluster.end, citation_of(cluster)) ? "by that calendar " : "",
                         source_words(pass.policy().source("istio-upgrade", "Minor revision upgrade")))));
  }
}

// A date that was still to come when the page was read may have moved since.
std::string end_words(const KubernetesSupport& cluster) {
  const Citation& citation = citation_of(cluster);
  const std::string day = day_words(cluster.end.last_day);
  if (cluster.is_older) return fmt::format("ended before {}", day);
  if (!is_forecast(cluster.end, citation)) return fmt::format("ended on {}", day);
  return fmt::format("was to end on {} by the calendar of {}", day, citation.date);
}

void check(Pass& pass) {
  for (const KubernetesSupport& cluster : kubernetes_support(pass)) {
    if (!has_ended(cluster.end, pass.context().as_of())) continue;
    if (ends_in_house(cluster)) {
      report_kubernetes(pass, cluster,
                        fmt::format("Kubernetes {} was to be gone after {} {}", quoted(cluster.stated.value),
                                    day_words(cluster.end.last_day), in_house_words(citation_of(cluster))));
      continue;
    }
    Diagnostic& diagnostic =
        report_kubernetes(pass, cluster, fmt::format("{} {}", support_words(cluster), end_words(cluster)));
    add_standing(pass, cluster, diagnostic);
  }
}

}  // namespace

extern constexpr Rule kubernetes_end_of_life = {
    .code = "MSH2003",
    .name = "kubernetes-end-of-life",
    .family = Family::deprecation,
    .severity = Severity::warning,
    .summary = "A cluster with a mesh on a Kubernetes version past its end of life",
    .why =
        "After its end of life a Kubernetes version gets platform support at most, which leaves out add-ons. A mesh "
        "on it is out of support as well, and upgrading either becomes error-prone.",
    .fix = "upgrade the cluster to a supported Kubernetes version",
    .page = "supported-kubernetes-versions",
    .check = check,
};

}  // namespace meshlint::rules
