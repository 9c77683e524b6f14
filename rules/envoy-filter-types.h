// What an EnvoyFilter puts into Envoy's configuration, for the time when the add-on allowed a few types only.
#pragma once

#include <vector>

#include "linter/rule.h"

namespace meshlint::rules {

// The values of `@type` in an EnvoyFilter's patches that a period does not name; unresolved ones
// are left out.
std::vector<Node> blocked_types(const Resource& filter, const EnvoyFilterPeriod& period);

// Whether an EnvoyFilter states types and a period names them all.
bool has_allowed_types(const Resource& filter, const EnvoyFilterPeriod& period);

}  // namespace meshlint::rules
