#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule duplicate_key = {
    .code = "MSH9002",
    .name = "duplicate-key",
    .family = Family::input,
    .severity = Severity::warning,
    .summary = "A key that stands twice in one mapping",
    .why =
        "kubectl silently keeps the last value and drops the others; kustomize and Flux refuse the file. Either way "
        "one of the two values is not what somebody meant.",
    .fix = "keep one of the two entries",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::duplicate_key); },
};

}  // namespace meshlint::rules
