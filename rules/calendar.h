// Support windows and compatibility, as the rules of families 1xxx and 2xxx ask for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

enum class Plan : std::uint8_t { standard, lts, unknown };

Plan plan_of(const Fact<std::string>& support_plan);

// The Kubernetes versions a revision is compatible with under a plan; when the plan is not known, under any.
std::vector<Minor> compatible_versions(const MeshRevision& revision, Plan plan);

// "on LTS clusters", "on either support plan"; empty for the standard plan.
std::string plan_words(Plan plan);

bool has_ended(const Deadline& deadline, Date as_of);

// A day as people write it: "31 May 2026".
std::string day_words(Date date);

// The revisions whose support has not ended on the as-of date, and that fit a Kubernetes version where it is known.
std::vector<Minor> supported_revisions(const Pass& pass, std::optional<Minor> kubernetes, Plan plan);

// Reports about a cluster, at a node of its definition (or at the definition itself, when a flag gave the value).
Diagnostic& report_cluster(Pass& pass, const ClusterDefinition& cluster, Node node, std::string message);

// Lowers a finding that rests on a parameter's default, and says so.
void soften_if_defaulted(Diagnostic& diagnostic, const Fact<std::string>& fact);

// A place where a repository names a mesh revision: an entry of a cluster's list, or, where no cluster definition
// governs the file, a revision label.
struct RevisionUse {
  const ClusterDefinition* cluster = nullptr;  // null for a label
  Fact<std::string> name;
  std::optional<Minor> revision;  // nothing when the name is not asm-X-Y
};

std::vector<RevisionUse> revision_uses(const Pass& pass);

// Reports at a use of a revision; the citation is that of the release calendar.
Diagnostic& report_use(Pass& pass, const RevisionUse& use, std::string message);

}  // namespace meshlint::rules
