#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule yaml_syntax = {
    .code = "MSH9001",
    .name = "yaml-syntax",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "YAML or JSON that kubectl refuses",
    .why =
        "kubectl, Helm, Flux and Argo CD all read YAML with the same library; what it cannot read is never applied, "
        "and meshlint cannot look into it either.",
    .fix = "correct the syntax at this place",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::yaml_syntax); },
};

}  // namespace meshlint::rules
