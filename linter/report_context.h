// What `meshlint context` says: the clusters that were found and what is known of them, and which files go to which.
#pragma once

#include <string>

#include "linter/engine.h"

namespace meshlint {

// For people, within 100 columns where the paths allow it.
std::string report_context_text(const Repository& repository);

// For programs: {"version": 1, "clusters": [...], "files": [...]}, with the position of every fact.
std::string report_context_json(const Repository& repository);

}  // namespace meshlint
