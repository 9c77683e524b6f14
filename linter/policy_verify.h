// What is wrong with a policy although it loads, and what it leaves uncovered.
#pragma once

#include <string>
#include <vector>

#include "linter/diagnostic.h"
#include "linter/policy.h"

namespace meshlint {

struct PolicyFinding {
  Severity severity = Severity::warning;  // an error: facts that contradict each other; a warning: a gap to know about
  std::string table;                      // "release-calendar"
  std::string subject;                    // "Kubernetes 1.29"
  std::string sentence;
};

struct VerifyOptions {
  Date as_of{};
  int stale_days = 60;  // data that is older deserves a warning
};

// The findings by table, in the order of the tables.
std::vector<PolicyFinding> verify_policy(const Policy& policy, const VerifyOptions& options);

}  // namespace meshlint
