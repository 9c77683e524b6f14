// Comparison of the two readers of YAML.
#pragma once

#include <string>

#include "linter/yaml.h"

namespace meshlint {

// The first thing that two readings of a file do not agree on; empty when they are the same.
std::string difference(const ParsedText& expected, const ParsedText& actual);

}  // namespace meshlint
