// The support window of the Kubernetes version of each cluster that runs the mesh.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

struct KubernetesSupport {
  const ClusterDefinition* cluster = nullptr;
  Fact<std::string> stated;  // the version as the definition or the command line has it
  const KubernetesVersion* version = nullptr;
  Deadline end;
  std::string_view plan_words;  // "community support" or "long-term support"
  bool plan_is_stated = false;
  Citation citation;
};

// Clusters without a mesh, with an unknown version or with an unresolved plan are left out; an unstated plan is
// KubernetesOfficial, as AKS takes it.
std::vector<KubernetesSupport> kubernetes_support(const Pass& pass);

Diagnostic& report_kubernetes(Pass& pass, const KubernetesSupport& cluster, std::string message);

// Says which plan was taken when the definition does not state it.
void add_plan_note(const KubernetesSupport& cluster, Diagnostic& diagnostic);

}  // namespace meshlint::rules
