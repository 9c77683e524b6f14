// Every rule, in the order of its code.
#pragma once

#include <span>

#include "linter/rule.h"

namespace meshlint {

std::span<const Rule* const> catalog();

// A rule by its code or name, in capitals or not; null when there is none.
const Rule* find_rule(std::string_view code_or_name);

}  // namespace meshlint
