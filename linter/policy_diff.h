// What changed between two policies, in words that release notes can use.
#pragma once

#include <string>
#include <vector>

#include "linter/policy_files.h"

namespace meshlint {

struct PolicyChange {
  std::string table;    // "release-calendar"
  std::string subject;  // "asm-1-27", "MeshConfig field `accessLogFile`"; empty for the table as a whole
  std::string what;     // the path of what changed below the subject: "end_of_life.month"
  std::string before;   // values as one line of YAML; empty for what was not there
  std::string after;
  std::string sentence;  // "asm-1-27: end of life moved from May 2026 to June 2026, now firm"
};

// The changes by table and, within one, in the order of the newer file. What stands in comments is no change.
std::vector<PolicyChange> diff_policies(const PolicyFiles& before, const PolicyFiles& after);

}  // namespace meshlint
