// A policy directory that lies over the built-in policy, as one policy.
#pragma once

#include "linter/policy_files.h"

namespace meshlint {

// The files as the loader sees them: when sources.yaml says `extends: built-in`, each is merged over the built-in one
// or taken from there, as Policy::from_directory documents. Rows of an overlay get the `source` of their table where
// they state none. A policy that extends nothing is returned as it is.
PolicyFiles over_built_in(PolicyFiles files);

}  // namespace meshlint
