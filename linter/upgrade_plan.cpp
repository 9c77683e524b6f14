#include "linter/upgrade_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <ranges>

#include "linter/error.h"
#include "linter/page_date.h"
#include "linter/words.h"

namespace meshlint {
namespace {

Citation kubernetes_rules(const UpgradeRules& rules) {
  return rules.policy->kubernetes().lts_step_citation;
}

const MeshRevision* row_of(const UpgradeRules& rules, Minor revision) {
  return rules.policy->releases().find(revision);
}

bool runs_on(const UpgradeRules& rules, Minor revision, Minor kubernetes) {
  const MeshRevision* row = row_of(rules, revision);
  return row != nullptr && fits(*row, kubernetes, rules.plan);
}

bool is_out(const UpgradeRules& rules, Minor revision) {
  const MeshRevision* row = row_of(rules, revision);
  return row == nullptr || is_out_of_support(*row, rules.as_of);
}

bool is_kubernetes_out(const UpgradeRules& rules, Minor kubernetes) {
  const KubernetesVersion* version = rules.policy->kubernetes().find(kubernetes);
  const auto end = version != nullptr ? end_of_support(*version, rules.plan) : std::nullopt;
  return !end || has_ended(*end, rules.as_of);
}

// AKS installs a revision from the month of its release on.
bool is_released(const UpgradeRules& rules, const MeshRevision& row) {
  const auto release = parse_page_date(row.aks_release);
  if (!release || !release->month) return true;
  return rules.as_of >= Date(*release->month / std::chrono::day(1));
}

// The same for AKS itself, which does not know of ends in house.
bool is_out_for_aks(const UpgradeRules& rules, Minor revision) {
  const MeshRevision* row = row_of(rules, revision);
  return row == nullptr || is_out_on_aks(*row, rules.as_of);
}

bool is_kubernetes_out_for_aks(const UpgradeRules& rules, Minor kubernetes) {
  const KubernetesVersion* version = rules.policy->kubernetes().find(kubernetes);
  const auto end = version != nullptr ? end_on_aks(*version, rules.plan) : std::nullopt;
  if (end) return has_ended(end->deadline, rules.as_of);
  return version == nullptr || !(rules.plan == Plan::lts ? version->lts_citation : version->citation).in_house;
}

bool is_known_to_aks_as_out(const UpgradeRules& rules, const ClusterState& state) {
  return is_out_for_aks(rules, state.revisions.back()) && is_kubernetes_out_for_aks(rules, state.kubernetes);
}

int largest_step(const UpgradeRules& rules) {
  const RevisionRules& table = rules.policy->revision_rules();
  const bool may_skip = !table.largest_step_since || rules.as_of >= *table.largest_step_since;
  return may_skip ? table.largest_step : 1;
}

// The revisions that a canary upgrade can be started to, the newest first.
std::vector<Minor> canary_targets(const UpgradeRules& rules, const ClusterState& state) {
  const Minor revision = state.revisions.back();
  if (is_known_to_aks_as_out(rules, state)) return {};
  const MeshRevision* next = row_of(rules, {revision.major, revision.minor + 1});
  const bool may_skip = next != nullptr && is_released(rules, *next) && !is_out_on_aks(*next, rules.as_of);
  std::vector<Minor> targets;
  for (const MeshRevision& row : rules.policy->releases().revisions) {
    const Minor target = row.revision;
    if (target <= revision || !is_released(rules, row) || is_out(rules, target)) continue;
    if (!runs_on(rules, target, state.kubernetes)) continue;
    const bool is_in_reach = may_skip ? target.minor - revision.minor <= largest_step(rules) : targets.empty();
    if (is_in_reach) targets.push_back(target);
  }
  std::ranges::reverse(targets);
  return targets;
}

// The versions that AKS upgrades the cluster to, the next one first.
std::vector<Minor> cluster_targets(const UpgradeRules& rules, Minor kubernetes) {
  std::vector<Minor> targets;
  for (const Minor version : supported_kubernetes(*rules.policy, rules.as_of, rules.plan)) {
    if (version > kubernetes) targets.push_back(version);
  }
  if (targets.empty()) return targets;
  if (rules.plan == Plan::lts) {
    const int largest_step = rules.policy->kubernetes().largest_lts_step;
    std::erase_if(targets, [&](Minor version) { return version.minor - kubernetes.minor > largest_step; });
    return targets;
  }
  // One at a time; from a version that is out of support to the oldest that is not.
  const bool is_reached = is_kubernetes_out_for_aks(rules, kubernetes) || targets.front().minor == kubernetes.minor + 1;
  targets.resize(is_reached ? 1 : 0);
  return targets;
}

void add_cluster_moves(const UpgradeRules& rules, const ClusterState& state, bool recovering,
                       std::vector<Move>& moves) {
  const RevisionRules& table = rules.policy->revision_rules();
  const bool may_recover =
      recovering && !is_supported(rules, state) && (!table.recovery_since || rules.as_of >= *table.recovery_since);
  for (const Minor version : cluster_targets(rules, state.kubernetes)) {
    if (runs_on(rules, state.revisions.front(), version) || may_recover) {
      moves.push_back({StepKind::upgrade_cluster, {state.revisions, version}});
    }
  }
}

}  // namespace

std::vector<Move> legal_moves(const UpgradeRules& rules, const ClusterState& state, bool recovering) {
  const Minor kubernetes = state.kubernetes;
  if (state.revisions.size() > 1) {
    return {{StepKind::complete_canary, {{state.revisions.back()}, kubernetes}},
            {StepKind::roll_back, {{state.revisions.front()}, kubernetes}}};
  }
  std::vector<Move> moves;
  const bool is_cluster_first = is_kubernetes_out(rules, kubernetes);
  if (is_cluster_first) add_cluster_moves(rules, state, recovering, moves);
  for (const Minor target : canary_targets(rules, state)) {
    moves.push_back({StepKind::start_canary, {{state.revisions.front(), target}, kubernetes}});
  }
  if (!is_cluster_first) add_cluster_moves(rules, state, recovering, moves);
  return moves;
}

std::map<ClusterState, Arrival> explore(const UpgradeRules& rules, const ClusterState& start, bool recovering) {
  std::map<ClusterState, Arrival> arrivals{{start, {}}};
  std::deque<ClusterState> frontier{start};
  while (!frontier.empty()) {
    const ClusterState state = std::move(frontier.front());
    frontier.pop_front();
    const std::size_t steps = arrivals[state].steps + 1;
    for (Move& move : legal_moves(rules, state, recovering)) {
      const bool is_new = arrivals.try_emplace(move.after, Arrival{state, move.kind, steps}).second;
      if (is_new) frontier.push_back(std::move(move.after));
    }
  }
  return arrivals;
}

bool is_supported(const UpgradeRules& rules, const ClusterState& state) {
  return !is_kubernetes_out(rules, state.kubernetes) && std::ranges::all_of(state.revisions, [&](Minor revision) {
    return !is_out(rules, revision) && runs_on(rules, revision, state.kubernetes);
  });
}

std::string state_words(const ClusterState& state) {
  return fmt::format("{} on Kubernetes {}", list_revisions(state.revisions), to_string(state.kubernetes));
}

std::string due_words(const DueDay& due) {
  return due.expected ? fmt::format("the end of {} (expected)", month_words(due.last_day)) : day_words(due.last_day);
}

namespace {

std::optional<DueDay> end_of(const UpgradeRules& rules, Minor revision) {
  const MeshRevision* row = row_of(rules, revision);
  if (row == nullptr || row->end_of_life.last_day == no_day) return std::nullopt;
  return DueDay{row->end_of_life.last_day, row->end_of_life.expected, revision_name(revision)};
}

std::optional<DueDay> end_of_kubernetes(const UpgradeRules& rules, Minor kubernetes) {
  const KubernetesVersion* version = rules.policy->kubernetes().find(kubernetes);
  const auto end = version != nullptr ? end_of_support(*version, rules.plan) : std::nullopt;
  if (!end || end->last_day == no_day) return std::nullopt;
  return DueDay{end->last_day, end->expected, "Kubernetes " + to_string(kubernetes)};
}

std::optional<DueDay> earlier(std::optional<DueDay> a, std::optional<DueDay> b) {
  if (!a || (b && b->last_day < a->last_day)) return b;
  return a;
}

// What a step takes away.
std::optional<DueDay> end_of_removed(const UpgradeRules& rules, const UpgradeStep& step) {
  switch (step.kind) {
    case StepKind::complete_canary: return end_of(rules, step.before.revisions.front());
    case StepKind::roll_back: return end_of(rules, step.before.revisions.back());
    case StepKind::upgrade_cluster: return end_of_kubernetes(rules, step.before.kubernetes);
    case StepKind::start_canary:
    case StepKind::move_workloads: return std::nullopt;
  }
  return std::nullopt;
}

void set_due_days(const UpgradeRules& rules, std::vector<UpgradeStep>& steps) {
  std::optional<DueDay> due;
  for (UpgradeStep& step : steps | std::views::reverse) {
    due = earlier(due, end_of_removed(rules, step));
    step.due = due;
  }
}

// "has been out of support since 31 Mar 2026", or until when it is supported; a rule in house says no such thing.
std::string support_words(const DueDay& end, const Citation& citation, Date as_of) {
  const bool has_passed = end.last_day < as_of;
  if (citation.in_house) return fmt::format("{} to be gone by {}", has_passed ? "was" : "has", day_words(end.last_day));
  if (has_passed && end.expected) {
    return fmt::format("was expected to go out of support by {}", due_words({end.last_day, false, ""}));
  }
  if (has_passed) return fmt::format("has been out of support since {}", day_words(end.last_day));
  return end.expected ? fmt::format("is expected to go out of support by the end of {}", month_words(end.last_day))
                      : fmt::format("goes out of support after {}", day_words(end.last_day));
}

std::string supported_until(const UpgradeRules& rules, std::optional<DueDay> end) {
  return end && end->last_day >= rules.as_of ? fmt::format("; {} is supported until {}", end->what, due_words(*end))
                                             : "";
}

// What a plan's later steps need of an earlier one.
struct Outlook {
  std::optional<Minor> next_kubernetes;  // of the next cluster upgrade
  std::optional<Minor> next_revision;    // of the next mesh upgrade
};

Outlook outlook_from(const std::vector<UpgradeStep>& steps, std::size_t at) {
  Outlook outlook;
  for (std::size_t i = at + 1; i < steps.size(); ++i) {
    if (steps[i].kind == StepKind::upgrade_cluster && !outlook.next_kubernetes)
      outlook.next_kubernetes = steps[i].target;
    if (steps[i].kind == StepKind::start_canary && !outlook.next_revision) outlook.next_revision = steps[i].target;
  }
  return outlook;
}

std::string versions_words(const UpgradeRules& rules, Minor revision) {
  const MeshRevision* row = row_of(rules, revision);
  if (row == nullptr) return "";
  const auto& versions = rules.plan == Plan::lts ? row->kubernetes_lts : row->kubernetes;
  if (versions.empty()) return fmt::format("{} runs on no cluster with long-term support", revision_name(revision));
  return fmt::format("{} runs on Kubernetes {}", revision_name(revision), list_versions(versions));
}

Reason why_mesh(const UpgradeRules& rules, const UpgradeStep& step, const Outlook& outlook) {
  const Minor old = step.before.revisions.front();
  const MeshRevision* row = row_of(rules, old);
  const auto end = end_of(rules, old);
  const std::string until = supported_until(rules, end_of(rules, step.target));
  if (!runs_on(rules, old, step.before.kubernetes)) {
    return {fmt::format("{}, and the cluster has {}", versions_words(rules, old), to_string(step.before.kubernetes)),
            row->compatibility};
  }
  if (end && is_out(rules, old)) {
    return {fmt::format("{} {}{}", revision_name(old), support_words(*end, row->citation, rules.as_of), until),
            row->citation};
  }
  if (outlook.next_kubernetes && !runs_on(rules, old, *outlook.next_kubernetes)) {
    return {fmt::format("{}, and the cluster is to have {}: the mesh goes first", versions_words(rules, old),
                        to_string(*outlook.next_kubernetes)),
            row->compatibility};
  }
  if (!end)
    return {fmt::format("{} is the way to {}", revision_name(step.target), revision_name(step.target)), row->citation};
  return {fmt::format("{} {}{}", revision_name(old), support_words(*end, row->citation, rules.as_of), until),
          row->citation};
}

Reason what_allows_mesh(const UpgradeRules& rules, const UpgradeStep& step) {
  const Citation& citation = rules.policy->revision_rules().upgrade;
  const Minor old = step.before.revisions.front();
  const Minor next{old.major, old.minor + 1};
  const std::string target = revision_name(step.target);
  const std::string fit =
      fmt::format("{} is supported and runs on Kubernetes {}", target, to_string(step.before.kubernetes));
  if (step.target == next) return {fmt::format("It is the next revision: {}", fit), citation};
  if (!is_out_for_aks(rules, next)) return {fmt::format("An upgrade may skip one revision: {}", fit), citation};
  return {fmt::format("{} is out of support as well, so AKS upgrades to the nearest supported revision and no further",
                      revision_name(next)),
          citation};
}

void explain_canary(const UpgradeRules& rules, const Outlook& outlook, UpgradeStep& step) {
  const Minor old = step.before.revisions.front();
  const Minor next{old.major, old.minor + 1};
  const Citation& citation = rules.policy->revision_rules().upgrade;
  step.reasons = {why_mesh(rules, step, outlook), what_allows_mesh(rules, step)};
  if (outlook.next_revision) {
    step.reasons.push_back(
        {fmt::format("{} is a stop on the way: {} is too far from {} for one upgrade", revision_name(step.target),
                     revision_name(*outlook.next_revision), revision_name(old)),
         citation});
  }
  step.is_recovery = is_out_for_aks(rules, old) || is_kubernetes_out_for_aks(rules, step.before.kubernetes);
  if (step.target > next && !is_out_for_aks(rules, next) && !runs_on(rules, next, step.before.kubernetes)) {
    step.open.push_back({fmt::format("Whether {} may be skipped although it does not run on Kubernetes {}",
                                     revision_name(next), to_string(step.before.kubernetes)),
                         citation});
  }
  if (step.target > next && is_out_for_aks(rules, old) && !is_out_for_aks(rules, next)) {
    step.open.push_back({fmt::format("Whether {} may be skipped from a revision that is out of support, or has to be a "
                                     "stop",
                                     revision_name(next)),
                         citation});
  }
  const auto supported = supported_revisions(*rules.policy, rules.as_of, std::nullopt, rules.plan);
  const auto nearest = std::ranges::find_if(supported, [&](Minor revision) { return revision > old; });
  if (is_out_for_aks(rules, next) && nearest != supported.end() && *nearest < step.target) {
    step.open.push_back(
        {fmt::format("Whether the nearest supported revision is {}, which does not run on Kubernetes {}, "
                     "or the nearest that does",
                     revision_name(*nearest), to_string(step.before.kubernetes)),
         citation});
  }
}

Reason why_cluster(const UpgradeRules& rules, const UpgradeStep& step, const Outlook& outlook) {
  const Minor old = step.before.kubernetes;
  const Minor revision = step.before.revisions.front();
  const KubernetesVersion* version = rules.policy->kubernetes().find(old);
  const Citation citation = version == nullptr        ? rules.policy->kubernetes().citation
                            : rules.plan == Plan::lts ? version->lts_citation
                                                      : version->citation;
  const auto end = end_of_kubernetes(rules, old);
  if (is_known_to_aks_as_out(rules, step.before)) {
    return {
        fmt::format("Kubernetes {} and {} are both out of support, and AKS starts no mesh upgrade before the cluster "
                    "is upgraded",
                    to_string(old), revision_name(revision)),
        rules.policy->revision_rules().upgrade};
  }
  if (outlook.next_revision && !runs_on(rules, *outlook.next_revision, old)) {
    return {fmt::format("{}, and the cluster has {}: the cluster goes first",
                        versions_words(rules, *outlook.next_revision), to_string(old)),
            row_of(rules, *outlook.next_revision)->compatibility};
  }
  if (!end) return {fmt::format("The calendar gives Kubernetes {} no support on this plan", to_string(old)), citation};
  return {fmt::format("Kubernetes {} {}{}", to_string(old), support_words(*end, citation, rules.as_of),
                      supported_until(rules, end_of_kubernetes(rules, step.target))),
          citation};
}

Reason what_allows_cluster(const UpgradeRules& rules, const UpgradeStep& step) {
  const Minor old = step.before.kubernetes;
  const Minor revision = step.before.revisions.front();
  std::string fit;
  if (runs_on(rules, revision, step.target)) {
    fit = runs_on(rules, revision, old) ? fmt::format("; {} runs on both", revision_name(revision))
                                        : fmt::format("; {} runs on it", revision_name(revision));
  }
  const Citation source = kubernetes_rules(rules);
  if (step.target.minor == old.minor + 1) return {"It is the next minor version" + fit, source};
  if (rules.plan == Plan::lts) return {"With long-term support a cluster may skip minor versions" + fit, source};
  return {"From a version out of support AKS goes straight to the oldest supported one" + fit, source};
}

void explain_cluster(const UpgradeRules& rules, const Outlook& outlook, UpgradeStep& step) {
  const RevisionRules& table = rules.policy->revision_rules();
  const Minor revision = step.before.revisions.front();
  step.reasons = {why_cluster(rules, step, outlook), what_allows_cluster(rules, step)};
  step.is_recovery = is_kubernetes_out_for_aks(rules, step.before.kubernetes) || is_out_for_aks(rules, revision);
  if (!runs_on(rules, revision, step.target)) {
    step.is_recovery = true;
    step.reasons.push_back({fmt::format("{} does not run on Kubernetes {}: AKS lets a cluster pass through such a pair "
                                        "to get back to a supported one",
                                        revision_name(revision), to_string(step.target)),
                            table.recovery});
  }
  if (step.target.minor - step.before.kubernetes.minor > 1) {
    step.open.push_back(
        {"Which versions AKS lists for this cluster, and what its validation checks", kubernetes_rules(rules)});
  }
}

void explain_end(const UpgradeRules& rules, UpgradeStep& step) {
  const Citation& citation = rules.policy->revision_rules().upgrade;
  const Minor old = step.before.revisions.front();
  const Minor canary = step.before.revisions.back();
  const Minor other = step.target == old ? canary : old;
  switch (step.kind) {
    case StepKind::move_workloads:
      step.reasons = {{fmt::format("Pods keep their sidecar until they restart, and what still asks for {} when it is "
                                   "removed drops out of the mesh",
                                   revision_name(other)),
                       citation}};
      return;
    case StepKind::complete_canary:
      step.reasons = {
          {fmt::format("It removes {}; until then the mesh cannot be upgraded further", revision_name(other)),
           citation}};
      return;
    default:
      step.reasons = {
          {fmt::format("It removes {} and keeps {}", revision_name(other), revision_name(step.target)), citation}};
  }
}

void explain(const UpgradeRules& rules, std::vector<UpgradeStep>& steps) {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    UpgradeStep& step = steps[at];
    const Outlook outlook = outlook_from(steps, at);
    if (step.kind == StepKind::start_canary)
      explain_canary(rules, outlook, step);
    else if (step.kind == StepKind::upgrade_cluster)
      explain_cluster(rules, outlook, step);
    else
      explain_end(rules, step);
    if (at > 0 && steps[at - 1].kind == StepKind::complete_canary && step.kind == StepKind::upgrade_cluster) {
      step.open.push_back(
          {"Whether a cluster can be upgraded while a canary upgrade is in progress: this plan finishes "
           "that first",
           rules.policy->revision_rules().upgrade});
    }
  }
}

// The way to a state, with the move of workloads before a canary upgrade ends.
std::vector<UpgradeStep> steps_to(const std::map<ClusterState, Arrival>& arrivals, ClusterState state) {
  std::vector<UpgradeStep> steps;
  while (true) {
    const Arrival& arrival = arrivals.find(state)->second;
    if (!arrival.from) break;
    UpgradeStep step{.kind = arrival.kind,
                     .before = *arrival.from,
                     .after = state,
                     .target = state.revisions.back(),
                     .reasons = {},
                     .open = {},
                     .is_recovery = false,
                     .due = {}};
    if (step.kind == StepKind::upgrade_cluster) step.target = state.kubernetes;
    steps.push_back(step);
    if (step.kind == StepKind::complete_canary || step.kind == StepKind::roll_back) {
      step.kind = StepKind::move_workloads;
      step.after = step.before;
      steps.push_back(step);
    }
    state = *arrival.from;
  }
  std::ranges::reverse(steps);
  return steps;
}

// The newest revision that is supported and was released.
std::optional<Minor> newest_revision(const UpgradeRules& rules) {
  std::optional<Minor> newest;
  for (const MeshRevision& row : rules.policy->releases().revisions) {
    const auto& versions = rules.plan == Plan::lts ? row.kubernetes_lts : row.kubernetes;
    if (!is_out_of_support(row, rules.as_of) && is_released(rules, row) && !versions.empty()) newest = row.revision;
  }
  return newest;
}

// Whether a state is where to go. A canary upgrade is no place to stay.
bool is_goal(const UpgradeRules& rules, const ClusterState& state, const UpgradeGoal& goal, bool must_be_supported) {
  if (state.revisions.size() > 1 || !runs_on(rules, state.revisions.front(), state.kubernetes)) return false;
  if (goal.revision && state.revisions.front() != *goal.revision) return false;
  if (goal.kubernetes && state.kubernetes != *goal.kubernetes) return false;
  return !must_be_supported || is_supported(rules, state);
}

// Of the goals with the fewest steps the one with the newest revision, then the one with the oldest Kubernetes version.
const ClusterState* nearest_goal(const UpgradeRules& rules, const std::map<ClusterState, Arrival>& arrivals,
                                 const UpgradeGoal& goal, bool must_be_supported) {
  const std::pair<const ClusterState, Arrival>* best = nullptr;
  for (const auto& arrival : arrivals) {
    if (!is_goal(rules, arrival.first, goal, must_be_supported)) continue;
    const bool is_better =
        best == nullptr || arrival.second.steps < best->second.steps ||
        (arrival.second.steps == best->second.steps && arrival.first.revisions > best->first.revisions);
    if (is_better) best = &arrival;
  }
  return best != nullptr ? &best->first : nullptr;
}

std::string data_words(const UpgradeRules& rules) {
  return fmt::format("the policy data of {}", to_string(rules.policy->data_date()));
}

void check_revision_target(const UpgradeRules& rules, const ClusterState& start, Minor target) {
  const auto& all = rules.policy->releases().revisions;
  const MeshRevision* row = row_of(rules, target);
  const std::string name = revision_name(target);
  if (row == nullptr) {
    throw UsageError(fmt::format("--to {}: {} does not know this revision; it knows {} to {}", name, data_words(rules),
                                 revision_name(all.front().revision), revision_name(all.back().revision)));
  }
  if (std::ranges::find(start.revisions, target) != start.revisions.end()) return;
  if (target < start.revisions.front()) {
    throw UsageError(fmt::format("--to {}: the cluster runs {}, and AKS does not go back to an older revision", name,
                                 list_revisions(start.revisions)));
  }
  if (is_out_of_support(*row, rules.as_of)) {
    const auto supported = supported_revisions(*rules.policy, rules.as_of, std::nullopt, rules.plan);
    throw UsageError(
        fmt::format("--to {}: it has been out of support since {}, and AKS upgrades to supported revisions "
                    "only{}",
                    name, day_words(row->end_of_life.last_day),
                    supported.empty() ? "" : fmt::format(": name {}", list_revisions(supported, "or"))));
  }
  if (!is_released(rules, *row)) {
    throw UsageError(
        fmt::format("--to {}: AKS releases it in {}, after {}", name, row->aks_release, to_string(rules.as_of)));
  }
}

void check_kubernetes_target(const UpgradeRules& rules, const ClusterState& start, Minor target) {
  const std::string name = to_string(target);
  const auto& all = rules.policy->kubernetes().versions;
  if (rules.policy->kubernetes().find(target) == nullptr) {
    throw UsageError(fmt::format("--kubernetes {}: {} does not know this version; it knows {} to {}", name,
                                 data_words(rules), to_string(all.front().version), to_string(all.back().version)));
  }
  if (target == start.kubernetes) return;
  if (target < start.kubernetes) {
    throw UsageError(fmt::format("--kubernetes {}: the cluster has {}, and AKS does not go back to an older version",
                                 name, to_string(start.kubernetes)));
  }
  const auto supported = supported_kubernetes(*rules.policy, rules.as_of, rules.plan);
  if (!contains(supported, target)) {
    std::vector<std::string> words;
    for (const Minor version : supported) words.push_back(to_string(version));
    throw UsageError(fmt::format("--kubernetes {}: it is not supported on {}{}{}", name, to_string(rules.as_of),
                                 rules.plan == Plan::lts ? " with long-term support" : "",
                                 words.empty() ? "" : fmt::format(": name {}", list_words(words, "or"))));
  }
}

[[noreturn]] void refuse(const UpgradeRules& rules, const ClusterState& start, const UpgradeGoal& goal) {
  if (goal.revision && goal.kubernetes && !runs_on(rules, *goal.revision, *goal.kubernetes)) {
    throw UsageError(
        fmt::format("{} cannot be the end of an upgrade: {}{}", state_words({{*goal.revision}, *goal.kubernetes}),
                    versions_words(rules, *goal.revision), rules.plan == Plan::lts ? " with long-term support" : ""));
  }
  const auto runs = [&](Minor revision) { return goal.kubernetes && runs_on(rules, revision, *goal.kubernetes); };
  const auto supported = supported_revisions(*rules.policy, rules.as_of, std::nullopt, rules.plan);
  if (goal.kubernetes && std::ranges::none_of(supported, runs)) {
    throw UsageError(fmt::format("--kubernetes {}: {} knows no supported revision that runs on it",
                                 to_string(*goal.kubernetes), data_words(rules)));
  }
  std::vector<std::string> ends;
  if (goal.revision) ends.push_back(revision_name(*goal.revision));
  if (goal.kubernetes) ends.push_back("Kubernetes " + to_string(*goal.kubernetes));
  throw UsageError(
      fmt::format("no sequence of upgrades that AKS allows leads from {} to {} on {}: {} knows no revision and "
                  "version in between that fit each other",
                  state_words(start), ends.empty() ? "a supported state" : list_words(ends, "on"),
                  to_string(rules.as_of), data_words(rules)));
}

void check_start(const UpgradeRules& rules, const ClusterState& start) {
  for (const Minor revision : start.revisions) {
    if (row_of(rules, revision) != nullptr) continue;
    throw UsageError(
        fmt::format("the cluster runs {}, which {} does not know: update meshlint, or give newer data with "
                    "--policy",
                    revision_name(revision), data_words(rules)));
  }
  if (rules.policy->kubernetes().find(start.kubernetes) == nullptr) {
    throw UsageError(
        fmt::format("the cluster has Kubernetes {}, which {} does not know: update meshlint, or give newer "
                    "data with --policy",
                    to_string(start.kubernetes), data_words(rules)));
  }
}

}  // namespace

