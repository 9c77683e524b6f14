// GitHub code scanning's fingerprint of a line.
#pragma once

#include <string>
#include <vector>

#include "linter/source.h"

namespace meshlint {

// The value of `primaryLocationLineHash` for each line of a file, as GitHub's upload action computes it: a rolling hash
// of the 100 UTF-16 units (white space left out) from the line's start, and how often that hash has occurred before.
std::vector<std::string> line_hashes(const SourceFile& file);

}  // namespace meshlint
