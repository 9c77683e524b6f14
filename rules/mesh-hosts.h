// The hosts that routing resources name.
#pragma once

#include <functional>

#include "linter/rule.h"

namespace meshlint::rules {

// Calls `visit` for the hosts of DestinationRules and VirtualServices where the add-on runs, those of routes and
// mirrors included.
void for_each_host(const Pass& pass, const std::function<void(Node)>& visit);

}  // namespace meshlint::rules
