#include <algorithm>
#include <map>

#include "linter/words.h"
#include "rules/calendar.h"

namespace meshlint::rules {
namespace {

// The revisions of a canary upgrade, whatever their order in the list.
struct Canary {
  const Fact<std::string>* lower = nullptr;
  const Fact<std::string>* upper = nullptr;
  Minor from;
  Minor to;
};

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

// The first revision above another one that is supported for sure; nothing when the calendar knows none.
const MeshRevision* next_supported(const Pass& pass, Minor revision) {
  const auto& rows = pass.policy().releases().revisions;
  const auto found = std::ranges::find_if(rows, [&](const MeshRevision& row) {
    return row.revision > revision && !has_ended(row.end_of_life, pass.context().as_of());
  });
  return found == rows.end() ? nullptr : &*found;
}

// Why AKS offers no such upgrade; empty when it does, or when that cannot be told. The page leaves it open what becomes
// of an unsupported revision whose successor is supported, and an end that is only expected may not have come.
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

std::string way_out(const Pass& pass, const ClusterDefinition& cluster, const Canary& canary) {
  const auto version = pass.context().kubernetes_version(cluster);
  const auto kubernetes = version.has_value() ? parse_minor(version.value) : std::nullopt;
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

void check(Pass& pass) {
  for (const ClusterDefinition& cluster : pass.context().clusters()) {
    const auto canary = may_run_mesh(cluster) ? canary_in(cluster) : std::nullopt;
    const std::string reason = canary ? obstacle(pass, *canary) : std::string();
    if (reason.empty()) continue;
    Diagnostic& diagnostic =
        report_cluster(pass, cluster, canary->upper->node,
                       fmt::format("the mesh cannot be upgraded from {} to {}: {}", quoted(canary->lower->value),
                                   quoted(canary->upper->value), reason));
    diagnostic.citation = pass.policy().revision_rules().upgrade;
    diagnostic.notes.push_back(note_at(canary->lower->node, "the revision to upgrade from"));
    diagnostic.help = way_out(pass, cluster, *canary);
    soften_if_defaulted(diagnostic,
                        {{"older revision", canary->lower->known}, {"newer revision", canary->upper->known}});
  }
}

}  // namespace

extern constexpr Rule revision_upgrade_skips_too_far = {
    .code = "MSH1004",
    .name = "revision-upgrade-skips-too-far",
    .family = Family::compatibility,
    .severity = Severity::error,
    .summary = "Two mesh revisions that are too far apart for an upgrade from one to the other",
    .why =
        "AKS upgrades a supported revision to the next one or the one after that, and an unsupported one to the "
        "nearest supported revision and not beyond. A list whose two revisions are further apart is an upgrade that "
        "AKS does not offer.",
    .fix = "upgrade in steps that AKS offers: az aks mesh get-upgrades lists them",
    .page = "istio-upgrade",
    .check = check,
};

}  // namespace meshlint::rules
