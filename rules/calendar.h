// Support windows and compatibility, as the rules of families 1xxx and 2xxx ask for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linter/rule.h"
#include "linter/support.h"

namespace meshlint::rules {

// The end of a Kubernetes version's support on a cluster; nothing when the plan cannot be known or gives the version no
// support. An unstated plan is KubernetesOfficial, as AKS takes it.
std::optional<Deadline> end_of_support(const KubernetesVersion& version, const Fact<std::string>& support_plan);

// Revisions as choices, those whose expected end has passed last: "asm-1-29 or asm-1-28".
std::string list_choices(const Pass& pass, std::vector<Minor> revisions);

// The same as those of linter/support.h, on the as-of date.
std::vector<Minor> supported_revisions(const Pass& pass, std::optional<Minor> kubernetes, Plan plan);

std::vector<Minor> supported_kubernetes(const Pass& pass, Plan plan);

// Whether a cluster may run the mesh: not where its mode says that it is off.
bool may_run_mesh(const ClusterDefinition& cluster);

// Whether a Kubernetes version is one that AKS never had: most likely a 1.30 that was read as the number 1.3.
constexpr bool lost_its_zero(Minor version) {
  return version < Minor{1, 10};
}

// The minor of a cluster's Kubernetes version; nothing where it is not known, or has lost its zero.
std::optional<Minor> kubernetes_minor(const Pass& pass, const ClusterDefinition& cluster);

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
// that governs the file lists revisions, a revision label: the first one of its revision in path order, among the files
// that are reported.
struct RevisionUse {
  const ClusterDefinition* cluster = nullptr;  // null for a label
  Fact<std::string> name;
  std::optional<Minor> revision;  // nothing when the name is not asm-X-Y
  std::size_t more_labels = 0;    // further labels with the same revision
};

std::vector<RevisionUse> revision_uses(const Pass& pass);

// The files that findings are asked for in, in order of their addresses.
std::vector<const SourceFile*> reported_files(const Pass& pass);

// Reports at a use of a revision; the citation is that of the release calendar.
Diagnostic& report_use(Pass& pass, const RevisionUse& use, std::string message);

// The newer revision that a cluster lists beside another one: the upper half of a canary upgrade, supported or not.
std::optional<Minor> canary_of(const RevisionUse& use);

// What the mesh can be upgraded to on the as-of date.
std::vector<Minor> upgrade_targets(const Pass& pass, Minor revision, std::optional<Minor> kubernetes, Plan plan);

// What AKS's own calendar says, where the user's organisation sets an earlier end; nothing for any other revision.
std::optional<Note> aks_end_note(const MeshRevision& row);
Note aks_end_note(const Deadline& end, const Citation& citation);

// That the cluster must be upgraded first, where both the revision and the Kubernetes version are out of support.
std::optional<std::string> cluster_first_help(const Pass& pass, Minor revision, Minor kubernetes,
                                              const Fact<std::string>& plan);

// What to do about a revision at or near its end: finish the canary upgrade, upgrade to the revisions that AKS lets it
// be upgraded to, or upgrade the cluster first.
std::string upgrade_help(const Pass& pass, const RevisionUse& use);

}  // namespace meshlint::rules
