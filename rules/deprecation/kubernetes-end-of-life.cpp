#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/deprecation/kubernetes-support.h"

namespace meshlint::rules {
namespace {

std::string standing(const Pass& pass, const KubernetesVersion& version, Date end) {
  const KubernetesCalendar& calendar = pass.policy().kubernetes();
  const Date as_of = pass.context().as_of();
  const Date grace_end = end + std::chrono::days(calendar.grace_days);
  if (as_of <= grace_end) {
    return fmt::format("AKS grants {} to upgrade: the last day is {}", count_words(calendar.grace_days, "day"),
                       day_words(grace_end));
  }
  const KubernetesVersion* until =
      version.platform_support_until ? calendar.find(*version.platform_support_until) : nullptr;
  const bool platform = until != nullptr && until->generally_available && as_of <= *until->generally_available;
  if (platform) {
    return fmt::format(
        "platform support lasts until {} is generally available, but leaves out add-ons such as the mesh",
        to_string(until->version));
  }
  return "AKS gives it no support of any kind, and upgrading a mesh on it is not supported either";
}

void check(Pass& pass) {
  for (const KubernetesSupport& cluster : kubernetes_support(pass)) {
    if (pass.context().as_of() <= cluster.end.last_day) continue;
    const std::string version = to_string(cluster.version->version);
    Diagnostic& diagnostic = report_kubernetes(
        pass, cluster,
        fmt::format("{} for Kubernetes {} ended on {}", cluster.plan_words, version, day_words(cluster.end.last_day)));
    diagnostic.notes.push_back(note(standing(pass, *cluster.version, cluster.end.last_day)));
    add_plan_note(cluster, diagnostic);
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
    .fix = "upgrade the cluster to a supported Kubernetes version, or turn on long-term support",
    .page = "supported-kubernetes-versions",
    .check = check,
};

}  // namespace meshlint::rules