std::optional<DueDay> end_of_state(const UpgradeRules& rules, const ClusterState& state) {
  auto due = end_of_kubernetes(rules, state.kubernetes);
  for (const Minor revision : state.revisions) due = earlier(due, end_of(rules, revision));
  return due;
}

std::vector<UpgradeStep> plan_upgrade(const UpgradeRules& rules, const ClusterState& start, const UpgradeGoal& goal) {
  check_start(rules, start);
  if (goal.revision) check_revision_target(rules, start, *goal.revision);
  if (goal.kubernetes) check_kubernetes_target(rules, start, *goal.kubernetes);
  UpgradeGoal complete = goal;
  const bool is_stated = goal.revision || goal.kubernetes;
  if (!is_stated) complete.revision = newest_revision(rules);
  if (!is_stated && !complete.revision) {
    throw UsageError(
        fmt::format("{} knows no revision that is supported on {}: update meshlint, or give newer data with "
                    "--policy",
                    data_words(rules), to_string(rules.as_of)));
  }
  for (const bool recovering : {false, true}) {
    const auto arrivals = explore(rules, start, recovering);
    const ClusterState* end = nearest_goal(rules, arrivals, complete, !is_stated);
    if (end == nullptr) continue;
    auto steps = steps_to(arrivals, *end);
    explain(rules, steps);
    set_due_days(rules, steps);
    return steps;
  }
  refuse(rules, start, complete);
}

}  // namespace meshlint
