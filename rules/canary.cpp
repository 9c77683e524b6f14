#include "rules/canary.h"

#include <algorithm>
#include <map>

#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

// The first revision above another one that is supported for sure; nothing when the calendar knows none.
const MeshRevision* next_supported(const Pass& pass, Minor revision) {
  const auto& rows = pass.policy().releases().revisions;
  const auto found = std::ranges::find_if(rows, [&](const MeshRevision& row) {
    return row.revision > revision && !has_ended(row.end_of_life, pass.context().as_of());
  });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Canary> canary_in(const ClusterDefinition& cluster) {
  std::map<Minor, const Fact<std::string>*> revisions;
  for (const auto& listed : cluster.revisions) {
    const auto revision = listed.has_value() ? parse_revision(listed.value) : std::nullopt;
    if (!revision) return std::nullopt;
    revisions.emplace(*revision, &listed);
  }
  if (revisions.size() != 2) return std::nullopt;
  const auto& [from, lower] = *revisions.begin();
  const auto& [to, upper] = *revisions.rbegin();
  return Canary{lower, upper, from, to};
}

// The page leaves it open what becomes of an unsupported revision whose successor is supported, and an end that is only
// expected may not have come.
std::string obstacle(const Pass& pass, const Canary& canary) {
  const Date as_of = pass.context().as_of();
  const MeshRevision* row = pass.policy().releases().find(canary.from);
  if (row == nullptr) return {};
  if (!has_ended(row->end_of_life, as_of)) {
    const int step = pass.policy().revision_rules().largest_step;
    const bool is_too_far = canary.to.major != canary.from.major || canary.to.minor - canary.from.minor > step;
    return is_too_far ? fmt::format("an upgrade goes at most {} revisions forward", step) : "";
  }
  const MeshRevision* next = pass.policy().releases().find({canary.from.major, canary.from.minor + 1});
  const bool are_unsupported = is_out_of_support(*row, as_of) && next != nullptr && is_out_of_support(*next, as_of);
  const MeshRevision* nearest = are_unsupported ? next_supported(pass, canary.from) : nullptr;
  if (nearest == nullptr || canary.to <= nearest->revision) return {};
  return fmt::format("{} and {} are out of support, so an upgrade goes to the nearest supported revision, {}",
                     revision_name(canary.from), revision_name(next->revision), revision_name(nearest->revision));
}

std::string steps_help(const Pass& pass, const ClusterDefinition& cluster, const Canary& canary) {
  const auto kubernetes = kubernetes_minor(pass, cluster);
  const Plan plan = plan_of(pass.context().support_plan(cluster));
  auto targets = upgrade_targets(pass, canary.from, kubernetes, plan);
  const MeshRevision* row = pass.policy().releases().find(canary.from);
  const MeshRevision* nearest = next_supported(pass, canary.from);
  if (row != nullptr && has_ended(row->end_of_life, pass.context().as_of()) && nearest != nullptr) {
    std::erase_if(targets, [nearest](Minor target) { return target != nearest->revision; });
  }
  std::erase_if(targets, [&canary](Minor target) { return target >= canary.to; });
  if (targets.empty()) return "az aks mesh get-upgrades lists the revisions that AKS lets this cluster upgrade to";
  return fmt::format("upgrade to {} first, complete that, and go on from there", list_choices(pass, targets));
}

std::optional<std::string> steps_help(const Pass& pass, const ClusterDefinition& cluster) {
  const auto canary = canary_in(cluster);
  if (!canary || obstacle(pass, *canary).empty()) return std::nullopt;
  return steps_help(pass, cluster, *canary);
}

}  // namespace meshlint::rules
