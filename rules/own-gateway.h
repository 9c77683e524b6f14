// Gateways of Istio that people run themselves, beside those of the add-on.
#pragma once

#include "linter/rule.h"

namespace meshlint::rules {

// Whether something in the repository deploys gateways whose pods cannot be seen here, such as a Helm chart.
bool has_own_gateway(const Pass& pass);

// The same, or something makes pods with these labels, `istio` among them, or may.
bool may_have_own_gateway(const Pass& pass, Node labels);

// The first address of something outside the repository that a kustomization lists, which may deploy such gateways;
// missing when there is none.
Node remote_resource(const Pass& pass);

}  // namespace meshlint::rules
