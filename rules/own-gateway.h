// Gateways of Istio that people run themselves, beside those of the add-on, and repositories that may hold them.
#pragma once

#include "linter/rule.h"

namespace meshlint::rules {

// Whether something that may go to the same cluster as a file deploys gateways whose pods cannot be seen here, such as
// a Helm chart.
bool has_own_gateway(const Pass& pass, const SourceFile& file);

// The same for the file of a selector's label, or something makes pods with the labels of that selector, or may.
bool may_have_own_gateway(const Pass& pass, Node label);

// What says that a Flux configuration applies another repository, which is not read, to a cluster; missing when none
// does.
Node remote_flux_source(const Pass& pass, const ClusterDefinition& cluster);

// What says that the clusters of a file may get objects of another repository, among them such gateways: an address
// that a kustomization lists, or a Flux configuration of a cluster. Missing when there is none.
Node remote_source(const Pass& pass, const SourceFile& file);

}  // namespace meshlint::rules
