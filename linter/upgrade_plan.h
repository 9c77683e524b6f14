// The way from one pair of mesh revision and Kubernetes version to another, step by step as AKS allows it.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "linter/policy.h"
#include "linter/support.h"

namespace meshlint {

// What a cluster runs. The support plan stays the same all the way.
struct ClusterState {
  std::vector<Minor> revisions;  // one, or two in ascending order during a canary upgrade
  Minor kubernetes;

  friend auto operator<=>(const ClusterState&, const ClusterState&) = default;
};

enum class StepKind : std::uint8_t { start_canary, move_workloads, complete_canary, roll_back, upgrade_cluster };

// Something to know about a step and where it stands.
struct Reason {
  std::string text;  // a sentence without a full stop
  Citation citation;
};

// By when a step must be done for the cluster to stay in support: the last day of what it, or a later step, takes away.
struct DueDay {
  Date last_day{};
  bool expected = false;  // the calendar only expects that day
  std::string what;       // "asm-1-28", "Kubernetes 1.34"
};

struct UpgradeStep {
  StepKind kind = StepKind::complete_canary;
  ClusterState before;
  ClusterState after;
  Minor target;                 // the revision that is installed, moved to or kept, or the new Kubernetes version
  std::vector<Reason> reasons;  // why it is needed, then what allows it
  std::vector<Reason> open;     // what the pages leave open about it
  bool is_recovery = false;     // AKS lets it through, but Microsoft does not support it
  std::optional<DueDay> due;
};

// Where to go; what is not stated may be anything, but with neither the cluster shall end in support and on the newest
// revision.
struct UpgradeGoal {
  std::optional<Minor> revision;
  std::optional<Minor> kubernetes;
};

// What plans are made by.
struct UpgradeRules {
  const Policy* policy = nullptr;
  Date as_of{};
  Plan plan = Plan::standard;
};

// A step to a neighbouring state, before anything is said of it. Workloads move between starting and ending a canary
// upgrade without changing the state.
struct Move {
  StepKind kind = StepKind::complete_canary;
  ClusterState after;
};

// What AKS allows in a state, in the order in which equally short ways are preferred: finish a canary upgrade, upgrade
// a cluster that is out of support, upgrade the mesh (as far as possible first), upgrade the cluster, roll back. With
// `recovering`, a cluster that is not in a supported state may also go to a Kubernetes version that its revision does
// not run on.
std::vector<Move> legal_moves(const UpgradeRules& rules, const ClusterState& state, bool recovering);

// The first of the shortest ways to every state that can be reached: the state before it, and the move; the state at
// the beginning has none.
struct Arrival {
  std::optional<ClusterState> from;
  StepKind kind = StepKind::complete_canary;
  std::size_t steps = 0;
};
std::map<ClusterState, Arrival> explore(const UpgradeRules& rules, const ClusterState& start, bool recovering);

// The shortest way, without passing through pairs that do not fit where there is such a way. Empty when nothing needs
// to be done. Throws UsageError, which says why, when the goal is not known or cannot be reached.
std::vector<UpgradeStep> plan_upgrade(const UpgradeRules& rules, const ClusterState& start, const UpgradeGoal& goal);

// Whether all of a state is in support and fits together.
bool is_supported(const UpgradeRules& rules, const ClusterState& state);

// What of a state goes out of support first; nothing when the policy does not know.
std::optional<DueDay> end_of_state(const UpgradeRules& rules, const ClusterState& state);

// "30 Nov 2026", "the end of Aug 2026 (expected)".
std::string due_words(const DueDay& due);

// "asm-1-28 on Kubernetes 1.34", "asm-1-28 and asm-1-29 on Kubernetes 1.34".
std::string state_words(const ClusterState& state);

}  // namespace meshlint
