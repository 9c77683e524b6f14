#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule infrastructure_syntax = {
    .code = "MSH9007",
    .name = "infrastructure-syntax",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "Terraform or Bicep that its own tool refuses",
    .why =
        "a deployment of this definition fails, and meshlint cannot see which cluster it defines: rules that depend on "
        "the cluster stay silent.",
    .fix = "correct the syntax at this place",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::infrastructure_syntax); },
};

}  // namespace meshlint::rules
