#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule template_skipped = {
    .code = "MSH9004",
    .name = "template-skipped",
    .family = Family::input,
    .severity = Severity::note,
    .summary = "A template that cannot be read before it is rendered",
    .why =
        "Control flow of a Helm or Go template decides what the file says. meshlint does not guess: the file was left "
        "out and counted.",
    .fix = "lint the rendered output instead: helm template NAME CHART | meshlint check -",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::template_skipped); },
    .on_by_default = false,  // counted in the summary; one finding a template would bury the others
};

}  // namespace meshlint::rules
