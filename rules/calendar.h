// Support windows and compatibility, as the rules of families 1xxx and 2xxx ask for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

enum class Plan : std::uint8_t { standard, lts, unknown };

Plan plan_of(const Fact<std::string>& support_plan);

// Whether a revision is compatible with a Kubernetes version under a plan; when the plan is not known, under the
// standard one, which long-term support has not taken a version from yet.
bool fits(const MeshRevision& revision, Minor kubernetes, Plan plan);

// The last day itself is still supported.
bool has_ended(const Deadline& deadline, Date as_of);

// The end of a Kubernetes version's support on a cluster; nothing when the plan cannot be known or gives the version no
// support. An unstated plan is KubernetesOfficial, as AKS takes it.
std::optional<Deadline> end_of_support(const KubernetesVersion& version, const Fact<std::string>& support_plan);

// A day as people write it: "31 May 2026".
std::string day_words(Date date);

// A month, which is all that the release calendar states: "May 2026".
std::string month_words(Date date);

// The revisions whose support has not ended on the as-of date, and that fit a Kubernetes version where it is known.
std::vector<Minor> supported_revisions(const Pass& pass, std::optional<Minor> kubernetes, Plan plan);

// The Kubernetes versions that are generally available and supported on the as-of date: with long-term support where
// the plan is that, else by the community.
std::vector<Minor> supported_kubernetes(const Pass& pass, Plan plan);

// Whether a cluster may run the mesh: not where its mode says that it is off.
bool may_run_mesh(const ClusterDefinition& cluster);

// Reports about a cluster, at a node of its definition (or at the definition itself, when a flag gave the value).
Diagnostic& report_cluster(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message);

// A fact that a finding rests on, and what to call it.
struct Premise {
  std::string_view name;  // "revision"
  Known known;
};

// Lowers a finding that rests on parameters' defaults, and says which.
void soften_if_defaulted(Diagnostic& diagnostic, const std::vector<Premise>& premises);

// A place where a repository names a mesh revision: an entry of a cluster's list, or, where no cluster definition
// that governs the file lists revisions, a revision label.
struct RevisionUse {
  const ClusterDefinition* cluster = nullptr;  // null for a label
  Fact<std::string> name;
  std::optional<Minor> revision;  // nothing when the name is not asm-X-Y
};

std::vector<RevisionUse> revision_uses(const Pass& pass);

// Reports at a use of a revision; the citation is that of the release calendar.
Diagnostic& report_use(Pass& pass, const RevisionUse& use, std::string message);

// What to do about a revision at or near its end: finish the canary upgrade, upgrade to the revisions that AKS lets it
// be upgraded to, or upgrade the cluster first.
std::string upgrade_help(const Pass& pass, const RevisionUse& use);

}  // namespace meshlint::rules
