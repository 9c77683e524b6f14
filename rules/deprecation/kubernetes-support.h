// The support window of the Kubernetes version of each cluster that runs the mesh.
#pragma once

#include <string>
#include <vector>

#include "rules/calendar.h"

namespace meshlint::rules {

struct KubernetesSupport {
  const ClusterDefinition* cluster = nullptr;
  Fact<std::string> stated;                    // the version as the definition or the command line has it
  const KubernetesVersion* version = nullptr;  // its entry, or the oldest one when it is older than all
  Fact<std::string> support_plan;
  Plan plan = Plan::standard;  // an unstated plan is KubernetesOfficial, as AKS takes it
  Deadline end;
  bool is_older = false;  // than every version of the calendar: its support ended before `end`
};

// Clusters without a mesh, with an unknown version or with an unresolved plan are left out.
std::vector<KubernetesSupport> kubernetes_support(const Pass& pass);

// "community support for Kubernetes 1.34".
std::string support_words(const KubernetesSupport& cluster);

// Where the end of a cluster's support stands.
const Citation& citation_of(const KubernetesSupport& cluster);

// Whether the user's own organisation has set the end.
bool ends_in_house(const KubernetesSupport& cluster);

// Reports at the version, says which plan was taken when the definition does not state it, and how to go on.
Diagnostic& report_kubernetes(Pass& pass, const KubernetesSupport& cluster, std::string message);

}  // namespace meshlint::rules
