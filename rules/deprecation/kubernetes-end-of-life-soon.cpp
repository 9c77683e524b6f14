#include "linter/words.h"
#include "rules/calendar.h"
#include "rules/deprecation/kubernetes-support.h"

namespace meshlint::rules {
namespace {

void check(Pass& pass) {
  for (const KubernetesSupport& cluster : kubernetes_support(pass)) {
    const auto left = cluster.end.last_day - pass.context().as_of();
    if (cluster.is_older || left < std::chrono::days(0) || left > near_end) continue;
    const std::string when = left.count() == 0 ? "today" : fmt::format("in {}", count_words(left.count(), "day"));
    const std::string_view verb = is_forecast(cluster.end, citation_of(cluster)) ? "is to end" : "ends";
    const std::string day = day_words(cluster.end.last_day);
    report_kubernetes(pass, cluster,
                      ends_in_house(cluster)
                          ? fmt::format("Kubernetes {} has to be gone after {}, {}, {}", quoted(cluster.stated.value),
                                        day, when, in_house_words(citation_of(cluster)))
                          : fmt::format("{} {} {}, on {}", support_words(cluster), verb, when, day));
  }
}

}  // namespace

extern constexpr Rule kubernetes_end_of_life_soon = {
    .code = "MSH2004",
    .name = "kubernetes-end-of-life-soon",
    .family = Family::deprecation,
    .severity = Severity::note,
    .summary = "A cluster with a mesh on a Kubernetes version that goes out of support within 45 days",
    .why =
        "Kubernetes is upgraded one minor version at a time, and the mesh revision must fit each version on the way.",
    .fix =
        "plan the upgrade of the cluster, and check first that the mesh revision is compatible with the next version",
    .page = "supported-kubernetes-versions",
    .check = check,
};

}  // namespace meshlint::rules
