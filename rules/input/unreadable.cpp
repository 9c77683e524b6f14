#include "rules/input/problems.h"

namespace meshlint::rules {

extern constexpr Rule unreadable = {
    .code = "MSH9006",
    .name = "unreadable",
    .family = Family::input,
    .severity = Severity::error,
    .summary = "A file that cannot be read",
    .why = "Nothing in the file has been checked. The run goes on and ends with exit code 4.",
    .fix = "check the file's permissions, or name other paths",
    .page = "",
    .check = [](Pass& pass) { report_problems(pass, ProblemKind::unreadable); },
};

}  // namespace meshlint::rules
