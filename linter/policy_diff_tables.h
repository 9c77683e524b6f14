// The differences of tables whose rows have names: conflicts, API versions of Kubernetes, and what Istio has.
#pragma once

#include <string_view>

#include "linter/policy_comparison.h"

namespace meshlint {

// Adds what differs between two states of such a table; false for any other table.
bool compare_named_table(Comparison& result, std::string_view table, Node before, Node after);

}  // namespace meshlint
